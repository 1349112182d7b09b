import type { RuntimeName, Target } from '../../server/src/policy/target.ts';
import { withFault } from './faults.ts';
import { type Random, random } from './random.ts';
import type { Written, WrittenCondition, WrittenRule } from './written.ts';

/** A profile, for whom it is, and the seed that makes it again. */
export interface Generated {
  readonly seed: number;
  readonly profile: Written;
  readonly target: Target;
}

const ACTIONS = ['ALLOW', 'ERRNO', 'KILL_PROCESS', 'KILL_THREAD', 'KILL', 'LOG', 'TRACE', 'TRAP', 'NOTIFY'];
const ERRNOS = [0n, 1n, 5n, 13n, 38n, 4094n, 65536n, 65541n];
const REFUSED_ERRNOS = [4095n, 4096n, 65535n];
const RUNTIMES: readonly RuntimeName[] = ['docker', 'podman', 'containerd', 'cri-o', 'kubernetes', 'runc', 'crun'];

const EVERYWHERE = [
  'read',
  'getuid',
  'personality',
  'ioctl',
  'prctl',
  'clone',
  'mount',
  'setns',
  'pidfd_open',
  'openat2',
];
const MULTIPLEXED = [
  'socket',
  'connect',
  'accept',
  'accept4',
  'recv',
  'send',
  'semop',
  'shmget',
  'msgctl',
  'semtimedop',
];
const ELSEWHERE = [
  'socketcall',
  'ipc',
  'stat64',
  'getuid32',
  'mmap2',
  'arm_fadvise64_64',
  's390_pci_mmio_read',
  'nosuchcall',
];
const OPERATORS = ['NE', 'LT', 'LE', 'EQ', 'GE', 'GT', 'MASKED_EQ'];

/** Architectures that can stand in one filter, by the machine that has them: libseccomp mixes no byte orders. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  X86_64: ['X86_64', 'X86', 'X32', 'ARM', 'AARCH64', 'PPC64LE', 'MIPSEL', 'MIPSEL64', 'MIPSEL64N32', 'RISCV64'],
  AARCH64: ['AARCH64', 'ARM', 'X86_64', 'X32'],
  PPC64LE: ['PPC64LE', 'X86'],
  S390X: ['S390X', 'S390', 'PPC64', 'MIPS', 'MIPS64', 'PARISC'],
  PPC64: ['PPC64', 'PPC', 'S390'],
  MIPS64: ['MIPS64', 'MIPS', 'MIPS64N32'],
  ARM: ['ARM'],
  RISCV64: ['RISCV64', 'X86'],
};

/** Makes a profile from a seed: small, and chosen to be hard on whatever reads it. */
export function generate(seed: number): Generated {
  const rng = random(seed);
  const host = rng.chance(0.75) ? 'X86_64' : rng.pick(Object.keys(FAMILIES));
  const runtime = rng.pick(RUNTIMES);
  const actions = rng.sample(ACTIONS.slice(0, -1), 1 + rng.below(3));
  const defaultAction = rng.chance(0.4) ? 'ALLOW' : rng.chance(0.6) ? 'ERRNO' : rng.pick(ACTIONS);
  const crowd = rng.chance(0.25);
  const count = rng.chance(0.03) ? 40 : crowd ? 4 + rng.below(10) : 1 + rng.below(rng.chance(0.5) ? 3 : 8);
  const conditions = crowd ? crowdedConditions(rng) : conditionMaker(rng);
  const maker = { rng, actions, names: names(rng), conditions };
  const errno = withErrno(rng, defaultAction);
  const profile: Written = {
    defaultAction: `SCMP_ACT_${defaultAction}`,
    ...(errno === undefined ? {} : { defaultErrnoRet: errno }),
    ...architectures(rng, host),
    syscalls: Array.from({ length: count }, () => rule(maker)),
  };
  const capabilities = rng.chance(0.5) ? ['CAP_CHOWN'] : [];
  const written = rng.chance(0.12) ? withFault(rng, profile) : profile;
  return { seed, profile: written, target: target(runtime, host, capabilities) };
}

export function target(runtime: RuntimeName, host = 'X86_64', capabilities: readonly string[] = []): Target {
  return {
    runtime,
    architecture: `SCMP_ARCH_${host}`,
    kernel: [6, 1],
    libseccomp: '2.6.1',
    capabilities: new Set(capabilities),
    noNewPrivileges: false,
  };
}

function architectures(rng: Random, host: string): Pick<Written, 'architectures' | 'archMap'> {
  const family = FAMILIES[host]!;
  const usual = host === 'X86_64' && rng.chance(0.6) ? ['X86_64', 'X86', 'X32'] : rng.sample(family, rng.below(4));
  const foreign = rng.chance(0.01) ? ['S390', 'ARM'] : [];
  const listed = [...usual, ...foreign].map((name) => `SCMP_ARCH_${name}`);
  if (listed.length === 0 && rng.chance(0.5)) return {};
  if (rng.chance(0.8)) return { architectures: listed };
  return { archMap: [{ architecture: `SCMP_ARCH_${host}`, subArchitectures: listed }] };
}

