import assert from 'node:assert/strict';
import type { Severity } from '../../../server/src/checks/check.ts';
import { FoundList, type Listed, WHOLE } from '../../../server/src/checks/found-list.ts';
import { random } from '../../differential/random.ts';

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

const at = (start: number, severity: Severity, unit = 0): Listed => ({
  span: { start, end: start + 1 },
  severity,
  unit,
});
const found = (...severities: readonly Severity[]) => severities.map((severity, start) => at(start, severity));
const inOrder = (a: Listed, b: Listed): number => a.span.start - b.span.start;
const shown = (findings: readonly Listed[], most: number): string =>
  new FoundList([...findings])
    .mostSevere(most)
    .map(({ span }) => span.start)
    .join();

describe('the findings that are shown', () => {
  it('are all where there are few', () => {
    const findings = found('hint', 'error');
    assert.deepEqual(new FoundList([...findings]).mostSevere(2), findings);
  });

  it('are the most severe ones, in the order of the text', () => {
    const findings = found('hint', 'error', 'information', 'warning', 'error', 'information');
    assert.equal(shown(findings, 2), '1,4');
    assert.equal(shown(findings, 4), '1,2,3,4');
    assert.equal(shown(findings, 0), '');
  });

  it('are those that sorting by severity puts first', () => {
    const findings = found(...Array.from({ length: 60 }, (_, i) => SEVERITIES[((i * i * 7 + i) % 11) % 4]!));
    const sorted = findings.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
    for (let most = 0; most <= findings.length; most++) {
      const first = new Set(sorted.slice(0, most));
      assert.deepEqual(
        new FoundList([...findings]).mostSevere(most),
        findings.filter((finding) => first.has(finding)),
      );
    }
  });
});

describe('findings that outlive a version', () => {
  it('lose those of some units and of the whole, and take others into their order', () => {
    const numbers = random(3);
    const list = new FoundList<Listed>([]);
    let expected: readonly Listed[] = [];
    for (let version = 0; version < 200; version++) {
      const ended = new Set(Array.from({ length: numbers.below(12) }, () => numbers.below(200) - 90));
      const some = Array.from({ length: numbers.below(6) }, () =>
        at(numbers.below(1000), numbers.pick(SEVERITIES), numbers.pick([WHOLE, numbers.below(200) - 90])),
      ).sort(inOrder);
      list.exchange(ended, some, inOrder);
      const kept = expected.filter(({ unit }) => unit !== WHOLE && !ended.has(unit));
      // what was there before comes first where two are at one place
      expected = [...kept, ...some].sort(inOrder);
      assert.deepEqual(list.all, expected);
      assert.deepEqual(list.mostSevere(7), new FoundList([...expected]).mostSevere(7));
    }
    assert.ok(expected.length > 20, String(expected.length));
  });
});
