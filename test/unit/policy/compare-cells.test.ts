import assert from 'node:assert/strict';
import { cellsOf, regionsOf } from '../../../server/src/policy/cells.ts';
import { holds, type Test } from '../../../server/src/policy/load.ts';
import { Chance, EDGES } from './generate.ts';

const test = (op: string, value: bigint, datum = 0n, index = 0): Test => ({
  index,
  op: `SCMP_CMP_${op}`,
  value,
  datum,
});
const OPERATORS = ['NE', 'LT', 'LE', 'EQ', 'GE', 'GT', 'MASKED_EQ'];

function randomTest(chance: Chance): Test {
  const op = chance.pick(OPERATORS);
  const value = chance.pick(EDGES);
  return test(op, value, op === 'MASKED_EQ' ? chance.pick(EDGES) & value : 0n, chance.below(3));
}

const answers = (tests: readonly Test[], value: bigint): string =>
  tests.map((one) => Number(holds(one, value))).join('');

describe('values of one argument that tests tell apart', () => {
  it('are the smallest that answer so', () => {
    assert.deepEqual(cellsOf([test('EQ', 5n)], 64).list, [0n, 5n]);
    assert.deepEqual(cellsOf([test('LT', 5n)], 64).list.slice(0, 2), [0n, 5n]);
    assert.deepEqual(cellsOf([test('LE', 5n)], 64).list, [0n, 5n, 6n]);
    assert.deepEqual(cellsOf([test('MASKED_EQ', 0x30n, 0x10n)], 64).list, [0n, 0x10n]);
  });

  it('include every combination of answers that any value gives', () => {
    const chance = new Chance(7);
    for (let round = 0; round < 300; round++) {
      const tests = Array.from({ length: 1 + chance.below(5) }, () => randomTest(chance));
      const { list, complete } = cellsOf(tests, 64);
      const known = new Set(list.map((value) => answers(tests, value)));
      assert.ok(complete);
      for (const edge of EDGES)
        for (const step of [-1n, 0n, 1n, 3n]) {
          const value = BigInt.asUintN(64, edge + step);
          assert.ok(
            known.has(answers(tests, value)),
            `round ${round}: ${value} against ${JSON.stringify(tests, show)}`,
          );
        }
    }
  });

  it('stay few for many equal comparisons', () => {
    const tests = Array.from({ length: 200 }, (_, i) => test('EQ', BigInt(i * 3)));
    assert.ok(cellsOf(tests, 64).list.length <= 201);
  });
});

describe('regions of calls', () => {
  it('include every set of rules that any call matches', () => {
    const chance = new Chance(11);
    for (let round = 0; round < 150; round++) {
      const clauses = Array.from({ length: 1 + chance.below(4) }, () => ({
        tests: Array.from({ length: 1 + chance.below(3) }, () => randomTest(chance)),
      }));
      const { list, complete } = regionsOf(clauses, 64);
      const known = new Set(list.map(({ holding }) => holding.join()));
      assert.ok(complete);
      for (let call = 0; call < 60; call++) {
        const args = Array.from({ length: 6 }, () => chance.pick(EDGES));
        const holding = clauses.flatMap(({ tests }, i) => (tests.every((t) => holds(t, args[t.index]!)) ? [i] : []));
        assert.ok(known.has(holding.join()), `round ${round}: ${args}`);
      }
    }
  });

  it('are each told by a call that matches just those rules', () => {
    const clauses = [{ tests: [test('EQ', 5n)] }, { tests: [test('GE', 3n), test('EQ', 1n, 0n, 1)] }];
    for (const { args, holding } of regionsOf(clauses, 64).list) {
      const matching = clauses.flatMap(({ tests }, i) => (tests.every((t) => holds(t, args[t.index]!)) ? [i] : []));
      assert.deepEqual(matching, holding);
    }
  });

  it('say so when there are too many to list', () => {
    const clauses = Array.from({ length: 24 }, (_, i) => ({ tests: [test('MASKED_EQ', 1n << BigInt(i), 0n)] }));
    assert.equal(regionsOf(clauses, 64).complete, false);
  });

  it('stop where every bit of two arguments counts', () => {
    const clauses = Array.from({ length: 24 }, (_, i) => ({
      tests: [test('MASKED_EQ', 1n << BigInt(i >> 1), 0n, i % 2)],
    }));
    const { list, complete } = regionsOf(clauses, 64);
    assert.equal(complete, false);
    assert.ok(list.length > 1000 && list.length < 10_000, 'the bound on the work does not hold');
  });

  it('take no more looks than are left, and are real all the same', () => {
    const clauses = Array.from({ length: 300 }, (_, i) => ({
      tests: [test('EQ', BigInt(i), 0n, i % 6), test('LE', BigInt(i * 7), 0n, (i + 1) % 6)],
    }));
    for (const looks of [0, 1000, 50_000, 400_000]) {
      const budget = { looks };
      const { list, complete } = regionsOf(clauses, 64, undefined, budget);
      assert.equal(complete, false);
      assert.ok(list.length > 0 && budget.looks > -100_000, `${looks}: ${budget.looks}`);
      for (const { args, holding } of list.slice(0, 50)) {
        const matching = clauses.flatMap(({ tests }, i) => (tests.every((t) => holds(t, args[t.index]!)) ? [i] : []));
        assert.deepEqual(matching, holding);
      }
    }
  });
});

const show = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
