import { uncertain } from '../../src/policy/certainty.ts';
import type { Policy } from '../../src/policy/policy.ts';
import {
  listedArchitectures,
  type Outcome,
  permits,
  type ResolvedRule,
  sameOutcome,
} from '../../src/policy/resolve.ts';
import { startupNeeds } from '../../src/policy/startup.ts';
import { readsOnlyRules, today } from '../../src/policy/target.ts';

/** What an errno of the copy stands for. */
export interface Mark {
  /** What the profile itself does with the call. */
  readonly outcome: Outcome;
  /** The rules that it may come from; none for the default action. */
  readonly rules: readonly ResolvedRule[];
}

/** Beyond the kernel's own numbers (up to 133, and 512 to 531 inside it), up to what libseccomp takes. */
const FIRST_MARK = 1000;
const LAST_MARK = 4094;

export interface Marker {
  readonly marks: Map<number, { outcome: Outcome; rules: ResolvedRule[] }>;
  /** What the copy does by default. */
  readonly standard: Outcome;
  /** The mark of the default action; absent where it denies nothing that could be marked. */
  readonly defaultMark: Outcome | undefined;
  /** Native calls are decided by the rules of one syscall at a time, so that other architectures can be left out. */
  readonly alone: boolean;
  outcomeFor(source: ResolvedRule, name: string): Outcome;
}

/** Gives out errnos: one for each rule, or for all rules alike where it matters that they are. */
export function makeMarks(policy: Policy): Marker {
  const original = policy.resolved.default!;
  const alone = standsAlone(policy);
  const conditional = namesWithConditions(policy);
  const marks: Marker['marks'] = new Map();
  const numbers = new Map<string, number>();
  const free = freeNumbers(policy);
  const mark = (key: string, outcome: Outcome, rule?: ResolvedRule): Outcome => {
    const number = numbers.get(key) ?? free.next().value;
    if (number === undefined) return outcome;
    numbers.set(key, number);
    const known = marks.get(number) ?? { outcome, rules: [] };
    if (rule && !known.rules.includes(rule)) known.rules.push(rule);
    marks.set(number, known);
    return { action: 'SCMP_ACT_ERRNO', errno: number };
  };
  const marksDefault = !permits(original) && original.action !== 'SCMP_ACT_TRACE';
  const defaultMark = marksDefault ? mark('default', original) : undefined;
  const unread = alone ? KILLING : FAILING;
  const standard = defaultMark && readsOnlyRules(policy.target) ? unread : (defaultMark ?? original);
  const outcomeFor = (source: ResolvedRule, name: string): Outcome => {
    const { outcome, rule } = source;
    if (sameOutcome(outcome, original)) return standard;
    if (permits(outcome)) return outcome;
    if (isTolerated(policy, name, outcome) && !sameOutcome(outcome, standard)) return outcome;
    const alike = `${outcome.action} ${outcome.errno}`;
    if (!alone) return mark(alike, outcome, source);
    return mark(conditional.has(name) ? `${name} ${alike}` : `rule ${rule.position}`, outcome, source);
  };
  return { marks, standard, defaultMark, alone, outcomeFor };
}

function standsAlone(policy: Policy): boolean {
  const { read, target, native } = policy;
  const listed = listedArchitectures(read, target).map(({ value }) => value);
  if (listed.length > 0 && !listed.includes(native.architecture.name)) return false;
  return [...native.syscalls.keys()].every((number) => !uncertain(policy, native, number));
}

/** Numbers for marks that the profile itself does not use. */
function* freeNumbers({ resolved }: Policy): Generator<number, undefined> {
  const taken = new Set([resolved.default!, ...resolved.rules.map(({ outcome }) => outcome)].map(({ errno }) => errno));
  for (let number = FIRST_MARK; number <= LAST_MARK; number++) if (!taken.has(number)) yield number;
}

/** For the default action where the engine hands on no errno for it, and rules take its place for most calls. */
export const KILLING: Outcome = { action: 'SCMP_ACT_KILL_PROCESS' };
/** The same where rules cannot take its place. */
const FAILING: Outcome = { action: 'SCMP_ACT_ERRNO', errno: 1 };
/** What runc answers in front of the filter. */
export const ENOSYS = 38;

/** Also of names that the architecture lacks: libseccomp compares the rules for those as well. */
const namesWithConditions = ({ resolved }: Policy): ReadonlySet<string> =>
  new Set(
    resolved.rules.flatMap(({ rule, names }) => (rule.conditions.length > 0 ? names.map(({ value }) => value) : [])),
  );

/**
 * The runtime makes these calls itself before the program starts, and goes on only after the errors that it knows. Those that
 * only later releases cannot do without are such calls of earlier ones too.
 */
export function isTolerated(policy: Policy, name: string, { action }: Outcome): boolean {
  if (action !== 'SCMP_ACT_ERRNO') return false;
  const { always, whenKilled, sometimes } = startupNeeds({ target: today(policy.target) });
  return [always, whenKilled, sometimes].some((names) => names.includes(name));
}
