import { closeSync, openSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { readError, readSome } from './io.ts';

/** The lines of a file without their ends, or of standard input for `-`; no more of it is held than a line and a block. */
export function* linesIn(path: string): Generator<string> {
  const file = path === '-' ? 0 : open(path);
  const decoder = new StringDecoder('utf8');
  let rest = '';
  try {
    for (const block of blocksOf(file, path)) {
      const [first = '', ...lines] = decoder.write(block).split('\n');
      lines.unshift(rest + first);
      rest = lines.pop()!;
      for (const line of lines) yield withoutReturn(line);
    }
    rest += decoder.end();
    if (rest !== '') yield withoutReturn(rest);
  } finally {
    if (file !== 0) closeSync(file);
  }
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw readError(path, error);
  }
}

function* blocksOf(file: number, path: string): Generator<Buffer> {
  const buffer = Buffer.alloc(1 << 20);
  try {
    for (let count = readSome(buffer, file); count > 0; count = readSome(buffer, file)) yield buffer.subarray(0, count);
  } catch (error) {
    throw readError(path, error);
  }
}
