import { namesOn, numberOn, syscall } from '../../src/catalog/index.ts';
import { uncertain } from '../../src/policy/certainty.ts';
import { type Decision, type Policy, verdictOf } from '../../src/policy/policy.ts';
import {
  listedArchitectures,
  type Outcome,
  permits,
  type ResolvedRule,
  sameOutcome,
} from '../../src/policy/resolve.ts';
import { startupNeeds } from '../../src/policy/startup.ts';
import { compareVersions } from '../../src/policy/target.ts';
import type { Condition } from '../../src/profile/model.ts';
import { type Habits, hasStub } from './engine-habits.ts';

/** What an errno of the copy stands for. */
export interface Mark {
  /** What the profile itself does with the call. */
  readonly outcome: Outcome;
  /** The rules that it may come from; none for the default action. */
  readonly rules: readonly ResolvedRule[];
}

/**
 * A profile that decides every call as another one does, but denies by an errno of its own for each rule, so that a
 * denial is told from an error and names its rule.
 */
export interface MarkedCopy {
  /** The copy in the runtime's format. */
  readonly text: string;
  readonly marks: ReadonlyMap<number, Mark>;
  /** What it means that the copy kills; absent where it never does. */
  readonly killMark: Mark | undefined;
  /** Errors that the copy gives as the profile does. */
  readonly unmarked: ReadonlySet<number>;
  /** Whether a call that gets this decision would show a mark. */
  shows(decision: Decision, name: string): boolean;
}

/** Beyond the kernel's own numbers (up to 133, and 512 to 531 inside it), up to what libseccomp takes. */
const FIRST_MARK = 1000;
const LAST_MARK = 4094;

/**
 * Makes the copy from a profile as the runtime resolves it; undefined where no filter is loaded.
 *
 * It is faithful because libseccomp looks at actions only to see whether they are the same: a rule like the default stays
 * like it, and rules of one syscall that were alike stay alike wherever conditions are involved (libseccomp: `src/db.c`).
 * Killing becomes failing, which keeps the ENOSYS that runc puts in front (runc: `libcontainer/seccomp/patchbpf`).
 */
export function markedCopy(policy: Policy, habits: Habits): MarkedCopy | undefined {
  const { resolved } = policy;
  if (resolved.unconfined || !resolved.default) return undefined;
  const marker = makeMarks(policy, habits);
  const rules = [...copiedRules(policy, marker), ...(marker.alone ? plainDefaults(policy, marker, habits) : [])];
  const names = architecturesOf(policy, marker.alone);
  const head = actionText(marker.standard, 'defaultAction', 'defaultErrnoRet');
  const list = names.length > 0 ? `"architectures":${JSON.stringify(names)},` : '';
  const killMark = marker.standard === KILLING ? { outcome: resolved.default, rules: [] } : undefined;
  const isMark = ({ action, errno }: Outcome): boolean =>
    action === KILLING.action ? killMark !== undefined : action === 'SCMP_ACT_ERRNO' && marker.marks.has(errno ?? 0);
  const explicit = new Map(rules.flatMap(({ name, source, outcome }) => (source ? [] : [[name, outcome]])));
  return {
    text: `{${head},${list}"syscalls":[\n${rules.map(ruleText).join(',\n')}\n]}`,
    marks: marker.marks,
    killMark,
    unmarked: new Set([ENOSYS, ...rules.flatMap(({ outcome }) => (isMark(outcome) ? [] : (outcome.errno ?? [])))]),
    shows: ({ outcome, reason }, name) => {
      if (permits(outcome)) return false;
      if (reason.kind === 'rule') return isMark(marker.outcomeFor(reason.rule.source, name));
      return reason.kind === 'default' && isMark(explicit.get(name) ?? marker.standard);
    },
  };
}

