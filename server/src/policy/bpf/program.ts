import type { Architecture } from '../../catalog/index.ts';
import type { Outcome } from '../resolve.ts';

/** One instruction of classic BPF, `struct sock_filter` of `linux/filter.h`. */
export interface Instruction {
  readonly code: number;
  /** Instructions to skip when the comparison holds, 0 to 255. */
  readonly jt: number;
  /** Instructions to skip when it does not. */
  readonly jf: number;
  /** Unsigned 32-bit. */
  readonly k: number;
}

/** A filter as the kernel takes it. */
export interface Program {
  /** Byte order of the machine that runs it: decides which half of an argument comes first. */
  readonly endian: 'little' | 'big';
  /** Covered architectures, the native one first; calls of others end in the last return. */
  readonly architectures: readonly Architecture[];
  readonly instructions: readonly Instruction[];
}

/** The kernel's limit for one program (linux: `BPF_MAXINSNS`). */
export const LONGEST_PROGRAM = 4096;

/** The opcodes of classic BPF that seccomp filters use (linux: `kernel/seccomp.c`, `seccomp_check_filter`). */
export const CODE = {
  load: 0x20,
  and: 0x54,
  jump: 0x05,
  jeq: 0x15,
  jgt: 0x25,
  jge: 0x35,
  jset: 0x45,
  ret: 0x06,
} as const;

export type Comparison = 'jeq' | 'jgt' | 'jge' | 'jset';

/** Offsets in `struct seccomp_data`. */
export const NUMBER = 0;
export const TOKEN = 4;

/** Offset of the lower or upper half of an argument (0 to 5) in `struct seccomp_data`. */
export function argumentOffset(index: number, half: 'low' | 'high', endian: 'little' | 'big'): number {
  return 16 + index * 8 + ((half === 'high') === (endian === 'little') ? 4 : 0);
}

/** `SECCOMP_RET_*` of `linux/seccomp.h`. */
const RETURNS: Readonly<Record<string, number>> = {
  SCMP_ACT_KILL_PROCESS: 0x80000000,
  SCMP_ACT_KILL_THREAD: 0,
  SCMP_ACT_TRAP: 0x00030000,
  SCMP_ACT_ERRNO: 0x00050000,
  SCMP_ACT_NOTIFY: 0x7fc00000,
  SCMP_ACT_TRACE: 0x7ff00000,
  SCMP_ACT_LOG: 0x7ffc0000,
  SCMP_ACT_ALLOW: 0x7fff0000,
};

const ACTIONS = new Map(Object.entries(RETURNS).map(([action, value]) => [value, action]));

/** What a filter returns for an outcome: the action with the errno or message in its lower half. */
export function returnValue({ action, errno = 0 }: Outcome): number {
  return ((RETURNS[action] ?? 0) | errno) >>> 0;
}

/** The outcome of a returned value; the kernel takes unknown actions for KILL_PROCESS (linux: `__seccomp_filter`). */
export function outcomeOfReturn(value: number): Outcome {
  const action = ACTIONS.get((value & 0xffff0000) >>> 0) ?? 'SCMP_ACT_KILL_PROCESS';
  const carries = action === 'SCMP_ACT_ERRNO' || action === 'SCMP_ACT_TRACE';
  return carries ? { action, errno: value & 0xffff } : { action };
}
