import assert from 'node:assert/strict';
import { syscallNames } from '../../../server/src/catalog/index.ts';
import { analyse } from '../../../server/src/checks/analyse.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { defaultTarget } from '../../../server/src/settings.ts';

interface Arg {
  readonly index: number;
  readonly value: number;
  readonly op: string;
}

const times = <T>(count: number, make: (i: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const arg = (index: number, value: number, op: string): Arg => ({ index, value, op: `SCMP_CMP_${op}` });
const rule = (names: readonly string[], action: string, args: readonly Arg[]): object => ({
  names,
  action: `SCMP_ACT_${action}`,
  args,
});

/** Rules of which whatever looks at each pair, or at each condition for each name, would not come to an end here. */
const RULES: Readonly<Record<string, () => readonly object[]>> = {
  'conditions of one rule': () => [
    rule(
      ['read'],
      'ALLOW',
      times(30_000, (i) => arg(0, i, 'EQ')),
    ),
  ],
  'arguments that there are not': () => [
    rule(
      ['read'],
      'ALLOW',
      times(20_000, (i) => arg(i, i, 'EQ')),
    ),
    rule(
      ['read'],
      'LOG',
      times(20_000, (i) => arg(i + 1, i, 'EQ')),
    ),
  ],
  'conditions of rules that want something else': () => [
    rule(
      ['read'],
      'ALLOW',
      times(20_000, (i) => arg(0, 2 * i, 'EQ')),
    ),
    rule(
      ['read'],
      'LOG',
      times(20_000, (i) => arg(0, 2 * i + 1, 'EQ')),
    ),
  ],
  'inequalities and their opposites': () => [
    rule(
      ['read'],
      'ALLOW',
      times(20_000, (i) => arg(0, i, 'GE')),
    ),
    rule(
      ['read'],
      'LOG',
      times(20_000, (i) => arg(0, i, 'LT')),
    ),
  ],
  'inequalities before other conditions': () =>
    times(10_000, (i) => rule(['read'], 'ALLOW', [arg(0, i, 'GE'), arg(1, i, 'EQ')])),
  'names and conditions of one rule': () => [
    rule(
      syscallNames().slice(0, 300),
      'ALLOW',
      times(800, (i) => arg(0, i, 'EQ')),
    ),
  ],
};

describe('many conditions', () => {
  for (const [what, rules] of Object.entries(RULES))
    it(`are judged without looking at each pair: ${what}`, function () {
      this.timeout(60_000);
      const architectures = ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'];
      const text = JSON.stringify({ defaultAction: 'SCMP_ACT_ERRNO', architectures, syscalls: rules() });
      const failed: unknown[] = [];
      const { findings } = analyse(parseProfile(text), {
        target: defaultTarget(),
        onError: (_, error) => failed.push(error),
      });
      assert.ok(findings.length > 0);
      assert.deepEqual(failed, []);
    });
});
