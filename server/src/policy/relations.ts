import type { LoadedRule, Test } from './load.ts';

const EQUALITY: ReadonlySet<string> = new Set(['SCMP_CMP_EQ', 'SCMP_CMP_MASKED_EQ']);
const ORDERED: ReadonlySet<string> = new Set(['SCMP_CMP_LT', 'SCMP_CMP_LE', 'SCMP_CMP_GE', 'SCMP_CMP_GT']);

/** EQ and MASKED_EQ: tests that name what they want. */
export function isEquality(test: Test): boolean {
  return EQUALITY.has(test.op);
}

/** LT, LE, GE and GT. */
export function isOrdered(test: Test): boolean {
  return ORDERED.has(test.op);
}

const SORTED = new WeakMap<LoadedRule, readonly Test[]>();

/** The tests of a rule in the order in which libseccomp chains them (libseccomp: `src/db.c`): lowest argument first. */
export function chainOf(rule: LoadedRule): readonly Test[] {
  const known = SORTED.get(rule) ?? [...rule.tests].sort((a, b) => a.index - b.index);
  SORTED.set(rule, known);
  return known;
}

export function sameTest(a: Test, b: Test): boolean {
  return a.index === b.index && a.op === b.op && a.value === b.value && a.datum === b.datum;
}

const OPPOSITES: Readonly<Record<string, string>> = {
  SCMP_CMP_EQ: 'SCMP_CMP_NE',
  SCMP_CMP_NE: 'SCMP_CMP_EQ',
  SCMP_CMP_LT: 'SCMP_CMP_GE',
  SCMP_CMP_GE: 'SCMP_CMP_LT',
  SCMP_CMP_LE: 'SCMP_CMP_GT',
  SCMP_CMP_GT: 'SCMP_CMP_LE',
};

/** One holds exactly when the other fails. */
export function opposite(a: Test, b: Test): boolean {
  return a.index === b.index && a.value === b.value && oppositeOf(a.op) === b.op;
}

/** The operator that holds exactly when another fails; MASKED_EQ has none. */
export function oppositeOf(op: string): string | undefined {
  return OPPOSITES[op];
}

/** Where the chain of the second rule starts inside that of the first, after its beginning; undefined where it does not. */
export function inside(longer: LoadedRule, shorter: LoadedRule): number | undefined {
  const at = chainOf(longer).findIndex((test) => test.index === chainOf(shorter)[0]!.index);
  return at > 0 ? at : undefined;
}

/**
 * Numbers the beginnings of chains, shortest first: two chains share the numbers of the tests with which both begin, so that the
 * last number of one is among those of another where it is the beginning of that, or all of it.
 */
export function beginningsOf(): (rule: LoadedRule) => readonly number[] {
  const number = numbering();
  return (rule) => {
    let at = 0;
    return chainOf(rule).map(({ index, op, value, datum }) => {
      at = number(`${at} ${index} ${op} ${value} ${datum}`);
      return at;
    });
  };
}

/** Numbers texts from 1, equal ones alike. */
export function numbering(): (text: string) => number {
  const numbers = new Map<string, number>();
  return (text) => {
    const number = numbers.get(text) ?? numbers.size + 1;
    numbers.set(text, number);
    return number;
  };
}

/** Every pair of rules, the earlier one first. */
export function* pairs(rules: readonly LoadedRule[]): Iterable<readonly [LoadedRule, LoadedRule]> {
  for (let i = 0; i < rules.length; i++) for (let j = i + 1; j < rules.length; j++) yield [rules[i]!, rules[j]!];
}

/** No value of an argument passes both tests. */
export function exclude(a: Test, b: Test): boolean {
  if (a.index !== b.index) return false;
  const left = bitsOf(a);
  const right = bitsOf(b);
  if (left && right) {
    const common = left.mask & right.mask;
    return (left.datum & common) !== (right.datum & common);
  }
  const x = rangeOf(a);
  const y = rangeOf(b);
  if (x && y) return x.high < y.low || y.high < x.low;
  return (a.op === 'SCMP_CMP_NE' && isValue(b, a.value)) || (b.op === 'SCMP_CMP_NE' && isValue(a, b.value));
}

function isValue(test: Test, value: bigint): boolean {
  return test.op === 'SCMP_CMP_EQ' && test.value === value;
}

function bitsOf(test: Test): { readonly mask: bigint; readonly datum: bigint } | undefined {
  if (test.op === 'SCMP_CMP_EQ') return { mask: 0xffffffffffffffffn, datum: test.value };
  return test.op === 'SCMP_CMP_MASKED_EQ' ? { mask: test.value, datum: test.datum } : undefined;
}

/** The interval that a test admits, inclusive; an empty one has `high < low`. */
export function rangeOf(test: Test): { readonly low: bigint; readonly high: bigint } | undefined {
  const top = 0xffffffffffffffffn;
  switch (test.op) {
    case 'SCMP_CMP_EQ':
      return { low: test.value, high: test.value };
    case 'SCMP_CMP_LT':
      return { low: 0n, high: test.value - 1n };
    case 'SCMP_CMP_LE':
      return { low: 0n, high: test.value };
    case 'SCMP_CMP_GE':
      return { low: test.value, high: top };
    case 'SCMP_CMP_GT':
      return { low: test.value + 1n, high: top };
    default:
      return undefined;
  }
}
