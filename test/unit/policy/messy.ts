import { type Chance, EDGES, NAMES } from './generate.ts';

const OPERATORS = ['NE', 'LT', 'EQ', 'GE', 'MASKED_EQ'];
const ACTIONS = ['ALLOW', 'ERRNO', 'KILL', 'LOG', 'NOTIFY', 'TRAP'];
const ODD_NAMES = ['', 'Socket', 'sys_socket', 'socet', 'nosuch', 'mseal', 'socketcall'];
const HEADS = ['"comment": "x", ', '"archMap": [], ', '"flags": [], ', '"defaultErrnoRet": 38, ', '"version": 1, '];

/** The text of a profile as people leave it: much of it doubled, misspelt, out of use or without effect. */
export function messyProfile(chance: Chance): string {
  const archs = chance.some(['X86_64', 'X86', 'X32', 'x86', 'S390X', 'X86'], 4).map((name) => `"SCMP_ARCH_${name}"`);
  const rules = Array.from({ length: 1 + chance.below(5) }, () => messyRule(chance));
  const twice = chance.below(3) === 0 ? [...rules, chance.pick(rules)] : rules;
  const action = key(chance, 'defaultAction');
  return `{ ${chance.some(HEADS, 2).join('')}${action}: "SCMP_ACT_${chance.pick(['ALLOW', 'ERRNO', 'KILL'])}", "architectures": [${archs.join(', ')}], ${key(chance, 'syscalls')}: [
${twice.join(',\n')}
] }`;
}

function messyRule(chance: Chance): string {
  const names = [...chance.some(NAMES, 3), ...chance.some(ODD_NAMES, 1)].map((name) => `"${name}"`);
  const lone = chance.below(6) === 0;
  const parts = [
    lone ? `${key(chance, 'name')}: "${chance.pick(NAMES)}"` : `${key(chance, 'names')}: [${names.join(', ')}]`,
    `${key(chance, 'action')}: "SCMP_ACT_${chance.pick(ACTIONS)}"`,
    ...chance.some(['"errnoRet": 1', '"errnoRet": 5', '"errno": "EPERM"', '"errno": "ENOSYS"', '"errnoRet": null'], 2),
    ...chance.some(['"comment": ""', '"includes": {}', '"excludes": { "caps": ["CAP_CHOWN"] }', '"priority": 1'], 2),
    ...chance.some(['"includes": { "arches": ["amd64", "x86_64"] }', '"excludes": { "minKernel": "4.8" }'], 1),
    ...(chance.below(3) === 0 ? [] : [`${key(chance, 'args')}: ${messyConditions(chance)}`]),
  ];
  return `{ ${parts.join(', ')} }`;
}

function messyConditions(chance: Chance): string {
  if (chance.below(6) === 0) return chance.pick(['null', '[]']);
  const conditions = chance.some([0, 1, 2, 2], 3).map((index) => {
    const two = chance.below(2) === 0 ? `, "valueTwo": ${chance.pick(EDGES)}` : '';
    return `{ "index": ${index}, "op": "SCMP_CMP_${chance.pick(OPERATORS)}", "value": ${chance.pick(EDGES)}${two} }`;
  });
  return `[${conditions.join(', ')}]`;
}

/** A key, now and then in another letter case. */
function key(chance: Chance, name: string): string {
  return `"${chance.below(15) === 0 ? name.toUpperCase() : name}"`;
}
