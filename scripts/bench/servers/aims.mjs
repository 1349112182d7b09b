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

/** Of the JSON language features that VS Code 1.139 ships, in bytes: what the sizes are held against. */
export const VSCODE_JSON = { server: 357534, unpacked: 1054994 };
