import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'mocha';
import { execute, type Verification, verifyProfile } from '../../server/container/index.ts';
import { renderMarkdown } from '../../server/container/render.ts';
import type { TestHost } from '../../server/container/request.ts';
import { startEngine, type TestEngine, withEngine } from './engine-setup.ts';

const DENY = '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_ERRNO"}]}';

const verifyOn = ({ env }: TestEngine, host: TestHost = {}): Promise<Verification> =>
  verifyProfile({ profile: { text: DENY }, engine: { kind: 'docker', env } }, host);

/** Everything that an engine has. */
async function things({ env }: TestEngine): Promise<string> {
  const ids = (...args: readonly string[]) => execute({ program: 'docker', args: [...args, '--all', '--quiet'], env });
  return (await ids('container', 'ls')).stdout + (await ids('image', 'ls')).stdout;
}

describe('a verification on an engine in trouble', function () {
  this.timeout(180_000);

  it('says that the engine stopped in mid-run, and what may be left', async () => {
    await withEngine(async (engine) => {
      let stopped: Promise<void> | undefined;
      const progress = (message: string): void => {
        if (message.startsWith('Starting containers')) stopped = engine.stop();
      };
      const found = await verifyOn(engine, { progress });
      await stopped;
      const { outcome, cleanup } = found.report;
      assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
      assert.equal(outcome.message, 'The engine stopped answering while the test ran.');
      assert.deepEqual(
        cleanup?.left.map(({ thing }) => thing),
        ['container', 'image'],
      );
      assert.match(renderMarkdown(found), /# The test could not be made[\s\S]*\*\*Not removed\*\*/);
    });
  });

  it('says that the disk is full, and leaves nothing', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sp-full-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', folder]);
    const { TMPDIR } = process.env;
    process.env.TMPDIR = folder;
    const engine = await startEngine().finally(() => {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
    });
    try {
      const filler = path.join(folder, 'filler');
      assert.throws(() => fs.writeFileSync(filler, Buffer.alloc(64 << 20)), /ENOSPC/);
      const { report } = await verifyOn(engine);
      fs.rmSync(filler);
      assert.ok(report.outcome.kind === 'failed', JSON.stringify(report.outcome));
      assert.match(report.outcome.raw, /no space left on device/);
      assert.deepEqual(report.cleanup?.left, []);
      assert.equal(await things(engine), '');
    } finally {
      await engine.stop();
      // this process keeps the engine's log open
      execFileSync('umount', ['--lazy', folder]);
      fs.rmdirSync(folder);
    }
  });
});
