import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findNeeds, isWhole } from '../../../server/src/repair/needs.ts';
import type { Trial } from '../../../server/src/repair/search.ts';
import { random } from '../../differential/random.ts';

const CANDIDATES = Array.from({ length: 100 }, (_, i) => ({ name: `c${i}`, likelihood: 0.01 }));
const needs =
  (...needed: readonly string[]): Trial =>
  async (names) =>
    needed.every((name) => names.includes(name));

describe('what is needed', () => {
  it('is confirmed by repetition', async () => {
    const found = await findNeeds(CANDIDATES, needs('c5', 'c70'), { recheck: true, steady: true });
    assert.deepEqual(found, { names: ['c5', 'c70'], confirmed: { passed: 3, of: 3 }, doubtful: [] });
  });

  it('is found though the program fails at times, and said to be in doubt', async () => {
    let doubted = 0;
    for (let seed = 0; seed < 60; seed++) {
      const numbers = random(seed);
      const run: Trial = async (names) => !numbers.chance(0.2) && (await needs('c5', 'c70')(names));
      const found = await findNeeds(CANDIDATES, run, { recheck: true, steady: true });
      for (const name of ['c5', 'c70']) assert.ok(found.names.includes(name), `seed ${seed}: ${found.names}`);
      if (!isWhole(found.confirmed) || found.withAll || found.doubtful.length > 0) doubted++;
      else assert.ok(found.names.length <= 4, `seed ${seed}: ${found.names}`);
    }
    assert.ok(doubted > 20, `${doubted} of 60 in doubt`);
  });

  it('includes what is needed now and then', async () => {
    let turn = 0;
    const run: Trial = async (names) => {
      const always = await needs('c5')(names);
      return always && (names.includes('c60') || ++turn % 3 !== 0);
    };
    const found = await findNeeds(CANDIDATES, run, { recheck: true, steady: true });
    assert.ok(found.names.includes('c60') || !isWhole(found.confirmed), JSON.stringify(found));
  });

  it('leaves out again what it can do without after all', async () => {
    // with much allowed the program takes another way, which needs more
    const run: Trial = async (names) => (names.length > 20 ? needs('c5', 'c70')(names) : needs('c5')(names));
    const found = await findNeeds(CANDIDATES, run, { recheck: true, steady: true });
    assert.deepEqual(found.names, ['c5']);
  });
});
