import { type Argument, describeValue, operator } from '../catalog/index.ts';
import type { Analysis } from '../checks/analyse.ts';
import {
  architectureFor,
  comparisonOf,
  declaration,
  isSigned32,
  isSplit,
  MASKED,
  type NamedArgument,
  namedArguments,
} from '../checks/arguments/conditions.ts';
import { signed32 } from '../checks/arguments/width.ts';
import { hex, testInWords } from '../policy/words.ts';
import { readUint } from '../profile/decode.ts';
import { type Condition, type Rule, ruleNames } from '../profile/model.ts';
import { operatorDoc } from './documentation.ts';
import { bullets, code, paragraphs } from './markdown.ts';
import type { Place } from './place.ts';

const MOST_GROUPS = 6;
const MOST_CONDITIONS = 10;

/** The conditions of a rule, and whether all must hold. */
export function conditionsHover(rule: Rule): string {
  const known = rule.conditions.flatMap((condition) => comparisonOf(condition) ?? []);
  if (known.length === 0) return '';
  const title = isSplit(rule)
    ? '**Any one of these** is enough, because an index repeats:'
    : known.length > 1
      ? '**All of these** must hold:'
      : 'Holds when:';
  const name = nameFor(rule);
  const shown = known.slice(0, MOST_CONDITIONS).map((test) => code(testInWords(test, name), 200));
  const more = known.length - shown.length;
  return paragraphs(title, bullets(...shown, more > 0 && `… and ${more} more conditions`));
}

/** An argument index: which argument that is for each of the rule's syscalls. */
export function indexHover(analysis: Analysis, { rule }: Place, text: string): string {
  const index = readUint(text);
  if (!rule || index === undefined) return '';
  if (index > 5n) return 'A syscall has at most six arguments, 0 to 5.';
  const groups = grouped(namedArguments(rule, Number(index), analysis), (argument) => code(declaration(argument)));
  return paragraphs(
    `**Argument ${index}** of the kernel function`,
    bullets(...groups.map(([argument, names]) => `${argument}: ${names}`)),
  );
}

/** A number that an argument is compared with: in hexadecimal, as signed number, and by the names of its bits or its value. */
export function valueHover(analysis: Analysis, { rule, condition, member }: Place, text: string): string {
  const value = readUint(text);
  if (!rule || value === undefined) return '';
  const index = Number(condition?.index?.value ?? 0n);
  const found = index > 5 ? [] : namedArguments(rule, index, analysis);
  const table = architectureFor(rule, analysis.target)?.table;
  const decoded = ({ decoder }: Argument): string => (decoder ? describeValue(decoder, value, table) : '');
  const groups = grouped(
    found.filter(({ argument }) => decoded(argument)),
    (argument) => code(decoded(argument), 400),
  );
  const negative = value >= 0x80000000n && found.some(({ argument }) => isSigned32(argument));
  return paragraphs(
    `**${value}** = ${code(hex(value))}${negative ? ` = ${signed32(value)} as \`int\`` : ''}`,
    bullets(...groups.map(([names, syscalls]) => `${names}: ${argumentName(found)}${syscalls}`)),
    condition && roleOf(condition, member.spec?.key ?? ''),
    condition && inWords(rule, condition),
  );
}

/** An operator: what it compares, and the condition in words. */
export function operatorHover(_analysis: Analysis, { rule, condition }: Place, text: string): string {
  return operator(text) ? paragraphs(operatorDoc(text), rule && condition && inWords(rule, condition)) : '';
}

function roleOf({ op }: Condition, key: string): string {
  const masked = op?.value === MASKED;
  if (masked && key === 'value') return 'With `SCMP_CMP_MASKED_EQ` this is the mask: the bits to look at.';
  if (masked) return 'What the bits that the mask selects must equal.';
  return key === 'valueTwo' && op ? 'This operator does not read `valueTwo`.' : '';
}

function inWords(rule: Rule, condition: Condition): string {
  const comparison = comparisonOf(condition);
  return comparison ? `Holds when ${code(testInWords(comparison, nameFor(rule)), 240)}.` : '';
}

/** The first syscall of a rule, by whose arguments a condition is told; all of them take the same ones as a rule. */
function nameFor(rule: Rule): string {
  return ruleNames(rule)[0]?.value ?? '';
}

function argumentName(found: readonly NamedArgument[]): string {
  const names = new Set(found.map(({ argument }) => argument.name));
  return names.size === 1 ? `${code([...names].join())} of ` : '';
}

/** Names that an argument has in common, `read, write`, under what is told of it. */
function grouped(found: readonly NamedArgument[], label: (argument: Argument) => string): readonly [string, string][] {
  const groups = new Map<string, string[]>();
  for (const { name, argument } of found) {
    const key = label(argument);
    const names = groups.get(key);
    if (names) names.push(name.value);
    else groups.set(key, [name.value]);
  }
  return [...groups].slice(0, MOST_GROUPS).map(([key, names]) => [key, shortList(names)]);
}

function shortList(names: readonly string[]): string {
  const shown = names
    .slice(0, 5)
    .map((name) => code(name))
    .join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
