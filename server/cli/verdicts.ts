import type { Architecture } from '../src/catalog/index.ts';
import type { Decision, Policy } from '../src/policy/policy.ts';

/** A decision for output that programs read. */
export interface ActionForJson {
  /** As the profile spells it. */
  readonly action: string;
  /** Null for actions that carry none. */
  readonly errno: number | null;
}

/** The action in the profile's own word: `SCMP_ACT_KILL` stays what it is. */
export function actionForJson(policy: Policy, { outcome, reason }: Decision): ActionForJson {
  const written =
    reason.kind === 'rule'
      ? reason.rule.source.rule.action?.value
      : reason.kind === 'default'
        ? policy.read.defaultAction?.value
        : undefined;
  const old = written === 'SCMP_ACT_KILL' && outcome.action === 'SCMP_ACT_KILL_THREAD';
  return { action: old ? written : outcome.action, errno: outcome.errno ?? null };
}

/** Position in `syscalls`, counted from zero; null where no rule decides. */
export function ruleForJson({ reason }: Decision): number | null {
  return reason.kind === 'rule' ? reason.rule.source.rule.position : null;
}

export const shortName = ({ name }: Architecture): string => name.replace('SCMP_ARCH_', '').toLowerCase();
