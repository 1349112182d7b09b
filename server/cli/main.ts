import { CHECK_OPTIONS, checkCommand } from './check.ts';
import { COMPILE_OPTIONS, compileCommand } from './compile.ts';
import { DIFF_OPTIONS, diffCommand } from './diff.ts';
import { EXPLAIN_OPTIONS, explainCommand } from './explain.ts';
import { Failure } from './failure.ts';
import { HELP, USAGE } from './help.ts';
import { IMPORT_OPTIONS, importCommand } from './import.ts';
import type { Io } from './io.ts';
import { type Arguments, nearMiss, readArguments } from './options.ts';
import { printable } from './printable.ts';
import { RECORD_OPTIONS, recordCommandLine } from './record.ts';
import { repairCommand } from './repair.ts';
import { SEARCH_OPTIONS } from './search.ts';
import { TARGET_OPTIONS } from './target.ts';
import { TEST_OPTIONS, testCommand } from './test.ts';
import { tightenCommand } from './tighten.ts';
import { VERIFY_OPTIONS, verifyCommand } from './verify.ts';

interface Command {
  readonly options: Parameters<typeof readArguments>[1];
  /** Resolves early, with everything removed that was made, once `signal` is aborted. */
  run(args: Arguments, io: Io, version: string, signal: AbortSignal): Status;
}

/** The exit status, at once or when the command is done. */
export type Status = number | Promise<number>;

const COMMANDS: Readonly<Record<keyof typeof HELP, Command>> = {
  check: { options: CHECK_OPTIONS, run: checkCommand },
  explain: { options: EXPLAIN_OPTIONS, run: explainCommand },
  compile: { options: COMPILE_OPTIONS, run: compileCommand },
  diff: { options: DIFF_OPTIONS, run: diffCommand },
  verify: { options: VERIFY_OPTIONS, run: verifyCommand },
  test: { options: TEST_OPTIONS, run: testCommand },
  repair: { options: SEARCH_OPTIONS, run: repairCommand },
  tighten: { options: SEARCH_OPTIONS, run: tightenCommand },
  import: { options: IMPORT_OPTIONS, run: importCommand },
  record: { options: RECORD_OPTIONS, run: recordCommandLine },
};

/**
 * Runs the command line and gives the exit status: 0, 1 for a bad answer, 2 for wrong usage or unreadable input. Neither
 * throws nor rejects. Only commands that wait for other programs give a promise; `signal` interrupts those.
 */
export function main(args: readonly string[], io: Io, version: string, signal: AbortSignal): Status {
  try {
    const status = dispatch(args, io, version, signal);
    return typeof status === 'number' ? status : status.catch((error: unknown) => failed(error, io));
  } catch (error) {
    return failed(error, io);
  }
}

function failed(error: unknown, io: Io): number {
  const known = error instanceof Failure;
  io.err(`seccomp-profile: ${known ? error.message : printable(`this is a fault of the program: ${error}`)}\n`);
  return known ? error.status : 2;
}

function dispatch([first, ...rest]: readonly string[], io: Io, version: string, signal: AbortSignal): Status {
  if (first === undefined) {
    io.err(`${USAGE}\n`);
    return 2;
  }
  if (first === 'help' || first === '--help' || first === '-h') return say(io, USAGE);
  if (first === '--version') return say(io, version);
  const name = commandName(first);
  const command = COMMANDS[name];
  const args = readArguments(rest, { ...TARGET_OPTIONS, ...command.options });
  if (args.values.help === true) return say(io, HELP[name]);
  if (args.values.version === true) return say(io, version);
  return command.run(args, io, version, signal);
}

function say(io: Io, text: string): number {
  io.out(`${text}\n`);
  return 0;
}

function commandName(word: string): keyof typeof HELP {
  const names = Object.keys(COMMANDS) as (keyof typeof HELP)[];
  const name = names.find((known) => known === word);
  if (name) return name;
  const what = word.startsWith('-') ? `Unknown option ${word}.` : `Unknown command "${word}".`;
  throw new Failure(`${what}${nearMiss(word, names)} Commands are ${names.join(', ')}; --help says more.`);
}
