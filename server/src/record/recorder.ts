import { type Architecture, numberOn } from '../catalog/index.ts';
import { auditReader } from './audit.ts';
import { perfReader } from './perf.ts';
import {
  type ArgumentValues,
  byText,
  MOST_UNKNOWN,
  type ReaderOptions,
  type Reading,
  type RecordedCall,
  type RecordedSyscall,
  type Recording,
  type SourceTotals,
  type TraceReader,
  type UnknownLine,
} from './recording.ts';
import { straceReader } from './strace.ts';
import { sysdigReader } from './sysdig.ts';

const READERS = { strace: straceReader, audit: auditReader, perf: perfReader, sysdig: sysdigReader } as const;

/** What wrote a trace. With `auto` each line is read by the first that knows its form. */
export type TraceFormat = 'auto' | keyof typeof READERS;

export const TRACE_FORMATS: readonly TraceFormat[] = ['auto', 'strace', 'audit', 'perf', 'sysdig'];

export interface RecorderOptions {
  readonly format: TraceFormat;
  /** Of the machine that was traced, where the trace does not tell. */
  readonly architecture: Architecture;
  /** Only calls of these processes; of all where it is absent. */
  readonly pids?: ReadonlySet<number> | undefined;
  /** Leaves calls out that failed each time. */
  readonly onlySucceeded?: boolean | undefined;
}

/** Takes traces line by line; what it holds grows with the syscalls that were made, not with the lines. */
export interface Recorder {
  /** Reads a whole file. The name says in reports where an unknown line stands. */
  add(name: string, lines: Iterable<string>): void;
  result(): Recording;
}

/** Distinct values of one argument beyond which no condition is worth having. */
const MOST_VARIANTS = 64;
const MOST_TEXT = 200;

interface Tally {
  readonly name: string;
  readonly architecture: Architecture;
  calls: number;
  failed: number;
  /** Undefined where there were too many, or one that is not known. */
  variants: Map<string, ArgumentValues> | undefined;
}

interface Book {
  readonly options: RecorderOptions;
  readonly tallies: Map<string, Tally>;
  readonly sources: SourceTotals[];
  readonly unknown: UnknownLine[];
  otherProcesses: number;
}

/** Begins a recording. */
export function startRecording(options: RecorderOptions): Recorder {
  const book: Book = { options, tallies: new Map(), sources: [], unknown: [], otherProcesses: 0 };
  return { add: (name, lines) => readFile(book, name, lines), result: () => resultOf(book) };
}

function readFile(book: Book, name: string, lines: Iterable<string>): void {
  const readers = readersFor(book.options, name);
  let [count, unknown, calls] = [0, 0, 0];
  for (const line of lines) {
    count++;
    const reading = read(readers, line);
    if (reading.kind === 'understood') calls += take(book, reading.calls);
    else {
      unknown++;
      keep(book, {
        source: name,
        line: count,
        text: line.slice(0, MOST_TEXT),
        ...(reading.why && { why: reading.why }),
      });
    }
  }
  for (const reader of readers) calls += take(book, reader.end());
  book.sources.push({ name, lines: count, understood: count - unknown, unknown, calls });
}

/** `strace -ff -o trace` gives each process a file of its own: `trace.123`. */
function readersFor({ format, architecture }: RecorderOptions, name: string): readonly TraceReader[] {
  const pid = /\.(\d+)$/.exec(name)?.[1];
  const options: ReaderOptions = { architecture, ...(pid && { pid: Number(pid) }) };
  const formats = format === 'auto' ? (Object.keys(READERS) as (keyof typeof READERS)[]) : [format];
  return formats.map((each) => READERS[each](options));
}

function read(
  readers: readonly TraceReader[],
  line: string,
): Reading | { readonly kind: 'unknown'; readonly why?: string } {
  for (const reader of readers) {
    const reading = reader.read(line);
    if (reading) return reading;
  }
  return { kind: 'unknown' };
}

function keep({ unknown }: Book, line: UnknownLine): void {
  if (unknown.length < MOST_UNKNOWN) unknown.push(line);
}

function take(book: Book, calls: readonly RecordedCall[]): number {
  const { pids } = book.options;
  let taken = 0;
  for (const call of calls) {
    if (pids && (call.pid === undefined || !pids.has(call.pid))) book.otherProcesses += call.count;
    else taken += call.count;
    if (!pids || (call.pid !== undefined && pids.has(call.pid))) count(book, call);
  }
  return taken;
}

function count({ tallies, options }: Book, { name, architecture, args, count: calls, failed }: RecordedCall): void {
  const key = `${name} ${architecture.name}`;
  const tally = tallies.get(key) ?? { name, architecture, calls: 0, failed: 0, variants: new Map() };
  tallies.set(key, tally);
  tally.calls += calls;
  if (failed) tally.failed += calls;
  if (failed && options.onlySucceeded) return;
  const values = args.join();
  if (values === '') tally.variants = undefined;
  else tally.variants?.set(values, args);
  if (tally.variants && tally.variants.size > MOST_VARIANTS) tally.variants = undefined;
}

function resultOf({ options, tallies, sources, unknown, otherProcesses }: Book): Recording {
  const all = [...tallies.values()];
  const wanted = options.onlySucceeded ? all.filter(({ calls, failed }) => calls > failed) : all;
  const failures = options.onlySucceeded ? all.reduce((sum, { failed }) => sum + failed, 0) : 0;
  return {
    syscalls: wanted.map(syscallOf).sort(byName),
    sources,
    unknown,
    leftOut: otherProcesses + failures,
  };
}

function syscallOf({ name, architecture, calls, failed, variants }: Tally): RecordedSyscall {
  const sorted = [...(variants?.entries() ?? [])].sort(([a], [b]) => byText(a, b)).map(([, args]) => args);
  return { name, architecture, calls, failed, variants: sorted.length > 0 ? sorted : [[]] };
}

const byName = (a: RecordedSyscall, b: RecordedSyscall): number =>
  byText(a.name, b.name) || byText(a.architecture.name, b.architecture.name);

/** The number of a recorded syscall on its architecture; undefined where the tracer's name has none there. */
export const numberOf = ({ name, architecture }: RecordedSyscall): number | undefined =>
  numberOn(name, architecture.table);
