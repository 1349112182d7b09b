import { numberOn, syscall } from '../../catalog/index.ts';
import { isSeen } from '../../policy/as-read.ts';
import type { LoadedRule } from '../../policy/load.ts';
import { filterFor, type Policy, type Verdict } from '../../policy/policy.ts';
import { permits, type ResolvedRule, resolvedRule } from '../../policy/resolve.ts';
import { isBefore } from '../../policy/target.ts';
import {
  arrayOf,
  effectiveMember,
  membersOf,
  type ObjectView,
  type ProfileDocument,
  type Rule,
  ruleNames,
} from '../../profile/model.ts';
import type { Node, StringNode } from '../../syntax/tree.ts';
import type { CheckContext, Edit, Fix } from '../check.ts';
import { addMember, appendItems, isItem, listText, removeItems, removeMembers, replaceNode } from '../edits.ts';

/** How messages name a rule: by its position, counted from one. */
export function ruleLabel(rule: Rule): string {
  return `rule ${rule.position + 1}`;
}

/** Where the name stands that a rule decided by. */
export function denyingNode(verdict: Verdict): StringNode | undefined {
  const { reason } = verdict.otherwise;
  return reason.kind === 'rule' ? reason.rule.name.node : undefined;
}

/** How many rules of a document are for a name. */
export function rulesNaming(document: ProfileDocument, name: string): number {
  const counts = COUNTS.get(document) ?? countsOf(document.rules);
  COUNTS.set(document, counts);
  return counts.get(name) ?? 0;
}

/** Kept for a version, since each of many findings asks. */
const COUNTS = new WeakMap<ProfileDocument, ReadonlyMap<string, number>>();

