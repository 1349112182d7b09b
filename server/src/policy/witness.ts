import { type Architecture, nameOf, namesOn, numberOn } from '../catalog/index.ts';
import type { Condition } from '../profile/model.ts';
import { modelOf } from './alike.ts';
import { type Region, regionsOf } from './cells.ts';
import { uncertain } from './certainty.ts';
import type { Call } from './evaluate.ts';
import type { LoadedRule, SyscallFilter } from './load.ts';
import { inTestOrder } from './order.ts';
import { type Decision, type Policy, stubDecision } from './policy.ts';
import { conditionGroups, permits, type Resolved, type ResolvedRule, sameOutcome } from './resolve.ts';
import { conditionalWrittenRules, type Written, type WrittenFor, type WrittenRule, writtenBy } from './written.ts';

/**
 * Why a call gets something else than is written for it.
 * `split`: an index repeats, so that one condition is enough.
 * `mask`: bits outside of the mask are compared with, which the filter leaves out.
 * `cut`: an operand above 32 bits on an architecture of 32.
 * `erased`: a rule without conditions makes the conditional ones void.
 * `skipped`: the rule that is written for it equals the default and never reaches the filter.
 * `stub`: runc answers ENOSYS for newer calls.
 */
export type Cause = 'split' | 'mask' | 'cut' | 'erased' | 'skipped' | 'stub' | 'other';

/** A call that proves that the filter does not do what the profile says. */
export interface Witness {
  readonly name: string;
  readonly architecture: Architecture;
  readonly call: Call;
  readonly written: Written;
  readonly loaded: Decision;
  readonly cause: Cause;
  /** The rule whose text promises something else; absent where only the default is concerned. */
  readonly rule: ResolvedRule | undefined;
}

const MAX_32 = 0xffffffffn;

/**
 * A call for each way in which the loaded filter departs from what is written, on every architecture of the profile.
 * Rules that contradict each other prove nothing: either outcome is written. `socketcall` and `ipc` are left out, which
 * get rules that nobody wrote; so are rules that libseccomp does not build predictably.
 */
export function* witnesses(policy: Policy): Iterable<Witness> {
  const { resolved } = policy;
  if (resolved.unconfined) return;
  for (const architecture of resolved.architectures) {
    const filter = policy.filter(architecture.table)!;
    for (const written of conditionalWrittenRules(policy, filter)) {
      const { number } = written;
      const proofs = proofsOf(policy, architecture, written, filter.syscalls.get(number) ?? NO_RULES);
      // runc answers before the filter is asked
      if (proofs.isFaithful || stubDecision(policy, architecture, number)) continue;
      if (!uncertain(policy, filter, number)) yield* proofs.departures();
    }
  }
  const stub = stubWitness(policy);
  if (stub) yield stub;
}

/** What the rules for a syscall are proven under; not the whole policy, which would be kept with what is found. */
type Default = { readonly resolved: Pick<Resolved, 'default'> };

/** What is found out about the rules for one syscall. */
interface Proofs {
  readonly written: WrittenFor;
  readonly isFaithful: boolean;
  departures(): readonly Witness[];
}

const PROOFS = new WeakMap<Loaded, Proofs>();

/** The rules for a syscall stay the same objects from one version of a profile to the next, and so does what is proven of them. */
function proofsOf(policy: Policy, architecture: Architecture, written: WrittenFor, loaded: Loaded): Proofs {
  const known = PROOFS.get(loaded);
  if (known?.written === written) return known;
  let found: readonly Witness[] | undefined;
  const { number, sources } = written;
  const byDefault: Default = { resolved: { default: policy.resolved.default } };
  const proofs: Proofs = {
    written,
    isFaithful: isMultiplexer(number, architecture) || isFaithful(byDefault, architecture, sources, loaded),
    departures() {
      found ??= [...departures(byDefault, architecture, number, written.rules(), loaded)];
      return found;
    },
  };
  PROOFS.set(loaded, proofs);
  return proofs;
}

/** Nothing but rules that reach the filter as they are: each outcome is then written. A look that spares the proof. */
function isFaithful(
  { resolved }: Default,
  { bits }: Architecture,
  sources: readonly ResolvedRule[],
  { unconditional }: Pick<SyscallFilter, 'unconditional'>,
): boolean {
  const isPlain = ({ rule }: ResolvedRule): boolean => rule.conditions.length === 0;
  if (sources.every(isPlain)) return true;
  const agrees = (source: ResolvedRule): boolean =>
    isPlain(source) || sameOutcome(source.outcome, unconditional!.outcome);
  // what decides is itself written for every call, and no condition promises anything else
  if (unconditional?.conditions.length === 0 && sources.every(agrees)) return true;
  return sources.every((source) => {
    const { conditions } = source.rule;
    const kept = conditionGroups(source.rule).length === 1 && !conditions.some(hasStrayBits);
    const whole = bits === 64 || !conditions.some(isWide);
    return conditions.length > 0 && kept && whole && !sameOutcome(source.outcome, resolved.default!);
  });
}

type Loaded = Pick<SyscallFilter, 'unconditional' | 'conditional'>;

/** For the rules of one syscall: what takes longer is left unproven, since every change of the text waits for it. */
const MOST_LOOKS = 250_000;

const NO_RULES: Loaded = { unconditional: undefined, conditional: [] };

