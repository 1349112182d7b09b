import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { defaultProfile, namesOn, numberOn } from '../../../server/src/catalog/index.ts';
import { compare } from '../../../server/src/policy/compare.ts';
import { policyOf, verdictOf } from '../../../server/src/policy/policy.ts';
import { permits } from '../../../server/src/policy/resolve.ts';
import type { RuntimeName, Target } from '../../../server/src/policy/target.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { mergeInto } from '../../../server/src/record/index.ts';
import { randomNumbers } from './random.ts';
import { record, TARGET } from './record.ts';

const EXAMPLES = path.join(process.cwd(), 'examples');
const PROFILES: readonly (readonly [string, string, RuntimeName])[] = [
  ['docker', defaultProfile('docker').text, 'docker'],
  ['podman', defaultProfile('podman').text, 'podman'],
  ...fs
    .readdirSync(EXAMPLES)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) =>
      (['docker', 'crun', 'containerd'] as const).map(
        (runtime) => [name, fs.readFileSync(path.join(EXAMPLES, name), 'utf8'), runtime] as const,
      ),
    ),
];

/** Calls without arguments, so that only names matter. */
function traceOf(next: (below: number) => number): readonly string[] {
  const all = namesOn('x86_64');
  return [...new Set(Array.from({ length: 1 + next(12) }, () => all[next(all.length)]!))];
}

const policy = (text: string, target: Target) => {
  const { profile } = parseProfile(text);
  return profile && policyOf(profile, target);
};

describe('random recordings merged into real profiles', () => {
  for (const [label, text, runtime] of PROFILES)
    it(`open what was recorded and nothing else: ${label} for ${runtime}`, () => {
      const target = { ...TARGET, runtime };
      const before = policy(text, target);
      const next = randomNumbers(label.length);
      for (let round = 0; round < 8; round++) {
        const names = traceOf(next);
        const recording = record(names.map((name) => `${name}() = 0`).join('\n'));
        const merged = mergeInto(text, recording, { target, arguments: next(2) === 0 });
        if (!before) return assert.equal(merged.kind, 'refused');
        assert.ok(merged.kind === 'merged', merged.kind === 'refused' ? `${names.join()}: ${merged.message}` : '');
        const after = policy(merged.text, target)!;
        for (const { name, architecture } of recording.syscalls) {
          assert.notEqual(numberOn(name, architecture.table), undefined);
          const { conditional, otherwise } = verdictOf(after, name, architecture)!;
          const open = [otherwise, ...conditional].every(({ outcome }) => permits(outcome));
          assert.ok(open, `${name} is not open after ${names.join()}`);
        }
        const looser = compare(before, after).syscalls.filter(({ change }) => change === 'looser');
        assert.deepEqual(
          // on 32-bit x86 members of these two can also be called through them
          looser.map(({ name }) => name).filter((name) => ![...names, 'ipc', 'socketcall'].includes(name)),
          [],
        );
        const again = mergeInto(merged.text, recording, { target, arguments: false });
        assert.ok(again.kind === 'merged' && again.text === merged.text, 'a second merge changes nothing');
      }
    });
});
