import assert from 'node:assert/strict';
import { campaign, type Entry, generated, report, type Tally } from './campaign.ts';
import { exactness, reportExactness } from './exactness.ts';
import { type Oracles, openOracles } from './oracle.ts';
import { defaults } from './real.ts';

const FIXED_SEED = 1;
/** New ground is for the long run (`npm run test:differential`); here the same commit must give the same answer. */
const SEED = Number(process.env.SEED ?? 20_000);

describe(`the policy engine against libseccomp (SEED=${SEED})`, () => {
  let oracles: Oracles;
  before(async () => {
    oracles = await openOracles();
  });
  after(() => oracles?.close());

  /** Runs entries, prints their figures, and fails with what the product got wrong. */
  async function agree(title: string, entries: Iterable<Entry>): Promise<Tally> {
    const started = performance.now();
    const tally = await campaign(oracles, entries);
    const text = report(title, tally, (performance.now() - started) / 1000);
    console.log(text);
    assert.equal(tally.wrong, 0, text);
    return tally;
  }

  it('gives no wrong verdict for generated profiles that never change', async () => {
    const tally = await agree('fixed seed', generated(FIXED_SEED, 1500));
    assert.ok(tally.built > 1000 && tally.refused > 150, 'too few profiles are built or refused to mean much');
    assert.ok(tally.predicted > 60_000, 'too little is predicted to mean much');
    const share = tally.unpredictable / (tally.predicted + tally.unpredictable);
    assert.ok(share < 0.13, 'too much is said to be unpredictable');
  });

  it('gives no wrong verdict for generated profiles from another seed', async () => {
    await agree(`seed ${SEED}`, generated(SEED, 700));
  });

  it("gives no wrong verdict for the engines' default profiles, and predicts all of them", async () => {
    const tally = await agree('default profiles', defaults(SEED, 0, 1));
    assert.equal(tally.unpredictable, 0);
    assert.equal(tally.open, 0);
    assert.equal(tally.refused, 0);
  });

  it('is exact about every rule of the default profiles and the examples, for every runtime on four machines', () => {
    const found = exactness('examples');
    assert.ok(found.rules > 2000, 'too few rules are read to mean much');
    assert.equal(found.doubts.size, 0, reportExactness(found));
  });
});
