import assert from 'node:assert/strict';
import { costMeter, type Version, waitForCost } from '../../server/src/lsp/costs.ts';

describe('the wait before diagnostics', () => {
  const anew = { uri: 'a', isContinued: false };

  it('goes by the smaller of the last two costs, document by document', () => {
    let time = 0;
    const costs = costMeter(() => time);
    const spend = (version: Version, ms: number): number => costs.measure(version, () => (time += ms));
    assert.equal(costs.waitFor(anew), 0);
    assert.equal(spend(anew, 100), 100);
    assert.equal(costs.waitFor(anew), waitForCost(100));
    spend(anew, 1);
    assert.equal(costs.waitFor(anew), 0);
    spend(anew, 60);
    assert.equal(costs.waitFor(anew), 0);
    spend(anew, 50);
    assert.equal(costs.waitFor(anew), waitForCost(50));
    assert.equal(costs.waitFor({ ...anew, uri: 'b' }), 0);
    costs.forget('a');
    assert.equal(costs.waitFor(anew), 0);
  });

  it('goes for versions that continue another one by what those cost', () => {
    let time = 0;
    const costs = costMeter(() => time);
    const continued = { ...anew, isContinued: true };
    costs.measure(anew, () => (time += 300));
    assert.equal(costs.waitFor(continued), 0);
    costs.measure(continued, () => (time += 20));
    assert.equal(costs.waitFor(continued), waitForCost(20));
    assert.equal(costs.waitFor(anew), waitForCost(300));
    costs.forget('a');
    assert.equal(costs.waitFor(continued) + costs.waitFor(anew), 0);
  });

  it('grows with the cost and has an end', () => {
    assert.ok(waitForCost(30) > 0 && waitForCost(60) > waitForCost(30));
    assert.equal(waitForCost(10_000), waitForCost(100_000));
  });
});
