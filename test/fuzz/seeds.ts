import fs from 'node:fs';
import { defaultProfile, syscallNames } from '../../server/src/catalog/index.ts';
import { CHECKS } from '../../server/src/checks/index.ts';

/** A short profile with every part of the format, visited at every position of every truncation. */
export const SMALL = `{ "defaultAction": "SCMP_ACT_ERRNO", "archMap": [{ "architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"] }],
  "syscalls": [
    { "names": ["clone", "ioctl"], "action": "SCMP_ACT_ALLOW", "args": [{ "index": 1, "value": 1, "valueTwo": 2, "op": "SCMP_CMP_MASKED_EQ" }],
      "includes": { "caps": ["CAP_SYS_ADMIN"], "minKernel": "4.8" } }
  ]
}
`;

const profile = (rules: string, more = ''): string =>
  `{ "defaultAction": "SCMP_ACT_ALLOW"${more}, "syscalls": [${rules}] }`;

const PROTOTYPE = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'];

/** Texts that someone wrote to do harm, each small. */
export const HOSTILE: readonly string[] = [
  '',
  ' ',
  '\uFEFF',
  '\u0000',
  '\uFEFF{}',
  '[',
  '{',
  '"',
  '{"',
  '[]',
  'null',
  '\uD800',
  `{ "defaultAction": "SCMP_ACT_ALLOW", "defaultAction": null, "DEFAULTACTION": "SCMP_ACT_ERRNO", "syscalls": null, "syscalls": [] }`,
  profile(`{ "names": ${JSON.stringify(PROTOTYPE)}, "action": "toString" }`),
  `{ ${PROTOTYPE.map((name) => `"${name}": { "${name}": ["${name}"] }`).join(', ')} }`,
  ...PROTOTYPE.map(
    (name) =>
      `{ "defaultAction": "${name}", "architectures": ["${name}"], "flags": ["${name}"], "archMap": [{ "architecture": "${name}", "subArchitectures": ["${name}"] }], "syscalls": [{ "names": ["${name}", "read"], "action": "${name}", "errno": "${name}", "args": [{ "index": 0, "op": "${name}", "${name}": 1 }], "includes": { "caps": ["${name}"], "arches": ["${name}"], "minKernel": "${name}" }, "${name}": 1 }] }`,
  ),
  profile(
    `{ "names": ["[x](command:evil)", "\`a\`|b", "<img src=x onerror=1>", "\\u0000", "a\\nb", "\\ud800"], "action": "[x](command:evil)", "comment": "[x](command:evil) | <b>" }`,
  ),
  profile(
    `{ "names": ["ioctl"], "action": "SCMP_ACT_ERRNO", "errnoRet": ${'9'.repeat(1000)}, "args": [{ "index": -0, "value": 1e999, "valueTwo": ${'1'.repeat(1000)}, "op": "SCMP_CMP_EQ" }, { "index": 1e2, "value": -1, "op": "SCMP_CMP_MASKED_EQ" }] }`,
  ),
  profile('{ "names": ["read",], "action": "SCMP_ACT_ERRNO" },, [], 1, "x", null, {}'),
  profile('{ "names": ["read"], "action": "SCMP_ACT_ERRNO" }').replaceAll(' ', '\r\n'),
  profile('{ "names": ["read"], "action": "SCMP_ACT_ERRNO" }').replaceAll(' ', '\r'),
  profile('{ "names": ["read"], "action": "SCMP_ACT_ERRNO" }').replaceAll(' ', '\u2028'),
  profile('{ "names": ["read"],\u00a0"action": "SCMP_ACT_ERRNO" /* \u{1F600} */ } // \uDC00\n'),
  `${profile('{ "names": ["read"], "action": "SCMP_ACT_ERRNO" }')} trailing { "x": 1 }`,
];

/** Real and example profiles, and what every check shows. */
export function ordinary(): readonly string[] {
  const examples = fs.readdirSync('examples').filter((name) => name.endsWith('.json'));
  return [
    SMALL,
    ...examples.map((name) => fs.readFileSync(`examples/${name}`, 'utf8')),
    ...CHECKS.flatMap(({ example }) => [example.bad, example.good]),
  ];
}

