import type { Instruction, Program } from './program.ts';

/** Bytes of `struct sock_filter`. */
const SIZE = 8;

/** The program as an array of `struct sock_filter` in the given byte order, as `seccomp(2)` takes it. */
export function encode({ instructions }: Pick<Program, 'instructions'>, endian: 'little' | 'big'): Uint8Array {
  const little = endian === 'little';
  const bytes = new Uint8Array(instructions.length * SIZE);
  const view = new DataView(bytes.buffer);
  instructions.forEach(({ code, jt, jf, k }, index) => {
    const at = index * SIZE;
    view.setUint16(at, code, little);
    view.setUint8(at + 2, jt);
    view.setUint8(at + 3, jf);
    view.setUint32(at + 4, k, little);
  });
  return bytes;
}

/** Reads what {@link encode} or libseccomp's export wrote. Throws `RangeError` when it does not end with an instruction. */
export function decode(bytes: Uint8Array, endian: 'little' | 'big'): readonly Instruction[] {
  if (bytes.length % SIZE !== 0) throw new RangeError(`${bytes.length} bytes are no whole number of instructions`);
  const little = endian === 'little';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / SIZE }, (_, index) => {
    const at = index * SIZE;
    const [jt, jf] = [view.getUint8(at + 2), view.getUint8(at + 3)];
    return { code: view.getUint16(at, little), jt, jf, k: view.getUint32(at + 4, little) };
  });
}
