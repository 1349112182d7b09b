import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { memory, remembered } from '../../../server/src/repair/memory.ts';
import { trialsSaved } from '../../../server/src/repair/saved.ts';
import { type Candidate, smallestSet, type Trial } from '../../../server/src/repair/search.ts';
import { random } from '../../differential/random.ts';

const list = (count: number, likelihood = 0.005): readonly Candidate[] =>
  Array.from({ length: count }, (_, i) => ({ name: `c${i}`, likelihood }));

/** Passes where all of one of the sets are there. */
function trials(...enough: readonly (readonly string[])[]) {
  let count = 0;
  const run: Trial = async (names) => {
    count++;
    return enough.some((set) => set.every((name) => names.includes(name)));
  };
  return { run, count: () => count };
}

describe('what hints save', () => {
  it('is the difference between two searches for the same names', async () => {
    const needed = ['c50', 'c120'];
    const unhinted = list(200);
    const hinted = unhinted.map((each) => ({ ...each, likelihood: needed.includes(each.name) ? 0.5 : 0.0001 }));
    const counted = async (candidates: readonly Candidate[]): Promise<number> => {
      const { run, count } = trials(needed);
      await smallestSet(candidates, remembered(memory(), run));
      return count();
    };
    const saved = await trialsSaved(hinted, unhinted, needed);
    assert.equal(saved, (await counted(unhinted)) - (await counted(hinted)));
    assert.ok(saved > 5, `${saved}`);
    assert.equal(await trialsSaved(unhinted, hinted, needed), -saved);
  });
});

describe('the search for the smallest set', () => {
  it('finds any set exactly, whatever is thought likely', async () => {
    const numbers = random(4711);
    for (let i = 0; i < 300; i++) {
      const candidates = list(1 + numbers.below(200)).map((each) => ({
        ...each,
        likelihood: 0.001 + numbers.below(990) / 1000,
      }));
      const needed = numbers.sample(candidates, numbers.below(7)).map(({ name }) => name);
      const found = await smallestSet(candidates, trials(needed).run);
      assert.deepEqual([...found].sort(), [...needed].sort());
    }
  });

  it('takes few trials: about two for each bit of what is not known', async () => {
    const numbers = random(1);
    for (const size of [1, 2, 3, 4, 5]) {
      const { run, count } = trials(numbers.sample(list(150), size).map(({ name }) => name));
      await smallestSet(list(150), run);
      assert.ok(count() <= 1 + size * (Math.log2(150) + 2), `${size} needed: ${count()} trials`);
    }
  });

  it('takes hardly more trials than there are candidates when all of them are likely and needed', async () => {
    const { run, count } = trials(list(30).map(({ name }) => name));
    assert.equal((await smallestSet(list(30, 0.9), run)).length, 30);
    assert.equal(count(), 30);
  });

  it('finds what is likely at once, wherever it stands', async () => {
    const candidates = list(300, 0.0008).map((each, i) => (i === 290 ? { ...each, likelihood: 0.5 } : each));
    const { run, count } = trials(['c290']);
    assert.deepEqual(await smallestSet(candidates, run), ['c290']);
    assert.ok(count() <= 4, `${count()} trials`);
  });

  it('takes the set that avoids what stands last', async () => {
    assert.deepEqual(await smallestSet(list(50), trials(['c3', 'c40'], ['c10', 'c20', 'c30']).run), [
      'c10',
      'c20',
      'c30',
    ]);
  });

  it('finds nothing where nothing is needed', async () => {
    assert.deepEqual(await smallestSet(list(50), trials([]).run), []);
    assert.deepEqual(await smallestSet([], trials([]).run), []);
  });
});

describe('the memory of trials', () => {
  it('concludes from parts and wholes', () => {
    const known = memory();
    known.record(['a', 'b'], true);
    known.record(['c', 'd'], false);
    assert.equal(known.recall(['a', 'b', 'c']), true);
    assert.equal(known.recall(['d']), false);
    assert.equal(known.recall(['a']), undefined);
  });

  it('lets a failure outweigh a success', () => {
    const known = memory();
    known.record(['a'], true);
    known.record(['a', 'b'], false);
    assert.equal(known.recall(['a']), false);
  });

  it('makes a trial once', async () => {
    const { run, count } = trials(['a']);
    const trial = remembered(memory(), run);
    assert.deepEqual(
      [await trial(['a']), await trial(['a', 'b']), await trial(['b']), await trial([])],
      [true, true, false, false],
    );
    assert.equal(count(), 2);
  });
});
