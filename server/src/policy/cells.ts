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
/** How often a test may be looked at for one division: far above what any real profile needs, some tenths of a second. */
const MOST_LOOKS = 2_000_000;
const NO_ARGS: readonly bigint[] = [0n, 0n, 0n, 0n, 0n, 0n];

/** What is left of the time that something may take, in looks at a test. Several divisions can share one. */
export interface Budget {
  looks: number;
}

/** For all the divisions that one question about a policy takes. */
export function sharedBudget(): Budget {
  return { looks: 5 * MOST_LOOKS };
}

/**
 * Divides the space of six arguments by what the clauses say, exactly: argument by argument, keeping only which clauses
 * are still alive. The cost grows with the number of regions, not with the number of values.
 */
export function regionsOf(
  clauses: readonly Clause[],
  bits: 32 | 64,
  prune: Prune = (alive) => alive,
  budget: Budget = { looks: MOST_LOOKS },
): Regions {
  const start = clauses.flatMap(({ tests }, i) => (tests.every((t) => t.index < 6 || holds(t, 0n)) ? [i] : []));
  let list: readonly Region[] = [{ args: NO_ARGS, holding: prune(start, -1) }];
  let complete = true;
  for (let index = 0; index < 6; index++) {
    const division = divide(clauses, list, index, bits, prune, budget);
    complete &&= division.complete;
    list = division.list;
  }
  return { list, complete };
}

/** Divides regions by what the clauses ask of one argument. */
function divide(
  clauses: readonly Clause[],
  regions: readonly Region[],
  index: number,
  bits: 32 | 64,
  prune: Prune,
  budget: Budget,
): Regions {
  const tests = clauses.map((clause) => clause.tests.filter((test) => test.index === index));
  // no clause ends at an argument that none asks for, so that there is nothing to prune either
  if (tests.every(({ length }) => length === 0)) return { list: regions, complete: true };
  const valuesFor = valuesOf(tests, bits, budget);
  const next: Region[] = [];
  const add = adder(next);
  let complete = true;
  // one region there is whatever is left, and those that there are are real
  const isEnough = (): boolean => next.length > 0 && (budget.looks <= 0 || next.length > MOST_REGIONS);
  for (const { args, holding } of regions) {
    if (isEnough()) break;
    const values = valuesFor(holding);
    complete &&= values.complete;
    for (const value of values.list) {
      if (isEnough()) break;
      budget.looks -= holding.length;
      const alive = holding.filter((clause) => tests[clause]!.every((test) => holds(test, value)));
      add({ args: args.with(index, value), holding: prune(alive, index) });
    }
  }
  complete &&= !isEnough();
  return { list: next.slice(0, MOST_REGIONS), complete };
}

/** Adds regions to a list, one for each set of clauses. A text as key would cost many times what the division does. */
function adder(list: Region[]): (region: Region) => void {
  const known = new Map<number, Region[]>();
  return (region) => {
    const { holding } = region;
    const hash = holding.reduce((sum, clause) => (Math.imul(sum, 31) + clause) | 0, holding.length);
    const alike = known.get(hash) ?? [];
    if (alike.some((other) => areEqual(other.holding, holding))) return;
    known.set(hash, alike);
    alike.push(region);
    list.push(region);
  };
}

function areEqual(some: readonly number[], others: readonly number[]): boolean {
  return some.length === others.length && some.every((each, i) => each === others[i]);
}

/** Values to try of an argument by the clauses that are alive; many regions ask for those of the same tests. */
function valuesOf(
  tests: readonly (readonly Test[])[],
  bits: 32 | 64,
  budget: Budget,
): (holding: readonly number[]) => Cells {
  const known = new Map<string, Cells>();
  return (holding) => {
    const asking = holding.filter((clause) => tests[clause]!.length > 0);
    if (asking.length === 0) return ANY;
    const key = asking.join();
    const cells =
      known.get(key) ??
      cellsOf(
        asking.flatMap((clause) => tests[clause]!),
        bits,
        MOST_CELLS,
        budget,
      );
    known.set(key, cells);
    return cells;
  };
}

const ANY: Cells = { list: [0n], complete: true };

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
  /** Equal for prefixes that no question tells apart. */
  readonly key: string;
  readonly value: bigint;
  readonly open: readonly number[];
  readonly less: readonly number[];
}

const ALL = 0xffffffffffffffffn;

/**
 * Walks down the bits of the value, highest first, and keeps one prefix for each state of all tests. Exact for every
 * operator and mask; with equalities and inequalities alone there are about as many states as tests.
 */
export function cellsOf(
  tests: readonly Test[],
  bits: 32 | 64,
  most = MOST_CELLS,
  budget: Budget = { looks: MOST_LOOKS },
): Cells {
  const questions = questionsOf(tests);
  budget.looks -= tests.length;
  let prefixes: readonly Prefix[] = [{ key: '', value: 0n, open: questions.map((_, i) => i), less: [] }];
  let complete = true;
  for (let bit = bits - 1; bit >= 0; bit--) {
    const next = new Map<string, Prefix>();
    for (const prefix of prefixes) {
      // with nothing more to look at each prefix is a value already, its other bits clear
      const longer = budget.looks > 0 ? extend(prefix, questions, 1n << BigInt(bit), budget) : [prefix];
      for (const each of longer) if (!next.has(each.key)) next.set(each.key, each);
    }
    complete &&= next.size <= most && budget.looks > 0;
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
function extend(prefix: Prefix, questions: readonly Question[], bit: bigint, budget: Budget): readonly Prefix[] {
  const looked = prefix.open.some((i) => (questions[i]!.mask & bit) !== 0n);
  if (!looked) return [prefix];
  budget.looks -= prefix.open.length + prefix.less.length;
  return [answer(prefix, questions, bit, false), answer(prefix, questions, bit, true)];
}

function answer(prefix: Prefix, questions: readonly Question[], bit: bigint, set: boolean): Prefix {
  const open: number[] = [];
  const more: number[] = [];
  for (const i of prefix.open) {
    const { kind, mask, value } = questions[i]!;
    const wanted = (value & bit) !== 0n;
    if ((mask & bit) === 0n || wanted === set) open.push(i);
    else if (kind === 'less' && wanted) more.push(i);
  }
  const less = more.length === 0 ? prefix.less : [...prefix.less, ...more].sort((a, b) => a - b);
  return { key: `${open.join()}|${less.join()}`, value: set ? prefix.value | bit : prefix.value, open, less };
}
