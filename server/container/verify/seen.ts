import type { Outcome } from '../../src/policy/resolve.ts';
import type { Tried } from '../compare.ts';
import type { Result } from '../measure.ts';
import type { Untried } from '../report.ts';
import type { MarkedCopy } from './marked-copy.ts';
import { ENOSYS, type Mark } from './marks.ts';

/** What was seen of a call. */
export type Seen =
  /** The copy answered with a mark, and the profile as its rule says. */
  | { readonly kind: 'denied'; readonly mark: Mark }
  /** Denied by something that has no mark: `result` is what the call got. */
  | { readonly kind: 'answered'; readonly result: Result }
  /** The call reached the kernel. */
  | { readonly kind: 'passed' }
  /** What the call got is what the kernel gives without a profile too, and the copy cannot tell. */
  | { readonly kind: 'hidden'; readonly result: Result }
  /** The copy says that this decided, and the profile does not do that. */
  | { readonly kind: 'contradiction'; readonly mark: Mark; readonly result: Result }
  | { readonly kind: 'unseen' };

/** What a call gets from an outcome; undefined where that is the kernel's own answer. */
export function answerOf({ action, errno = 1 }: Outcome): Result | undefined {
  switch (action) {
    case 'SCMP_ACT_ALLOW':
    case 'SCMP_ACT_LOG':
      return undefined;
    case 'SCMP_ACT_ERRNO':
      return errno === 0 ? { kind: 'value', value: 0 } : { kind: 'errno', errno };
    // without a tracer, and without a listener (seccomp(2))
    case 'SCMP_ACT_TRACE':
    case 'SCMP_ACT_NOTIFY':
      return { kind: 'errno', errno: ENOSYS };
    default:
      return { kind: 'killed' };
  }
}

/** Same error, or both no error; the values of two successes may differ (an id, the time). */
export function sameResult(a: Result, b: Result): boolean {
  return a.kind === 'errno' && b.kind === 'errno' ? a.errno === b.errno : a.kind === b.kind;
}

/** What is known of the runs before they are read. */
export interface Reading {
  readonly copy: MarkedCopy | undefined;
  /** The expected decision would show a mark. */
  readonly shows: boolean;
  /** Errors that the filter may give without a mark. */
  readonly unmarked: ReadonlySet<number>;
}

/** Reads the runs of one call. */
export function seenOf(tried: Tried | Untried, { copy, shows, unmarked }: Reading): Seen {
  const { inCopy } = tried;
  if (!('underProfile' in tried)) {
    const mark = copy && markOf(copy, inCopy);
    return mark ? { kind: 'denied', mark } : { kind: 'unseen' };
  }
  const { underProfile: result, unconfined, verdict } = tried;
  const mark = copy && !(inCopy?.kind === 'killed' && unconfined.kind === 'killed') ? markOf(copy, inCopy) : undefined;
  if (mark) {
    const answer = answerOf(mark.outcome);
    return answer && sameResult(answer, result) ? { kind: 'denied', mark } : { kind: 'contradiction', mark, result };
  }
  const copyPasses = inCopy !== undefined && sameResult(inCopy, result);
  const known = result.kind === 'errno' && unmarked.has(result.errno);
  if (shows && copyPasses && !known) return { kind: 'passed' };
  if (verdict !== 'same') return { kind: 'answered', result };
  const sure = unconfined.kind === 'errno' ? !unmarked.has(unconfined.errno) : unconfined.kind === 'value';
  return sure ? { kind: 'passed' } : { kind: 'hidden', result };
}

function markOf({ marks, killMark }: MarkedCopy, result: Result | undefined): Mark | undefined {
  return result?.kind === 'errno' ? marks.get(result.errno) : result?.kind === 'killed' ? killMark : undefined;
}
