import {
  type Architecture,
  type Argument,
  architecture,
  architectures,
  argumentsOn,
  describeValue,
  operator,
  syscall,
} from '../../catalog/index.ts';
import type { Test } from '../../policy/load.ts';
import { hostSpelling } from '../../policy/resolve.ts';
import { dialectOf, type Target } from '../../policy/target.ts';
import { type Condition, effectiveMember, type Rule, ruleNames, type Text } from '../../profile/model.ts';
import type { Span } from '../../syntax/tree.ts';

export const MASKED = 'SCMP_CMP_MASKED_EQ';
export const MAX_32 = 0xffffffffn;
export const MAX_64 = 0xffffffffffffffffn;

/** A condition that an engine can read, as a comparison of 64-bit numbers. */
export interface Comparison extends Test {
  readonly condition: Condition;
}

/** A condition as it is compared; undefined when part of it is of a wrong type or out of range, so that no engine takes it. */
export function comparisonOf(condition: Condition): Comparison | undefined {
  const { index, value, valueTwo, op } = condition;
  if (!op || !operator(op.value)) return undefined;
  if (isUnreadable(condition, 'index') || isUnreadable(condition, 'value') || isUnreadable(condition, 'valueTwo'))
    return undefined;
  if (index && index.value > 5n) return undefined;
  const mask = value?.value ?? 0n;
  const datum = op.value === MASKED ? (valueTwo?.value ?? 0n) & mask : 0n;
  return { condition, index: Number(index?.value ?? 0n), op: op.value, value: mask, datum };
}

const NONE: readonly Comparison[] = [];

/** The readable conditions of a rule, in the order of the text. */
export function comparisonsOf(rule: Rule): readonly Comparison[] {
  if (rule.conditions.length === 0) return NONE;
  return rule.conditions.flatMap((condition) => comparisonOf(condition) ?? []);
}

function isUnreadable(condition: Condition, key: 'index' | 'value' | 'valueTwo'): boolean {
  const value = effectiveMember(condition.view, key)?.member.value;
  return value !== undefined && value.kind !== 'null' && !condition[key];
}

/** By rule: one whose conditions change becomes another object. */
const SPLIT = new WeakMap<Rule, boolean>();

/** Whether two conditions look at the same argument: the engine then takes all conditions of the rule one by one. */
export function isSplit(rule: Rule): boolean {
  const split = SPLIT.get(rule) ?? repeats(rule.conditions.map(({ index }) => index?.value ?? 0n));
  SPLIT.set(rule, split);
  return split;
}

function repeats(values: readonly bigint[]): boolean {
  return new Set(values).size < values.length;
}

/** The narrowest text of a condition for a key: the key's value, or the whole condition where the key is missing. */
export function spanOf(condition: Condition, key: 'index' | 'value' | 'valueTwo' | 'op'): Span {
  return condition[key]?.node ?? condition.view.node;
}

/** The architecture that a rule is for: the host's, or the first of `includes.arches` where the host is not among them. */
export function architectureFor(rule: Rule, target: Target): Architecture | undefined {
  const wanted = rule.includes?.arches.map((text) => text.value) ?? [];
  const host = hostSpelling(target);
  if (wanted.length === 0 || dialectOf(target.runtime) === 'oci' || (host && wanted.includes(host)))
    return architecture(target.architecture);
  const named = architectures().find(({ docker, podman }) => wanted.some((name) => name === docker || name === podman));
  return named ?? architecture(target.architecture);
}

/** A name of a rule with the argument that a condition looks at, where the catalogue knows it. */
export interface NamedArgument {
  readonly name: Text;
  readonly argument: Argument;
}

/** Who asks, such as the context of a check: another object for each version of a text. */
export interface Asking {
  readonly target: Target;
}

/** The argument with an index, for each of the rule's syscalls that has it; a name that repeats counts once. */
export function namedArguments(rule: Rule, index: number, asking: Asking): readonly NamedArgument[] {
  return knownOf(rule, index, asking).named;
}

