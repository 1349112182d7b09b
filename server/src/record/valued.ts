import { type Architecture, argumentsOn, decoder } from '../catalog/index.ts';
import { readValue } from '../policy/strace-value.ts';
import type { ArgumentValues } from './recording.ts';

/** An argument that says what a syscall does, so that a condition on it is worth having. */
export interface ValuedArgument {
  /** As the catalogue names it. */
  readonly name: string;
  /** As the kernel's own sources do, where that differs: `perf trace` shows those. */
  readonly kernel?: readonly string[];
  /** The condition is about bits that were never set; otherwise about the values that were seen. */
  readonly mask?: bigint;
}

/** CLONE_NEWTIME has its bit inside the signal for `clone`, so only the others count (`man 2 clone`). */
const NAMESPACES = 0x7e020000n;
const NEWTIME = 0x80n;

/** Syscalls of which one argument decides what they do. `clone3`, whose flags lie in memory, cannot be among them. */
const VALUED: Readonly<Record<string, ValuedArgument>> = {
  arch_prctl: { name: 'op', kernel: ['option'] },
  bpf: { name: 'cmd' },
  clone: { name: 'flags', kernel: ['clone_flags'], mask: NAMESPACES },
  ioctl: { name: 'op', kernel: ['cmd'] },
  keyctl: { name: 'op', kernel: ['option', 'cmd'] },
  personality: { name: 'persona', kernel: ['personality'] },
  prctl: { name: 'op', kernel: ['option'] },
  ptrace: { name: 'op', kernel: ['request'] },
  reboot: { name: 'op', kernel: ['cmd'] },
  seccomp: { name: 'operation', kernel: ['op'] },
  setns: { name: 'nstype', kernel: ['flags'] },
  socket: { name: 'domain', kernel: ['family'] },
  socketpair: { name: 'domain', kernel: ['family'] },
  unshare: { name: 'flags', kernel: ['unshare_flags'], mask: NAMESPACES | NEWTIME },
  userfaultfd: { name: 'flags' },
};

/** The argument of a syscall that conditions are made of, and where an architecture has it; undefined where there is none. */
export function valuedArgument(
  name: string,
  { table }: Architecture,
): (ValuedArgument & { readonly index: number }) | undefined {
  const valued = Object.hasOwn(VALUED, name) ? VALUED[name] : undefined;
  const index = valued ? (argumentsOn(name, table)?.findIndex((each) => each.name === valued.name) ?? -1) : -1;
  return valued && index >= 0 ? { ...valued, index } : undefined;
}

/** The values without those that no condition is made of. Empty where the one that matters is not known. */
export function onlyValued(name: string, architecture: Architecture, args: ArgumentValues): ArgumentValues {
  const valued = valuedArgument(name, architecture);
  const value = valued && args[valued.index];
  if (!valued || value === undefined) return [];
  return [...new Array<undefined>(valued.index), value];
}

/**
 * The value of an argument that decides, in a list of `name: value` as `perf trace` prints it, where names have lost their
 * prefix and zeros are left out (`man perf-trace`: `trace.show_zeros`).
 */
export function namedValue(name: string, architecture: Architecture, parts: readonly string[]): ArgumentValues {
  const valued = valuedArgument(name, architecture);
  if (!valued) return [];
  const own = [valued.name, ...(valued.kernel ?? [])];
  const text = parts.map((part) => /^(\w+):\s*(.*)$/.exec(part)).find((found) => found && own.includes(found[1]!))?.[2];
  const value = text === undefined ? 0n : unprefixed(text, name, valued.index, architecture);
  return value === undefined ? [] : [...new Array<undefined>(valued.index), value];
}

/** The kernel's older names for what the catalogue calls otherwise. */
const OLDER: Readonly<Record<string, string>> = { LOCAL: 'UNIX' };

function unprefixed(text: string, name: string, index: number, architecture: Architecture): bigint | undefined {
  const argument = argumentsOn(name, architecture.table)?.[index];
  const values = argument?.decoder ? (decoder(argument.decoder, architecture.table)?.values ?? []) : [];
  const terms = text.split('|').map((term) => {
    const word = OLDER[term.trim()] ?? term.trim();
    const full = values.find((each) => each.name === word || each.name.endsWith(`_${word}`));
    return full && /^[A-Z]/.test(word) ? full.name : word;
  });
  const read = readValue(terms.join('|'), argument, architecture.table, architecture.bits);
  return read.kind === 'number' ? read.value : undefined;
}
