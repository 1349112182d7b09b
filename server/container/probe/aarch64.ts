import { assemble, jump, label, littleEndian, type Piece } from './assemble.ts';
import { EXIT, type Layout } from './layout.ts';

/** Like vfork, but with memory of its own: the parent waits until the child is gone, however it ends. */
const CLONE_VFORK_SIGCHLD = 0x4011;
const NR = { write: 64, exit: 93, exit_group: 94, clone: 220 };
const SP = 31;

/** One instruction: fields or-ed into the opcode (Arm Architecture Reference Manual, A64). */
const word = (opcode: number, ...fields: readonly number[]) =>
  littleEndian(
    fields.reduce((all, field) => all | BigInt(field), BigInt(opcode)),
    4,
  );

const movz = (d: number, value: number) => word(0xd2800000, (value & 0xffff) * 32, d);
const movk = (d: number, value: number) => word(0xf2a00000, (value >>> 16) * 32, d);
const load32 = (d: number, value: number) => [...movz(d, value), ...movk(d, value)];
const movRegister = (d: number, m: number) => word(0xaa0003e0, m * 0x10000, d);
const negate = (d: number, m: number) => word(0xcb0003e0, m * 0x10000, d);
const addImmediate = (d: number, n: number, value: number) => word(0x91000000, value * 1024, n * 32, d);
const subImmediate = (d: number, n: number, value: number) => word(0xd1000000, value * 1024, n * 32, d);
const addShifted = (d: number, n: number, m: number, shift: number) =>
  word(0x8b000000, m * 0x10000, shift * 1024, n * 32, d);
const multiplyAdd = (d: number, n: number, m: number, a: number) => word(0x9b000000, m * 0x10000, a * 1024, n * 32, d);
const multiplySubtract = (d: number, n: number, m: number, a: number) =>
  word(0x9b008000, m * 0x10000, a * 1024, n * 32, d);
const divide = (d: number, n: number, m: number) => word(0x9ac00800, m * 0x10000, n * 32, d);
const compareImmediate = (n: number, value: number) => word(0xf100001f, value * 1024, n * 32);
const compareRegister = (n: number, m: number) => word(0xeb00001f, m * 0x10000, n * 32);
const setIfEqual = (d: number) => word(0x1a9f17e0, d);
const load = (t: number, n: number, offset: number) => word(0xf9400000, (offset / 8) * 1024, n * 32, t);
const loadByte = (t: number, n: number) => word(0x39400000, n * 32, t);
/** ldrb w, [x], #1 */
const loadByteThenStep = (t: number, n: number) => word(0x38401400, n * 32, t);
/** strb w, [x, #-1]! */
const stepBackThenStoreByte = (t: number, n: number) => word(0x381ffc00, n * 32, t);
const SUPERVISOR_CALL = word(0xd4000001);
const BREAK = word(0xd4200000);

const offset = (distance: number, bits: number) => (distance / 4) & (2 ** bits - 1);
const b = (target: string) => jump(target, 4, (d) => word(0x14000000, offset(d, 26)));
const bIf = (condition: number) => (target: string) =>
  jump(target, 4, (d) => word(0x54000000, offset(d, 19) * 32, condition));
const [bNe, bHs, bGe, bGt] = [bIf(1), bIf(2), bIf(10), bIf(12)];
const cbz = (t: number, target: string) => jump(target, 4, (d) => word(0xb4000000, offset(d, 19) * 32, t));
const cbnz = (t: number, target: string) => jump(target, 4, (d) => word(0xb5000000, offset(d, 19) * 32, t));

const call = (nr: number) => [...movz(8, nr), ...SUPERVISOR_CALL];

/** `probe [MODE START]`: x19 = index of the call, x20 = 1 when isolated. */
const readArguments: readonly Piece[] = [
  load(0, SP, 0), // argc
  movz(19, 0),
  movz(20, 0),
  compareImmediate(0, 3),
  bNe('loop'),
  load(1, SP, 16), // argv[1]
  loadByte(2, 1),
  compareImmediate(2, 0x69), // 'i'
  setIfEqual(20),
  load(1, SP, 24), // argv[2]
  movz(3, 10),
  label('digit'),
  loadByteThenStep(2, 1),
  cbz(2, 'loop'),
  subImmediate(2, 2, 0x30),
  multiplyAdd(19, 19, 3, 2),
  b('digit'),
];

/** x21 = entry of the call, x22 = 1 in a child, x24 = exit status. */
const nextCall = ({ count, table }: Layout): readonly Piece[] => [
  label('loop'),
  load32(3, count),
  compareRegister(19, 3),
  bHs('done'),
  load32(21, table),
  addShifted(21, 21, 19, 6),
  movz(22, 0),
  cbz(20, 'call'),
  movz(0, CLONE_VFORK_SIGCHLD),
  ...[1, 2, 3, 4].map((register) => movz(register, 0)),
  call(NR.clone),
  movz(24, EXIT.noChild),
  compareImmediate(0, 0),
  bGt('next'),
  bNe('exit'),
  movz(22, 1),
];

const makeCall: readonly Piece[] = [
  label('call'),
  load(8, 21, 0),
  ...[0, 1, 2, 3, 4, 5].map((register) => load(register, 21, 8 + 8 * register)),
  SUPERVISOR_CALL,
];

/** Writes x0 in decimal, backwards from the end of the line; x1 = line. */
const formatResult = ({ lineBytes }: Layout): readonly Piece[] => [
  load(1, 21, 56),
  addImmediate(2, 1, lineBytes - 1),
  movz(23, 0),
  compareImmediate(0, 0),
  bGe('digits'),
  negate(0, 0),
  movz(23, 1),
  label('digits'),
  movz(3, 10),
  divide(4, 0, 3),
  multiplySubtract(5, 4, 3, 0),
  addImmediate(5, 5, 0x30),
  stepBackThenStoreByte(5, 2),
  movRegister(0, 4),
  cbnz(0, 'digits'),
  cbz(23, 'print'),
  movz(5, 0x2d), // '-'
  stepBackThenStoreByte(5, 2),
];

const print = ({ lineBytes }: Layout): readonly Piece[] => [
  label('print'),
  movz(0, 1),
  movz(2, lineBytes),
  call(NR.write),
  compareImmediate(0, lineBytes),
  movz(24, EXIT.mute),
  bNe('exit'),
  movz(24, 0),
  cbnz(22, 'exit'),
  label('next'),
  addImmediate(19, 19, 1),
  b('loop'),
];

const finish = ({ endLine, lineBytes }: Layout): readonly Piece[] => [
  label('done'),
  movz(0, 1),
  load32(1, endLine),
  movz(2, lineBytes),
  call(NR.write),
  movz(24, 0),
  label('exit'),
  movRegister(0, 24),
  call(NR.exit_group),
  movRegister(0, 24),
  call(NR.exit),
  BREAK,
];

/** The probe program for aarch64. A system call leaves every register but x0 as it was. */
export const aarch64 = (layout: Layout): Uint8Array =>
  assemble([
    ...readArguments,
    ...nextCall(layout),
    ...makeCall,
    ...formatResult(layout),
    ...print(layout),
    ...finish(layout),
  ]);
