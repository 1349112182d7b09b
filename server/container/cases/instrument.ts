import type { Edit } from '../../src/checks/check.ts';
import { applyEdits, replaceNode } from '../../src/checks/edits.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { type Outcome, permits } from '../../src/policy/resolve.ts';
import type { Text, Uint } from '../../src/profile/model.ts';

/** Errnos that no kernel returns by itself, up to the highest that it passes on (MAX_ERRNO, `include/linux/err.h`). */
const FIRST = 3800;
const LAST = 4095;

/** Whether an errno can only come from the filter of an instrumented profile. */
export const isInstrumented = (errno: number): boolean => errno >= FIRST && errno <= LAST;

/**
 * A copy of a profile that denies the same calls, each with an errno of its own kind: `SCMP_ACT_ERRNO` with one number for
 * each different outcome. Outcomes that were equal stay equal, since libseccomp drops rules that equal the default, so the
 * copy denies exactly what the profile denies. An engine that does not read `defaultErrnoRet` answers EPERM by default.
 */
export function instrumented(text: string, { profile, resolved }: Policy): string {
  const numbers = new Map<string, number>();
  const errnoOf = (outcome: Outcome): number => {
    const key = `${outcome.action} ${outcome.errno ?? ''}`;
    const number = numbers.get(key) ?? Math.min(LAST, FIRST + numbers.size);
    numbers.set(key, number);
    return number;
  };
  const edits = (outcome: Outcome, parts: Parts): readonly Edit[] =>
    permits(outcome) ? [] : denial(parts, errnoOf(outcome));
  const { defaultAction: action, defaultErrnoRet: errnoRet, defaultErrno: errno } = profile;
  return applyEdits(text, [
    ...edits(resolved.default!, { action, errnoRet, errno, key: 'defaultErrnoRet' }),
    ...resolved.rules.flatMap(({ rule, outcome }) => edits(outcome, { ...rule, key: 'errnoRet' })),
  ]);
}

interface Parts {
  readonly action: Text | undefined;
  readonly errnoRet: Uint | undefined;
  /** Podman's spelling, which it prefers. */
  readonly errno: Text | undefined;
  readonly key: string;
}

function denial({ action, errnoRet, errno, key }: Parts, number: number): readonly Edit[] {
  if (!action) return [];
  const added = errnoRet ? '' : `, "${key}": ${number}`;
  return [
    replaceNode(action.node, `"SCMP_ACT_ERRNO"${added}`),
    ...(errnoRet ? [replaceNode(errnoRet.node, String(number))] : []),
    ...(errno ? [replaceNode(errno.node, `"${number}"`)] : []),
  ];
}
