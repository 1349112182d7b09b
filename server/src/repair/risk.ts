import { dangerOf, syscall } from '../catalog/index.ts';
import { type Policy, type Verdict, verdictOf } from '../policy/policy.ts';
import { permits } from '../policy/resolve.ts';
import { testsInWords } from '../policy/words.ts';

/** What it means to allow a syscall that a profile denies. */
export interface Risk {
  readonly name: string;
  /** 1 = breaks containment, 2 = large attack surface or a decision of the profile's author, 3 = worth a thought, 0 = ordinary. */
  readonly tier: 0 | 1 | 2 | 3;
  /** What the syscall does, in a line. */
  readonly summary: string;
  /** Why to think twice; plain text, empty for an ordinary syscall. */
  readonly reasons: readonly string[];
}

/** The greatest risk of allowing a syscall among containers that get different filters of one profile. */
export const riskIn = (policies: readonly Policy[], name: string): Risk =>
  policies.map((policy) => riskOf(policy, name)).reduce((a, b) => (byRisk(a, b) < 0 ? b : a));

/** The risk of allowing a syscall as a whole, for ordering and for people to decide by. */
export function riskOf(policy: Policy, name: string): Risk {
  const verdict = verdictOf(policy, name);
  const danger = dangerOf(name);
  const { summary = '', capabilities = [] } = syscall(name) ?? {};
  const intent = verdict && intentOf(policy, verdict);
  const gate = capabilities.length > 0 && `needs ${capabilities.join(', ')} for all or parts`;
  return {
    name,
    tier: danger?.tier ?? (intent ? 2 : 0),
    summary,
    reasons: [danger?.why, intent, gate].filter((reason) => typeof reason === 'string'),
  };
}

/** What the profile says of the syscall in particular, where its default denies all others. */
function intentOf({ resolved }: Policy, { conditional, otherwise }: Verdict): string | undefined {
  if (permits(resolved.default!)) return undefined;
  if (conditional.length > 0) {
    const conditions = conditional.filter(({ outcome }) => permits(outcome)).map(testsInWords);
    return conditions.length > 0 ? `so far allowed only when ${conditions.join(', or ')}` : undefined;
  }
  if (otherwise.reason.kind !== 'rule') return undefined;
  return `denied by name in rule ${otherwise.reason.rule.source.rule.position + 1}`;
}

const TIERS = ['ordinary', 'breaks containment', 'large attack surface', 'worth a thought'] as const;

/** The risk in a line of plain text: `breaks containment; needs CAP_SYS_ADMIN for all or parts`. */
export const riskInWords = ({ tier, reasons }: Risk): string => [TIERS[tier], ...reasons].join('; ');

/** What is to be known of it in the least words: the danger, or what an ordinary syscall does. `create a directory` */
export const noteOn = ({ tier, summary, reasons }: Risk): string =>
  [tier === 0 ? summary : TIERS[tier], ...reasons].filter(Boolean).join('; ');

/** Orders risks: the ordinary first, what breaks containment last. */
export const byRisk = (a: Risk, b: Risk): number => severity(a) - severity(b);

const severity = ({ tier }: Risk): number => (tier === 0 ? 0 : 4 - tier);
