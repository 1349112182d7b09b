const BLOCK = 512;

/** A regular file in a tar archive. */
export interface TarFile {
  /** Path inside the archive, at most 100 bytes, without a leading slash. */
  readonly name: string;
  /** Permission bits. */
  readonly mode: number;
  readonly data: Uint8Array;
}

/** A POSIX.1-1988 (ustar) archive with the same bytes for the same files: owner root, time 0. */
export function tar(files: readonly TarFile[]): Uint8Array {
  return Buffer.concat([...files.flatMap((file) => [header(file), padded(file.data)]), new Uint8Array(2 * BLOCK)]);
}

function header({ name, mode, data }: TarFile): Uint8Array {
  const block = Buffer.alloc(BLOCK);
  if (Buffer.byteLength(name) > 100) throw new Error(`Name too long for a tar archive: ${name}`);
  block.write(name, 0);
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108); // owner
  block.write(octal(0, 7), 116); // group
  block.write(octal(data.length, 11), 124);
  block.write(octal(0, 11), 136); // time
  block.write(' '.repeat(8), 148); // the sum is taken with blanks in its own place
  block.write('0', 156); // a regular file
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}

const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0');

function padded(data: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(data.length / BLOCK) * BLOCK);
  whole.set(data);
  return whole;
}
