import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';

/** In front of the code: its checksum, and as much again, since V8 copies what is not aligned. */
const HEADER = 8;

/** How many files stay in a folder. A release of Node or of an editor has its own, six at most, and they come and go. */
const MOST = 18;

/** Code that was kept in a file; `undefined` where there is none that is whole. V8 itself ends the process over damaged code. */
export function readCode(file: string): Buffer | undefined {
  try {
    const bytes = readFileSync(file);
    const code = bytes.subarray(HEADER);
    return bytes.readUInt32LE() === crc32(code) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps code in a file, of which others see all or nothing. Where nothing can be written, nothing is kept. */
export function keepCode(file: string, code: Buffer): void {
  const header = Buffer.alloc(HEADER);
  header.writeUInt32LE(crc32(code));
  const unfinished = `${file}.${process.pid}`;
  try {
    // for nobody else to write, whatever the mask: what is in here is run
    mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
    writeFileSync(unfinished, Buffer.concat([header, code]), { mode: 0o644 });
    renameSync(unfinished, file);
    tidy(dirname(file));
  } catch {
    remove(unfinished);
  }
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // it was never made
  }
}

/** Removes the oldest files of a folder. */
function tidy(folder: string): void {
  const files = readdirSync(folder).map((name) => join(folder, name));
  const byAge = files.map((file) => ({ file, time: statSync(file).mtimeMs })).sort((a, b) => b.time - a.time);
  for (const { file } of byAge.slice(MOST)) remove(file);
}
