import { type ArchTable, argumentsOn } from '../../src/catalog/index.ts';

/** Six arguments of a call, unsigned. */
export type CallValues = readonly bigint[];

/** Whether calls with these arguments leave the container, its results and the machine as they are. */
type IsHarmless = (args: CallValues) => boolean;

const int = (value: bigint | undefined): number => Number(BigInt.asIntN(32, value ?? 0n));
const CLONE = { VM: 0x100, FS: 0x200, SIGHAND: 0x800, THREAD: 0x10000, NEWNS: 0x20000 } as const;
const NO_PROCESS = 0x7fffffff;

/** Combinations that the kernel refuses, so that no child is made. Source: clone(2), EINVAL. */
function refusedByClone(flags: number): boolean {
  const has = (bit: number): boolean => (flags & bit) !== 0;
  return (
    (has(CLONE.SIGHAND) && !has(CLONE.VM)) ||
    (has(CLONE.THREAD) && !has(CLONE.SIGHAND)) ||
    (has(CLONE.NEWNS) && has(CLONE.FS))
  );
}

const noSignal = (value: bigint | undefined): boolean => int(value) === 0 || int(value) < 0 || int(value) > 64;
const isShort = (timeout: bigint | undefined): boolean => int(timeout) >= 0 && int(timeout) <= 10;

/** Calls that have an effect with some arguments, although the others are no addresses and no descriptors. */
const HARMLESS: ReadonlyMap<string, IsHarmless> = new Map<string, IsHarmless>([
  ['clone', ([flags]) => refusedByClone(int(flags))],
  ['kill', ([pid, signal]) => int(pid) === NO_PROCESS || noSignal(signal)],
  ['tkill', ([tid, signal]) => int(tid) <= 0 || noSignal(signal)],
  ['tgkill', ([group, tid, signal]) => int(group) <= 0 || int(tid) <= 0 || noSignal(signal)],
  ['close_range', ([first, last]) => int(first) > 2 || int(first) < 0 || Number(first) > Number(last)],
  ['poll', ([, count, timeout]) => int(count) !== 0 || isShort(timeout)],
  ['ppoll', ([, count, timeout]) => int(count) !== 0 || timeout !== 0n],
  ['select', ([count, , , , timeout]) => int(count) < 0 || timeout !== 0n],
  ['pselect6', ([count, , , , timeout]) => int(count) < 0 || timeout !== 0n],
  ['alarm', ([seconds]) => int(seconds) === 0 || int(seconds) < 0 || int(seconds) > 60],
  ['ptrace', ([request]) => request !== 0n],
  ['syslog', ([type]) => int(type) < 0 || int(type) > 10 || [0, 1, 3, 9, 10].includes(int(type))],
  ['acct', ([name]) => name !== 0n],
  ['kexec_load', ([, segments]) => segments !== 0n],
]);

/** What may be done with descriptors that are open in the probe: its input and output. */
const READS_DESCRIPTOR: ReadonlySet<string> = new Set(['read', 'write', 'ioctl', 'lseek', 'fstat']);

/** Whether a call can be made without an effect that outlasts it. */
export function isHarmless(name: string, args: CallValues, table: ArchTable): boolean {
  if (!READS_DESCRIPTOR.has(name) && usesOpenDescriptor(name, args, table)) return false;
  return HARMLESS.get(name)?.(args) ?? true;
}

function usesOpenDescriptor(name: string, args: CallValues, table: ArchTable): boolean {
  return (argumentsOn(name, table) ?? []).some(
    (argument, i) => /fd$|fildes/.test(argument.name) && int(args[i]) >= 0 && int(args[i]) <= 2,
  );
}

/** Other values than `value` that may make a call fail where it would have an effect. */
export function saferValues(name: string, index: number, value: bigint): readonly bigint[] {
  if (name !== 'clone' || index !== 0) return [];
  return [CLONE.SIGHAND, CLONE.THREAD, CLONE.NEWNS | CLONE.FS].map((bits) => value | BigInt(bits));
}
