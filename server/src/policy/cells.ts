import { holds, type Test } from './load.ts';

/** A list of tests that all must hold, as a rule has it. */
export interface Clause {
  readonly tests: readonly Test[];
}

/** All calls for which the same clauses hold, told by one of them. */
export interface Region {
  /** Six arguments; the smallest values that will do. */
  readonly args: readonly bigint[];
  /** Positions of the clauses that hold, ascending. */
  readonly holding: readonly number[];
}

export interface Regions {
  readonly list: readonly Region[];
  /** False when there were too many to enumerate: every region of the list is real, but some are missing. */
  readonly complete: boolean;
}

/** Says which of the clauses that still may hold matter, once the arguments up to `index` are decided. */
export type Prune = (alive: readonly number[], index: number) => readonly number[];

const MOST_REGIONS = 5000;
/** For one argument. */
const MOST_CELLS = 1024;
/** For all regions together: a bound on the time, far above what any real profile needs. */
const MOST_WORK = 10_000;
const NO_ARGS: readonly bigint[] = [0n, 0n, 0n, 0n, 0n, 0n];

/**
 * Divides the space of six arguments by what the clauses say, exactly: argument by argument, keeping only which clauses
 * are still alive. The cost grows with the number of regions, not with the number of values.
 */
export function regionsOf(clauses: readonly Clause[], bits: 32 | 64, prune: Prune = (alive) => alive): Regions {
  const start = clauses.flatMap(({ tests }, i) => (tests.every((t) => t.index < 6 || holds(t, 0n)) ? [i] : []));
  let list: readonly Region[] = [{ args: NO_ARGS, holding: prune(start, -1) }];
  let complete = true;
  let work = MOST_WORK;
  for (let index = 0; index < 6; index++) {
    const next = new Map<string, Region>();
    for (const region of list) {
      const values = valuesFor(clauses, region, index, bits, work);
      complete &&= values.complete;
      work -= values.list.length - 1;
      for (const value of values.list) {
        const refined = refine(clauses, region, index, value, prune);
        const key = refined.holding.join();
        if (!next.has(key)) next.set(key, refined);
      }
    }
    complete &&= next.size <= MOST_REGIONS;
    list = [...next.values()].slice(0, MOST_REGIONS);
  }
  return { list, complete };
}

function testsAt(clause: Clause, index: number): readonly Test[] {
  return clause.tests.filter((test) => test.index === index);
}

function valuesFor(clauses: readonly Clause[], { holding }: Region, index: number, bits: 32 | 64, work: number): Cells {
  const tests = holding.flatMap((i) => testsAt(clauses[i]!, index));
  if (tests.length === 0) return { list: [0n], complete: true };
  return cellsOf(tests, bits, Math.max(1, Math.min(MOST_CELLS, work)));
}

function refine(clauses: readonly Clause[], region: Region, index: number, value: bigint, prune: Prune): Region {
  const alive = region.holding.filter((i) => testsAt(clauses[i]!, index).every((test) => holds(test, value)));
  return { args: region.args.with(index, value), holding: prune(alive, index) };
}

/** Values of one argument: the smallest for each combination of answers that the tests can give, and few others. */
export interface Cells {
  readonly list: readonly bigint[];
  readonly complete: boolean;
}

/** What a comparison looks at, whichever way it then answers: `≥` asks the same as `<`, `≠` the same as `=`. */
interface Question {
  readonly kind: 'bits' | 'less';
  readonly mask: bigint;
  readonly value: bigint;
}

/** A prefix of a value, and what the questions know of it: those still open and those answered by "less". */
interface Prefix {
  readonly value: bigint;
  readonly open: readonly number[];
  readonly less: readonly number[];
}

const ALL = 0xffffffffffffffffn;

/**
 * Walks down the bits of the value, highest first, and keeps one prefix for each state of all tests. Exact for every
 * operator and mask; with equalities and inequalities alone there are about as many states as tests.
 */
export function cellsOf(tests: readonly Test[], bits: 32 | 64, most = MOST_CELLS): Cells {
  const questions = questionsOf(tests);
  let prefixes: readonly Prefix[] = [{ value: 0n, open: questions.map((_, i) => i), less: [] }];
  let complete = true;
  for (let bit = bits - 1; bit >= 0; bit--) {
    const next = new Map<string, Prefix>();
    for (const prefix of prefixes)
      for (const longer of extend(prefix, questions, 1n << BigInt(bit))) {
        const key = `${longer.open.join()}|${longer.less.join()}`;
        if (!next.has(key)) next.set(key, longer);
      }
    complete &&= next.size <= most;
    prefixes = [...next.values()].slice(0, most);
  }
  return { list: prefixes.map(({ value }) => value), complete };
}

function questionsOf(tests: readonly Test[]): readonly Question[] {
  const found = new Map<string, Question>();
  for (const test of tests)
    for (const question of asked(test)) found.set(`${question.kind} ${question.mask} ${question.value}`, question);
  return [...found.values()];
}

/** `≤` and `>` tell apart what is less than the value, equal to it, and more. */
function asked({ op, value, datum }: Test): readonly Question[] {
  const equal: Question = { kind: 'bits', mask: ALL, value };
  const less: Question = { kind: 'less', mask: ALL, value };
  switch (op) {
    case 'SCMP_CMP_MASKED_EQ':
      return [{ kind: 'bits', mask: value, value: datum }];
    case 'SCMP_CMP_LT':
    case 'SCMP_CMP_GE':
      return [less];
    case 'SCMP_CMP_LE':
    case 'SCMP_CMP_GT':
      return [less, equal];
    default:
      return [equal];
  }
}

/** The prefix with the next bit clear and set; only clear where no open question looks at it. */
function extend(prefix: Prefix, questions: readonly Question[], bit: bigint): readonly Prefix[] {
  const looked = prefix.open.some((i) => (questions[i]!.mask & bit) !== 0n);
  if (!looked) return [prefix];
  return [answer(prefix, questions, bit, false), answer(prefix, questions, bit, true)];
}

function answer(prefix: Prefix, questions: readonly Question[], bit: bigint, set: boolean): Prefix {
  const open: number[] = [];
  const less: number[] = [...prefix.less];
  for (const i of prefix.open) {
    const { kind, mask, value } = questions[i]!;
    const wanted = (value & bit) !== 0n;
    if ((mask & bit) === 0n || wanted === set) open.push(i);
    else if (kind === 'less' && wanted) less.push(i);
  }
  return { value: set ? prefix.value | bit : prefix.value, open, less: less.sort((a, b) => a - b) };
}
