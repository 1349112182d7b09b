import { type CompileProblem, compile, disassemble, encode, isProgram } from '../src/policy/bpf/index.ts';
import { Failure } from './failure.ts';
import { type Io, readSource, writeFile } from './io.ts';
import { type Arguments, textOf } from './options.ts';
import { load } from './profile.ts';
import { targetFrom } from './target.ts';
import { shortName } from './verdicts.ts';

export const COMPILE_OPTIONS = {
  output: { type: 'string', short: 'o' },
  disassemble: { type: 'boolean' },
} as const;

/** `compile FILE`: the program as bytes in the target's byte order, or in words. 1 where there is no program. */
export function compileCommand({ values, positionals }: Arguments, io: Io): number {
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0) throw new Failure('compile takes one FILE; - is standard input.');
  const output = textOf(values, 'output');
  const words = values.disassemble === true;
  if (!words && output === undefined && io.terminal)
    throw new Failure('A program is binary: write it to a file with --output, or read it with --disassemble.');
  const { policy } = load(readSource(file), targetFrom(values));
  const program = compile(policy);
  if (!isProgram(program)) throw new Failure(problemInWords(program), 1);
  const content = words ? disassemble(program).replace(/\n?$/, '\n') : encode(program, program.endian);
  if (output === undefined || output === '-') io.out(content);
  else writeFile(output, content);
  return 0;
}

function problemInWords(problem: CompileProblem): string | readonly string[] {
  switch (problem.kind) {
    case 'unpredictable':
      return [
        'There is no program with a certain meaning for this profile:',
        ...problem.syscalls.map(({ architecture, rules, why }) => {
          const names = [...new Set(rules.map(({ name }) => name.value))].join(', ');
          const positions = [...new Set(rules.map(({ source }) => source.rule.position + 1))].join(', ');
          return `  ${names} on ${shortName(architecture)} (rules ${positions}): ${why}`;
        }),
      ];
    case 'byte-order':
      return `One filter cannot hold architectures of different byte orders: ${problem.architectures.map(shortName).join(', ')}.`;
    case 'too-long':
      return `The program has ${problem.length} instructions; the kernel takes ${problem.limit}.`;
    case 'step-limit':
      return `The profile has more rules than are compiled (${problem.limit} steps).`;
  }
}
