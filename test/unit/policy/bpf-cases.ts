import { architecture, numberOn } from '../../../server/src/catalog/index.ts';
import type { Call } from '../../../server/src/policy/evaluate.ts';
import { type Policy, policyOf } from '../../../server/src/policy/policy.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { defaultTarget } from '../../../server/src/settings.ts';
import { generate } from '../../differential/generate.ts';
import { probes } from '../../differential/probes.ts';
import { random } from '../../differential/random.ts';
import type { Numbers } from '../../differential/runtime.ts';
import { printProfile } from '../../differential/written.ts';

/** A policy and calls that lie close to its rules, made again from the seed. */
export interface BpfCase {
  readonly seed: number;
  readonly text: string;
  readonly policy: Policy;
  readonly calls: readonly Call[];
}

const numbers: Numbers = {
  numberOf: async (arch, name) => {
    const found = architecture(`SCMP_ARCH_${arch.toUpperCase()}`);
    return found && numberOn(name, found.table);
  },
};

export async function bpfCase(seed: number, each?: number): Promise<BpfCase> {
  const { profile, target } = generate(seed);
  const text = printProfile(profile);
  const policy = policyOf(parseProfile(text).profile!, target)!;
  const found = await probes(random(seed), profile, target, numbers, each);
  return { seed, text, policy, calls: [...found, ...boundaryCalls(policy)].map(asKernel) };
}

/** Every number around those that the filters name, without arguments. */
export function boundaryCalls(policy: Policy): readonly Call[] {
  const args = [0n, 0n, 0n, 0n, 0n, 0n];
  return policy.resolved.architectures.flatMap((arch) => {
    const named = [...policy.filter(arch.table)!.syscalls.keys()].flatMap((number) => [number - 1, number, number + 1]);
    const edges = [
      0, 0x3fffffff, 0x40000000, 0x40000001, 0x7fffffff, 0x80000000, 0xbfffffff, 0xc0000000, 0xfffffffe, 0xffffffff,
    ];
    return [...new Set([...named, ...edges])]
      .filter((number) => number >= 0)
      .map((number) => ({ architecture: arch.name, number, args }));
  });
}

/** The kernel knows x32 calls by their number alone: their token is that of x86-64. */
export function asKernel(call: Call): Call {
  return call.architecture === 'SCMP_ARCH_X32' ? { ...call, architecture: 'SCMP_ARCH_X86_64' } : call;
}

export function policyFor(text: string): Policy {
  return policyOf(parseProfile(text).profile!, defaultTarget())!;
}
