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

  /** The text that a diff makes of another. */
  const applied = (before: string, diff: string): string => {
    const lines = before.split('\n');
    const made: string[] = [];
    let at = 0;
    for (const line of diff.split('\n').slice(2, -1)) {
      const hunk = /^@@ -(\d+),/.exec(line);
      const start = hunk ? Number(hunk[1]) - 1 : at;
      for (; at < start; at++) made.push(lines[at]!);
      if (/^[ -]/.test(line)) assert.equal(lines[at++], line.slice(1));
      if (/^[ +]/.test(line)) made.push(line.slice(1));
    }
    return [...made, ...lines.slice(at)].join('\n');
  };

  it('is made of profiles of any length, with the changes that there are', () => {
    const lines = Array.from({ length: 90_000 }, (_, i) => (i % 9 === 0 ? '      ],' : `        "call_${i}",`));
    const dropped = lines.filter((_, i) => i % 30 !== 1).map((line, i) => (i === 40_000 ? `${line} // new` : line));
    const [before, after] = [`${lines.join('\n')}\n`, `${dropped.join('\n')}\n`];
    const diff = unifiedDiff('p.json', before, after);
    assert.equal(applied(before, diff), after);
    assert.deepEqual([diff.match(/^-(?!-- )/gm)!.length, diff.match(/^\+(?!\+\+ )/gm)!.length], [3001, 1]);
  });

  it('is made of texts of any length that have next to nothing in common', () => {
    const lines = (word: string): string =>
      Array.from({ length: 60_000 }, (_, i) => `${i % 7 ? word : ''}${i}\n`).join('');
    const [before, after] = [lines('a'), lines('b')];
    assert.equal(applied(before, unifiedDiff('p.json', before, after)), after);
    const same = 'x\n'.repeat(60_000);
    assert.equal(applied(`a\n${same}`, unifiedDiff('p', `a\n${same}`, `${same}b\ny\n`)), `${same}b\ny\n`);
  });

  it('removes before it adds', () => {
    const marks = unifiedDiff('p', 'a\nb\nc\nd\n', 'a\nx\ny\nd\n').match(/^[-+](?![-+])/gm);
    assert.deepEqual(marks, ['-', '-', '+', '+']);
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
