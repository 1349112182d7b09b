/** The objects of a file of test cases. */
export type CaseObject = 'file' | 'case' | 'capabilities' | 'mount' | 'expect' | 'output';

/** What a text stands for. */
export type TextDomain =
  | 'profile'
  | 'name'
  | 'image'
  | 'user'
  | 'folder'
  | 'source'
  | 'fragment'
  | 'pattern'
  | 'argument'
  | 'capability'
  | 'call'
  | 'network'
  | 'note';

/** What a key takes. `texts` is a list of texts, `text-or-texts` one text or a list. */
export type CaseValue =
  | { readonly kind: 'text' | 'texts' | 'text-or-texts'; readonly domain: TextDomain }
  /** A whole number in a range, both ends included; or one of the words. */
  | { readonly kind: 'number'; readonly from: number; readonly to: number; readonly words: readonly string[] }
  | { readonly kind: 'flag' }
  /** Texts by freely chosen keys. */
  | { readonly kind: 'map' }
  | { readonly kind: 'object'; readonly of: CaseObject; readonly orText?: TextDomain }
  | { readonly kind: 'objects'; readonly of: CaseObject };

export interface CaseKey {
  readonly key: string;
  readonly type: CaseValue;
  readonly required?: true;
  /** Markdown. */
  readonly doc: string;
}

export const NETWORKS: readonly string[] = ['none', 'bridge'];

/** Seconds for each of a case's two runs when the case says nothing. */
export const DEFAULT_TIME_LIMIT = 30;

const text = (domain: TextDomain): CaseValue => ({ kind: 'text', domain });
const texts = (domain: TextDomain): CaseValue => ({ kind: 'texts', domain });
const flag: CaseValue = { kind: 'flag' };
const note: CaseKey = { key: 'comment', type: text('note'), doc: 'A note for readers.' };

const CALLS =
  'A bare name stands for every call of it, whatever its arguments. With arguments, as strace prints them, it stands ' +
  'for that call: `socket(AF_ALG, SOCK_SEQPACKET, 0)`.';

const output = (stream: string): CaseKey => ({
  key: stream,
  type: { kind: 'object', of: 'output', orText: 'fragment' },
  doc: `What the program must have written to standard ${stream === 'stdout' ? 'output' : 'error'}: a text that occurs in it, or \`contains\` and \`matches\`.`,
});

/** The keys of each object, in the order in which a person would write them. */
export const CASE_SCHEMA: Readonly<Record<CaseObject, readonly CaseKey[]>> = {
  file: [
    {
      key: 'profile',
      type: text('profile'),
      doc: 'Path of the profile, from the folder of this file. Without it, `web.test.json` is about `web.json` beside it.',
    },
    { key: 'cases', type: { kind: 'objects', of: 'case' }, required: true, doc: 'The tests of the profile.' },
    note,
  ],
  case: [
    { key: 'name', type: text('name'), required: true, doc: 'What the case shows. No two cases have the same name.' },
    {
      key: 'image',
      type: text('image'),
      doc: 'The image to run; it must be on the engine already. Without it the case runs a tiny program that the test brings along: it only ends with status 0.',
    },
    {
      key: 'command',
      type: texts('argument'),
      doc: 'Program and arguments, one text each: `["nginx", "-t"]`. No shell reads them. Without it the image\'s own command is run.',
    },
    {
      key: 'capabilities',
      type: { kind: 'object', of: 'capabilities' },
      doc: 'Capabilities that the container has besides those by default, or lacks. Rules of the profile with `includes.caps` depend on them.',
    },
    {
      key: 'user',
      type: text('user'),
      doc: 'User that the program runs as: a name or number, and a group behind a colon, `1000:1000`.',
    },
    { key: 'environment', type: { kind: 'map' }, doc: 'Variables for the program: `{ "LANG": "C" }`.' },
    { key: 'workdir', type: text('folder'), doc: 'Folder in the container that the program starts in.' },
    {
      key: 'mounts',
      type: { kind: 'objects', of: 'mount' },
      doc: 'Folders and files of the workspace that the container sees.',
    },
    {
      key: 'network',
      type: text('network'),
      doc: '`none` (the default), or `bridge` for the network that the engine gives to containers.',
    },
    { key: 'readOnly', type: flag, doc: "The container's file system is read-only." },
    {
      key: 'noNewPrivileges',
      type: flag,
      doc: 'The program cannot gain privileges by set-user-ID files. The filter is then loaded later, so the runtime itself needs fewer calls.',
    },
    {
      key: 'timeLimit',
      type: { kind: 'number', from: 1, to: 3600, words: [] },
      doc: `Seconds that the program may take, ${DEFAULT_TIME_LIMIT} without it.`,
    },
    { key: 'expect', type: { kind: 'object', of: 'expect' }, required: true, doc: 'What must come of it.' },
    note,
  ],
  capabilities: [
    { key: 'add', type: texts('capability'), doc: 'Capabilities to add: `["CAP_SYS_PTRACE"]`, or `["ALL"]`.' },
    { key: 'drop', type: texts('capability'), doc: 'Capabilities to take away: `["CAP_CHOWN"]`, or `["ALL"]`.' },
  ],
  mount: [
    {
      key: 'source',
      type: text('source'),
      required: true,
      doc: 'Path from the folder of this file. It must lie in the workspace.',
    },
    { key: 'target', type: text('folder'), required: true, doc: 'Absolute path in the container.' },
    {
      key: 'readOnly',
      type: flag,
      doc: 'The container cannot write there. It cannot without this key either; `false` lets it.',
    },
  ],
  expect: [
    {
      key: 'exit',
      type: { kind: 'number', from: 0, to: 255, words: ['nonzero'] },
      doc: 'Exit status of the program: a number, or `"nonzero"`. 128 and the number of a signal where one ended it: 137 is SIGKILL, 159 is SIGSYS.',
    },
    output('stdout'),
    output('stderr'),
    {
      key: 'denied',
      type: texts('call'),
      doc: `Syscalls that the profile must deny, each tried in a container. ${CALLS}`,
    },
    {
      key: 'allowed',
      type: texts('call'),
      doc: `Syscalls that the profile must let through, each tried in a container; whether the kernel then carries them out does not matter. ${CALLS}`,
    },
  ],
  output: [
    {
      key: 'contains',
      type: { kind: 'text-or-texts', domain: 'fragment' },
      doc: 'A text that occurs in the output, or several that all do.',
    },
    {
      key: 'matches',
      type: { kind: 'text-or-texts', domain: 'pattern' },
      doc: 'A regular expression (JavaScript, `^` and `$` at lines) that matches somewhere in the output, or several.',
    },
  ],
};

/** The key of an object by its exact name. */
export function caseKey(of: CaseObject, name: string): CaseKey | undefined {
  return CASE_SCHEMA[of].find(({ key }) => key === name);
}

/** How messages call an object. */
export const CASE_OBJECTS: Readonly<Record<CaseObject, string>> = {
  file: 'a file of test cases',
  case: 'a case',
  capabilities: '"capabilities"',
  mount: 'a mount',
  expect: '"expect"',
  output: 'an expected output',
};
