import type { Change } from '../../src/repair/change.ts';
import { isWhole, type Needs, type Ratio } from '../../src/repair/needs.ts';
import type { Attempt } from './criterion.ts';
import type { Narrowed, RepairReport, SearchReport, TightenReport } from './report.ts';

/** What came of a repair, in a line of plain text. */
export function repairHeadline({ outcome, label }: RepairReport): string {
  switch (outcome.kind) {
    case 'repaired':
      return `With ${syscalls(outcome.names)} allowed it passes: ${label}`;
    case 'passes-already':
      return `Nothing to repair: it passes with this profile already: ${label}`;
    case 'unsteady':
      return `It fails now and then with nothing changed; ${ratio(outcome.confirmed)} runs passed with this profile as it is: ${label}`;
    case 'not-by-allowing':
      return `Allowing syscalls does not help: with every one allowed that can be it fails still (${outcome.attempt.what})`;
    default:
      return obstacleHeadline(outcome, label, 'allowed');
  }
}

/** What came of a tightening, in a line of plain text. */
export function tightenHeadline({ outcome, label }: TightenReport): string {
  switch (outcome.kind) {
    case 'tightened':
      if (outcome.names.length === 0) return `Nothing to drop: it needs all that this profile allows: ${label}`;
      return `${syscalls(outcome.names)} can be dropped, and it passes still: ${label}`;
    case 'fails-already':
      return `It fails with this profile as it is (${outcome.attempt.what}). Repair the profile first`;
    case 'no-allow-list':
      return 'This profile permits by default, so there is no list to drop from';
    default:
      return obstacleHeadline(outcome, label, 'dropped');
  }
}

type Obstructed = Exclude<
  SearchReport<never>['outcome'],
  { readonly kind: 'repaired' | 'passes-already' | 'unsteady' | 'not-by-allowing' }
>;

function obstacleHeadline(outcome: Obstructed, label: string, done: 'allowed' | 'dropped'): string {
  switch (outcome.kind) {
    case 'not-a-profile':
      return `Not tried: ${outcome.message}`;
    case 'not-seccomp':
      return `seccomp is not the cause: it fails without a profile too (${outcome.attempt.what}): ${label}`;
    case 'ended-early': {
      const best = outcome.best ? ` The best so far passes with ${syscalls(outcome.best.names)} ${done}` : '';
      return `${ENDED[outcome.why]}.${best}`;
    }
    case 'no-engine':
      return 'No container engine to try it with';
    case 'cancelled':
      return ENDED.cancelled;
    case 'timeout':
      return ENDED.time;
    case 'failed':
      return outcome.message;
  }
}

const ENDED = {
  runs: 'Not finished within the number of runs',
  time: 'Not finished in time',
  cancelled: 'Cancelled',
} as const;

/** `mkdir`, `mkdir, chmod and chown`, `12 syscalls`. */
function syscalls(names: readonly string[]): string {
  if (names.length > 3) return `${names.length} syscalls`;
  return [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ');
}

/** What stays of conditions, in sentences. */
export const stays = (narrowed: readonly Narrowed[]): readonly string[] =>
  narrowed.map(({ name, flags }) => {
    const which = flags.map((flag) => flag.name).join(' and ') || 'nothing more';
    return `${name} is allowed with ${which} in addition; the rest of its condition stays.`;
  });

/** What an outcome holds from which doubts follow. */
interface Measured {
  readonly needs: Needs;
  readonly change: Change;
  readonly exact?: Attempt;
}

/** Why the result may not hold each time, in sentences; empty where nothing speaks against it. */
export function doubts({ needs: { confirmed, withAll, doubtful }, exact }: Measured): readonly string[] {
  return [
    !isWhole(confirmed) && `It passed in ${ratio(confirmed)} runs with the result.`,
    withAll &&
      !isWhole(withAll) &&
      `It passed in ${ratio(withAll)} runs even with everything allowed: it does not do the same each time.`,
    doubtful.length > 0 && `Without ${doubtful.join(', or without ')} it passed once and failed once.`,
    exact && !exact.passed && `With the profile's own action for denied calls it failed (${exact.what}).`,
  ].filter((doubt) => typeof doubt === 'string');
}

const ratio = ({ passed, of }: Ratio): string => `${passed} of ${of}`;

/** What the edit changes beyond its own syscalls, in sentences; empty where it changes nothing else. */
export function besides({ besides: found }: Change): string {
  const open = found.filter(({ change }) => change === 'looser' || change === 'unpredictable');
  const rest = found.length - open.length;
  return [
    open.length > 0 && `It may let through besides: ${open.map(({ name }) => name).join(', ')}.`,
    rest > 0 &&
      `${rest} other ${rest === 1 ? 'syscall fails' : 'syscalls fail'} in another way than before, or for more arguments.`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** How the program was recorded first and what that brought, in a sentence; empty where that was not tried. */
export function recordingInWords({ recording, outcome }: RepairReport | TightenReport): string {
  if (!recording) return '';
  if (recording.kind === 'missing') return `Searched without a recording. ${recording.why}`;
  const { way, names } = recording;
  const seen = `Recorded first with ${way}: ${names.length} syscalls seen`;
  const saved = 'saved' in outcome ? outcome.saved : undefined;
  if (saved === undefined) return `${seen}.`;
  return saved > 0
    ? `${seen}, which saved about ${saved} ${saved === 1 ? 'run' : 'runs'}.`
    : `${seen}, which saved no run.`;
}

/** `12 runs in 5.1 s, 14 times a run without a profile`. */
export function effort({ runs, durationMs, bareMs }: SearchReport<{ readonly kind: string }>): string {
  const times = bareMs ? `, ${Math.round(durationMs / bareMs)} times one run without a profile` : '';
  return `${runs} ${runs === 1 ? 'run' : 'runs'} in ${(durationMs / 1000).toFixed(1)} s${times}`;
}
