import {
  type Architecture,
  type ArchTable,
  type Argument,
  argumentsOn,
  isSyscall,
  libcAlias,
  similar,
  syscallNames,
} from '../catalog/index.ts';
import { readValue, writeValue } from './strace-value.ts';

/** A call as somebody asks for it. */
export interface GivenCall {
  readonly name: string;
  /** By kernel position, unsigned; undefined where the value was not given or lies in the program's memory. */
  readonly args: readonly (bigint | undefined)[];
}

export type ParsedCall = GivenCall | { readonly error: string };

/**
 * Reads a call as strace prints it, `openat(AT_FDCWD, "/x", O_RDONLY|O_CLOEXEC) = 3`, with arguments by position or by
 * name (`flags=CLONE_NEWUSER|SIGCHLD`), or a bare syscall name. A process id and a time in front are skipped. The answer
 * to what cannot be read is a sentence that says why.
 */
export function parseCall(text: string, architecture: Architecture): ParsedCall {
  const line = text.trim().replace(/^(?:\[pid\s+\d+\]\s*|\d+(?:\.\d+)?\s+|\d\d:\d\d:\d\d(?:\.\d+)?\s+)+/, '');
  const found = /^([A-Za-z_]\w*)\s*(\(?)/.exec(line);
  if (!found)
    return { error: 'Give a syscall by name, or a call as strace prints it: socket(AF_INET, SOCK_STREAM, 0)' };
  const [head, name = '', bracket] = found;
  if (!isSyscall(name)) return { error: unknownName(name) };
  const rest = line.slice(head.length);
  if (!bracket) return rest ? { error: `"${rest.trim()}" is not expected behind ${name}` } : { name, args: [] };
  const parts = splitArguments(rest);
  return parts
    ? readArguments(name, parts, architecture)
    : { error: `A bracket or a quote in "${line}" is not closed` };
}

function unknownName(name: string): string {
  const alias = libcAlias(name);
  if (alias) return `"${name}" is a function of the C library, which makes the syscall ${alias.join(' or ')}`;
  const near = similar(name, syscallNames(), 1)[0];
  return `"${name}" is not a syscall${near ? `; did you mean ${near}?` : ''}`;
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The arguments up to the closing bracket; what follows is the result. Undefined where the bracket is missing. */
export function splitArguments(text: string): readonly string[] | undefined {
  const parts: string[] = [];
  const open: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    if (sign === '"') at = endOfText(text, at);
    else if (CLOSING[sign]) open.push(CLOSING[sign]);
    else if (open.length > 0 && sign === open.at(-1)) open.pop();
    else if (open.length === 0 && (sign === ',' || sign === ')')) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
      if (sign === ')') return parts.length === 1 && parts[0] === '' ? [] : parts;
    }
  }
  const cut = text.indexOf('<unfinished ...>');
  return cut >= 0 && open.length === 0 ? splitArguments(`${text.slice(0, cut).replace(/,\s*$/, '')})`) : undefined;
}

/** Offset of the quote that ends a text, or of the last character. */
function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/** How strace calls arguments that the catalogue names otherwise. */
const SPELLINGS: Readonly<Record<string, string>> = {
  child_stack: 'stack',
  child_tidptr: 'child_tid',
  parent_tidptr: 'parent_tid',
};

function readArguments(name: string, parts: readonly string[], { table, bits }: Architecture): ParsedCall {
  const known = argumentsOn(name, table);
  const args: (bigint | undefined)[] = [];
  for (const [position, part] of parts.entries()) {
    const named = /^([A-Za-z_]\w*)\s*=(?!=)\s*(.*)$/s.exec(part);
    const at = named ? positionOf(named[1]!, known) : position;
    if (at === undefined) return { error: noSuchArgument(name, named![1]!, known) };
    if (at >= (known?.length ?? 6)) return { error: tooMany(name, known?.length ?? 6) };
    const given = readValue(named ? named[2]! : part, known?.[at], table, bits);
    if (given.kind === 'error') return { error: `${given.message}.` };
    args[at] = given.kind === 'number' ? given.value : undefined;
  }
  return { name, args: Array.from(args) };
}

/** The arguments of a call one by one, as {@link splitArguments} gives them; those that cannot be read are undefined. */
export function knownArguments(
  name: string,
  parts: readonly string[],
  { table, bits }: Architecture,
): readonly (bigint | undefined)[] {
  const known = argumentsOn(name, table);
  const args: (bigint | undefined)[] = [];
  for (const [position, part] of parts.entries()) {
    const named = /^([A-Za-z_]\w*)\s*=(?!=)\s*(.*)$/s.exec(part);
    const at = named ? positionOf(named[1]!, known) : position;
    if (at === undefined || at >= (known?.length ?? 6)) continue;
    // strace tells both where two drivers share a number: TCGETS or SNDCTL_TMR_TIMEBASE
    for (const spelling of (named ? named[2]! : part).split(' or ')) {
      const given = readValue(spelling, known?.[at], table, bits);
      if (given.kind === 'number') args[at] ??= given.value;
    }
  }
  return Array.from(args);
}

/** An argument by its name; `arg0` to `arg5` where names are unknown. */
function positionOf(name: string, known: readonly Argument[] | undefined): number | undefined {
  const at = known?.findIndex((argument) => argument.name === (SPELLINGS[name] ?? name)) ?? -1;
  const number = /^arg([0-5])$/.exec(name)?.[1];
  return at >= 0 ? at : number === undefined ? undefined : Number(number);
}

function noSuchArgument(name: string, wanted: string, known: readonly Argument[] | undefined): string {
  const names = known?.map((argument) => argument.name).join(', ');
  return `${name} has no argument "${wanted}"${names ? `; it has ${names}` : ''}`;
}

function tooMany(name: string, count: number): string {
  return count === 0
    ? `${name} takes no arguments`
    : `${name} takes ${count} argument${count === 1 ? '' : 's'}, not more`;
}

/**
 * A call in the form that {@link parseCall} reads, by the names of its arguments; those that are zero are left out, all but
 * one: `socket(domain=AF_ALG)`.
 */
export function callInWords(name: string, args: readonly bigint[], table: ArchTable): string {
  const known = argumentsOn(name, table);
  const shown = args.flatMap((value, i) =>
    value === 0n ? [] : [`${known?.[i]?.name ?? `arg${i}`}=${writeValue(value, known?.[i], table)}`],
  );
  if (shown.length > 0) return `${name}(${shown.join(', ')})`;
  return known?.length === 0
    ? `${name}()`
    : `${name}(${known?.[0]?.name ?? 'arg0'}=${writeValue(0n, known?.[0], table)})`;
}
