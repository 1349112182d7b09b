import { type Architecture, nameOf, numberOn } from '../catalog/index.ts';
import { type Analysis, analyse, contextOf } from '../checks/analyse.ts';
import type { CheckContext, Edit } from '../checks/check.ts';
import { addMember, appendItems, applyEdits, collectEdits, separatorBefore } from '../checks/edits.ts';
import { allowNames, removeEvery } from '../checks/policy/names.ts';
import { whyNotInPlace } from '../policy/as-read.ts';
import { type Change, compare } from '../policy/compare.ts';
import type { LoadedRule } from '../policy/load.ts';
import { multiplexed } from '../policy/multiplex.ts';
import { type Policy, verdictOf } from '../policy/policy.ts';
import { permits } from '../policy/resolve.ts';
import { dialectOf, type Target } from '../policy/target.ts';
import { parseProfile } from '../profile/build.ts';
import { arrayOf, type Profile } from '../profile/model.ts';
import type { ArrayNode } from '../syntax/tree.ts';
import { condense, type WrittenRule } from './conditions.ts';
import { nativeOf } from './create.ts';
import { notPermitted } from './permitted.ts';
import { printRule } from './print.ts';
import type { RecordedSyscall, Recording } from './recording.ts';

export interface MergeOptions {
  readonly target: Target;
  /** Make conditions of the arguments that tell what a call does. */
  readonly arguments: boolean;
}

export type Merged =
  | {
      readonly kind: 'merged';
      /** The profile's text with the additions; the same text where it permitted all that was recorded. */
      readonly text: string;
      /** Names that the profile stopped and permits now, sorted. */
      readonly added: readonly string[];
      /** Architectures that the profile left out, so that all their calls killed; its rules count for them now. */
      readonly covered: readonly string[];
      /** Names that fail in another way than before, though they are still stopped (runc's ENOSYS moves). */
      readonly changed: readonly string[];
    }
  /** Nothing was changed, and why. */
  | { readonly kind: 'refused'; readonly message: string };

/** A removal can uncover the next rule that stops a name, and a new architecture the rules for it. */
const MOST_ROUNDS = 100;

/**
 * Adds to a profile what was recorded and what it stops, and nothing else: names are taken out of rules that deny them and
 * put into the first plain allow rule, architectures are added to the list that the target's runtime reads. The layout
 * stays. The outcome is proven: every recorded call gets through, and on the architectures that were covered before no other
 * syscall is looser.
 */
export function mergeInto(text: string, recording: Recording, given: MergeOptions): Merged {
  const { syscalls } = recording;
  const target = { ...given.target, architecture: nativeOf(recording, given.target).name };
  const options = { ...given, target };
  const before = analyse(parseProfile(text), options);
  if (!before.policy || before.policy.resolved.unconfined)
    return refused('No engine loads this profile: it has no valid defaultAction.');
  const needed = notPermitted(before.policy, syscalls);
  const added = [...new Set(needed.map(({ name }) => name))];
  if (needed.length === 0) return { kind: 'merged', text, added, covered: [], changed: [] };
  const conditional = options.arguments ? attempt(text, syscalls, options, new Set()) : undefined;
  const after = conditional ?? attempt(text, syscalls, options, new Set(added));
  const mixed = whyNotInPlace(before.policy.profile, target);
  if (!after?.policy)
    return refused(
      mixed ?? `${quote(added)} cannot be allowed by an addition: the rules that stop them are not plain.`,
    );
  const known = before.policy.resolved.architectures;
  const differences = compare(before.policy, after.policy, { architectures: known }).syscalls;
  const others = differences.filter(({ name }) => !added.includes(name));
  const doors = sameDoors(added, known);
  const looser = others.filter(({ name, change }) => OPENING.includes(change) && !doors.has(name));
  if (looser.length > 0)
    return refused(mixed ?? `Allowing ${quote(added)} would also open ${quote(looser.map(({ name }) => name))}.`);
  const covered = after.policy.resolved.architectures.filter((each) => !known.includes(each)).map(({ name }) => name);
  return { kind: 'merged', text: after.document.text, added, covered, changed: others.map(({ name }) => name) };
}

const OPENING: readonly Change[] = ['looser', 'unpredictable'];

