import bindingsText from '../../data/bindings.json';
import syscallsText from '../../data/syscalls.json';
import { lazy, table } from './data.ts';
import type { ArchTable, Argument, Syscall } from './types.ts';

/** Indices into the shared list of arguments, or `none`. */
type ArgumentList = readonly number[];

interface Row {
  /** Summary of our own, for names without a page. */
  readonly s?: string;
  /** Page, where it is not called like the syscall. */
  readonly m?: string;
  readonly k?: string;
  /** First libseccomp release after 2.0.0. */
  readonly l?: string;
  readonly a?: ArgumentList;
  readonly o?: Readonly<Record<string, ArgumentList>>;
  readonly c?: readonly string[];
  readonly t?: string;
  readonly x?: NonNullable<Syscall['status']>;
  readonly n?: string;
}

interface Rows {
  /** Declarations such as `int fd`, each once. */
  readonly arguments: readonly string[];
  /** Summaries by page. */
  readonly summaries: Readonly<Record<string, string>>;
  readonly syscalls: Readonly<Record<string, Row>>;
}

/** Decoder by syscall and argument name: names, unlike positions, are the same on all architectures. */
type Bindings = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Which a row does not say. */
const FIRST_RELEASE = '2.0.0';

const rows = table<Rows>(syscallsText);
const bindings = table<Bindings>(bindingsText);
const byName = lazy(
  () => new Map(Object.entries(rows().syscalls).map(([name, row]) => [name, new Described(name, row)])),
);
const sorted = lazy(() => [...byName().keys()].sort());

/** Everything known of a syscall, with its arguments as x86_64 or, where that lacks it, most architectures count them. */
export function syscall(name: string): Syscall | undefined {
  return byName().get(name);
}

/** All names that libseccomp 2.6.1 resolves on some architecture, sorted. */
export function syscallNames(): readonly string[] {
  return sorted();
}

export function isSyscall(name: string): boolean {
  return byName().has(name);
}

/**
 * The kernel's arguments on one architecture, in the order that `args[].index` counts; `undefined` when they are unknown.
 * It does not ask whether the architecture has the call.
 * Source: linux `SYSCALL_DEFINEn` behind the entry point in the architecture's syscall table.
 */
export function argumentsOn(name: string, arch: ArchTable): readonly Argument[] | undefined {
  const override = byName().get(name)?.row.o;
  const key = override && Object.keys(override).find((arches) => arches.split(',').includes(arch));
  return key ? override[key]?.map((index) => argument(name, index)) : syscall(name)?.args;
}

/** Most callers ask one thing of each of hundreds, so it is read when it is asked for. */
class Described implements Syscall {
  readonly name: string;
  readonly row: Row;
  private known: readonly Argument[] | undefined;

  constructor(name: string, row: Row) {
    this.name = name;
    this.row = row;
  }

  get summary(): string {
    return this.row.s ?? rows().summaries[this.page ?? ''] ?? '';
  }

  get page(): string | undefined {
    return this.row.s ? undefined : (this.row.m ?? this.name);
  }

  get kernel(): string | undefined {
    return this.row.k;
  }

  get libseccomp(): string {
    return this.row.l ?? FIRST_RELEASE;
  }

  get args(): readonly Argument[] | undefined {
    this.known ??= this.row.a?.map((index) => argument(this.name, index));
    return this.known;
  }

  get capabilities(): readonly string[] {
    return (this.row.c ?? []).map((short) => `CAP_${short}`);
  }

  get twin(): string | undefined {
    return this.row.t;
  }

  get status(): Syscall['status'] {
    return this.row.x;
  }

  get note(): string | undefined {
    return this.row.n;
  }
}

function argument(syscallName: string, index: number): Argument {
  const declaration = rows().arguments[index] ?? 'long arg';
  const split = declaration.search(/\w+$/);
  const name = declaration.slice(split);
  const type = declaration.slice(0, split).trim();
  const decoder = bindings()[syscallName]?.[name];
  return { name, type, pointer: isPointer(type), bits: bitsOf(type), ...(decoder && { decoder }) };
}

const isPointer = (type: string): boolean => type.endsWith('*') || type === '__sighandler_t';

/** The kernel truncates `int`-like parameters to 32 bits before it looks at them; filters still see the whole register. */
function bitsOf(type: string): 32 | 64 {
  if (isPointer(type)) return 64;
  return /\blong\b|^(size_t|loff_t|off_t|u64|__u64|s64|aio_context_t|old_sigset_t)$/.test(type) ? 64 : 32;
}