function countsOf(rules: readonly Rule[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const rule of rules)
    for (const name of new Set(ruleNames(rule).map(({ value }) => value)))
      counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/**
 * The fix that lets a rule count by taking a name out of the one that overrules it. There is none where more rules are for the name:
 * the next of them would overrule it.
 */
export function letCount(context: CheckContext, winner: Rule, name: string, what: string): readonly Fix[] {
  if (rulesNaming(context.document, name) > 2) return [];
  const title = `Remove "${name}" from ${ruleLabel(winner)}, so that ${what} counts`;
  return [{ title, edits: removeEvery(context, winner, name), safe: false }];
}

/** Quotes syscalls for a message; many are cut short. */
export function quoteNames(names: readonly string[], most = 8): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** Whether the target's libseccomp knows a name: what came later it drops, so that no rule can be for it. */
export function isNamable({ target }: CheckContext, name: string): boolean {
  const first = syscall(name)?.libseccomp;
  return first !== undefined && !isBefore(target.libseccomp, first);
}

/** Adds names to a rule: to its `names`, or by turning its `name` into `names`. */
export function addNames(context: CheckContext, rule: Rule, names: readonly string[]): readonly Edit[] {
  const array = arrayOf(rule.view, 'names');
  if (array && (array.items.length > 0 || !rule.name))
    return appendItems(
      context.document.text,
      array,
      names.map((name) => JSON.stringify(name)),
    );
  return rule.name ? listName(context, rule, [rule.name.value, ...names]) : [];
}

/** Turns the `name` of a rule into `names` with a list, or fills the `names` that is there, which is empty or has no value yet. */
export function listName({ document }: CheckContext, { view }: Rule, listed: readonly string[]): readonly Edit[] {
  const { member } = effectiveMember(view, 'name')!;
  const list = listText(listed);
  const empty = effectiveMember(view, 'names')?.member;
  const removed = membersOf(view, 'name').filter((each) => empty || each !== member);
  const edits = removeMembers(document.text, view, removed);
  if (!empty) return [...edits, replaceNode(member.key, '"names"'), replaceNode(member.value!, list)];
  return [...edits, empty.value ? replaceNode(empty.value, list) : replaceNode(empty, `"names": ${list}`)];
}

/** Allows names: in the first unconditional rule that allows already, or in a new rule at the end. */
export function allowNames(context: CheckContext, profile: ObjectView, names: readonly string[]): readonly Edit[] {
  if (names.length === 0) return [];
  const isRead = ({ view }: Rule): boolean =>
    reads(context, profile, 'syscalls') && reads(context, view, 'names', 'action');
  const { policy } = context;
  const rule = context.rules.find(
    (each) => isPlainAllow(each) && isRead(each) && (!policy || resolvedAsWritten(policy, each)),
  );
  if (rule) return addNames(context, rule, names);
  return addRule(context, profile, `{ "names": ${listText(names)}, "action": "SCMP_ACT_ALLOW" }`);
}

/** Puts a rule behind the last one, or starts the list. A key of the list that the engine does not read is spelt right. */
export function addRule(context: CheckContext, profile: ObjectView, rule: string): readonly Edit[] {
  const array = arrayOf(profile, 'syscalls');
  const { key } = effectiveMember(profile, 'syscalls')?.member ?? {};
  const spelt = key && !reads(context, profile, 'syscalls') ? [replaceNode(key, '"syscalls"')] : [];
  if (array) return [...spelt, ...appendItems(context.document.text, array, [rule])];
  return [addMember(context.document.text, profile, 'syscalls', `[${rule}]`)];
}

/** Whether the engine sees these keys of an object: crun wants them to the letter. */
function reads({ target }: CheckContext, view: ObjectView, ...keys: readonly string[]): boolean {
  return keys.every((key) => isSeen(target, view, key));
}

function isPlainAllow(rule: Rule): boolean {
  return (
    rule.action?.value === 'SCMP_ACT_ALLOW' &&
    rule.conditions.length === 0 &&
    !rule.includes &&
    !rule.excludes &&
    ruleNames(rule).length > 0
  );
}

/** Takes a name out of a rule, or the whole rule where it has no other name. */
export function removeName(context: CheckContext, rule: Rule, node: StringNode): readonly Edit[] {
  return removeMentions(context, rule, [node]);
}

/** Takes a name out of a rule wherever it stands there, or the whole rule where it has no other name. */
export function removeEvery(context: CheckContext, rule: Rule, name: string): readonly Edit[] {
  return removeMentions(
    context,
    rule,
    ruleNames(rule).flatMap(({ value, node }) => (value === name ? node : [])),
  );
}

function removeMentions(context: CheckContext, rule: Rule, nodes: readonly StringNode[]): readonly Edit[] {
  const { text, profile, ruleOf } = context.document;
  const [node] = nodes;
  // a rule that its reader puts together from several stands nowhere
  if (!node || !ruleOf.has(rule.view.node)) return [];
  const array = arrayOf(rule.view, 'names');
  // a null can leave a name of a list that is replaced
  if (array && node !== rule.name?.node && !isItem(array, node)) return [];
  if (array && array.items.length > nodes.length && isItem(array, node)) return removeItems(text, array, nodes);
  const rules = profile && arrayOf(profile.view, 'syscalls');
  if (rules && isItem(rules, rule.view.node)) return removeItems(text, rules, [rule.view.node]);
  const members = rule.view.members.filter((m) => m.member.value === node || m.member.value === array);
  return removeMembers(
    text,
    rule.view,
    members.map((m) => m.member),
  );
}

/** The fix that ends what a rule does with a call: others that permit it or deny it as well would take its place. */
export function removalFixes({ policy, document }: CheckContext, verdict: Verdict): readonly Fix[] {
  const { reason } = verdict.otherwise;
  if (reason.kind !== 'rule' || !policy) return [];
  const { value } = reason.rule.name;
  const permitting = permits(reason.rule.outcome);
  const next = unconditionalRules(policy, verdict).filter(
    ({ name, outcome }) => name.value === value && permits(outcome) === permitting,
  );
  // as their reader has them, since crun may take another of two lists of names
  const rules = [...new Set(next.map(({ source }) => source.rule))].filter(({ view }) =>
    document.ruleOf.has(view.node),
  );
  const edits = removeNames(document, rules, new Set([value]));
  const [first] = rules;
  const places = first && rules.length === 1 ? ruleLabel(first) : `${rules.length} rules`;
  return edits.length > 0 ? [{ title: `Remove "${value}" from ${places}`, edits, safe: false }] : [];
}

/** The rule that decides a call whatever its arguments, and those that would do so without it. */
function unconditionalRules(policy: Policy, { name, architecture }: Verdict): readonly LoadedRule[] {
  const number = numberOn(name, architecture.table);
  const found = number === undefined ? undefined : filterFor(policy, architecture)?.syscalls.get(number);
  return (found?.rules ?? []).filter(({ tests }) => tests.length === 0);
}

/** What a rule is handed on as, unless its reader has put together something else at its place. */
function resolvedAsWritten({ resolved }: Policy, rule: Rule): ResolvedRule | undefined {
  const found = resolvedRule(resolved, rule);
  return found?.rule === rule ? found : undefined;
}

/** Takes names out of rules, and a rule that is left without any as a whole. */
export function removeNames(
  { text, profile, ruleOf }: ProfileDocument,
  rules: readonly Rule[],
  names: ReadonlySet<string>,
): readonly Edit[] {
  const empty: Node[] = [];
  const edits = rules.flatMap((rule) => {
    // one that its reader puts together from several stands nowhere
    if (!ruleOf.has(rule.view.node)) return [];
    const doomed = ruleNames(rule).filter(({ value }) => names.has(value));
    const array = arrayOf(rule.view, 'names');
    if (doomed.length === ruleNames(rule).length) empty.push(rule.view.node);
    else if (array)
      return removeItems(
        text,
        array,
        doomed.map(({ node }) => node),
      );
    return [];
  });
  const list = profile && arrayOf(profile.view, 'syscalls');
  return list ? [...edits, ...removeItems(text, list, empty)] : edits;
}

/** Whether two loaded rules come from the same rule of the profile. */
export function sameRule(a: ResolvedRule, b: LoadedRule): boolean {
  return a.rule === b.source.rule;
}
