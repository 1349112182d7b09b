import type { Random } from '../differential/random.ts';

/** What is thrown into texts: words of the format, values at the edges, and what is not expected in JSON at all. */
const WORDS = [
  ...['"defaultAction"', '"syscalls"', '"names"', '"name"', '"args"', '"action"', '"errnoRet"', '"errno"', '"archMap"'],
  ...['"architectures"', '"subArchitectures"', '"flags"', '"includes"', '"excludes"', '"caps"', '"minKernel"'],
  ...['"index"', '"value"', '"valueTwo"', '"op"', '"defaultErrnoRet"', '"comment"', '"listenerPath"', '"arches"'],
  ...['"SCMP_ACT_ALLOW"', '"SCMP_ACT_ERRNO"', '"SCMP_ACT_KILL"', '"SCMP_ACT_NOTIFY"', '"SCMP_ACT_TRACE"'],
  ...['"SCMP_CMP_MASKED_EQ"', '"SCMP_CMP_EQ"', '"SCMP_CMP_NE"', '"SCMP_CMP_GT"', '"SCMP_ARCH_X86"', '"SCMP_ARCH_X32"'],
  ...['"SCMP_ARCH_ARM"', '"CAP_SYS_ADMIN"', '"ioctl"', '"clone"', '"socketcall"', '"seccomp"', '"amd64"', '"4.8"'],
  ...['"__proto__"', '"constructor"', '"toString"', '"hasOwnProperty"', '"__defineGetter__"', '"valueOf"', '""'],
  ...['0', '-0', '-1', '1e999', '1.5', '4294967296', '18446744073709551615', '18446744073709551616', '9'.repeat(1000)],
  ...['0x10', '01', '.5', '+1', 'NaN', 'Infinity', 'true', 'false', 'null', 'undefined', "'single'", '"\\u0000"'],
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '//',
    '/*',
    '*/',
    '#',
    '\n',
    '\r\n',
    '\r',
    '\t',
    ' ',
    '{}',
    '[]',
    '[[',
    ',,',
  ],
  ...['\u0000', '\uFEFF', '\u2028', '\u2029', '\u0085', '\uD800', '\uDC00', '\u{1F600}', 'é', '"\\uD800"', '"\u0001"'],
  ...['"[x](command:evil)"', '"`|`"', '"<img src=x>"', '"a\\nb"', '// seccomp-ignore', '/* c */', '"\\x"', '"%s$1"'],
];

const TOKEN = /"(?:[^"\\\n]|\\.)*"?|-?[\d.]+(?:[eE][-+]?\d+)?|[A-Za-z_]\w*|[[\]{},:]/g;

type Damage = (text: string, random: Random) => string;

const splice = (text: string, start: number, end: number, inserted = ''): string =>
  text.slice(0, start) + inserted + text.slice(end);

const place = (text: string, random: Random): number => random.below(text.length + 1);

function tokenAt(text: string, random: Random): { readonly start: number; readonly end: number } {
  const from = Math.max(0, place(text, random) - 40);
  const match = new RegExp(TOKEN).exec(text.slice(from, from + 400));
  const start = match ? from + match.index : 0;
  return { start, end: match ? start + match[0].length : 0 };
}

const DAMAGES: readonly Damage[] = [
  // a word put in, in place of another, or in front of one
  (text, random) => {
    const at = place(text, random);
    return splice(text, at, at, random.pick(WORDS));
  },
  (text, random) => {
    const { start, end } = tokenAt(text, random);
    return splice(text, start, end, random.pick(WORDS));
  },
  (text, random) => {
    const { start } = tokenAt(text, random);
    return splice(text, start, start, `${random.pick(WORDS)}${random.pick([',', ':', '', ' '])}`);
  },
  // a token gone, or there twice
  (text, random) => {
    const { start, end } = tokenAt(text, random);
    return splice(text, start, end);
  },
  (text, random) => {
    const { start, end } = tokenAt(text, random);
    return splice(text, end, end, `${random.pick(['', ',', ' '])}${text.slice(start, end)}`);
  },
  // a piece gone, there twice, or elsewhere
  (text, random) => {
    const start = place(text, random);
    return splice(text, start, start + random.below(30));
  },
  (text, random) => {
    const start = place(text, random);
    const piece = text.slice(start, start + random.below(120));
    const at = place(text, random);
    return splice(text, at, at, piece);
  },
  (text, random) => text.slice(0, place(text, random)),
  // a character
  (text, random) => {
    const at = place(text, random);
    return splice(text, at, at + 1, String.fromCharCode(random.below(random.chance(0.7) ? 128 : 65536)));
  },
  (text, random) => {
    const { start, end } = tokenAt(text, random);
    const word = text.slice(start, end);
    return splice(text, start, end, random.chance(0.5) ? word.toUpperCase() : word.toLowerCase());
  },
  // line ends
  (text, random) => text.replaceAll(/\r?\n/g, () => random.pick(['\n', '\r\n', '\r', '\n\n', ''])),
];

/** The text after one change that no one would make on purpose. */
export function damaged(text: string, random: Random): string {
  return random.pick(DAMAGES)(text, random);
}
