import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Call } from '../../server/src/policy/evaluate.ts';
import { ensurePrograms } from '../debian.ts';

/** One filter as a runtime builds it, and the calls to ask it about. Numbers are those of libseccomp's header. */
export interface Build {
  /** libseccomp's level of optimisation: 1, or 2 for a binary tree. */
  readonly optimize: 1 | 2;
  /** Short name, `x86_64`. */
  readonly host: string;
  readonly defaultAction: number;
  readonly architectures: readonly string[];
  readonly rules: readonly BuildRule[];
  readonly calls: readonly Call[];
}

export interface BuildRule {
  readonly action: number;
  readonly name: string;
  readonly conditions: readonly BuildCondition[];
}

export interface BuildCondition {
  readonly index: number;
  /** `enum scmp_compare`. */
  readonly operator: number;
  readonly a: bigint;
  readonly b: bigint;
}

/** What libseccomp made of a build. */
export type Built =
  /** One action for each call, as the filter returns it, and the length of the program. */
  | { readonly kind: 'ok'; readonly length: number; readonly verdicts: readonly number[] }
  /** The step that failed (`init`, `arch`, `rule`, `export`) and the errno. */
  | { readonly kind: 'error'; readonly step: string; readonly errno: number }
  /** The build did not end within the limit. */
  | { readonly kind: 'timeout' };

/** A running driver: answers come in the order of the questions. */
export interface Driver {
  build(build: Build): Promise<Built>;
  /** The number that libseccomp has for a name on an architecture; undefined for none, and for a pseudo number. */
  resolve(arch: string, name: string): Promise<number | undefined>;
  /** The name that libseccomp has for a number on an architecture; undefined for none. */
  nameOf(arch: string, number: number): Promise<string | undefined>;
  /** Whether libseccomp knows a name on any architecture. */
  knows(name: string): Promise<boolean>;
  /** libseccomp's release, `2.5.4`. */
  version(): Promise<string>;
  close(): void;
}

const SOURCE = path.resolve('test', 'differential', 'driver.c');

const COMPILER = { gcc: 'gcc', '/usr/include/stdio.h': 'libc6-dev' };

/**
 * Compiles the driver into a folder, against the machine's libseccomp or with the flags in `SECCOMP_FLAGS`. Throws with
 * instructions when the compiler or the header is missing and cannot be installed.
 */
export async function compileDriver(folder: string): Promise<string> {
  const program = path.join(folder, 'driver');
  const given = process.env.SECCOMP_FLAGS?.split(' ');
  const needed = given ? COMPILER : { ...COMPILER, '/usr/include/seccomp.h': 'libseccomp-dev' };
  const packages = Object.values(needed).join(' ');
  await ensurePrograms(needed, `The differential tests need a C compiler and libseccomp: apt-get install ${packages}`);
  const flags = given ?? ['-lseccomp'];
  await promisify(execFile)('gcc', ['-O2', '-Wall', '-Wextra', '-o', program, SOURCE, ...flags]);
  return program;
}

/** Starts a compiled driver with a time limit for each build, in milliseconds of processor time. */
export function startDriver(program: string, limit = 1000): Driver {
  const child = spawn(program, [String(limit)]);
  const waiting: { readonly done: (line: string) => void; readonly fail: (error: Error) => void }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.done(line));
  child.on('close', (code) => {
    for (const { fail } of waiting.splice(0)) fail(new Error(`the driver ended with ${code}`));
  });
  const ask = (text: string): Promise<string> =>
    new Promise((done, fail) => {
      waiting.push({ done, fail });
      write(child, text);
    });
  return {
    build: async (build) => readBuilt(await ask(printBuild(build))),
    resolve: async (arch, name) => {
      const answer = await ask(`R ${arch} ${name}\n`);
      return answer === 'none' ? undefined : Number(answer);
    },
    nameOf: async (arch, number) => {
      const answer = await ask(`M ${arch} ${number}\n`);
      return answer === 'none' ? undefined : answer;
    },
    knows: async (name) => (await ask(`K ${name}\n`)) === 'yes',
    version: () => ask('V \n'),
    close: () => child.stdin.end(),
  };
}

function write(child: ChildProcessWithoutNullStreams, text: string): void {
  child.stdin.write(text);
}

function printBuild({ optimize, host, defaultAction, architectures, rules, calls }: Build): string {
  const hex = (value: number | bigint): string => value.toString(16);
  const lines = [`B ${optimize}`, `H ${host}`, `I ${hex(defaultAction)}`, ...architectures.map((arch) => `A ${arch}`)];
  for (const { action, name, conditions } of rules) {
    const words = conditions.flatMap(({ index, operator, a, b }) => [hex(index), hex(operator), hex(a), hex(b)]);
    lines.push(['P', hex(action), name, conditions.length, ...words].join(' '));
  }
  for (const { architecture, number, args } of calls)
    lines.push(`Q ${shortName(architecture)} ${hex(number)} ${args.map(hex).join(' ')}`);
  return `${lines.join('\n')}\nE \n`;
}

/** `x86_64` for `SCMP_ARCH_X86_64`, as libseccomp's `seccomp_arch_resolve_name` takes it. */
export function shortName(architecture: string): string {
  return architecture.replace(/^SCMP_ARCH_/, '').toLowerCase();
}

function readBuilt(line: string): Built {
  const [kind, ...words] = line.split(' ');
  if (kind === 'ok')
    return { kind, length: Number(words[0]), verdicts: words.slice(1).map((word) => Number.parseInt(word, 16)) };
  if (kind === 'error') return { kind, step: words[0]!, errno: Number(words[1]) };
  if (kind === 'timeout') return { kind };
  throw new Error(`the driver answered: ${line}`);
}
