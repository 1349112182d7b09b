import assert from 'node:assert/strict';
import { clashOf } from '../../../server/src/policy/clash.ts';
import type { LoadedRule, Test } from '../../../server/src/policy/load.ts';
import { inTestOrder } from '../../../server/src/policy/order.ts';
import { nested, unpredictable, unreliable } from '../../../server/src/policy/predictable.ts';
import { chainOf, inside, opposite, pairs, sameTest } from '../../../server/src/policy/relations.ts';
import { sameOutcome } from '../../../server/src/policy/resolve.ts';
import { Chance } from './generate.ts';
import { policy } from './harness.ts';

const OPERATORS = ['NE', 'LT', 'LE', 'EQ', 'EQ', 'GE', 'GT', 'MASKED_EQ', 'MASKED_EQ'];
const VALUES = [0, 1, 2, 5, 8, 240, 0xffffffff, 2 ** 32, 2 ** 32 + 1, 2 ** 40];

function condition(chance: Chance, index: number, operators: readonly string[], values: readonly number[]): object {
  const op = `SCMP_CMP_${chance.pick(operators)}`;
  return { index, op, value: chance.pick(values), valueTwo: op.endsWith('MASKED_EQ') ? chance.pick(values) : 0 };
}

/** The conditional rules of one syscall in a generated profile. */
function rules(chance: Chance, operators = OPERATORS, values = VALUES): readonly LoadedRule[] {
  const syscalls = Array.from({ length: 2 + chance.below(6) }, () => {
    const first = chance.below(4);
    const args = Array.from({ length: 1 + chance.below(3) }, (_, i) => condition(chance, first + i, operators, values));
    return { names: ['personality'], action: 'SCMP_ACT_ERRNO', errnoRet: 1 + chance.below(3), args };
  });
  return policy({ defaultAction: 'SCMP_ACT_ALLOW', syscalls }).native.syscalls.get(135)!.conditional;
}

interface Step {
  readonly place: number;
  readonly rank: number;
  readonly kind: string;
  readonly datum: bigint;
  readonly mask: bigint;
}

/** The comparisons of a rule, written out anew: upper half first on 64 bits. */
function steps({ tests }: LoadedRule, bits: 32 | 64): readonly Step[] {
  return [...tests]
    .sort((a, b) => a.index - b.index)
    .flatMap(({ index, op, value, datum }) =>
      (bits === 64 ? [1, 0] : [0]).map((upper) => {
        const half = (number: bigint): bigint => (number >> BigInt(32 * upper)) & 0xffffffffn;
        const masked = op === 'SCMP_CMP_MASKED_EQ';
        const rank = /_(G[ET])$/.test(op) ? 1 : /_(L[ET])$/.test(op) ? 2 : 3;
        return {
          place: index * 2 + upper,
          rank,
          kind: op === 'SCMP_CMP_NE' ? 'SCMP_CMP_EQ' : op,
          datum: half(masked ? datum : value),
          mask: masked ? half(value) : 0xffffffffn,
        };
      }),
    );
}

function compareSteps(a: Step, b: Step): number {
  if (a.place !== b.place || a.rank !== b.rank) return b.place - a.place || b.rank - a.rank;
  return a.datum === b.datum ? 0 : a.datum < b.datum === (a.rank === 2) ? -1 : 1;
}

interface Branch {
  readonly step: Step | undefined;
  readonly ends: LoadedRule[];
  readonly branches: Branch[];
}

const same = (a: Step, b: Step): boolean =>
  a.place === b.place && a.kind === b.kind && a.datum === b.datum && a.mask === b.mask;

/** Puts each rule into the tree by looking at one branch after the other. */
function orderOneByOne(list: readonly LoadedRule[], bits: 32 | 64): readonly LoadedRule[] {
  const root: Branch = { step: undefined, ends: [], branches: [] };
  for (const rule of list) {
    let level = root;
    for (const step of steps(rule, bits)) {
      const { branches } = level;
      let at = branches.findIndex((branch) => same(branch.step!, step) || compareSteps(branch.step!, step) > 0);
      if (at < 0) at = branches.length;
      const there = branches[at];
      if (!there || !same(there.step!, step)) branches.splice(at, 0, { step, ends: [], branches: [] });
      level = branches[at]!;
    }
    level.ends.push(rule);
  }
  const walk = ({ ends, branches }: Branch): readonly LoadedRule[] => [...ends, ...branches.flatMap(walk)];
  return walk(root);
}

