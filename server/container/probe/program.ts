import { aarch64 } from './aarch64.ts';
import { littleEndian } from './assemble.ts';
import { elf, HEADER_BYTES, SEGMENT_STEP, TEXT_ADDRESS } from './elf.ts';
import { ENTRY_BYTES, type Layout, type ProbeArch } from './layout.ts';
import { x86_64 } from './x86-64.ts';

/** An argument: a number (negative ones in two's complement), the address of a text, or of 4096 zero bytes. */
export type CallArgument = number | bigint | { readonly text: string } | 'scratch';

/** What an argument is that is not given: no address, no descriptor and no set of flags that a kernel takes. */
export const ORDINARY = -1;

/** One system call to make. */
export interface Call {
  /** What the output line says; no newline. */
  readonly label: string;
  readonly nr: number;
  /** At most six; the others are {@link ORDINARY}. */
  readonly args: readonly CallArgument[];
}

const RESULT_BYTES = 21;
const SCRATCH_BYTES = 4096;
const END = 'end';

const code: Record<ProbeArch, (layout: Layout) => Uint8Array> = { x86_64, aarch64 };

/**
 * A static ELF program that makes the calls in turn and writes `INDEX LABEL RESULT` after each, one line by one
 * `write`; the last line is `end`. A negative result is an errno. Called as `probe isolated|direct START` it starts at
 * index START (see {@link Layout} and {@link EXIT}).
 */
export function probeProgram(arch: ProbeArch, calls: readonly Call[]): Uint8Array {
  const lines = outputLines(calls);
  const lineBytes = lines[0]!.length;
  const texts = textPool(calls);
  const codeBytes = code[arch]({ count: calls.length, table: 0, endLine: 0, lineBytes }).length;
  const dataOffset = align(HEADER_BYTES + codeBytes, 16);
  const table = TEXT_ADDRESS + SEGMENT_STEP + dataOffset;
  const firstLine = table + calls.length * ENTRY_BYTES;
  const firstText = firstLine + lines.length * lineBytes;
  const scratch = align(firstText + texts.bytes.length, 16);
  const address = (argument: CallArgument) =>
    argument === 'scratch' ? scratch : typeof argument === 'object' ? firstText + texts.at(argument.text) : argument;
  const entries = calls.flatMap((call, i) =>
    [call.nr, ...sixArguments(call.args).map(address), firstLine + i * lineBytes].flatMap((w) => littleEndian(w, 8)),
  );
  const data = Buffer.concat([Uint8Array.from(entries), ...lines, texts.bytes]);
  const layout = { count: calls.length, table, endLine: firstLine + calls.length * lineBytes, lineBytes };
  return elf(arch, code[arch](layout), dataOffset, data, scratch - table - data.length + SCRATCH_BYTES);
}

/** What one line of the program's output says. */
export type Line =
  | { readonly kind: 'result'; readonly index: number; readonly value: bigint }
  | { readonly kind: 'end' };

/** Reads the output of {@link probeProgram}; a line that a kill cut short, or that is not the program's, is left out. */
export function readOutput(output: string): readonly Line[] {
  return output.split('\n').flatMap((line): Line[] => {
    if (line.trim() === END) return [{ kind: 'end' }];
    const match = /^ *(\d+) .* (-?\d+)$/.exec(line);
    return match ? [{ kind: 'result', index: Number(match[1]), value: BigInt(match[2]!) }] : [];
  });
}

function outputLines(calls: readonly Call[]): readonly Uint8Array[] {
  const width = Math.max(0, ...calls.map(({ label }) => Buffer.byteLength(label)));
  const digits = String(calls.length).length;
  const lines = calls.map(({ label }, i) => `${String(i).padStart(digits)} ${padded(label, width + RESULT_BYTES)}`);
  return [...lines, END.padEnd(digits + 1 + width + RESULT_BYTES)].map((line) => Buffer.from(`${line}\n`));
}

const padded = (text: string, bytes: number) => text + ' '.repeat(bytes - Buffer.byteLength(text));

function sixArguments(args: readonly CallArgument[]): readonly CallArgument[] {
  return Array.from({ length: 6 }, (_, i) => args[i] ?? ORDINARY);
}

/** Every text that an argument points to, each ended by a zero byte. */
function textPool(calls: readonly Call[]) {
  const places = new Map<string, number>();
  let pool = '';
  for (const argument of calls.flatMap((call) => call.args)) {
    if (typeof argument !== 'object' || places.has(argument.text)) continue;
    places.set(argument.text, Buffer.byteLength(pool));
    pool += `${argument.text}\0`;
  }
  return { bytes: Buffer.from(pool), at: (text: string) => places.get(text)! };
}

const align = (value: number, to: number) => Math.ceil(value / to) * to;
