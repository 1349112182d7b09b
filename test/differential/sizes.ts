import { estimate } from '../../server/src/policy/bpf/estimate.ts';
import { policyOf } from '../../server/src/policy/policy.ts';
import { parseProfile } from '../../server/src/profile/build.ts';
import type { Entry } from './campaign.ts';
import type { Case, Oracle } from './compare.ts';
import type { Oracles } from './oracle.ts';
import { prepare } from './runtime.ts';
import { printProfile } from './written.ts';

/** Instructions of the program that libseccomp builds for a profile, and what the product takes them to be. */
export interface Size {
  readonly label: string;
  readonly libseccomp: number;
  readonly estimated: number;
}

/** By how much the estimate is off, relative to the truth: 0.03 is three percent. */
function deviation({ libseccomp, estimated }: Size): number {
  return Math.abs(estimated / libseccomp - 1);
}

/** Within five percent, or off by one: a single instruction is more than that of the shortest programs. */
export function isClose(size: Size): boolean {
  return deviation(size) <= 0.05 || Math.abs(size.estimated - size.libseccomp) <= 1;
}

/** The sizes of all entries that libseccomp builds, the worst estimate first. */
export async function sizes({ list }: Oracles, entries: Iterable<Entry>): Promise<readonly Size[]> {
  const queue = entries[Symbol.iterator]();
  const found: Size[] = [];
  const work = async (oracle: Oracle): Promise<void> => {
    for (let next = queue.next(); !next.done; next = queue.next()) {
      const { label, make } = next.value;
      const size = await sizeOf(oracle, label, await make(oracle));
      if (size) found.push(size);
    }
  };
  await Promise.all(list.map(work));
  return found.sort((a, b) => deviation(b) - deviation(a));
}

async function sizeOf({ driver }: Oracle, label: string, { profile, target }: Case): Promise<Size | undefined> {
  const prepared = prepare(profile, target, []);
  if ('refused' in prepared) return undefined;
  const built = await driver.build(prepared.build);
  if (built.kind !== 'ok') return undefined;
  const policy = policyOf(parseProfile(printProfile(profile)).profile!, target)!;
  return { label, libseccomp: built.length, estimated: estimate(policy).libseccomp };
}

/** One line: how many, and the worst. */
export function reportSizes(title: string, found: readonly Size[]): string {
  const [worst] = found;
  if (!worst) return `${title}: no program was built`;
  const percent = (100 * deviation(worst)).toFixed(1);
  const { label, libseccomp, estimated } = worst;
  return `${title}: the length of ${found.length} programs is estimated within ${percent} % (${label}: ${libseccomp}, estimated ${estimated})`;
}
