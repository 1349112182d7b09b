import { architecture } from '../../catalog/index.ts';
import type { Call } from '../evaluate.ts';
import { compareWord } from './graph.ts';
import { CODE, type Comparison, type Instruction, type Program } from './program.ts';

/** A run of a program. */
export interface Run {
  /** What the filter returned, unsigned. */
  readonly value: number;
  /** Instructions executed. */
  readonly steps: number;
}

const COMPARISONS = new Map<number, Comparison>([
  [CODE.jeq, 'jeq'],
  [CODE.jgt, 'jgt'],
  [CODE.jge, 'jge'],
  [CODE.jset, 'jset'],
]);

/**
 * The value that the program returns for a call, unsigned (`SECCOMP_RET_*` with its data). Throws `RangeError` for an
 * unknown architecture or instruction, a load outside of the call's data and a jump out of the program.
 */
export function interpret(program: Program, call: Call): number {
  return run(program, callWords(call, program.endian)).value;
}

/** Like `interpret`, with the number of instructions that it took; the words are those of {@link callWords}. */
export function run({ instructions }: Pick<Program, 'instructions'>, words: Uint32Array): Run {
  let accumulator = 0;
  let steps = 0;
  for (let at = 0; at < instructions.length; at++) {
    const instruction = instructions[at]!;
    steps++;
    switch (instruction.code) {
      case CODE.ret:
        return { value: instruction.k, steps };
      case CODE.load:
        accumulator = load(words, instruction.k);
        break;
      case CODE.and:
        accumulator = (accumulator & instruction.k) >>> 0;
        break;
      case CODE.jump:
        at += instruction.k;
        break;
      default:
        at += taken(instruction, accumulator);
    }
  }
  throw new RangeError('the program runs past its end');
}

function taken({ code, jt, jf, k }: Instruction, accumulator: number): number {
  const comparison = COMPARISONS.get(code);
  if (!comparison) throw new RangeError(`unknown instruction 0x${code.toString(16)}`);
  return compareWord(comparison, accumulator, k) ? jt : jf;
}

function load(words: Uint32Array, offset: number): number {
  const word = offset % 4 === 0 ? words[offset / 4] : undefined;
  if (word === undefined) throw new RangeError(`load of offset ${offset}, outside of the call's data`);
  return word;
}

/** A call as the kernel of that byte order lays it out, `struct seccomp_data` in words; the instruction pointer is 0. */
export function callWords(call: Call, endian: 'little' | 'big'): Uint32Array {
  const arch = architecture(call.architecture);
  if (!arch) throw new RangeError(`unknown architecture ${call.architecture}`);
  const words = new Uint32Array(16);
  words[0] = call.number;
  words[1] = arch.token;
  const high = endian === 'little' ? 1 : 0;
  call.args.forEach((value, index) => {
    words[4 + index * 2 + high] = Number((value >> 32n) & 0xffffffffn);
    words[5 + index * 2 - high] = Number(value & 0xffffffffn);
  });
  return words;
}
