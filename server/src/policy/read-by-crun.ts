import {
  type Condition,
  effectiveMember,
  type ObjectView,
  type Profile,
  type Rule,
  type Uint,
} from '../profile/model.ts';
import type { Target } from './target.ts';

/**
 * The profile as its reader sees it. Go's decoder, after which profiles are modelled, takes keys in any letter case; crun,
 * given a profile directly, sees exact ones alone, and takes a number below zero for what it is in 64 bits without a sign
 * (crun: libocispec's parser, measured with 1.8.1). What it reads alike stays the same object.
 */
export function asRead(profile: Profile, target: Target): Profile {
  if (target.runtime !== 'crun') return profile;
  const rules = seen(profile.view, 'syscalls') ? profile.rules.map(ruleByCrun) : [];
  const same = rules.length === profile.rules.length && rules.every((rule, i) => rule === profile.rules[i]);
  if (same && isExact(profile.view)) return profile;
  return {
    ...profile,
    defaultAction: ifSeen(profile.view, 'defaultAction', profile.defaultAction),
    defaultErrnoRet: ifSeen(profile.view, 'defaultErrnoRet', profile.defaultErrnoRet),
    architectures: ifSeen(profile.view, 'architectures', profile.architectures) ?? [],
    flags: ifSeen(profile.view, 'flags', profile.flags),
    rules,
  };
}

function ruleByCrun(rule: Rule): Rule {
  const { view } = rule;
  const conditions = seen(view, 'args') ? rule.conditions.map(conditionByCrun) : [];
  const same =
    conditions.length === rule.conditions.length &&
    conditions.every((condition, i) => condition === rule.conditions[i]);
  if (same && isExact(view)) return rule;
  return {
    ...rule,
    names: ifSeen(view, 'names', rule.names) ?? [],
    action: ifSeen(view, 'action', rule.action),
    errnoRet: ifSeen(view, 'errnoRet', rule.errnoRet),
    conditions,
  };
}

function conditionByCrun(condition: Condition): Condition {
  const { view, index, value, valueTwo, op } = condition;
  const read = {
    index: ifSeen(view, 'index', index),
    value: numberByCrun(view, 'value', value),
    valueTwo: numberByCrun(view, 'valueTwo', valueTwo),
    op: ifSeen(view, 'op', op),
  };
  const same = read.index === index && read.value === value && read.valueTwo === valueTwo && read.op === op;
  return same ? condition : { ...condition, ...read };
}

function numberByCrun(view: ObjectView, key: string, value: Uint | undefined): Uint | undefined {
  const node = effectiveMember(view, key)?.typed;
  if (!seen(view, key) || node?.kind !== 'number' || !/^-\d+$/.test(node.text)) return ifSeen(view, key, value);
  return { value: BigInt.asUintN(64, BigInt(node.text)), node };
}

const ifSeen = <T>(view: ObjectView, key: string, value: T): T | undefined => (seen(view, key) ? value : undefined);

/** Whether crun sees a key: it must be there to the letter. */
export function seen(view: ObjectView, key: string): boolean {
  return effectiveMember(view, key)?.member.key.value === key;
}

function isExact(view: ObjectView): boolean {
  return view.members.every(({ spec, member }) => !spec || member.key.value === spec.key);
}
