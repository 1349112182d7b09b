import { hazardOf } from '../../server/container/hazard.ts';
import type { RuntimeName } from '../../server/src/policy/target.ts';
import { allowing, ROWS, rule } from '../unit/policy/refuse-cases.ts';
import type { Case } from './campaign.ts';

const arg = (index: number, more: object = {}) => ({ index, op: 'SCMP_CMP_EQ', value: 1, ...more });
const asText = (profile: unknown): string => JSON.stringify(profile);
const withValue = (value: string): string =>
  asText(allowing(rule({ args: [arg(0)] }))).replace('"value":1', `"value":${value}`);

/** Profiles that only some runtimes and releases take, beside those of the unit tests. */
const MORE: Readonly<Record<string, string>> = {
  'a flag': asText({ ...allowing(), flags: ['SECCOMP_FILTER_FLAG_LOG'] }),
  'two flags': asText({ ...allowing(), flags: ['SECCOMP_FILTER_FLAG_TSYNC', 'SECCOMP_FILTER_FLAG_SPEC_ALLOW'] }),
  'a list of flags that is empty': asText({ ...allowing(), flags: [] }),
  'notify for an unknown call': asText(allowing(rule({ names: ['nosuch'], action: 'SCMP_ACT_NOTIFY' }))),
  'an architecture of later releases': asText({ ...allowing(), architectures: ['SCMP_ARCH_RISCV64'] }),
  'an architecture of the latest releases': asText({ ...allowing(), architectures: ['SCMP_ARCH_LOONGARCH64'] }),
  'an architecture twice': asText({ ...allowing(rule({})), architectures: ['SCMP_ARCH_X86', 'SCMP_ARCH_X86'] }),
  'an architecture in small letters': asText({ ...allowing(rule({ errnoRet: 700 })), architectures: ['x32'] }),
  'an unknown architecture': asText({ ...allowing(), architectures: ['SCMP_ARCH_NATIVE'] }),
  'an archMap': asText({
    ...allowing(rule({})),
    archMap: [{ architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86'] }],
  }),
  'an archMap with a wrong entry': asText({
    ...allowing(rule({})),
    archMap: [{ architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['X86'] }],
  }),
  'a default of another type': asText({ ...allowing(), defaultErrnoRet: '5' }),
  'an errno of the default without need': asText({ ...allowing(rule({})), defaultErrnoRet: 5 }),
  'no names at all': asText(allowing(rule({ names: [] }))),
  'names that are a text': asText(allowing(rule({ names: 'personality' }))),
  'names that are null': asText(allowing(rule({ names: null }))),
  'only a name': asText(allowing({ name: 'personality', action: 'SCMP_ACT_ERRNO', errnoRet: 700 })),
  'the same rule twice': asText(allowing(rule({ errnoRet: 700 }), rule({ errnoRet: 700 }))),
  'a name twice': asText(allowing(rule({ names: ['personality', 'personality'], errnoRet: 700 }))),
  'rules that equal the default': asText(allowing(rule({ action: 'SCMP_ACT_ALLOW' }), rule({ errnoRet: 700 }))),
  'an empty name that equals the default': asText(allowing(rule({ names: [''], action: 'SCMP_ACT_ALLOW' }))),
  'arguments that are null': asText(allowing(rule({ errnoRet: 700, args: null }))),
  'an argument without index and value': asText(allowing(rule({ errnoRet: 700, args: [{ op: 'SCMP_CMP_EQ' }] }))),
  'an argument without operator': asText(allowing(rule({ args: [{ index: 0, value: 1 }] }))),
  'seven conditions': asText(allowing(rule({ errnoRet: 700, args: [0, 1, 2, 3, 4, 5, 0].map((index) => arg(index)) }))),
  'a condition that is always true': asText(
    allowing(rule({ errnoRet: 700, args: [arg(0, { op: 'SCMP_CMP_MASKED_EQ', value: 0 })] })),
  ),
  'the largest value': withValue('18446744073709551615'),
  'a value above the largest': withValue('18446744073709551616'),
  'a value with a fraction': withValue('1.5'),
  'a value in quotes': withValue('"1"'),
  'a key in another case': asText({ defaultAction: 'SCMP_ACT_ALLOW', Syscalls: [rule({ errnoRet: 700 })] }),
  'names in another case': asText(allowing({ Names: ['personality'], action: 'SCMP_ACT_ERRNO', errnoRet: 700 })),
  'conditions in another case': asText(allowing(rule({ errnoRet: 700, ARGS: [arg(0)] }))),
  'an errno in another case': asText(allowing(rule({ ErrnoRet: 700 }))),
  'a value below zero': asText(allowing(rule({ errnoRet: 700, args: [arg(1, { value: -1 })] }))),
  'an errno below zero': asText(allowing(rule({ errnoRet: -1 }))),
  'an index below zero': asText(allowing(rule({ errnoRet: 700, args: [{ index: -1, value: 1, op: 'SCMP_CMP_EQ' }] }))),
  'a text as value of an argument': asText(allowing(rule({ errnoRet: 700, args: [arg(0, { index: '1' })] }))),
  'an unknown key': asText({ ...allowing(rule({ errnoRet: 700, nmaes: 1 })), comment: ['x'] }),
  'a comment of another type': asText(allowing(rule({ errnoRet: 700, comment: 5 }))),
  'rules that are no list': asText({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: {} }),
  'a kernel version of one part': asText(allowing(rule({ includes: { minKernel: '6' } }))),
  'a kernel version that is empty': asText(allowing(rule({ errnoRet: 700, excludes: { minKernel: '' } }))),
  'name beside names in a rule that is left out': asText(
    allowing(rule({ name: 'getuid', excludes: { arches: ['amd64', 'arm64'] } })),
  ),
};

/** A rule for the harmless syscall, with these members beside the action. */
const ruleText = (...members: readonly string[]): string => `{"action":"SCMP_ACT_ERRNO",${members.join(',')}}`;
const profileText = (...members: readonly string[]): string =>
  `{"defaultAction":"SCMP_ACT_ALLOW",${members.join(',')}}`;
const rulesText = (...rules: readonly string[]): string => `"syscalls":[${rules.join(',')}]`;
const oneRule = (...members: readonly string[]): string => profileText(rulesText(ruleText(...members)));
const NAMES = '"names":["personality"]';
const ERRNO = '"errnoRet":700';
const OTHER = '"errnoRet":701';
const EQUAL = '"args":[{"index":0,"value":7,"op":"SCMP_CMP_EQ"}]';
const LISTED = '"architectures":["NOPE"]';
const MAPPED = '"archMap":[{"architecture":"SCMP_ARCH_X86_64","subArchitectures":["NOPE"]}]';
const NEVER = '"includes":{"caps":["CAP_NOPE"]}';
const LATE = '"minKernel":"99.1"';

/** Where a key stands twice, or null or another type somewhere, programs differ most in what they take from a text. */
const STRANGE: Readonly<Record<string, string>> = {
  'an errno that shows through': profileText(rulesText(ruleText(NAMES, ERRNO)), rulesText(ruleText(NAMES))),
  'names that show through': profileText(rulesText(ruleText(NAMES, ERRNO)), rulesText(ruleText(OTHER))),
  'conditions that show through': profileText(
    rulesText(ruleText(NAMES, ERRNO, EQUAL)),
    rulesText(ruleText(NAMES, OTHER)),
  ),
  'a list that got shorter and longer again': profileText(
    rulesText(ruleText(NAMES, ERRNO), ruleText('"names":["getpid"]', OTHER)),
    rulesText(ruleText('"names":["getppid"]', '"errnoRet":702')),
    rulesText(ruleText(NAMES), ruleText('"names":["getpid"]')),
  ),
  'rules that an empty list parts': profileText(
    rulesText(ruleText(NAMES, ERRNO)),
    rulesText(),
    rulesText(ruleText(NAMES)),
  ),
  'rules, then null': profileText(rulesText(ruleText(NAMES, ERRNO)), '"syscalls":null'),
  'a rule, null, and a rule': profileText(
    rulesText(ruleText(NAMES, ERRNO)),
    rulesText('null'),
    rulesText(ruleText(NAMES)),
  ),
  'names twice': oneRule('"names":["getpid"]', NAMES, ERRNO),
  'names, then null': oneRule(NAMES, ERRNO, '"names":null'),
  'null, then names': oneRule('"names":null', NAMES, ERRNO),
  'names in two spellings': oneRule(NAMES, '"Names":["getpid"]', ERRNO),
  'names that null covers': oneRule(NAMES, '"names":[null]', ERRNO),
  'a null among names': oneRule('"names":["personality",null]', ERRNO),
  'an errno, then null': oneRule(NAMES, ERRNO, '"errnoRet":null'),
  'an action, then null': oneRule(NAMES, ERRNO, '"action":null'),
  'conditions, then null': oneRule(NAMES, ERRNO, EQUAL, '"args":null'),
  'conditions on top of others': oneRule(NAMES, ERRNO, EQUAL, '"args":[{"index":null,"value":0,"op":null}]'),
  'fewer conditions': oneRule(NAMES, ERRNO, '"args":[{},{},{}]', '"args":[{"op":"SCMP_CMP_EQ"}]'),
  'a value twice': oneRule(NAMES, ERRNO, '"args":[{"value":7,"value":0,"op":"SCMP_CMP_EQ"}]'),
  'filters on top of others': oneRule(NAMES, ERRNO, NEVER, '"includes":{"arches":["amd64","arm64"]}'),
  'a filter, then null': oneRule(NAMES, ERRNO, NEVER, '"includes":null'),
  'capabilities, then null': oneRule(NAMES, ERRNO, '"includes":{"caps":["CAP_NOPE"],"caps":null}'),
  'a kernel version, then null': oneRule(NAMES, ERRNO, `"includes":{${LATE},"minKernel":null}`),
  'a kernel version, then an empty one': oneRule(NAMES, ERRNO, `"includes":{${LATE},"minKernel":""}`),
  'a kernel version that is wrong at first': oneRule(NAMES, ERRNO, '"includes":{"minKernel":"x","minKernel":"4.8"}'),
  'a default action twice': `{"defaultAction":"SCMP_ACT_KILL","defaultAction":"SCMP_ACT_ALLOW",${rulesText(ruleText(NAMES))}}`,
  'architectures, then null': profileText(LISTED, '"architectures":null', rulesText(ruleText(NAMES, ERRNO))),
  'an archMap, then null': profileText(MAPPED, '"archMap":null', rulesText(ruleText(NAMES, ERRNO))),
  'an archMap on top of another': profileText(
    MAPPED,
    '"archMap":[{"architecture":"SCMP_ARCH_X86_64"}]',
    rulesText(ruleText(NAMES, ERRNO)),
  ),
  'flags, then null': profileText('"flags":["NOPE"]', '"flags":null', rulesText(ruleText(NAMES, ERRNO))),
  'conditions, then a null on top': oneRule(NAMES, ERRNO, EQUAL, '"args":[null]'),
  'a null below, and no conditions': oneRule(NAMES, ERRNO, '"args":[null]', '"args":[]'),
  'a null in a list that shows through': profileText(
    rulesText(ruleText(NAMES, ERRNO, '"args":[null]')),
    rulesText('{}'),
  ),
  'a null in a rule that is left out': oneRule(NAMES, '"args":[null]', NEVER),
  'a null where a rule was': profileText(rulesText(ruleText(NAMES, ERRNO)), rulesText('null')),
  'a strange action in a rule without names': profileText(rulesText('{"action":"allow"}')),
  'a strange operator in a rule without names': oneRule('"names":[]', '"args":[{"op":"x"}]'),
  'no operator in a rule without names': oneRule('"names":[]', '"args":[{}]'),
  'an archMap with a null': profileText('"archMap":[null]', rulesText(ruleText(NAMES, ERRNO))),
  'architectures with a null': profileText('"architectures":[null]', rulesText(ruleText(NAMES, ERRNO))),
  'architectures with a number': profileText('"architectures":[5]', rulesText(ruleText(NAMES, ERRNO))),
  'flags with a null': profileText('"flags":[null]', rulesText(ruleText(NAMES, ERRNO))),
  'flags with a number': profileText('"flags":[5]', rulesText(ruleText(NAMES, ERRNO))),
  'capabilities with a null': oneRule(NAMES, ERRNO, '"includes":{"caps":[null]}'),
  'names with a number': oneRule('"names":["personality",5]', ERRNO),
  'rules with a number': profileText('"syscalls":[5]'),
  'conditions with a number': oneRule(NAMES, ERRNO, '"args":[5]'),
  'a name that is empty': oneRule('"name":""', ERRNO),
  'a name, then an empty one': oneRule('"name":"personality","name":""', ERRNO),
  'a value that is very small': withValue('-9223372036854775809'),
  'a value that is too small': withValue('-18446744073709551616'),
};

/** What may be given to a runtime: some profiles bring Docker's daemon down. */
export function loadingCases(runtime: RuntimeName): readonly Case[] {
  const rows = ROWS.map(({ title, profile }): Case => ({ label: title, text: asText(profile) }));
  const more = Object.entries({ ...MORE, ...STRANGE }).map(([label, text]): Case => ({ label, text }));
  const every = [...rows, ...more];
  return every.filter(({ text }) => runtime !== 'docker' || hazardOf(text) === undefined);
}