function isMultiplexer(number: number, { table, multiplexes }: Architecture): boolean {
  const name = nameOf(number, table);
  return multiplexes && (name === 'socketcall' || name === 'ipc');
}

function* departures(
  byDefault: Default,
  architecture: Architecture,
  number: number,
  rules: readonly WrittenRule[],
  { unconditional, conditional }: Loaded,
): Iterable<Witness> {
  const ordered = inTestOrder(conditional, architecture.bits);
  const seen = new Set<string>();
  for (const { args, holding } of regionsFor(rules, conditional, architecture.bits)) {
    const first = holding.find((i) => i >= rules.length);
    const decider = unconditional ?? (first === undefined ? undefined : ordered[first - rules.length]);
    const matching = holding.flatMap((i) => rules[i] ?? []);
    const call = { architecture: architecture.name, number, args };
    const witness = departure(byDefault, architecture, call, matching, decider);
    const key = `${witness?.cause} ${witness?.rule?.rule.position}`;
    if (witness && !seen.has(key)) yield witness;
    seen.add(key);
  }
}

/** The regions of calls by the rules as they are written and as they are loaded, in the order in which they are tested. */
function regionsFor(
  rules: readonly WrittenRule[],
  conditional: readonly LoadedRule[],
  bits: 32 | 64,
): readonly Region[] {
  const divide = (): readonly Region[] =>
    regionsOf([...rules, ...inTestOrder(conditional, bits)], bits, undefined, { looks: MOST_LOOKS }).list;
  // all architectures have the same list of none
  if (conditional.length === 0) return divide();
  const model = modelOf(conditional);
  const known = REGIONS.get(model);
  if (known?.rules.length === rules.length && known.rules.every(({ source }, i) => source === rules[i]!.source))
    return known.regions;
  const regions = divide();
  REGIONS.set(model, { rules, regions });
  return regions;
}

/** The syscalls of a rule share what its conditions divide. */
const REGIONS = new WeakMap<
  readonly LoadedRule[],
  { readonly rules: readonly WrittenRule[]; readonly regions: readonly Region[] }
>();

/** The proof that one call gives, if it gives one; `matching` are the rules whose text holds for it. */
function departure(
  byDefault: Default,
  architecture: Architecture,
  call: Call,
  matching: readonly WrittenRule[],
  decider: LoadedRule | undefined,
): Witness | undefined {
  const written = writtenBy(byDefault, matching);
  const loaded = decisionOf(byDefault, decider);
  if (written.outcomes.some((outcome) => sameOutcome(outcome, loaded.outcome))) return undefined;
  const intruder = matching.some(({ source }) => source === decider?.source) ? undefined : decider?.source;
  const rule = intruder ?? written.rules[0]?.source;
  const name = decider?.name.value ?? written.rules[0]?.name.value ?? nameOf(call.number, architecture.table);
  const cause = intruder ? causeWithin(intruder, architecture) : causeBetween(byDefault, rule, decider, architecture);
  return { name: name ?? String(call.number), architecture, call, written, loaded, cause, rule };
}

function decisionOf({ resolved }: Default, rule: LoadedRule | undefined): Decision {
  if (!rule) return { outcome: resolved.default!, reason: { kind: 'default' } };
  return { outcome: rule.outcome, reason: { kind: 'rule', rule } };
}

/** Why a rule decides calls for which its conditions, as written, do not hold. */
function causeWithin({ rule }: ResolvedRule, { bits }: Architecture): Cause {
  if (conditionGroups(rule).length > 1) return 'split';
  if (bits === 32 && rule.conditions.some(isWide)) return 'cut';
  return rule.conditions.some(hasStrayBits) ? 'mask' : 'other';
}

/** Why a rule whose conditions hold does not decide. */
function causeBetween(
  { resolved }: Default,
  rule: ResolvedRule | undefined,
  decider: LoadedRule | undefined,
  { bits }: Architecture,
): Cause {
  if (rule && sameOutcome(rule.outcome, resolved.default!)) return 'skipped';
  if (bits === 32 && [rule, decider?.source].some((source) => source?.rule.conditions.some(isWide))) return 'cut';
  return decider?.tests.length === 0 ? 'erased' : 'other';
}

function isWide({ value, valueTwo }: Condition): boolean {
  return (value?.value ?? 0n) > MAX_32 || (valueTwo?.value ?? 0n) > MAX_32;
}

function hasStrayBits({ op, value, valueTwo }: Condition): boolean {
  return op?.value === 'SCMP_CMP_MASKED_EQ' && ((valueTwo?.value ?? 0n) & ~(value?.value ?? 0n)) !== 0n;
}

/** A newer call that does not even get the default, where that ends the program or asks an agent (runc: `patchbpf`). */
function stubWitness(policy: Policy): Witness | undefined {
  const { architecture } = policy.native;
  const expected = policy.resolved.default!;
  if (permits(expected) || expected.action === 'SCMP_ACT_ERRNO') return undefined;
  for (const name of namesOn(architecture.table).toReversed()) {
    const number = numberOn(name, architecture.table)!;
    const loaded = stubDecision(policy, architecture, number);
    if (!loaded) continue;
    const call = { architecture: architecture.name, number, args: [0n, 0n, 0n, 0n, 0n, 0n] };
    return {
      name,
      architecture,
      call,
      written: writtenBy(policy, []),
      loaded,
      cause: 'stub',
      rule: undefined,
    };
  }
  return undefined;
}
