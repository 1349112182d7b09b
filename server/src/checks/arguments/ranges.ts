import type { Test } from '../../policy/load.ts';
import { MASKED, MAX_64 } from './conditions.ts';

/** Arguments from `low` to `high`, both included, as unsigned 64-bit numbers. */
export interface Range {
  readonly low: bigint;
  readonly high: bigint;
}

const ALL: readonly Range[] = [{ low: 0n, high: MAX_64 }];

/** The arguments for which a test holds, in ascending order; undefined for a mask, which selects no ranges. */
export function rangesOf({ op, value }: Test): readonly Range[] | undefined {
  switch (op) {
    case 'SCMP_CMP_EQ':
      return range(value, value);
    case 'SCMP_CMP_NE':
      return [...range(0n, value - 1n), ...range(value + 1n, MAX_64)];
    case 'SCMP_CMP_LT':
      return range(0n, value - 1n);
    case 'SCMP_CMP_LE':
      return range(0n, value);
    case 'SCMP_CMP_GE':
      return range(value, MAX_64);
    case 'SCMP_CMP_GT':
      return range(value + 1n, MAX_64);
    default:
      return value === 0n ? ALL : undefined;
  }
}

function range(low: bigint, high: bigint): readonly Range[] {
  return low <= high ? [{ low, high }] : [];
}

/** Whether at least one of the tests, all on one argument, holds for every value; false where masks hide it. */
export function coverAll(tests: readonly Test[]): boolean {
  const sorted = tests.flatMap((test) => rangesOf(test) ?? []).sort((a, b) => (a.low < b.low ? -1 : 1));
  let next = 0n;
  for (const { low, high } of sorted) {
    if (low > next) return false;
    if (high >= next) next = high + 1n;
  }
  return next > MAX_64;
}

/** The values for which all tests on one argument hold; undefined where a mask is among them. */
export function intersection(tests: readonly Test[]): readonly Range[] | undefined {
  let result = ALL;
  for (const test of tests) {
    const ranges = rangesOf(test);
    if (!ranges) return undefined;
    result = result.flatMap((a) => ranges.flatMap((b) => range(max(a.low, b.low), min(a.high, b.high))));
  }
  return result;
}

/** Whether one value can pass both tests of an argument; true where a mask and a range cannot be told apart cheaply. */
export function compatible(a: Test, b: Test): boolean {
  if (a.op === MASKED && b.op === MASKED) return (a.value & b.value & (a.datum ^ b.datum)) === 0n;
  if (a.op === MASKED) return b.op !== 'SCMP_CMP_EQ' || (b.value & a.value) === a.datum;
  if (b.op === MASKED) return compatible(b, a);
  return intersection([a, b])?.length !== 0;
}

/** Whether one call can pass both lists of tests. */
export function overlap(a: readonly Test[], b: readonly Test[]): boolean {
  return a.every((left) => b.every((right) => left.index !== right.index || compatible(left, right)));
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
