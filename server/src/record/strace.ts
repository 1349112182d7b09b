import type { Architecture } from '../catalog/index.ts';
import { knownArguments, splitArguments } from '../policy/strace.ts';
import { catalogueName } from './names.ts';
import {
  type ArgumentValues,
  NO_CALL,
  type ReaderOptions,
  type Reading,
  type RecordedCall,
  type TraceReader,
  understood,
} from './recording.ts';
import { followModes, type Modes } from './strace-modes.ts';
import { type Prefixed, readPrefix } from './strace-prefix.ts';
import { summaryReader } from './strace-summary.ts';
import { onlyValued, valuedArgument } from './valued.ts';

/** The first half of a call that another process interrupted in the trace. */
interface Half {
  readonly name: string;
  readonly text: string;
  readonly number: number | undefined;
}

interface State {
  readonly modes: Modes;
  /** By process; undefined where the trace does not name it. */
  readonly halves: Map<number | undefined, Half>;
  /** The processes that began a call, by its name, the last one at the end; some have gone on since. */
  readonly owners: Map<string, (number | undefined)[]>;
  /** The line before has no end: something else was written to the same terminal. */
  broken: (Half & { readonly process: number | undefined }) | undefined;
  /** Calls of which no end was found. */
  readonly lost: RecordedCall[];
}

/**
 * Reads what strace prints, in all of its forms: `-f`, `-ff`, `-o`, `-t`, `-tt`, `-ttt`, `-r`, `-T`, `-i`, `-n`, `-k`, `-y`,
 * `-Y`, `-c`, `-C`, calls that were interrupted, signals, ends, and changes of the mode (`man 1 strace`).
 */
export function straceReader({ architecture, pid }: ReaderOptions): TraceReader {
  const state: State = {
    modes: followModes(architecture, pid),
    halves: new Map(),
    owners: new Map(),
    broken: undefined,
    lost: [],
  };
  const summary = summaryReader(architecture);
  return {
    read: (line) => rejoin(line, state) ?? summary(line) ?? remark(line, state.modes) ?? readCall(line, state),
    end() {
      for (const [process, half] of state.halves) lose(half, process, state);
      if (state.broken) lose(state.broken, state.broken.process, state);
      state.halves.clear();
      state.owners.clear();
      state.broken = undefined;
      return state.lost.splice(0);
    },
  };
}

/** The end of a call whose begin stands on the line before. */
const TAIL = /^[^()]*\)\s*= (?:\?|-?\d|0x)/;

/** Puts the halves of a broken line together, where this is the second. */
function rejoin(line: string, state: State): Reading | undefined {
  const { broken } = state;
  if (!broken) return undefined;
  state.broken = undefined;
  if (TAIL.test(line)) return callOf(broken, broken.process, state, line);
  if (/^\s*<unfinished \.\.\.>\s*$/.test(line)) return keepHalf(broken, broken.process, state);
  lose(broken, broken.process, state);
  return undefined;
}

/** Counts a call of which no end was found: it was made all the same. */
function lose(half: Half, process: number | undefined, state: State): void {
  const reading = callOf(half, process, state, '');
  if (reading.kind === 'understood') state.lost.push(...reading.calls);
}

function keepHalf(half: Half, process: number | undefined, state: State): Reading {
  const before = state.halves.get(process);
  if (before) lose(before, process, state);
  state.halves.set(process, half);
  const owners = state.owners.get(half.name) ?? [];
  state.owners.set(half.name, owners);
  owners.push(process);
  return NO_CALL;
}

const REMARKS = [
  /^\s*$/,
  /^(?:\S*\/)?strace: /,
  /^Process \d+ (?:attached|detached|suspended|resumed)\b/,
  // a frame of -k
  /^ > \S/,
];

/** Lines about the trace itself. */
function remark(line: string, modes: Modes): Reading | undefined {
  const mode = /^\s*\[ Process PID=(\d+) runs in (.+) mode\. \]\s*$/.exec(line);
  if (mode) modes.change(Number(mode[1]), mode[2]!);
  return mode || REMARKS.some((pattern) => pattern.test(line)) ? NO_CALL : undefined;
}

