/** The 18 architectures of libseccomp's syscall table. Little-endian variants (ppc64le, mipsel, ...) share a table. */
export type ArchTable =
  | 'x86_64'
  | 'x86'
  | 'x32'
  | 'aarch64'
  | 'arm'
  | 'riscv64'
  | 'loongarch64'
  | 's390x'
  | 's390'
  | 'ppc64'
  | 'ppc'
  | 'mips'
  | 'mips64'
  | 'mips64n32'
  | 'm68k'
  | 'parisc'
  | 'parisc64'
  | 'sh';

/** What is known of a syscall beyond its numbers. */
export interface Syscall {
  readonly name: string;
  /** One line, from the man page's NAME section or, where there is no page, our own. */
  readonly summary: string;
  /** Page in section 2 of the manual that documents it (`open` for `openat`); undefined when there is none. */
  readonly page: string | undefined;
  /** First kernel release that has it, e.g. `5.6`; undefined when never implemented or unknown. */
  readonly kernel: string | undefined;
  /** First libseccomp release whose table knows the name; `2.0.0` means that or earlier. */
  readonly libseccomp: string;
  /** Kernel arguments in the order that `args[].index` counts; empty when it takes none; undefined when unknown. */
  readonly args: readonly Argument[] | undefined;
  /** Capabilities that gate the call or parts of it (`CAP_SYS_ADMIN`). */
  readonly capabilities: readonly string[];
  /** Name whose kernel entry point it shares (`getuid32` -> `getuid`). */
  readonly twin: string | undefined;
  /** Why no kernel answers it any more, or why only some do. */
  readonly status: 'never' | 'removed' | 'deprecated' | 'arch-private' | undefined;
  /** What matters about it for sandboxing, in a sentence. */
  readonly note: string | undefined;
}

/** One kernel argument, as declared by `SYSCALL_DEFINEn`. */
export interface Argument {
  readonly name: string;
  /** C type, e.g. `int`, `unsigned long`, `const char *`. */
  readonly type: string;
  readonly pointer: boolean;
  /** Bits the kernel looks at on a 64-bit architecture: 32 for `int`-like types, 64 for longs, sizes and pointers. */
  readonly bits: 32 | 64;
  /** Id of the decoder for its values, see {@link Decoder}. */
  readonly decoder?: string;
}

/** Names for the values of an argument. Values are unsigned. */
export interface Decoder {
  readonly id: string;
  /** `flags`: bits that add up; `enum`: one of; `mixed`: an enum in the bits of `enumMask`, flags in the others. */
  readonly kind: 'flags' | 'enum' | 'mixed';
  readonly enumMask?: bigint;
  /** Bits without a name of their own are written in octal (file modes). */
  readonly octal?: true;
  readonly values: readonly NamedValue[];
}

export interface NamedValue {
  readonly name: string;
  readonly value: bigint;
  /** A sentence where one was written for it. */
  readonly text?: string;
}

/** Names with the same effect by another way, so that a rule on one of them alone leaves a gap. */
export interface Family {
  readonly id: string;
  /** What its members do, e.g. `create a directory`. */
  readonly effect: string;
  /** The members belong together but do different things: a denial of one asks nothing of the others. */
  readonly related?: true;
  /** The member without which the others cannot be used. */
  readonly gate?: string;
  readonly members: readonly FamilyMember[];
}

export interface FamilyMember {
  readonly name: string;
  /** Why it belongs although it can do other things as well, e.g. `IORING_OP_MKDIRAT`; absent for plain equivalents. */
  readonly through?: string;
}

/** Why a syscall is dangerous in an allow-list. */
export interface Danger {
  readonly syscall: string;
  /** 1 = breaks containment, 2 = large kernel attack surface or crosses processes, 3 = worth a thought. */
  readonly tier: 1 | 2 | 3;
  readonly why: string;
}

/** One value of the fixed vocabularies: actions, operators, architectures, flags, capabilities, errno. */
export interface Term {
  readonly name: string;
  /** Markdown, one or two sentences. */
  readonly doc: string;
}

export interface Action extends Term {
  /** Least severe last, as in seccomp(2). */
  readonly precedence: number;
  readonly takesErrno: boolean;
  /** The call is executed. */
  readonly permits: boolean;
}

export interface Architecture extends Term {
  /** `SCMP_ARCH_X86_64`. */
  readonly name: string;
  readonly table: ArchTable;
  readonly bits: 32 | 64;
  readonly endian: 'little' | 'big';
  /** The kernel's AUDIT_ARCH_* token (`linux/audit.h`). */
  readonly token: number;
  /** Spelling in `includes.arches` as moby compares it; absent where no such spelling exists. */
  readonly docker?: string;
  /** Spelling in `includes.arches` as Podman and CRI-O compare it. */
  readonly podman?: string;
  /** First runc release that accepts the name; absent when runc never did. */
  readonly runc?: string;
  /** Architectures that run on the same kernel and are usually listed with it. */
  readonly companions: readonly string[];
  /** Multiplexes socket and ipc calls through `socketcall` and `ipc`. */
  readonly multiplexes: boolean;
}

export interface Errno extends Term {
  readonly number: number;
}

/** A runtime's built-in profile. */
export interface DefaultProfile {
  /** `docker`, `podman`, `containerd`. */
  readonly id: string;
  /** `Docker 28.5`. */
  readonly label: string;
  readonly defaultAction: string;
  readonly defaultErrno: number;
  /** The profile itself, in the JSON dialect of its engine. */
  readonly text: string;
  /** How each catalogue name fares. */
  readonly verdicts: ReadonlyMap<string, DefaultVerdict>;
}

export interface DefaultVerdict {
  readonly kind: 'allowed' | 'denied' | 'capability' | 'argument' | 'architecture' | 'kernel';
  /** In words: `with CAP_SYS_ADMIN`, `when domain < 38, = 39 or > 40`; empty for plain allowed and denied. */
  readonly when: string;
}
