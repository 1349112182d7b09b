/** Programs of classic BPF: made from a policy, run, written, read and shown; and how large libseccomp's own is. */
export { type CompileOptions, type CompileProblem, compile, isProgram, type UnpredictableSyscall } from './compile.ts';
export { disassemble } from './disassemble.ts';
export { decode, encode } from './encode.ts';
export { type Estimate, estimate } from './estimate.ts';
export { callWords, interpret, type Run, run } from './interpret.ts';
export { type Instruction, LONGEST_PROGRAM, outcomeOfReturn, type Program, returnValue } from './program.ts';
