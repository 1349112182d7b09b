import { architecture, errnoByName, flag, nameOf } from '../../catalog/index.ts';
import { LARGEST_ERRNO } from '../../policy/resolve.ts';
import { readUint } from '../../profile/decode.ts';
import { type Domain, keySpec, type ObjectKind, SCHEMA, type ValueType } from '../../profile/schema.ts';
import type { ArrayNode, Node, NumberNode, ObjectNode, StringNode } from '../../syntax/tree.ts';
import type { CheckContext, Fix } from '../check.ts';
import { listText, replaceNode } from '../edits.ts';
import { ARCHITECTURE_WORDS, isCoverable } from '../values/architectures.ts';
import { guess } from '../values/guesses.ts';
import { parseNumber } from '../values/numbers.ts';

/** Turns a value of a wrong type into the type that its key takes, where it is clear what it stands for. */
export function convert(context: CheckContext, type: ValueType, value: Node): readonly Fix[] {
  const { text } = context.document;
  switch (type.kind) {
    case 'string':
      return toText(type.domain, value);
    case 'uint':
      return value.kind === 'string' ? toNumber(type.domain, value) : [];
    case 'strings':
      return value.kind === 'string' ? toStrings(context, type.domain, value) : [];
    case 'objects':
      return value.kind === 'object' ? wrap(text, type.of, value) : [];
    case 'object':
      return value.kind === 'array' ? toObject(text, type.of, value) : [];
  }
}

/** Numbers that engines take where they are texts. */
const QUOTABLE: Readonly<Partial<Record<Domain, RegExp>>> = {
  kernelVersion: /^\d{1,2}\.\d{1,2}$/,
  errnoName: /^\d{1,4}$/,
};

function toText(domain: Domain, value: Node): readonly Fix[] {
  if (value.kind === 'array' && value.items.length === 1 && value.items[0]!.kind === 'string')
    return [replacement('Take it out of the list', value, JSON.stringify(value.items[0]!.value))];
  if (value.kind !== 'number') return [];
  if (domain === 'action') return actionOf(value);
  const quotable = QUOTABLE[domain]?.test(value.text) && Number(value.text) <= LARGEST_ERRNO;
  return quotable ? [replacement(`Replace with "${value.text}"`, value, `"${value.text}"`)] : [];
}

/** Values of `SECCOMP_RET_*` without their data (`linux/seccomp.h`); 0, to kill the thread, may as well be a mistake. */
const RETURN_VALUES: ReadonlyMap<number, string> = new Map([
  [0x80000000, 'SCMP_ACT_KILL_PROCESS'],
  [0x00030000, 'SCMP_ACT_TRAP'],
  [0x00050000, 'SCMP_ACT_ERRNO'],
  [0x7fc00000, 'SCMP_ACT_NOTIFY'],
  [0x7ff00000, 'SCMP_ACT_TRACE'],
  [0x7ffc0000, 'SCMP_ACT_LOG'],
  [0x7fff0000, 'SCMP_ACT_ALLOW'],
]);

function actionOf(value: NumberNode): readonly Fix[] {
  const number = Number(value.text);
  const name = RETURN_VALUES.get(number - (number % 0x10000));
  return name && Number.isInteger(number) && number >= 0
    ? [replacement(`Replace with "${name}"`, value, `"${name}"`, false)]
    : [];
}

/** What engines take. */
const LARGEST: Readonly<Partial<Record<Domain, bigint>>> = { errno: BigInt(LARGEST_ERRNO), argumentIndex: 5n };

function toNumber(domain: Domain, value: StringNode): readonly Fix[] {
  const word = value.value.trim();
  const errno = domain === 'errno' ? errnoByName(word.toUpperCase())?.number : undefined;
  const number = errno === undefined ? parseNumber(word) : BigInt(errno);
  if (number === undefined || readUint(String(number)) === undefined || number > (LARGEST[domain] ?? number)) return [];
  return [replacement(`Replace with ${number}`, value, String(number))];
}

/**
 * One text becomes a list; several names in one text become several, if they are no more than words. Where engines refuse a profile for
 * a word that they do not take, each must be sure to mean one that they take.
 */
function toStrings(context: CheckContext, domain: Domain, value: StringNode): readonly Fix[] {
  const words = value.value.split(/[\s,;|]+/).filter((word) => word !== '');
  if (words.length === 0) return [replacement('Replace with []', value, '[]')];
  const said = words.length > 1 ? words : [value.value];
  const right = said.flatMap((word) => meant(context, domain, word) ?? []);
  if (right.length < said.length) return [];
  const title = words.length > 1 ? `Make it a list of ${words.length}` : 'Put it into a list';
  return [replacement(title, value, listText(right))];
}

/** How a word is written right, as far as that is sure; any text may be a syscall or a capability, of which engines skip what they do not know. */
function meant(context: CheckContext, domain: Domain, word: string): string | undefined {
  if (domain === 'flag') return flag(word)?.name;
  if (domain !== 'architecture') return word;
  const name = architecture(word)?.name ?? guess(word, ARCHITECTURE_WORDS).find(({ certain }) => certain)?.value;
  return name && isCoverable(context, architecture(name)!) ? name : undefined;
}

/** Only an object with all that belongs there is put into a list, since engines refuse others there. */
function wrap(text: string, kind: ObjectKind, value: ObjectNode): readonly Fix[] {
  if (value.members.length === 0) return [replacement('Replace with []', value, '[]')];
  const present = new Set(
    value.members.filter((each) => each.value && each.value.kind !== 'null').map(({ key }) => keySpec(kind, key.value)),
  );
  const lacking = SCHEMA[kind].filter((spec) => spec.required && !present.has(spec));
  if (present.has(undefined) || lacking.length > 0) return [];
  return [replacement('Put it into a list', value, `[${text.slice(value.start, value.end)}]`)];
}

/** Only an object that has what belongs there is taken out: a condition in the place of a filter stays in view. */
function toObject(text: string, kind: ObjectKind, value: ArrayNode): readonly Fix[] {
  const [item, more] = value.items;
  if (!item) return [replacement('Replace with {}', value, '{}')];
  if (item.kind !== 'object' || more) return [];
  if (item.members.some(({ key }) => !keySpec(kind, key.value))) return [];
  return [replacement('Take it out of the list', value, text.slice(item.start, item.end))];
}

/** A syscall's number among names becomes its name. */
export function nameOfNumber(value: Node, table: Parameters<typeof nameOf>[1]): readonly Fix[] {
  const name = value.kind === 'number' ? nameOf(Number(value.text), table) : undefined;
  return name ? [replacement(`Replace with "${name}"`, value, JSON.stringify(name), false)] : [];
}

function replacement(title: string, node: Node, text: string, safe = true): Fix {
  return { title, edits: [replaceNode(node, text)], safe };
}
