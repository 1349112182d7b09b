import { namesOn, numberOn, syscall } from '../../src/catalog/index.ts';
import { type Decision, type Policy, stubDecision, verdictOf } from '../../src/policy/policy.ts';
import { listedArchitectures, type Outcome, permits, type ResolvedRule } from '../../src/policy/resolve.ts';
import { compareVersions, readsOnlyRules } from '../../src/policy/target.ts';
import type { Condition } from '../../src/profile/model.ts';
import { ENOSYS, isTolerated, KILLING, type Mark, type Marker, makeMarks } from './marks.ts';

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

/**
 * Makes the copy from a profile as the runtime resolves it; undefined where no filter is loaded.
 *
 * It is faithful because libseccomp looks at actions only to see whether they are the same: a rule like the default stays
 * like it, and rules of one syscall that were alike stay alike wherever conditions are involved (libseccomp: `src/db.c`).
 * Killing becomes failing, which keeps the ENOSYS that runc puts in front (runc: `libcontainer/seccomp/patchbpf`).
 */
export function markedCopy(policy: Policy): MarkedCopy | undefined {
  const { resolved } = policy;
  if (resolved.unconfined || !resolved.default) return undefined;
  const marker = makeMarks(policy);
  const rules = [...copiedRules(policy, marker), ...(marker.alone ? plainDefaults(policy, marker) : [])];
  const names = architecturesOf(policy, marker.alone);
  const head = actionText(marker.standard, 'defaultAction', 'defaultErrnoRet');
  const list = names.length > 0 ? `"architectures":${JSON.stringify(names)},` : '';
  const killMark = marker.standard === KILLING ? { outcome: resolved.default, rules: [] } : undefined;
  const isMark = ({ action, errno }: Outcome): boolean =>
    action === KILLING.action ? killMark !== undefined : action === 'SCMP_ACT_ERRNO' && marker.marks.has(errno ?? 0);
  const outcomes = [marker.standard, ...rules.map(({ outcome }) => outcome)];
  const explicit = new Map(rules.flatMap(({ name, source, outcome }) => (source ? [] : [[name, outcome]])));
  return {
    text: `{${head},${list}"syscalls":[\n${rules.map(ruleText).join(',\n')}\n]}`,
    marks: marker.marks,
    killMark,
    unmarked: new Set([ENOSYS, ...outcomes.flatMap((outcome) => (isMark(outcome) ? [] : (outcome.errno ?? [])))]),
    shows: ({ outcome, reason }, name) => {
      if (permits(outcome)) return false;
      if (reason.kind === 'rule') return isMark(marker.outcomeFor(reason.rule.source, name));
      return reason.kind === 'default' && isMark(explicit.get(name) ?? marker.standard);
    },
  };
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
function plainDefaults(policy: Policy, { defaultMark }: Marker): readonly CopiedRule[] {
  if (!defaultMark) return [];
  const original = policy.resolved.default!;
  const { architecture } = policy.native;
  const { table } = architecture;
  const stub = stubDecision(policy, architecture, Number.MAX_SAFE_INTEGER) !== undefined;
  const highest = stub ? highestKnown(policy) : Number.POSITIVE_INFINITY;
  return namesOn(table).flatMap((name): CopiedRule[] => {
    const number = numberOn(name, table)!;
    if (number < 0 || number > highest || !isDefault(policy, name)) return [];
    const tolerated = isTolerated(policy, name, original);
    if (!tolerated && !readsOnlyRules(policy.target)) return [];
    return [{ name, outcome: tolerated ? original : defaultMark, conditions: [] }];
  });
}

function isDefault(policy: Policy, name: string): boolean {
  const verdict = verdictOf(policy, name);
  return verdict?.conditional.length === 0 && verdict.otherwise.reason.kind === 'default';
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
function architecturesOf({ read, target, native }: Policy, alone: boolean): readonly string[] {
  const listed = listedArchitectures(read, target).map(({ value }) => value);
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
