/**
 * What is aimed at, as the part of the peer's figure that ours may take. `what` is the row of the samples, `of` which
 * figure: `ms` for the middle of the clock, `cpu` for processor time, `mib`, `bytes`.
 */
export const AIMS = [
  { what: 'start', of: 'ms', aim: 0.65 },
  { what: 'docker open', of: 'ms', aim: 0.5 },
  { what: 'docker key', of: 'ms', aim: 0.5 },
  { what: 'docker key', of: 'cpu', aim: 0.5 },
  { what: 'x100 key', of: 'ms', aim: 0.2 },
  { what: 'x100 key', of: 'cpu', aim: 0.2 },
  { what: 'min key', of: 'ms', aim: 0.2 },
  { what: 'min key', of: 'cpu', aim: 0.2 },
  { what: 'min100 key', of: 'ms', aim: 0.2 },
  { what: 'min100 key', of: 'cpu', aim: 0.2 },
  { what: 'x100 burst', of: 'cpu', aim: 0.1 },
  { what: 'docker completion', of: 'ms', aim: 0.3 },
  { what: 'docker hover', of: 'ms', aim: 0.8 },
  { what: 'idle', of: 'mib', aim: 0.92 },
  { what: 'x100 peak', of: 'mib', aim: 0.45 },
];

/** What profiles of the server (`node --cpu-prof`) show where an aim is missed, by the last word of its row. */
export const REASONS = {
  open: 'every check runs once, in code that V8 has compiled but not optimized: a second and third document take as long. The JSON server sends an empty answer.',
  key: 'once warm, the work itself takes 0.8 ms on Docker’s default and 7 ms on the hundredfold one, a fifth and a fortieth of an analysis of the whole text. A round is over before that: the rest is code not optimized yet, the collection of garbage, and the writing of the answer, which holds up to 1000 diagnostics where the JSON server’s is empty. A bare server alone takes a third of the JSON server’s time on the small documents.',
  burst:
    'the first key makes a rule of 361 names void, so that each of these syscalls is decided anew among a hundred rules; the nine after it take 14 ms each, half of it for 1000 diagnostics.',
  completion:
    'three quarters are the protocol’s library and the pipe: a bare server that sends the same list takes nearly as long.',
  hover:
    'the answer is a page of text, that of the JSON server null; both are mostly the protocol’s library and the pipe.',
  peak: 'half of it is there when the document is open: 40 000 findings, the rules of three architectures, the tree. The rest is garbage that V8 lets lie; to make it collect earlier costs a sixth more time for each key.',
};

/** Of the JSON language features that VS Code 1.139 ships, in bytes: what the sizes are held against. */
export const VSCODE_JSON = { server: 357534, unpacked: 1054994 };
