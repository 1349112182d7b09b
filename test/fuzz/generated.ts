import { type Domain, type KeySpec, type ObjectKind, SCHEMA, type ValueType } from '../../server/src/profile/schema.ts';
import type { Random } from '../differential/random.ts';

/** What stands for each kind of value: right, nearly right, and wrong. */
const WORDS: Readonly<Record<Domain, readonly string[]>> = {
  action: [
    'SCMP_ACT_ALLOW',
    'SCMP_ACT_ERRNO',
    'SCMP_ACT_ALLOW',
    'SCMP_ACT_ERRNO',
    'SCMP_ACT_KILL',
    'SCMP_ACT_KILL_PROCESS',
    'SCMP_ACT_LOG',
    'SCMP_ACT_TRAP',
    'SCMP_ACT_TRACE',
    'SCMP_ACT_NOTIFY',
    'allow',
    'SCMP_ACT_DENY',
    'notify',
    '',
  ],
  architecture: [
    'SCMP_ARCH_X86_64',
    'SCMP_ARCH_X86',
    'SCMP_ARCH_X32',
    'SCMP_ARCH_AARCH64',
    'SCMP_ARCH_ARM',
    'SCMP_ARCH_S390X',
    'SCMP_ARCH_NATIVE',
    'amd64',
    's390x',
    'riscv64',
    'SCMP_ARCH_LOONGARCH64',
    'x',
    '',
  ],
  goArchitecture: ['amd64', 'arm64', 'x32', 'SCMP_ARCH_X86_64', 'riscv64', 'arm', ''],
  capability: ['CAP_SYS_ADMIN', 'CAP_CHOWN', 'SYS_PTRACE', 'CAP_BPF', 'cap_net_raw', 'X', ''],
  errno: [],
  errnoName: ['EPERM', 'ENOSYS', 'ENOSIS', '38', ''],
  argumentIndex: [],
  argumentValue: [],
  flag: ['SECCOMP_FILTER_FLAG_LOG', 'SECCOMP_FILTER_FLAG_TSYNC', 'SECCOMP_FILTER_FLAG_SPEC_ALLOW', 'LOG', ''],
  kernelVersion: ['4.8', '5', '4.8.1', '99.1', 'x', ''],
  operator: [
    'SCMP_CMP_EQ',
    'SCMP_CMP_NE',
    'SCMP_CMP_GT',
    'SCMP_CMP_GE',
    'SCMP_CMP_LE',
    'SCMP_CMP_LT',
    'SCMP_CMP_MASKED_EQ',
    'SCMP_CMP_MASKED_EQ',
    '==',
    'EQ',
    '',
  ],
  path: ['/run/agent.sock', ''],
  syscall: [
    'bpf',
    'socket',
    'clone',
    'clone3',
    'write',
    'read',
    'ptrace',
    'kexec_load',
    'mkdir',
    'open',
    'unshare',
    'personality',
    'socketcall',
    'stat64',
    'pread',
    'swapof',
    'bpf*',
    'mmap2',
    'lookup_dcookie',
    'seccomp',
    'futex_waitv',
    'execve',
    'exit_group',
    'SOCKET',
    '39',
    '',
  ],
  text: ['note', ''],
};

const NUMBERS: Readonly<Partial<Record<Domain, readonly string[]>>> = {
  errno: ['1', '38', '0', '4095', '9999', '1', '38', '1.0', '1e2'],
  argumentIndex: ['0', '1', '2', '0', '1', '5', '6', '1.0'],
  argumentValue: [
    '0',
    '1',
    '8',
    '40',
    '255',
    '65536',
    '4294967295',
    '4294967296',
    '18446744073709551615',
    '2114060288',
    '1e3',
  ],
};

const WRONG = [
  'null',
  'true',
  '5',
  '"x"',
  '[]',
  '{}',
  '-1',
  '[1]',
  '["a"]',
  '[{}]',
  '"0x10"',
  '1.5',
  '18446744073709551616',
  'false',
  '[null]',
  '""',
];

/** How keys are written otherwise: in other letters, misspelt, of another object. */
function keyText(key: string, random: Random): string {
  const n = random.below(60);
  if (n === 0) return key.toUpperCase();
  if (n === 1) return key.slice(0, -1);
  if (n === 2) return random.pick(Object.values(SCHEMA).flat()).key;
  if (n === 3) return `${key[0]!.toUpperCase()}${key.slice(1)}`;
  return key;
}

function valueText(type: ValueType, random: Random, depth: number): string {
  if (random.below(25) === 0) return random.below(3) === 0 ? 'null' : random.pick(WRONG);
  const word = (domain: Domain): string =>
    JSON.stringify(random.pick(WORDS[domain].length > 0 ? WORDS[domain] : ['x']));
  const list = (make: () => string, most: number): string => {
    const items = Array.from({ length: random.below(most + 1) }, () =>
      random.below(40) === 0 ? random.pick(['null', ...WRONG]) : make(),
    );
    return random.below(30) === 0 && items[0] !== undefined ? items[0] : `[${items.join(', ')}]`;
  };
  switch (type.kind) {
    case 'string':
      return random.below(25) === 0 ? `[${word(type.domain)}]` : word(type.domain);
    case 'uint':
      return random.pick(NUMBERS[type.domain] ?? ['0']);
    case 'strings':
      return list(() => word(type.domain), 4);
    case 'object':
      return objectText(type.of, random, depth + 1);
    case 'objects':
      return list(() => objectText(type.of, random, depth + 1), type.of === 'rule' ? 4 : 2);
  }
}

/** Out of how many objects one has a key. */
const CHANCES: Readonly<Record<string, number>> = {
  defaultErrnoRet: 4,
  defaultErrno: 12,
  architectures: 2,
  archMap: 4,
  flags: 6,
  listenerPath: 5,
  listenerMetadata: 20,
  name: 8,
  errnoRet: 3,
  errno: 8,
  args: 2,
  comment: 8,
  includes: 4,
  excludes: 5,
  valueTwo: 3,
  caps: 2,
  arches: 3,
  minKernel: 3,
};

const isThere = (spec: KeySpec, random: Random): boolean =>
  spec.required ? random.below(12) > 0 : random.below(CHANCES[spec.key] ?? 1) === 0;

function objectText(kind: ObjectKind, random: Random, depth = 0): string {
  const specs = SCHEMA[kind].filter((spec) => isThere(spec, random));
  if (random.below(15) === 0) specs.reverse();
  if (random.below(10) === 0 && specs[0]) specs.push(random.pick(specs));
  const members = specs.map(
    (spec) => `${JSON.stringify(keyText(spec.key, random))}: ${valueText(spec.type, random, depth)}`,
  );
  if (random.below(60) === 0)
    members.push(`${JSON.stringify(random.pick(Object.values(SCHEMA).flat()).key)}: ${random.pick(WRONG)}`);
  return random.below(2) === 0 || depth > 1 ? `{ ${members.join(', ')} }` : `{\n${members.join(',\n')}\n}`;
}

/** A profile with all that the format has, much of it wrong. */
export function generatedProfile(random: Random): string {
  return objectText('profile', random);
}