/** What else lets the same calls through: the multiplexer that they can be made by, and other names of their numbers. */
function sameDoors(names: readonly string[], architectures: readonly Architecture[]): ReadonlySet<string> {
  return new Set(
    architectures.flatMap(({ table }) =>
      names.flatMap((name) => {
        const number = numberOn(name, table);
        const through = multiplexed(name, table)?.through;
        return [...(through ? [through] : []), ...(number === undefined ? [] : [nameOf(number, table) ?? name])];
      }),
    ),
  );
}

const refused = (message: string): Merged => ({ kind: 'refused', message });
const quote = (names: readonly string[]): string => names.slice(0, 8).join(', ') + (names.length > 8 ? ', …' : '');

/** Edits until all is permitted; undefined where that cannot be reached. */
function attempt(
  text: string,
  syscalls: readonly RecordedSyscall[],
  { target }: MergeOptions,
  unconditional: ReadonlySet<string>,
): Analysis | undefined {
  let current = analyse(parseProfile(text), { target });
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { policy } = current;
    if (!policy) return undefined;
    const needed = notPermitted(policy, syscalls);
    if (needed.length === 0) return current;
    const next = applyEdits(current.document.text, editsFor(contextOf(current), policy, needed, unconditional));
    if (next === current.document.text) return undefined;
    current = analyse(parseProfile(next), { target });
  }
  return undefined;
}

/** One kind of edit a round, so that no two of them meet: architectures, then denials, then permissions. */
function editsFor(
  context: CheckContext,
  policy: Policy,
  needed: readonly RecordedSyscall[],
  unconditional: ReadonlySet<string>,
): readonly Edit[] {
  const { profile } = context;
  if (!profile) return [];
  const covered = policy.resolved.architectures;
  const missing = needed.map(({ architecture }) => architecture).find((each) => !covered.includes(each));
  if (missing) return addArchitecture(context, profile, missing);
  const denied = withoutDenials(context, policy, needed);
  return denied.length > 0 ? denied : allowRules(context, profile, condense(needed, unconditional));
}

/** Takes names out of rules that stop them. What two removals would both touch is left for the next round. */
function withoutDenials(context: CheckContext, policy: Policy, needed: readonly RecordedSyscall[]): readonly Edit[] {
  const { edits, add } = collectEdits();
  for (const each of needed) {
    // of one rule many can have been made
    const rules = new Map(
      denyingRules(policy, each).map((rule) => [`${rule.source.rule.position} ${rule.name.value}`, rule]),
    );
    for (const { source, name } of rules.values()) add(removeEvery(context, source.rule, name.value));
  }
  return edits;
}

function denyingRules(policy: Policy, { name, architecture }: RecordedSyscall): readonly LoadedRule[] {
  const verdict = verdictOf(policy, name, architecture);
  const reason = verdict?.otherwise.reason;
  const rules = [...(reason?.kind === 'rule' ? [reason.rule] : []), ...(verdict?.conditional ?? [])];
  return rules.filter(({ outcome }) => !permits(outcome));
}

/** Names go into the rule that is there; those with a condition get rules of their own behind the last one. */
function allowRules(context: CheckContext, { view }: Profile, rules: readonly WrittenRule[]): readonly Edit[] {
  const plain = rules.filter(({ condition }) => !condition).flatMap(({ names }) => names);
  if (plain.length > 0) return allowNames(context, view, plain);
  const { text } = context.document;
  const array = arrayOf(view, 'syscalls');
  const printed = rules.map((rule) => printRule(rule, array && indentOf(text, array)));
  return array ? appendItems(text, array, printed) : [addMember(text, view, 'syscalls', `[${printed.join(', ')}]`)];
}

/** What stands in front of the items of a list that has one on each line; undefined where they share lines. */
function indentOf(text: string, { items }: ArrayNode): string | undefined {
  return items[0] && /^\r?\n(.*)$/.exec(separatorBefore(text, items[0]))?.[1];
}

/** Docker and Podman read `archMap` where there is one; the bare OCI dialect only `architectures`. */
function addArchitecture({ document, target }: CheckContext, profile: Profile, missing: Architecture): readonly Edit[] {
  const value = JSON.stringify(missing.name);
  const entry = profile.archMap.find(({ architecture }) => architecture?.value === target.architecture);
  const guests = entry && dialectOf(target.runtime) !== 'oci' && arrayOf(entry.view, 'subArchitectures');
  const list = guests || arrayOf(profile.view, 'architectures');
  if (list) return appendItems(document.text, list, [value]);
  return [
    addMember(document.text, profile.view, 'architectures', `[${JSON.stringify(target.architecture)}, ${value}]`),
  ];
}
