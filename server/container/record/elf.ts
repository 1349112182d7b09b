const MAGIC = 0x7f454c46;
const PT_INTERP = 3;

/** A 64-bit executable: how it is started. */
export interface Executable {
  /** Program that loads it and its libraries; absent for a static one. */
  readonly interpreter?: string;
}

/** Reads how a program is started; undefined for what is no little-endian ELF file of 64 bits (`man 5 elf`). */
export function readExecutable(data: Buffer): Executable | undefined {
  if (data.length < 64 || data.readUInt32BE(0) !== MAGIC || data[4] !== 2 || data[5] !== 1) return undefined;
  const [offset, size, count] = [Number(data.readBigUInt64LE(0x20)), data.readUInt16LE(0x36), data.readUInt16LE(0x38)];
  for (let i = 0, at = offset; i < count && at + 56 <= data.length; i++, at += size) {
    if (data.readUInt32LE(at) !== PT_INTERP) continue;
    const [from, length] = [Number(data.readBigUInt64LE(at + 8)), Number(data.readBigUInt64LE(at + 32))];
    return { interpreter: data.toString('utf8', from, from + length).replace(/\0.*$/s, '') };
  }
  return {};
}
