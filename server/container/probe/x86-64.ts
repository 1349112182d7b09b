import { assemble, jump, label, littleEndian, type Piece } from './assemble.ts';
import { EXIT, type Layout } from './layout.ts';

/** Like vfork, but with memory of its own: the parent waits until the child is gone, however it ends. */
const CLONE_VFORK_SIGCHLD = 0x4011;
const SYSCALL = [0x0f, 0x05];
const NR = { write: 1, clone: 56, exit: 60, exit_group: 231 };

const imm32 = (value: number) => littleEndian(value, 4);
/** Jumps hold the distance from the end of the instruction. */
const jmp = (target: string) => jump(target, 5, (d) => [0xe9, ...imm32(d - 5)]);
const jcc = (condition: number) => (target: string) =>
  jump(target, 6, (d) => [0x0f, 0x80 | condition, ...imm32(d - 6)]);
const [jae, je, jne, jns, jg] = [jcc(0x3), jcc(0x4), jcc(0x5), jcc(0x9), jcc(0xf)];

const movEax = (value: number) => [0xb8, ...imm32(value)];
const movEdi = (value: number) => [0xbf, ...imm32(value)];
const movEsi = (value: number) => [0xbe, ...imm32(value)];
const movEdx = (value: number) => [0xba, ...imm32(value)];

/** `probe [MODE START]`: r12 = index of the call, r13 = 1 when isolated. */
const readArguments: readonly Piece[] = [
  [0x48, 0x8b, 0x3c, 0x24], // mov rdi, [rsp]         argc
  [0x45, 0x31, 0xe4], // xor r12d, r12d
  [0x45, 0x31, 0xed], // xor r13d, r13d
  [0x48, 0x83, 0xff, 0x03], // cmp rdi, 3
  jne('loop'),
  [0x48, 0x8b, 0x74, 0x24, 0x10], // mov rsi, [rsp+16]  argv[1]
  [0x80, 0x3e, 0x69], // cmp byte [rsi], 'i'
  [0x41, 0x0f, 0x94, 0xc5], // sete r13b
  [0x48, 0x8b, 0x74, 0x24, 0x18], // mov rsi, [rsp+24]  argv[2]
  label('digit'),
  [0x0f, 0xb6, 0x06], // movzx eax, byte [rsi]
  [0x85, 0xc0], // test eax, eax
  je('loop'),
  [0x45, 0x6b, 0xe4, 0x0a], // imul r12d, r12d, 10
  [0x45, 0x8d, 0x64, 0x04, 0xd0], // lea r12d, [r12+rax-48]
  [0x48, 0xff, 0xc6], // inc rsi
  jmp('digit'),
];

/** rbx = entry of the call, r14 = 1 in a child. */
const nextCall = ({ count, table }: Layout): readonly Piece[] => [
  label('loop'),
  [0x41, 0x81, 0xfc, ...imm32(count)], // cmp r12d, count
  jae('done'),
  [0x4c, 0x89, 0xe3], // mov rbx, r12
  [0x48, 0xc1, 0xe3, 0x06], // shl rbx, 6
  [0x48, 0x81, 0xc3, ...imm32(table)], // add rbx, table
  [0x45, 0x31, 0xf6], // xor r14d, r14d
  [0x45, 0x85, 0xed], // test r13d, r13d
  je('call'),
  movEax(NR.clone),
  movEdi(CLONE_VFORK_SIGCHLD),
  [0x31, 0xf6], // xor esi, esi
  [0x31, 0xd2], // xor edx, edx
  [0x45, 0x31, 0xd2], // xor r10d, r10d
  [0x45, 0x31, 0xc0], // xor r8d, r8d
  SYSCALL,
  movEdi(EXIT.noChild),
  [0x48, 0x85, 0xc0], // test rax, rax
  jg('next'),
  jne('exit'),
  [0x41, 0xff, 0xc6], // inc r14d
];

const makeCall: readonly Piece[] = [
  label('call'),
  [0x48, 0x8b, 0x03], // mov rax, [rbx]
  [0x48, 0x8b, 0x7b, 0x08], // mov rdi, [rbx+8]
  [0x48, 0x8b, 0x73, 0x10], // mov rsi, [rbx+16]
  [0x48, 0x8b, 0x53, 0x18], // mov rdx, [rbx+24]
  [0x4c, 0x8b, 0x53, 0x20], // mov r10, [rbx+32]
  [0x4c, 0x8b, 0x43, 0x28], // mov r8, [rbx+40]
  [0x4c, 0x8b, 0x4b, 0x30], // mov r9, [rbx+48]
  SYSCALL,
];

/** Writes rax in decimal, backwards from the end of the line; rsi = line. */
const formatResult = ({ lineBytes }: Layout): readonly Piece[] => [
  [0x48, 0x8b, 0x73, 0x38], // mov rsi, [rbx+56]
  [0x48, 0x8d, 0xbe, ...imm32(lineBytes - 1)], // lea rdi, [rsi+lineBytes-1]
  [0x45, 0x31, 0xff], // xor r15d, r15d
  [0x48, 0x85, 0xc0], // test rax, rax
  jns('digits'),
  [0x48, 0xf7, 0xd8], // neg rax
  [0x41, 0xff, 0xc7], // inc r15d
  label('digits'),
  [0x31, 0xd2], // xor edx, edx
  [0xb9, ...imm32(10)], // mov ecx, 10
  [0x48, 0xf7, 0xf1], // div rcx
  [0x80, 0xc2, 0x30], // add dl, '0'
  [0x48, 0xff, 0xcf], // dec rdi
  [0x88, 0x17], // mov [rdi], dl
  [0x48, 0x85, 0xc0], // test rax, rax
  jne('digits'),
  [0x45, 0x85, 0xff], // test r15d, r15d
  je('print'),
  [0x48, 0xff, 0xcf], // dec rdi
  [0xc6, 0x07, 0x2d], // mov byte [rdi], '-'
];

const print = ({ lineBytes }: Layout): readonly Piece[] => [
  label('print'),
  movEax(NR.write),
  movEdi(1),
  movEdx(lineBytes),
  SYSCALL,
  [0x3d, ...imm32(lineBytes)], // cmp eax, lineBytes
  movEdi(EXIT.mute),
  jne('exit'),
  [0x31, 0xff], // xor edi, edi
  [0x45, 0x85, 0xf6], // test r14d, r14d
  jne('exit'),
  label('next'),
  [0x41, 0xff, 0xc4], // inc r12d
  jmp('loop'),
];

const finish = ({ endLine, lineBytes }: Layout): readonly Piece[] => [
  label('done'),
  movEax(NR.write),
  movEdi(1),
  movEsi(endLine),
  movEdx(lineBytes),
  SYSCALL,
  [0x31, 0xff], // xor edi, edi
  label('exit'),
  movEax(NR.exit_group),
  SYSCALL,
  movEax(NR.exit),
  SYSCALL,
  [0x0f, 0x0b], // ud2
];

/** The probe program for x86_64. Every register that it keeps is one that the kernel preserves. */
export const x86_64 = (layout: Layout): Uint8Array =>
  assemble([
    ...readArguments,
    ...nextCall(layout),
    ...makeCall,
    ...formatResult(layout),
    ...print(layout),
    ...finish(layout),
  ]);
