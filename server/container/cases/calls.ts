import { type Architecture, numberOn } from '../../src/catalog/index.ts';
import { evaluate, isPredicted } from '../../src/policy/evaluate.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { type Possible, possibleFor } from '../../src/policy/possible.ts';
import { permits, sameOutcome } from '../../src/policy/resolve.ts';
import { type GivenCall, parseCall } from '../../src/policy/strace.ts';
import { type Probe, probesFor } from '../probe/calls.ts';
import { ORDINARY } from '../probe/program.ts';
import { callOf } from '../verify/call.ts';
import { isHarmless, saferValues } from '../verify/harmless.ts';
import type { Judged } from '../verify/judge.ts';

/** A call that a case asks about, with the tries that answer it. */
export interface AskedCall {
  readonly text: string;
  readonly call: GivenCall;
  readonly probes: readonly Probe[];
  /** The call itself, where it would have an effect: the tries stand in for it if the filter treats them alike. */
  readonly instead?: Probe;
}

/** Prepares the tries for calls, each once; what cannot be read is left out, a problem of the file says so. */
export function questionsOf(texts: Iterable<string>, architecture: Architecture): ReadonlyMap<string, AskedCall> {
  const asked = [...new Set(texts)].flatMap((text): [string, AskedCall][] => {
    const call = parseCall(text, architecture);
    return 'error' in call ? [] : [[text, { text, call, ...triesOf(call, architecture) }]];
  });
  return new Map(asked);
}

/** A bare name is tried as always; a call with its arguments, and with ordinary ones for what lies in a program's memory. */
function triesOf({ name, args }: GivenCall, { table }: Architecture): Pick<AskedCall, 'probes' | 'instead'> {
  const usual = probesFor([name], (each) => numberOn(each, table));
  const [first] = usual;
  if (args.length === 0 || !first) return { probes: usual };
  const values = Array.from({ length: 6 }, (_, i) => args[i] ?? BigInt(ORDINARY));
  const probe: Probe = { name, nr: first.nr, args: values };
  if (isHarmless(name, values, table)) return { probes: [probe] };
  const others = values.flatMap((value, i) => saferValues(name, i, value).map((safer) => values.with(i, safer)));
  const probes = others.filter((each) => isHarmless(name, each, table)).map((each) => ({ ...probe, args: each }));
  return { probes, instead: probe };
}

/** What a profile does with a call. */
export type CallAnswer =
  | {
      readonly kind: 'denied' | 'allowed';
      /** `profile`: it was not tried, or looks the same either way, so the profile itself was asked. */
      readonly source: 'container' | 'profile';
    }
  /** It depends on arguments that were not given, or cannot be foretold; in words. */
  | { readonly kind: 'open'; readonly why: string };

/** Whether a call is denied: by what the container gave, and by the profile where that does not tell. */
export function answerOf(
  asked: AskedCall,
  judged: readonly Judged[],
  policy: Policy,
  architecture: Architecture,
): CallAnswer {
  const { call } = asked;
  const possible = possibleFor(policy, call, architecture);
  if (!possible) return { kind: 'open', why: `${architecture.name} has no such syscall` };
  const list = isList(possible) ? possible : undefined;
  // arguments that are all given leave nothing to foretell: the kernel has answered
  if (!isList(possible) && isPartial(call)) return { kind: 'open', why: possible.why };
  if (list && new Set(list.map(isDenied)).size > 1) return { kind: 'open', why: DEPENDS };
  const found = triedFor(asked, judged, policy).map(denialSeen);
  const measured = new Set(found.filter((denied) => denied !== undefined));
  if (measured.size > 1) return { kind: 'open', why: DEPENDS };
  const [denied] = measured;
  if (denied !== undefined) return { kind: denied ? 'denied' : 'allowed', source: 'container' };
  if (!list) return { kind: 'open', why: 'it could not be tried' };
  return { kind: isDenied(list[0]!) ? 'denied' : 'allowed', source: 'profile' };
}

const DEPENDS = 'it depends on the arguments: write the call with them, as strace prints it';

const isList = <T>(value: readonly T[] | object): value is readonly T[] => Array.isArray(value);
const isDenied = ({ decision }: Possible): boolean => !permits(decision.outcome);
const isPartial = ({ args }: GivenCall): boolean => args.length === 0 || args.includes(undefined);

function triedFor({ probes, instead }: AskedCall, judged: readonly Judged[], policy: Policy): readonly Judged[] {
  const fitting = instead ? probes.filter((probe) => isAlike(policy, instead, probe)) : probes;
  return judged.filter(({ tried }) => fitting.includes(tried.probe));
}

/** Whether the filter decides two calls in the same way, by the same rule. */
function isAlike(policy: Policy, a: Probe, b: Probe): boolean {
  const [one, other] = [a, b].map((probe) => evaluate(policy, callOf(policy, probe)));
  if (!one || !other || !isPredicted(one) || !isPredicted(other)) return false;
  return sameOutcome(one.outcome, other.outcome) && ruleOf(one.reason) === ruleOf(other.reason);
}

const ruleOf = (reason: Possible['decision']['reason']) => (reason.kind === 'rule' ? reason.rule : reason.kind);

/** Undefined where the results don't tell. */
function denialSeen({ seen, tried }: Judged): boolean | undefined {
  switch (seen.kind) {
    case 'denied':
    case 'answered':
      return true;
    case 'passed':
      return false;
    case 'contradiction':
      return 'verdict' in tried && tried.verdict !== 'same' ? true : undefined;
    case 'hidden':
    case 'unseen':
      return undefined;
  }
}