function readCall(line: string, state: State): Reading | undefined {
  const prefixed = readPrefix(line);
  const { rest } = prefixed;
  if (/^(?:---|\+\+\+) .* (?:---|\+\+\+)\s*$/.test(rest)) return event(prefixed, state);
  const resumed = /^<\.\.\. (\w+|\?+) resumed>/.exec(rest);
  if (resumed) return resume(resumed[1]!, rest.slice(resumed[0].length), prefixed, state);
  const name = /^([A-Za-z_]\w*)\(/.exec(rest)?.[1];
  if (name) return begin(name, prefixed, state);
  return /^\?+\(/.test(rest) ? { kind: 'unknown', why: 'strace could not read which syscall it was' } : undefined;
}

/** A signal, or the end of a process. */
function event({ pid, rest }: Prefixed, { modes }: State): Reading {
  const process = modes.processOf(pid);
  if (/^\+\+\+ (?:exited|killed)/.test(rest)) modes.ended(process);
  return NO_CALL;
}

const UNFINISHED = / ?<unfinished \.\.\.>\s*$/;
/** strace's own message in the middle of the call that made the process. */
const ATTACHED = /strace: Process \d+ attached\s*$/;

function begin(name: string, { pid, number, rest }: Prefixed, state: State): Reading {
  const process = state.modes.processOf(pid);
  if (!catalogueName(name, state.modes.architectureOf(process, name, number))) return noSyscall(name);
  const half = { name, text: rest.replace(UNFINISHED, '').replace(ATTACHED, ''), number };
  if (UNFINISHED.test(rest)) return keepHalf(half, process, state);
  if (argumentsIn(name, half.text)) return callOf(half, process, state, '');
  state.broken = { ...half, process };
  return NO_CALL;
}

function resume(name: string, tail: string, { pid, number }: Prefixed, state: State): Reading {
  const process = state.modes.processOf(pid);
  const owner = state.halves.get(process)?.name === name ? process : ownerOf(name, state);
  const half = state.halves.get(owner);
  // without its begin the positions of the arguments are not known
  if (half?.name !== name) return callOf({ name, text: `${name}(`, number }, process, state, ') = ?');
  state.halves.delete(owner);
  return callOf(half, owner ?? process, state, tail);
}

/** The last process that began such a call, where the line does not say which resumes it. */
function ownerOf(name: string, { halves, owners }: State): number | undefined {
  const began = owners.get(name) ?? [];
  while (began.length > 0 && halves.get(began.at(-1))?.name !== name) began.pop();
  return began.at(-1);
}

function callOf(half: Half, pid: number | undefined, state: State, tail: string): Reading {
  const text = half.text + tail;
  const architecture = state.modes.architectureOf(pid, half.name, half.number);
  const name = catalogueName(half.name, architecture);
  if (!name) return noSyscall(half.name);
  const parts = argumentsIn(half.name, text);
  if (parts && !RESULT.test(text))
    return { kind: 'unknown', why: `${name} is not called as strace prints it: "= " is missing` };
  const args = parts ? valuesIn(name, parts, architecture) : [];
  return understood({ name, architecture, args, count: 1, failed: hasFailed(text), pid });
}

/** Most calls have no argument that matters: their arguments need not be read. */
function valuesIn(name: string, parts: readonly string[], architecture: Architecture): ArgumentValues {
  if (!valuedArgument(name, architecture)) return [];
  return onlyValued(name, architecture, knownArguments(name, parts, architecture));
}

const noSyscall = (name: string): Reading => ({ kind: 'unknown', why: `"${name}" is not a syscall` });

/** The arguments up to the bracket that closes the call; undefined where there is none. */
const argumentsIn = (name: string, text: string): readonly string[] | undefined =>
  splitArguments(withoutPath(text.slice(name.length + 1)));

/** A process can end, or strace let go of it, before the result is known. */
const RESULT = /\)\s*= (?:\?|-?\d|0x)|<(?:unfinished|detached) \.\.\.>/;
/** The text of a call may hold what looks like a result: the last one counts. */
const LAST_RESULT = /^.*\)\s*= (.*)$/s;

/** An interrupted call that is made again (ERESTARTSYS) has `?` for a result. */
const hasFailed = (text: string): boolean => /^-1 (?:E[A-Z0-9]+\b|\(errno)/.test(LAST_RESULT.exec(text)?.[1] ?? '');

/** `-y` puts the file of a descriptor behind it, whose name may hold commas and brackets. */
const withoutPath = (args: string): string => args.replace(/^(-?\d+|AT_FDCWD)<.*?>(?=[,)])/, '$1');
