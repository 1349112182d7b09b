import assert from 'node:assert/strict';
import { workOn } from './work.ts';

const SYSCALLS = ['read', 'mkdir', 'chmod', 'clone', 'socket', 'ioctl', 'fork', 'personality', 'setns', 'mount'];
const name = (i: number): string => SYSCALLS[i % SYSCALLS.length]!;
const times = (count: number, make: (i: number) => string, separator = ','): string =>
  Array.from({ length: count }, (_, i) => make(i)).join(separator);
const profile = (rules: string, more = ''): string =>
  `{ "defaultAction": "SCMP_ACT_ALLOW"${more}, "syscalls": [${rules}] }`;
const rule = (i: number, more = ''): string => `{"names":["${name(i)}"],"action":"SCMP_ACT_ERRNO"${more}}`;
const names = (list: string): string => profile(`{"names":[${list}],"action":"SCMP_ACT_ERRNO"}`);
const test = (index: number, op: string, value: number): string =>
  `{"index":${index},"value":${value},"op":"SCMP_CMP_${op}"}`;

/** Texts of a size in which one thing is there very often. */
const TEXTS: Readonly<Record<string, (size: number) => string>> = {
  'open lists': (n) => profile(times(n, (i) => `{"names":["a${i}", "action":"x"}`)),
  'open objects': (n) => profile(times(n, (i) => `[{"names":["a${i}"], "x":1]`)),
  'lists in braces': (n) => profile(times(n, (i) => `{"names":{"a${i}","b"},"action":"SCMP_ACT_ERRNO"}`)),
  brackets: (n) => profile('{]'.repeat(n)),
  quotes: (n) => profile('"\n'.repeat(n)),
  commas: (n) => profile(','.repeat(n)),
  colons: (n) => `{ "syscalls": [], ${':'.repeat(n)} }`,
  'keys without colon': (n) => `{ "syscalls": [], ${times(n, (i) => `"k${i}" 1`)} }`,
  words: (n) => profile(times(n, (i) => `w${i}`, ' ')),
  comments: (n) => profile('/* c */ // d\n'.repeat(n)),
  'comments in front of the cursor': (n) => profile(`${rule(1)}, ${'/* c */ '.repeat(n)}`),
  'comments in rules': (n) => profile(times(n, (i) => `${rule(i)} // c\n`)),
  'comments behind #': (n) => profile(times(n, (i) => `${rule(i)} # c`, ',\n')),
  rules: (n) => profile(times(n, (i) => rule(i))),
  'rules without names': (n) => profile(times(n, () => '{"action":"SCMP_ACT_ERRNO"}')),
  'rules without commas': (n) => profile(times(n, (i) => rule(i), '\n')),
  'rules with conditions that always hold': (n) =>
    profile(times(n, (i) => rule(i, `,"args":[${test(0, 'GE', 0)},${test(1, 'EQ', 1)}]`))),
  'conditions of one rule': (n) => profile(rule(1, `,"args":[${times(n, (i) => test(i % 6, 'EQ', i))}]`)),
  'equal conditions of one syscall': (n) => profile(times(n, () => rule(5, `,"args":[${test(1, 'EQ', 1)}]`))),
  'conditions and names of one rule': (n) =>
    profile(
      `{"names":[${times(n, (i) => `"raed${i}"`)}],"action":"SCMP_ACT_ERRNO","args":[${times(n, (i) => test(i % 6, 'LT', i))}]}`,
    ),
  'unknown names': (n) => names(times(n, () => '"raed"')),
  'empty names': (n) => names(times(n, () => '""')),
  'strings that are damaged': (n) => names(times(n, () => '"\\x"')),
  'unknown keys': (n) => `{ "syscalls": [], ${times(n, (i) => `"key${i}": 1`)} }`,
  'one key': (n) => `{ ${times(n, () => '"defaultAction": "SCMP_ACT_ALLOW"')} }`,
  'keys of archMap': (n) => profile('', `,"archMap":[${times(n, () => '{"architecture":"SCMP_ARCH_X86_64"}')}]`),
  'architectures and conditions of one rule': (n) =>
    profile(
      rule(5, `,"includes":{"arches":[${times(n, () => '"x86"')}]},"args":[${times(n, (i) => test(i % 6, 'EQ', i))}]`),
    ),
  'rules with actions that differ': (n) =>
    profile(times(n, (i) => rule(5, `,"errnoRet":${i % 4000},"args":[${test(1, 'EQ', i)}]`))),
  'rules that silence': (n) =>
    profile(times(n, (i) => `{"names":["raed${i}"],"action":"SCMP_ACT_ERRNO","comment":"seccomp-disable: a"}`)),
};

describe('the work on a text', () => {
  for (const [what, textOf] of Object.entries(TEXTS))
    it(`grows with its size, not with the square of it: ${what}`, () => {
      const [one, four] = [workOn(textOf(150)), workOn(textOf(600))];
      for (const part of ['findings', 'fixes', 'features'] as const)
        assert.ok(four[part] < 5.5 * one[part] + 1000, `${part}: ${one[part]} reads become ${four[part]}`);
    });
});