/** The rule's syscalls that have fewer arguments than the index asks for. Calls that no kernel answers are left out. */
export function namesWithout(rule: Rule, index: number, asking: Asking): readonly { name: Text; count: number }[] {
  return knownOf(rule, index, asking).without;
}

/** Whether all of the rule's syscalls have fewer arguments than the index asks for. */
export function allWithout(rule: Rule, index: number, asking: Asking): boolean {
  const { without, names } = knownOf(rule, index, asking);
  return without.length === names;
}

/** What the names of a rule are to one argument. */
interface Known {
  readonly named: readonly NamedArgument[];
  readonly without: readonly { readonly name: Text; readonly count: number }[];
  /** How many names there are. */
  readonly names: number;
  readonly architecture: Architecture | undefined;
}

/** Made once for each argument, since a rule can have as many conditions as names; a later version of it can have other names. */
const KNOWN = new WeakMap<Asking, Map<Rule, Known[]>>();

function knownOf(rule: Rule, index: number, asking: Asking): Known {
  const byRule = KNOWN.get(asking) ?? new Map<Rule, Known[]>();
  KNOWN.set(asking, byRule);
  const byIndex = byRule.get(rule) ?? [];
  byRule.set(rule, byIndex);
  byIndex[index] ??= knownFor(rule, index, asking.target);
  return byIndex[index];
}

function knownFor(rule: Rule, index: number, target: Target): Known {
  const names = distinct(ruleNames(rule));
  const arch = architectureFor(rule, target);
  const named: NamedArgument[] = [];
  const without: { name: Text; count: number }[] = [];
  for (const name of arch ? names : []) {
    const args = argumentsOn(name.value, arch!.table);
    const argument = args?.[index];
    if (argument) named.push({ name, argument });
    const status = syscall(name.value)?.status;
    if (args && args.length <= index && status !== 'never' && status !== 'arch-private')
      without.push({ name, count: args.length });
  }
  return { named, without, names: names.length, architecture: arch };
}

/** Each name where it stands first. */
function distinct(names: readonly Text[]): readonly Text[] {
  const seen = new Set<string>();
  return names.filter(({ value }) => seen.size < seen.add(value).size);
}

/** The C types whose numbers can be negative; the kernel looks at their lower 32 bits only. */
const SIGNED = /^(int|pid_t|clockid_t|const clockid_t|timer_t|key_t|key_serial_t|mqd_t|rwf_t|s32|__s32|qid_t)$/;

export function isSigned32({ type, bits, pointer }: Argument): boolean {
  return bits === 32 && !pointer && SIGNED.test(type);
}

/** An argument as C declares it: `int fd`, `const char *path`. */
export function declaration({ type, name }: Argument): string {
  return type.endsWith('*') ? `${type}${name}` : `${type} ${name}`;
}

/** Quotes names for a message, a few of them: `"clone"`, `"clone" and "unshare"`. */
export function quoted(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).map((name) => `"${name}"`);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** How messages name an argument: `argument 0 (flags)`. */
export function argumentLabel(rule: Rule, index: number, asking: Asking): string {
  const names = new Set(namedArguments(rule, index, asking).map(({ argument }) => argument.name));
  return names.size === 1 ? `argument ${index} (${[...names].join()})` : `argument ${index}`;
}

/** The names of a value of an argument, `AF_ALG`; empty where the catalogue has none. */
export function valueWords(rule: Rule, index: number, value: bigint, asking: Asking): string {
  const { named, architecture } = knownOf(rule, index, asking);
  for (const { argument } of named) {
    const words = argument.decoder ? describeValue(argument.decoder, value, architecture?.table) : '';
    if (words) return words;
  }
  return '';
}

/** A value for messages: `38 (AF_ALG)`, `4294967295`. */
export function shownValue(rule: Rule, index: number, value: bigint, asking: Asking): string {
  const words = valueWords(rule, index, value, asking);
  return words ? `${value} (${words})` : String(value);
}
