import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'mocha';
import { unifiedDiff } from '../../../server/cli/formats/unified.ts';
import { random } from '../../differential/random.ts';

describe('a unified diff', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'seccomp-diff-'));
  after(() => fs.rmSync(folder, { recursive: true }));

  it('is empty for equal texts', () => assert.equal(unifiedDiff('a', 'x\n', 'x\n'), ''));

  it('shows three lines around each change', () => {
    const lines = Array.from({ length: 30 }, (_, i) => `line ${i + 1}`);
    const after = lines.flatMap((line, i) => (i === 4 ? ['new', line] : i === 20 ? [] : [line]));
    const diff = unifiedDiff('p.json', `${lines.join('\n')}\n`, `${after.join('\n')}\n`);
    assert.deepEqual(
      diff.split('\n').filter((line) => /^(@@|---|\+|-)/.test(line)),
      ['--- p.json', '+++ p.json', '@@ -2,6 +2,7 @@', '+new', '@@ -18,7 +19,6 @@', '-line 21'],
    );
  });

  it('turns one text into the other with `git apply`, whatever they are', () => {
    const numbers = random(7);
    const text = (): string => {
      const lines = Array.from({ length: numbers.below(40) }, () => `  "${numbers.below(6)}",`);
      return lines.join('\n') + (lines.length > 0 && numbers.chance(0.8) ? '\n' : '');
    };
    for (let i = 0; i < 60; i++) {
      const [before, wanted] = [text(), text()];
      if (before === wanted || before === '' || wanted === '') continue;
      const file = path.join(folder, 'file');
      fs.writeFileSync(file, before);
      const input = unifiedDiff('file', before, wanted);
      const { status, stderr, stdout } = spawnSync('git', ['apply', '--unsafe-paths', '-p0', '-'], {
        cwd: folder,
        input,
        encoding: 'utf8',
      });
      assert.equal(status, 0, `${stderr}${stdout}\n${input}`);
      assert.equal(fs.readFileSync(file, 'utf8'), wanted);
    }
  });
});
