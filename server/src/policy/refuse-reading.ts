import { hasType, itemKind, readUint } from '../profile/decode.ts';
import { arrayOf, type ObjectView, type Profile, type Rule, ruleNames } from '../profile/model.ts';
import { type KeySpec, keySpec } from '../profile/schema.ts';
import type { ArrayNode, Node } from '../syntax/tree.ts';
import { asRead, holesIn, readsWithYajl } from './as-read.ts';
import type { Refusal } from './refuse.ts';
import { dropsNameless, LATER_KEYS, leftOutBy } from './resolve.ts';
import { dialectOf, readsOnlyRules, runtimeLabel, type Target } from './target.ts';

/**
 * What a reader of JSON refuses before it looks at any meaning: values of another type than their key takes, numbers that
 * are no unsigned integers of 64 bits, entries that are null (Go: `encoding/json`). crun, given a profile directly, skips
 * what it cannot read, and wants some keys that others do without (crun: libocispec's parser).
 */
export function* refusedByReader(profile: Profile, target: Target): Iterable<Refusal> {
  if (target.runtime === 'crun') return yield* refusedByCrun(asRead(profile, target), target);
  yield* holes(profile, target);
  for (const [view, rule] of viewsOf(profile))
    for (const { spec, member, effective } of view.members) {
      const place: Place = { spec, value: member.value, target, rule };
      yield* unread(place);
      // a decoder reads on, and stores what comes later: the profile has no view of what was there before
      if (!effective) yield* insideOf(place);
    }
}

/** A value, what it stands for, and the rule to which it belongs. */
interface Place {
  readonly spec: KeySpec | undefined;
  readonly value: Node | undefined;
  readonly target: Target;
  readonly rule: Rule | undefined;
}

/** What Go refuses in the objects of a value, however deep. */
function* insideOf({ spec, value, target, rule }: Place): Iterable<Refusal> {
  if (!spec || !value || !('of' in spec.type) || !isFor(spec, target)) return;
  for (const object of value.kind === 'array' ? value.items : [value])
    for (const member of object.kind === 'object' ? object.members : []) {
      const inner = keySpec(spec.type.of, member.key.value);
      const place: Place = { spec: inner, value: member.value, target, rule };
      yield* unread(place);
      yield* insideOf(place);
    }
}

/** Whether the target's reader decodes a key: for others it is unknown, and skipped. */
function isFor({ key, readers }: KeySpec, target: Target): boolean {
  const dialect = dialectOf(target.runtime);
  if (readsOnlyRules(target) && LATER_KEYS.includes(key)) return false;
  // the OCI specification has no field for a comment
  return readers.includes(dialect) && !(key === 'comment' && dialect === 'oci');
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

/** What is null where an object must be, once all is decoded: the reader looks into it, unless the rule is left out before. */
function* holes(profile: Profile, target: Target): Iterable<Refusal> {
  if (profile.isReadAlike) return;
  const read = asRead(profile, target);
  const runtime = runtimeLabel(target.runtime);
  for (const hole of holesIn(read.view, 'syscalls', target)) yield refusalOf(hole, 'A rule is null', runtime);
  for (const rule of read.rules.filter((each) => isLookedInto(each, target)))
    for (const hole of holesIn(rule.view, 'args', target)) yield refusalOf(hole, 'A condition is null', runtime, rule);
}

function isLookedInto(rule: Rule, target: Target): boolean {
  return !leftOutBy(rule, target) && !(dropsNameless(target) && ruleNames(rule).length === 0);
}

function* unread({ spec, value, target, rule }: Place): Iterable<Refusal> {
  if (!spec || !value || value.kind === 'null' || !isFor(spec, target)) return;
  const runtime = runtimeLabel(target.runtime);
  const refusal = (span: Node, what: string): Refusal => refusalOf(span, what, runtime, rule);
  if (!hasType(spec.type, value)) yield refusal(value, `"${spec.key}" has a value of the wrong type`);
  else if (value.kind === 'number' && readUint(value.text) === undefined)
    yield refusal(value, `"${spec.key}" is not a whole number from 0 to 2⁶⁴-1`);
  else if (value.kind === 'string' && spec.key === 'minKernel' && !isKernel(value.value))
    yield refusal(value, `"${value.value}" is not a kernel version`);
  else if (value.kind === 'array') {
    const wanted = itemKind(spec.type);
    const bad = value.items.find((item) => item.kind !== wanted && item.kind !== 'null');
    if (bad) yield refusal(bad, `"${spec.key}" has an entry of the wrong type`);
  }
}

/** moby: `profiles/seccomp/seccomp.go`, `UnmarshalJSON`; an empty text counts as none. */
function isKernel(text: string): boolean {
  if (text === '') return true;
  const parts = /^([0-9]+)\.([0-9]+)$/.exec(text)?.slice(1).map(Number);
  return parts?.every((part) => part <= 255) === true && parts.some((part) => part > 0);
}

function* refusedByCrun(profile: Profile, target: Target): Iterable<Refusal> {
  yield* missingForCrun(profile);
  const old = readsWithYajl(target);
  if (old) yield* strangeEntries(profile);
  for (const [view, rule] of viewsOf(profile))
    for (const { spec, typed, effective } of view.members)
      if (
        spec?.readers.includes('oci') &&
        effective &&
        typed?.kind === 'number' &&
        !readByCrun(spec.key, typed.text, old)
      )
        yield refusalOf(
          typed,
          `"${spec.key}" is not a whole number in ${SIGNED.has(spec.key) ? 64 : 32} bits`,
          'crun',
          rule,
        );
}

/** Of 64 bits, where a minus is taken for what it makes of them; the others have 32. */
const SIGNED: ReadonlySet<string> = new Set(['value', 'valueTwo']);

/** What is too large or too small is cut to the largest or smallest by json-c. */
function readByCrun(key: string, number: string, old: boolean): boolean {
  if (!/^-?\d+$/.test(number) || (number.startsWith('-') && !SIGNED.has(key))) return false;
  return !(old && BigInt(number.replace('-', '')) >= 2n ** 64n);
}

/** Newer releases skip rules and conditions that are no objects. */
function* strangeEntries({ view, rules }: Profile): Iterable<Refusal> {
  const strange = (list: ArrayNode | undefined): Node | undefined => list?.items.find(({ kind }) => kind !== 'object');
  const noRule = strange(arrayOf(view, 'syscalls'));
  if (noRule) yield refusalOf(noRule, '"syscalls" has an entry that is no object', 'crun');
  for (const rule of rules) {
    const noCondition = strange(arrayOf(rule.view, 'args'));
    if (noCondition) yield refusalOf(noCondition, '"args" has an entry that is no object', 'crun', rule);
  }
}

function refusalOf(span: Node, what: string, runtime: string, rule?: Rule): Refusal {
  return { message: `${what}: ${runtime} refuses the profile.`, span, ...(rule && { rule }) };
}

function* missingForCrun(profile: Profile): Iterable<Refusal> {
  const missing = (view: ObjectView, key: string, rule?: Rule): Refusal =>
    refusalOf(view.node, `"${key}" is missing`, 'crun', rule);
  if (!profile.defaultAction) yield missing(profile.view, 'defaultAction');
  for (const rule of profile.rules) {
    if (!arrayOf(rule.view, 'names')) yield missing(rule.view, 'names', rule);
    if (!rule.action) yield missing(rule.view, 'action', rule);
    for (const condition of rule.conditions) if (!condition.op) yield missing(condition.view, 'op', rule);
  }
}
