import type { Case } from './compare.ts';
import type { Written, WrittenRule } from './written.ts';

/** Drops calls, rules, names, conditions and architectures of a case for as long as it still fails. */
export async function shrink(found: Case, fails: (smaller: Case) => Promise<boolean>): Promise<Case> {
  let smallest = found;
  for (let progress = true; progress; ) {
    progress = false;
    for (const smaller of smallerCases(smallest)) {
      if (!(await fails(smaller))) continue;
      smallest = smaller;
      progress = true;
      break;
    }
  }
  return smallest;
}

function* smallerCases(found: Case): Iterable<Case> {
  const { profile, calls } = found;
  if (calls.length > 1) for (const half of halves(calls)) yield { ...found, calls: half };
  for (const syscalls of without(profile.syscalls)) yield { ...found, profile: { ...profile, syscalls } };
  for (const [i, rule] of profile.syscalls.entries())
    for (const smaller of smallerRules(rule)) {
      const syscalls = profile.syscalls.map((each, j) => (i === j ? smaller : each));
      yield { ...found, profile: { ...profile, syscalls } };
    }
  for (const smaller of smallerHeads(profile)) yield { ...found, profile: smaller };
}

function* smallerHeads(profile: Written): Iterable<Written> {
  for (const architectures of without(profile.architectures ?? [])) yield { ...profile, architectures };
  const { defaultErrnoRet, ...rest } = profile;
  if (defaultErrnoRet !== undefined) yield rest;
}

function* smallerRules(rule: WrittenRule): Iterable<WrittenRule> {
  if ((rule.names?.length ?? 0) > 1) for (const names of without(rule.names ?? [])) yield { ...rule, names };
  for (const args of without(rule.args ?? [])) yield { ...rule, args };
  const { errnoRet, ...rest } = rule;
  if (errnoRet !== undefined) yield rest;
}

function* without<T>(list: readonly T[]): Iterable<readonly T[]> {
  for (const i of list.keys()) yield list.filter((_, j) => i !== j);
}

function halves<T>(list: readonly T[]): readonly (readonly T[])[] {
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)];
}
