import { littleEndian } from './assemble.ts';
import type { ProbeArch } from './layout.ts';

const ELF_HEADER = 64;
const PROGRAM_HEADER = 56;
/** ELF header, two segments and the note that the stack is not executable. */
export const HEADER_BYTES = ELF_HEADER + 3 * PROGRAM_HEADER;
export const TEXT_ADDRESS = 0x400000;
/** Distance in memory between the segments: the largest page size of the architectures (64 KB on arm64). */
export const SEGMENT_STEP = 0x10000;

const MACHINE: Record<ProbeArch, number> = { x86_64: 62, aarch64: 183 };
const FLAG = { execute: 1, write: 2, read: 4 };
const TYPE = { load: 1, gnuStack: 0x6474e551 };

/**
 * A static executable: headers and code in one read-only segment, data in a writable one at `dataOffset` of the file,
 * followed in memory by `zeroBytes` zeros. Source of the format: elf(5).
 */
export function elf(
  arch: ProbeArch,
  code: Uint8Array,
  dataOffset: number,
  data: Uint8Array,
  zeroBytes: number,
): Uint8Array {
  const textBytes = HEADER_BYTES + code.length;
  const headers = [
    ...fileHeader(arch),
    ...segment(TYPE.load, FLAG.read | FLAG.execute, 0, TEXT_ADDRESS, textBytes, textBytes),
    ...segment(
      TYPE.load,
      FLAG.read | FLAG.write,
      dataOffset,
      TEXT_ADDRESS + SEGMENT_STEP + dataOffset,
      data.length,
      data.length + zeroBytes,
    ),
    ...segment(TYPE.gnuStack, FLAG.read | FLAG.write, 0, 0, 0, 0),
  ];
  return Buffer.concat([Uint8Array.from(headers), code, new Uint8Array(dataOffset - textBytes), data]);
}

function fileHeader(arch: ProbeArch): number[] {
  return [
    ...[0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], // 64 bits, little-endian, version 1, System V
    ...littleEndian(2, 2), // an executable at fixed addresses
    ...littleEndian(MACHINE[arch], 2),
    ...littleEndian(1, 4),
    ...littleEndian(TEXT_ADDRESS + HEADER_BYTES, 8), // entry
    ...littleEndian(ELF_HEADER, 8), // program headers
    ...littleEndian(0, 8), // no section headers
    ...littleEndian(0, 4),
    ...[ELF_HEADER, PROGRAM_HEADER, 3, 64, 0, 0].flatMap((value) => littleEndian(value, 2)),
  ];
}

function segment(type: number, flags: number, offset: number, address: number, fileBytes: number, memory: number) {
  const words = [offset, address, address, fileBytes, memory, type === TYPE.load ? SEGMENT_STEP : 16];
  return [...littleEndian(type, 4), ...littleEndian(flags, 4), ...words.flatMap((value) => littleEndian(value, 8))];
}
