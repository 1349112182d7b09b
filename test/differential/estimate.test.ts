import assert from 'node:assert/strict';
import type { Entry } from './campaign.ts';
import { type Oracles, openOracles } from './oracle.ts';
import { defaults, folder } from './real.ts';
import { realistic } from './realistic.ts';
import { isClose, reportSizes, sizes } from './sizes.ts';

const SEED = 1;

/** Every third: the long run builds all of them. */
function* thinned(entries: Iterable<Entry>): Iterable<Entry> {
  let position = 0;
  for (const entry of entries) if (position++ % 3 === 0) yield entry;
}

/** Programs of another length than libseccomp's own would make "too long for the kernel" a guess. */
describe("the estimated length of libseccomp's program", () => {
  let oracles: Oracles;
  before(async () => {
    oracles = await openOracles();
  });
  after(() => oracles?.close());

  const sets: Readonly<Record<string, { readonly entries: () => Iterable<Entry>; readonly least: number }>> = {
    "the engines' default profiles": { entries: () => thinned(defaults(SEED, 0)), least: 49 },
    'the examples': { entries: () => folder('examples', SEED), least: 9 },
    'generated lists': { entries: () => realistic(SEED, 120), least: 110 },
  };
  for (const [title, { entries, least }] of Object.entries(sets))
    it(`is within five percent for ${title}`, async () => {
      const found = await sizes(oracles, entries());
      const text = reportSizes(title, found);
      console.log(`      ${text}`);
      assert.ok(found.length >= least, text);
      assert.ok(found.every(isClose), text);
    });
});
