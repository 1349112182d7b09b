import type { Reported } from '../checks/analyse.ts';
import type { Severity } from '../checks/check.ts';

/** What VS Code shows of a file; it leaves out the least severe of more. */
const MOST = 1000;

const BY_WEIGHT: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** As many findings as an editor shows, the most severe ones, in their order: tens of thousands help nobody and cost much. */
export function mostSevere(findings: readonly Reported[], most = MOST): readonly Reported[] {
  if (findings.length <= most) return findings;
  const kept = new Set<Reported>();
  for (const severity of BY_WEIGHT)
    for (const finding of findings) {
      if (kept.size === most) break;
      if (finding.severity === severity) kept.add(finding);
    }
  return findings.filter((finding) => kept.has(finding));
}