function names(rng: Random): readonly string[] {
  const pool = [...rng.sample(EVERYWHERE, 3), ...rng.sample(MULTIPLEXED, 2), rng.pick(ELSEWHERE)];
  return rng.sample(pool, 1 + rng.below(rng.chance(0.5) ? 2 : 5));
}

interface Maker {
  readonly rng: Random;
  readonly actions: readonly string[];
  readonly names: readonly string[];
  readonly conditions: () => readonly WrittenCondition[];
}

function rule({ rng, actions, names: pool, conditions }: Maker): WrittenRule {
  const action = rng.chance(0.01) ? 'NOTIFY' : rng.pick(actions);
  const args = rng.chance(0.12) ? [] : conditions();
  const errno = withErrno(rng, action);
  return {
    names: rng.sample(pool, rng.chance(0.7) ? 1 : 2),
    action: `SCMP_ACT_${action}`,
    ...(errno === undefined ? {} : { errnoRet: errno }),
    ...(args.length === 0 && rng.chance(0.5) ? {} : { args }),
  };
}

/** An errno now and then; hardly ever one that libseccomp does not take, or with an action that has none. */
function withErrno(rng: Random, action: string): bigint | undefined {
  const takes = action === 'ERRNO' || action === 'TRACE';
  if (!rng.chance(takes ? 0.5 : 0.005)) return undefined;
  return rng.chance(0.02) ? rng.pick(REFUSED_ERRNOS) : rng.pick(ERRNOS);
}

const EDGES = [0n, 1n, 2n, 3n, 16n, 2n ** 31n, 2n ** 32n, 2n ** 33n, 2n ** 63n, 2n ** 64n - 1n];
const FULL = 2n ** 64n - 1n;

/** Conditions that lie close to each other: few values, few arguments, few operators. */
export function conditionMaker(rng: Random): () => readonly WrittenCondition[] {
  const centre = rng.chance(0.8) ? rng.pick(EDGES) : rng.bits64() >> BigInt(rng.below(64));
  const near = [centre, (centre + 1n) & FULL, (centre - 1n) & FULL, centre ^ 0x1_0000_0000n];
  const values = [...near, ...rng.sample(EDGES, rng.below(4))];
  const indexes = rng.sample([0, 1, 2, 3, 4, 5], 1 + rng.below(rng.chance(0.6) ? 2 : 6));
  const operators = operatorMix(rng);
  const most = rng.chance(0.5) ? 1 : 1 + rng.below(4);
  const one = (index: number): WrittenCondition => {
    const op = rng.pick(operators);
    const masked = op === 'MASKED_EQ' || rng.chance(0.05);
    const value = rng.chance(masked ? 0.3 : 0) ? rng.bits64() : rng.pick(values);
    const two = masked ? { valueTwo: rng.chance(0.7) ? rng.pick(values) & value : rng.pick(values) } : {};
    return { index: BigInt(index), value, ...two, op: `SCMP_CMP_${op}` };
  };
  return () => {
    if (rng.chance(0.002)) return [one(6)];
    const repeats = rng.chance(0.05);
    const count = repeats ? 2 + rng.below(6) : 1 + rng.below(most);
    const chosen = repeats ? Array.from({ length: count }, () => rng.pick(indexes)) : rng.sample(indexes, count);
    return chosen.map(one);
  };
}

const CROWD_OPERATORS = [
  ['EQ'],
  ['MASKED_EQ'],
  ['GE', 'GT'],
  ['EQ', 'NE'],
  ['EQ', 'MASKED_EQ'],
  ['EQ', 'GT', 'LE'],
  ['EQ', 'LT', 'GE'],
];

/** Rules so alike that they share most of what they ask: chains of EQ that end in something else. */
export function crowdedConditions(rng: Random): () => readonly WrittenCondition[] {
  const values = rng.sample([0n, 1n, 2n, 3n, 5n, 2n ** 32n + 1n, 2n ** 32n + 2n], 2 + rng.below(3));
  const indexes = rng.sample([0, 1, 2], 2 + rng.below(2));
  const last = rng.pick(CROWD_OPERATORS);
  return () => {
    const chosen = [...rng.sample(indexes, 1 + rng.below(indexes.length))].sort();
    return chosen.map((index, i) => {
      const op = i === chosen.length - 1 || rng.chance(0.05) ? rng.pick(last) : 'EQ';
      const two = op === 'MASKED_EQ' ? { valueTwo: rng.pick(values) } : {};
      return { index: BigInt(index), value: rng.pick(values), ...two, op: `SCMP_CMP_${op}` };
    });
  };
}

function operatorMix(rng: Random): readonly string[] {
  const kind = rng.below(5);
  if (kind === 0) return ['EQ'];
  if (kind === 1) return ['EQ', 'MASKED_EQ'];
  if (kind === 2) return [rng.pick(OPERATORS)];
  return kind === 3 ? rng.sample(OPERATORS, 2) : OPERATORS;
}
