import { type Architecture, errnoByNumber, nameOf } from '../../catalog/index.ts';
import { hex, outcomeInWords } from '../words.ts';
import { CODE, type Instruction, NUMBER, outcomeOfReturn, type Program, TOKEN } from './program.ts';

/** What is known where an instruction starts, whichever way led there. */
interface State {
  /** Offset of the word in the accumulator; undefined when none or not always the same. */
  readonly word: number | undefined;
  /** The tokens that calls can have here. */
  readonly tokens: ReadonlySet<number>;
  /** x32 numbers, where only such can come or none can. */
  readonly x32: boolean | undefined;
}

const X32_BIT = 0x40000000;
const COMPARISONS: Readonly<Record<number, string>> = {
  [CODE.jeq]: '=',
  [CODE.jgt]: '>',
  [CODE.jge]: '≥',
  [CODE.jset]: '&',
};

/**
 * The program in words, one instruction a line, with line numbers as jumps count them. Names of architectures, syscalls,
 * actions and errors stand behind `;`. Takes any program of libseccomp's too; an unknown instruction shows as its code.
 */
export function disassemble(program: Program): string {
  const states = statesOf(program);
  const width = String(program.instructions.length - 1).length;
  const lines = program.instructions.map((instruction, at) => {
    const { text, comment } = describe(program, instruction, at, states[at]);
    return `${String(at).padStart(width)}: ${comment ? `${text.padEnd(44)} ; ${comment}` : text}`;
  });
  return `${lines.join('\n')}\n`;
}

interface Line {
  readonly text: string;
  readonly comment: string;
}

function describe(program: Program, { code, jt, jf, k }: Instruction, at: number, state: State | undefined): Line {
  switch (code) {
    case CODE.load:
      return { text: `load ${wordName(k, program.endian)}`, comment: '' };
    case CODE.and:
      return { text: `and ${hex(BigInt(k))}`, comment: '' };
    case CODE.jump:
      return { text: `go to ${at + 1 + k}`, comment: '' };
    case CODE.ret:
      return { text: `return ${hex(BigInt(k))}`, comment: returned(k) };
  }
  const comparison = COMPARISONS[code];
  if (!comparison) return { text: `instruction ${hex(BigInt(code))} ${jt} ${jf} ${hex(BigInt(k))}`, comment: '' };
  const number = state?.word === NUMBER && comparison !== '&' ? String(k) : hex(BigInt(k));
  const text = `if ${comparison} ${number} go to ${at + 1 + jt} else ${at + 1 + jf}`;
  return { text, comment: state ? operandName(program, state, k) : '' };
}

function wordName(offset: number, endian: 'little' | 'big'): string {
  if (offset === NUMBER) return 'number';
  if (offset === TOKEN) return 'architecture';
  if (offset % 4 !== 0 || offset < 16 || offset >= 64) return `offset ${offset}`;
  const upper = (offset % 8 === 4) === (endian === 'little');
  return `${upper ? 'upper' : 'lower'} half of argument ${Math.floor((offset - 16) / 8)}`;
}

function returned(value: number): string {
  const outcome = outcomeOfReturn(value);
  const words = outcomeInWords(outcome);
  const { errno } = outcome;
  if (outcome.action !== 'SCMP_ACT_ERRNO') return words;
  return errno !== undefined && errno > 0 && errnoByNumber(errno) ? words : `${words} (${value & 0xffff})`;
}

function operandName({ architectures }: Program, { word, tokens, x32 }: State, k: number): string {
  if (word === TOKEN)
    return [...new Set(architectures.filter((arch) => arch.token === k).map(({ name }) => name))].join(', ');
  if (word !== NUMBER) return '';
  if (k === X32_BIT) return 'x32 from here on';
  const arch = onlyArchitecture(architectures, tokens, k >= X32_BIT || x32 === true);
  return (arch && nameOf(k, arch.table)) ?? '';
}

function onlyArchitecture(
  architectures: readonly Architecture[],
  tokens: ReadonlySet<number>,
  x32: boolean,
): Architecture | undefined {
  if (tokens.size !== 1) return undefined;
  const [token] = tokens;
  const candidates = architectures.filter((arch) => arch.token === token);
  return candidates.find((arch) => candidates.length === 1 || (arch.table === 'x32') === x32);
}

/** Jumps only lead forward, so that one pass knows all ways to an instruction before it reads it. */
function statesOf({ instructions, architectures }: Program): readonly (State | undefined)[] {
  const states: (State | undefined)[] = [];
  const reach = (at: number, state: State): void => {
    const old = states[at];
    states[at] = old ? merge(old, state) : state;
  };
  const all = new Set([...architectures.map((arch) => arch.token), FOREIGN]);
  reach(0, { word: undefined, tokens: all, x32: undefined });
  instructions.forEach((instruction, at) => {
    const state = states[at];
    if (!state) return;
    for (const [target, after] of successors(instruction, at, state)) reach(target, after);
  });
  return states;
}

/** Stands for all tokens that the program does not name. */
const FOREIGN = -1;

function* successors({ code, jt, jf, k }: Instruction, at: number, state: State): Iterable<readonly [number, State]> {
  if (code === CODE.ret) return;
  if (code === CODE.jump) yield [at + 1 + k, state];
  else if (code === CODE.load) yield [at + 1, { ...state, word: k }];
  else if (code === CODE.and) yield [at + 1, state];
  else {
    yield [at + 1 + jt, narrowed(state, code, k, true)];
    yield [at + 1 + jf, narrowed(state, code, k, false)];
  }
}

function narrowed(state: State, code: number, k: number, held: boolean): State {
  if (state.word === TOKEN && code === CODE.jeq)
    return { ...state, tokens: new Set([...state.tokens].filter((token) => (token === k) === held)) };
  const splits = state.word === NUMBER && code === CODE.jge && k === X32_BIT;
  return splits ? { ...state, x32: held } : state;
}

function merge(a: State, b: State): State {
  return {
    word: a.word === b.word ? a.word : undefined,
    tokens: new Set([...a.tokens, ...b.tokens]),
    x32: a.x32 === b.x32 ? a.x32 : undefined,
  };
}
