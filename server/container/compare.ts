import type { Result } from './measure.ts';
import type { Probe } from './probe/calls.ts';

/** One try, under the profile and without one. */
export interface Tried {
  readonly probe: Probe;
  readonly underProfile: Result;
  readonly unconfined: Result;
  /** Under the copy of the profile; absent where there was none or it was not reached. */
  readonly inCopy?: Result | undefined;
  /**
   * `denied`: the profile gave another answer than the kernel. `killed`: it ended the process. `same`: the call went to
   * the kernel, or was denied with what the kernel says anyway.
   */
  readonly verdict: 'denied' | 'killed' | 'same';
}

/** Puts the results side by side; tries that one of the runs did not reach are left out. */
export function compareResults(
  probes: readonly Probe[],
  underProfile: readonly (Result | undefined)[],
  unconfined: readonly (Result | undefined)[],
  inCopy: readonly (Result | undefined)[] = [],
): readonly Tried[] {
  return probes.flatMap((probe, i): Tried[] => {
    const [mine, natural] = [underProfile[i], unconfined[i]];
    if (!mine || !natural) return [];
    return [{ probe, underProfile: mine, unconfined: natural, inCopy: inCopy[i], verdict: verdictOf(mine, natural) }];
  });
}

function verdictOf(mine: Result, natural: Result): Tried['verdict'] {
  if (mine.kind === 'killed') return natural.kind === 'killed' ? 'same' : 'killed';
  return isSame(mine, natural) ? 'same' : 'denied';
}

/** Of a value only zero or not counts: process ids and addresses differ from run to run, a faked success is 0. */
function isSame(a: Result, b: Result): boolean {
  if (a.kind === 'errno' && b.kind === 'errno') return a.errno === b.errno;
  if (a.kind === 'value' && b.kind === 'value') return (a.value === 0) === (b.value === 0);
  return a.kind === b.kind;
}
