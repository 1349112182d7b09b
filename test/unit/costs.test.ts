import assert from 'node:assert/strict';
import type { Reported } from '../../server/src/checks/analyse.ts';
import type { Severity } from '../../server/src/checks/check.ts';
import { CHECKS } from '../../server/src/checks/index.ts';
import { costMeter, type Version, waitForCost } from '../../server/src/lsp/costs.ts';
import { mostSevere } from '../../server/src/lsp/most-severe.ts';

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

describe('the findings that are shown', () => {
  const found = (...severities: Severity[]): readonly Reported[] =>
    severities.map((severity, start) => ({
      check: CHECKS[0]!,
      severity,
      span: { start, end: start + 1 },
      message: `${start}`,
    }));
  const shown = (findings: readonly Reported[], most: number): string =>
    mostSevere(findings, most)
      .map(({ message }) => message)
      .join();

  it('are all where there are few', () => {
    const findings = found('hint', 'error');
    assert.equal(mostSevere(findings), findings);
  });

  it('are the most severe ones, in the order of the text', () => {
    const findings = found('hint', 'error', 'information', 'warning', 'error', 'information');
    assert.equal(shown(findings, 2), '1,4');
    assert.equal(shown(findings, 4), '1,2,3,4');
  });

  it('are those that sorting by severity puts first', () => {
    const severities: readonly Severity[] = ['error', 'warning', 'information', 'hint'];
    const findings = found(...Array.from({ length: 60 }, (_, i) => severities[((i * i * 7 + i) % 11) % 4]!));
    const sorted = findings.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
    for (let most = 0; most <= findings.length; most++) {
      const first = new Set(sorted.slice(0, most));
      assert.deepEqual(
        mostSevere(findings, most),
        findings.filter((finding) => first.has(finding)),
      );
    }
  });
});
