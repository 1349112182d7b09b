import type { Reported } from '../checks/analyse.ts';
import type { Severity } from '../checks/check.ts';

/** What VS Code shows of a file; it leaves out the least severe of more. */
const MOST = 1000;

const BY_WEIGHT: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** As many findings as an editor shows, the most severe ones, in their order: tens of thousands help nobody and cost much. */
export function mostSevere(findings: readonly Reported[], most = MOST): readonly Reported[] {
  if (findings.length <= most) return findings;
  const counts: Record<Severity, number> = { error: 0, warning: 0, information: 0, hint: 0 };
  for (const { severity } of findings) counts[severity]++;
  const room = { ...counts };
  let left = most;
  for (const severity of BY_WEIGHT) {
    room[severity] = Math.min(left, counts[severity]);
    left -= room[severity];
  }
  return findings.filter(({ severity }) => room[severity]-- > 0);
}