/** What {@link clashOf} says, by looking at every pair. */
function clashPairByPair(list: readonly LoadedRule[]): readonly number[] | 'open' | undefined {
  const differ = (a: LoadedRule, b: LoadedRule): boolean => !sameOutcome(a.outcome, b.outcome);
  const starts = (chain: readonly Test[], other: readonly Test[]): boolean =>
    chain.every((test, i) => other[i] !== undefined && sameTest(test, other[i]));
  const contains = (a: LoadedRule, b: LoadedRule): boolean => {
    const at = inside(a, b);
    return at !== undefined && starts(chainOf(b), chainOf(a).slice(at));
  };
  const clash = (a: LoadedRule, b: LoadedRule): boolean => differ(a, b) && starts(chainOf(b), chainOf(a));
  const all = [...pairs(list)];
  const equalities = list.every(({ tests }) => tests.every(({ op }) => op.endsWith('EQ')));
  const pruned = all.some(([a, b]) => !differ(a, b) && (contains(a, b) || contains(b, a)));
  if (!all.some(([a, b]) => differ(a, b))) return undefined;
  if (pruned && !equalities) return 'open';
  if (!all.some(([a, b]) => clash(a, b))) return undefined;
  const ordered = list.flatMap(({ tests }) => tests.filter(({ op }) => /_[LG][ET]$/.test(op)));
  if (nested(list) || unreliable(list) || ordered.some((a) => ordered.some((b) => opposite(a, b)))) return 'open';
  const there: LoadedRule[] = [];
  for (const later of list) {
    if (there.some((rule) => rule.tests.length < later.tests.length && starts(chainOf(rule), chainOf(later)))) continue;
    const earlier = there.find((rule) => clash(rule, later));
    if (earlier) return [list.indexOf(earlier), list.indexOf(later)];
    there.push(later);
  }
  return undefined;
}

describe('rules for one syscall, however many', () => {
  it('clash as pair by pair', () => {
    const chance = new Chance(5);
    const seen = new Map<string, number>();
    for (let round = 0; round < 6000; round++) {
      const list = rules(chance, round % 2 ? OPERATORS : ['EQ'], round % 4 > 1 ? VALUES : [0, 1]);
      const found = clashOf(list);
      const shown = typeof found === 'object' ? [list.indexOf(found.earlier), list.indexOf(found.later)] : found;
      assert.deepEqual(shown, clashPairByPair(list));
      const kind = String(typeof shown === 'object' ? 'clash' : shown);
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
    for (const kind of ['clash', 'open', 'undefined']) assert.ok((seen.get(kind) ?? 0) > 50, [...seen].join());
  });

  it('are put in order as one by one', () => {
    const chance = new Chance(3);
    for (let round = 0; round < 1500; round++) {
      const list = rules(chance);
      for (const bits of [32, 64] as const)
        assert.deepEqual(
          inTestOrder([...list], bits).map((rule) => list.indexOf(rule)),
          orderOneByOne(list, bits).map((rule) => list.indexOf(rule)),
        );
    }
  });

  it('are found nested as pair by pair', () => {
    const chance = new Chance(4);
    let found = 0;
    for (let round = 0; round < 1500; round++) {
      const list = rules(chance);
      const expected = [...pairs(list)].some(([a, b]) => inside(a, b) !== undefined || inside(b, a) !== undefined);
      assert.equal(nested(list), expected);
      if (expected) found++;
    }
    assert.ok(found > 100 && found < 1400);
  });

  it('are not predictable where there are too many to compare', () => {
    const rule = (i: number, ...args: object[]) => ({
      names: ['personality'],
      action: 'SCMP_ACT_ERRNO',
      errnoRet: 1 + (i % 3),
      args,
    });
    const why = (count: number, make: (i: number) => object): string | undefined => {
      const syscalls = Array.from({ length: count }, (_, i) => make(i));
      const { conditional } = policy({ defaultAction: 'SCMP_ACT_ALLOW', syscalls }).native.syscalls.get(135)!;
      return unpredictable(conditional)?.why;
    };
    const masked = (i: number): object =>
      rule(
        i,
        { index: 0, op: 'SCMP_CMP_MASKED_EQ', value: 0xffff, valueTwo: i },
        { index: 1, op: 'SCMP_CMP_GT', value: 1 },
      );
    assert.ok(why(1200, masked));
    const equal = (i: number): object => rule(i, { index: 0, op: 'SCMP_CMP_EQ', value: i });
    assert.equal(why(1200, equal), undefined, 'values that differ are told apart by their keys');
  });
});