interface Marker {
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
function makeMarks(policy: Policy, { defaultErrno }: Habits): Marker {
  const original = policy.resolved.default!;
  const alone = standsAlone(policy);
  const conditional = namesWithConditions(policy);
  const marks: Marker['marks'] = new Map();
  const numbers = new Map<string, number>();
  const mark = (key: string, outcome: Outcome, rule?: ResolvedRule): Outcome => {
    const number = numbers.get(key) ?? FIRST_MARK + numbers.size;
    if (number > LAST_MARK) return outcome;
    numbers.set(key, number);
    const known = marks.get(number) ?? { outcome, rules: [] };
    if (rule && !known.rules.includes(rule)) known.rules.push(rule);
    marks.set(number, known);
    return { action: 'SCMP_ACT_ERRNO', errno: number };
  };
  const marksDefault = !permits(original) && original.action !== 'SCMP_ACT_TRACE';
  const defaultMark = marksDefault ? mark('default', original) : undefined;
  const standard = defaultMark === undefined ? original : defaultErrno ? defaultMark : KILLING;
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
  const { profile, target, native } = policy;
  const listed = listedArchitectures(profile, target).map(({ value }) => value);
  if (listed.length > 0 && !listed.includes(native.architecture.name)) return false;
  return [...native.syscalls.keys()].every((number) => !uncertain(policy, native, number));
}

/** For the default action where the engine hands on no errno for it: what is left to it are few calls. */
const KILLING: Outcome = { action: 'SCMP_ACT_KILL_PROCESS' };
/** What runc answers in front of the filter. */
const ENOSYS = 38;

/** Also of names that the architecture lacks: libseccomp compares the rules for those as well. */
const namesWithConditions = ({ resolved }: Policy): ReadonlySet<string> =>
  new Set(
    resolved.rules.flatMap(({ rule, names }) => (rule.conditions.length > 0 ? names.map(({ value }) => value) : [])),
  );

/** The runtime makes these calls itself before the program starts, and goes on only after the errors that it knows. */
function isTolerated(policy: Policy, name: string, { action }: Outcome): boolean {
  if (action !== 'SCMP_ACT_ERRNO') return false;
  const { always, whenKilled, sometimes } = startupNeeds(policy);
  return [always, whenKilled, sometimes].some((names) => names.includes(name));
}

interface CopiedRule {
  readonly name: string;
  readonly outcome: Outcome;
  readonly conditions: readonly Condition[];
  /** Absent where it stands for the default action. */
  readonly source?: ResolvedRule;
}

/** Each name for itself, in the order in which the runtime hands them to libseccomp. */
function copiedRules(policy: Policy, marker: Marker): readonly CopiedRule[] {
  return policy.resolved.rules.flatMap((source) =>
    source.names.map(({ value: name }) => ({
      name,
      outcome: marker.outcomeFor(source, name),
      conditions: source.rule.conditions,
      source,
    })),
  );
}

/**
 * Rules without conditions in the place of the default action, as far as runc does not answer before: with its mark where
 * the engine hands on no errno for the default, and as it is for calls that the runtime makes itself.
 */
function plainDefaults(policy: Policy, { defaultMark }: Marker, habits: Habits): readonly CopiedRule[] {
  if (!defaultMark) return [];
  const original = policy.resolved.default!;
  const { table } = policy.native.architecture;
  const stub = hasStub(policy, habits);
  const highest = stub ? highestKnown(policy) : Number.POSITIVE_INFINITY;
  return namesOn(table).flatMap((name): CopiedRule[] => {
    const number = numberOn(name, table)!;
    if (number < 0 || number > highest || !isDefault(policy, name, stub)) return [];
    const tolerated = isTolerated(policy, name, original);
    if (!tolerated && habits.defaultErrno) return [];
    return [{ name, outcome: tolerated ? original : defaultMark, conditions: [] }];
  });
}

function isDefault(policy: Policy, name: string, stub: boolean): boolean {
  const verdict = verdictOf(policy, name);
  const reason = verdict?.otherwise.reason.kind;
  return verdict?.conditional.length === 0 && (reason === 'default' || (reason === 'stub' && !stub));
}

/** libseccomp 2.5.0 and later are in use: names that came after it may be unknown to the engine's. */
const SURE = '2.5.0';

/** The highest number of the profile's names that every libseccomp in use knows. */
function highestKnown({ target, resolved, native }: Policy): number {
  const numbers = resolved.rules.flatMap(({ names }) =>
    names.flatMap(({ value }) => {
      const since = syscall(value)?.libseccomp;
      const known = since && compareVersions(since, SURE) <= 0 && compareVersions(since, target.libseccomp) <= 0;
      return known ? (numberOn(value, native.architecture.table) ?? -1) : [];
    }),
  );
  return Math.max(-1, ...numbers);
}

/**
 * The architectures as listed, or the native one alone where the others do not matter to its calls. An empty list stays
 * empty: runc 1.1 gives listed architectures alone its ENOSYS.
 */
function architecturesOf({ profile, target, native }: Policy, alone: boolean): readonly string[] {
  const listed = listedArchitectures(profile, target).map(({ value }) => value);
  return alone && listed.length > 0 ? [native.architecture.name] : listed;
}

function ruleText({ name, outcome, conditions }: CopiedRule): string {
  const args = conditions.length > 0 ? `,"args":[${conditions.map(conditionText).join()}]` : '';
  return `{"names":[${JSON.stringify(name)}],${actionText(outcome, 'action', 'errnoRet')}${args}}`;
}

function conditionText({ index, value, valueTwo, op }: Condition): string {
  const number = (key: string, given: Condition['value']): string => (given ? `"${key}":${given.value},` : '');
  const numbers = number('index', index) + number('value', value) + number('valueTwo', valueTwo);
  return `{${numbers}"op":${JSON.stringify(op?.value ?? '')}}`;
}

const actionText = ({ action, errno }: Outcome, key: string, errnoKey: string): string =>
  `"${key}":"${action}"${errno === undefined ? '' : `,"${errnoKey}":${errno}`}`;