export const DOCKER = (): string => JSON.stringify(JSON.parse(defaultProfile('docker').text), null, 2);

const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** Texts whose size is the weapon. Each with a name, for the message. */
export function huge(scale: number): Readonly<Record<string, () => string>> {
  const names = syscallNames();
  const name = (i: number): string => names[i % names.length]!;
  const count = Math.floor(100_000 * scale);
  const rule = (i: number, more = ''): string => `{"names":["${name(i)}"],"action":"SCMP_ACT_ERRNO"${more}}`;
  return {
    'many rules': () => profile(times(count, (i) => rule(i)).join(',\n')),
    'many rules with conditions': () =>
      profile(
        times(count / 10, (i) => rule(i, `,"args":[{"index":${i % 6},"value":${i},"op":"SCMP_CMP_NE"}]`)).join(','),
      ),
    'many conditions of one syscall': () =>
      profile(
        times(
          count / 50,
          (i) => `{"names":["ioctl"],"action":"SCMP_ACT_ERRNO","args":[{"index":1,"value":${i},"op":"SCMP_CMP_EQ"}]}`,
        ).join(','),
      ),
    'many names': () =>
      profile(`{"names":[${times(count, (i) => `"${name(i)}"`).join(',')}],"action":"SCMP_ACT_ERRNO"}`),
    'one name many times': () =>
      profile(`{"names":[${times(count, () => '"read"').join(',')}],"action":"SCMP_ACT_ERRNO"}`),
    'many unknown names': () =>
      profile(`{"names":[${times(count / 10, (i) => `"raed${i}"`).join(',')}],"action":"SCMP_ACT_ERRNO"}`),
    'many args': () =>
      profile(rule(1, `,"args":[${times(count / 10, () => '{"index":0,"value":1,"op":"SCMP_CMP_EQ"}').join(',')}]`)),
    'many keys': () => `{ ${times(count / 2, (i) => `"key${i}": ${i}`).join(', ')} }`,
    'one key many times': () => `{ ${times(count / 2, () => '"defaultAction": "SCMP_ACT_ALLOW"').join(', ')} }`,
    'many archMap entries': () =>
      profile(
        '',
        `,"archMap":[${times(count / 10, () => '{"architecture":"SCMP_ARCH_X86_64","subArchitectures":["SCMP_ARCH_X86"]}').join(',')}]`,
      ),
    'many architectures': () =>
      profile('', `,"architectures":[${times(count / 2, () => '"SCMP_ARCH_X86"').join(',')}]`),
    'many capabilities': () =>
      profile(rule(1, `,"includes":{"caps":[${times(count / 2, () => '"CAP_SYS_ADMIN"').join(',')}]}`)),
    'no commas': () => profile(times(count / 10, (i) => rule(i)).join('\n')),
    'only commas': () => profile(','.repeat(count)),
    comments: () => profile('/* c */ // d\n'.repeat(count / 10)),
    'deep lists': () => '['.repeat(count),
    'deep objects': () => '{"a":'.repeat(count),
    'closing brackets': () => `{}${']'.repeat(count)}`,
    quotes: () => '"'.repeat(count),
    backslashes: () => `{"a":"${'\\'.repeat(count)}`,
    'one line breaks': () => '\r\n'.repeat(count),
    'a long string': () => profile(`{"names":["${'x'.repeat(count * 100)}"],"action":"SCMP_ACT_ERRNO"}`),
    'a long key': () => `{"${'x'.repeat(count * 100)}": 1, "syscalls": []}`,
    'a long number': () => profile(`{"names":["read"],"action":"SCMP_ACT_ERRNO","errnoRet":${'9'.repeat(count)}}`),
    'a long word': () => profile('x'.repeat(count * 10)),
    'long white space': () => `${' '.repeat(count * 10)}{${'\n'.repeat(count)}"syscalls":[]${'\t'.repeat(count)}`,
  };
}
