import { readUint } from '../profile/build.ts';
import type { MemberView, ObjectView, Profile, Rule } from '../profile/model.ts';
import type { Node } from '../syntax/tree.ts';
import type { Refusal } from './refuse.ts';
import { LATER_KEYS, readsOnlyRules } from './resolve.ts';
import { dialectOf, runtimeLabel, type Target } from './target.ts';

/**
 * What a reader of JSON refuses before it looks at any meaning: values of another type than their key takes, numbers that
 * are no unsigned integers of 64 bits, entries that are null (Go: `encoding/json`). crun, given a profile directly, skips
 * what it cannot read, and wants some keys that others do without (crun: libocispec's parser).
 */
export function* refusedByReader(profile: Profile, target: Target): Iterable<Refusal> {
  if (target.runtime === 'crun') yield* missingForCrun(profile);
  else
    for (const [view, rule] of viewsOf(profile)) for (const member of view.members) yield* unread(member, target, rule);
}

/** Every object of the profile that Go decodes, with the rule to which it belongs. */
function* viewsOf(profile: Profile): Iterable<readonly [ObjectView, Rule | undefined]> {
  yield [profile.view, undefined];
  for (const entry of profile.archMap) yield [entry.view, undefined];
  for (const rule of profile.rules) {
    yield [rule.view, rule];
    for (const condition of rule.conditions) yield [condition.view, rule];
    for (const filter of [rule.includes, rule.excludes]) if (filter) yield [filter.view, rule];
  }
}

function* unread(view: MemberView, target: Target, rule: Rule | undefined): Iterable<Refusal> {
  const { spec, member, typed, effective } = view;
  const { value } = member;
  if (!spec?.readers.includes(dialectOf(target.runtime)) || !effective || !value || value.kind === 'null') return;
  if (readsOnlyRules(target) && LATER_KEYS.includes(spec.key)) return;
  const runtime = runtimeLabel(target.runtime);
  const refusal = (span: Node, what: string): Refusal => ({
    message: `${what}: ${runtime} refuses the profile.`,
    span,
    ...(rule && { rule }),
  });
  if (!typed) yield refusal(value, `"${spec.key}" has a value of the wrong type`);
  else if (typed.kind === 'number' && readUint(typed.text) === undefined)
    yield refusal(typed, `"${spec.key}" is not a whole number from 0 to 2⁶⁴-1`);
  else if (typed.kind === 'array') {
    const wanted = spec.type.kind === 'objects' ? 'object' : 'string';
    const bad = typed.items.find((item) => item.kind !== wanted && (item.kind !== 'null' || wanted === 'object'));
    if (bad) yield refusal(bad, `"${spec.key}" has an entry of the wrong type`);
  }
}

function* missingForCrun(profile: Profile): Iterable<Refusal> {
  const missing = (view: ObjectView, key: string, rule?: Rule): Refusal => ({
    message: `"${key}" is missing: crun refuses the profile.`,
    span: view.node,
    ...(rule && { rule }),
  });
  if (!profile.defaultAction) yield missing(profile.view, 'defaultAction');
  for (const rule of profile.rules) {
    if (!rule.view.members.some(({ spec }) => spec?.key === 'names')) yield missing(rule.view, 'names', rule);
    if (!rule.action) yield missing(rule.view, 'action', rule);
    for (const condition of rule.conditions) if (!condition.op) yield missing(condition.view, 'op', rule);
  }
}
