import type { Random } from './random.ts';
import type { Written, WrittenFilter, WrittenRule } from './written.ts';

/** The same profile with something that some runtime refuses, skips or reads in its own way. */
export function withFault(rng: Random, profile: Written): Written {
  if (rng.chance(0.25)) return rng.pick(HEAD_FAULTS)(rng, profile);
  const at = rng.below(profile.syscalls.length);
  const fault = rng.pick(RULE_FAULTS);
  return { ...profile, syscalls: profile.syscalls.map((rule, i) => (i === at ? fault(rng, rule) : rule)) };
}

const HEAD_FAULTS: readonly ((rng: Random, profile: Written) => Written)[] = [
  (rng, { archMap: _, ...profile }) => ({
    ...profile,
    architectures: [
      ...(profile.architectures ?? []),
      rng.pick(['SCMP_ARCH_Z80', 'SCMP_ARCH_PARISC', 'SCMP_ARCH_NATIVE']),
    ],
  }),
  (_, profile) => ({
    ...profile,
    architectures: ['SCMP_ARCH_X86'],
    archMap: [{ architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X32'] }],
  }),
  (rng, profile) => ({ ...profile, defaultErrno: errnoText(rng) }),
];

const RULE_FAULTS: readonly ((rng: Random, rule: WrittenRule) => WrittenRule)[] = [
  (rng, rule) => ({ ...rule, action: rng.pick(['SCMP_ACT_DENY', 'scmp_act_allow', '']) }),
  (rng, rule) => ({ ...rule, action: 'SCMP_ACT_DENY', ...filters(rng) }),
  (_, rule) => ({ ...rule, action: 'SCMP_ACT_DENY', names: [] }),
  (_, rule) => ({ ...rule, args: [...(rule.args ?? []), { index: 0n, value: 1n, op: 'SCMP_CMP_XOR' }] }),
  (rng, rule) => ({ ...rule, args: [{ index: BigInt(5 + rng.below(3)), value: 1n, op: 'SCMP_CMP_EQ' }] }),
  (_, rule) => ({ ...rule, names: ['', ...(rule.names ?? [])] }),
  (_, rule) => ({ ...rule, names: [] }),
  (_, rule) => ({ ...rule, name: 'getuid' }),
  (_, { names, ...rule }) => ({ ...rule, name: names?.[0] ?? 'getuid', names: [] }),
  (rng, rule) => ({ ...rule, name: 'getuid', ...filters(rng) }),
  (rng, rule) => ({ ...rule, errno: errnoText(rng) }),
  (rng, rule) => ({ ...rule, ...filters(rng) }),
  (rng, rule) => ({ ...rule, ...filters(rng) }),
];

function errnoText(rng: Random): string {
  return rng.pick(['ENOSYS', 'EPERM', 'EFOO', '', '13', '00005', '4095', '65541', '4294967296']);
}

function filters(rng: Random): Pick<WrittenRule, 'includes' | 'excludes'> {
  return { ...(rng.chance(0.6) && { includes: filter(rng) }), ...(rng.chance(0.6) && { excludes: filter(rng) }) };
}

const KERNELS = ['4.8', '6.1', '6.2', '7.0', '', '4.08', '6', '6.1.0', '0.0', '4.256', 'v4.8', '0.5'];

function filter(rng: Random): WrittenFilter {
  return {
    ...(rng.chance(0.3) && { caps: rng.sample(['CAP_CHOWN', 'CAP_BPF', 'chown'], 1 + rng.below(2)) }),
    ...(rng.chance(0.4) && { arches: rng.sample(['amd64', 'arm64', 's390x', 'x86_64', 'x86'], 1 + rng.below(2)) }),
    ...(rng.chance(0.4) && { minKernel: rng.pick(KERNELS) }),
  };
}
