import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { execute } from '../../../server/container/execute.ts';

const sh = (script: string) => ({ program: 'sh', args: ['-c', script] });

describe('running programs', () => {
  it('gives status, output and error output', async () => {
    const output = await execute({ ...sh('cat; echo ä >&2; exit 3'), stdin: Buffer.from('in') });
    assert.deepEqual(output, { status: 3, stdout: 'in', stderr: 'ä\n' });
  });

  it('passes arguments as they are and adds variables', async () => {
    const { stdout } = await execute({
      ...sh('echo "$0" "$X"'),
      args: ['-c', 'echo "$0" "$X"', '$(id)'],
      env: { X: 'y' },
    });
    assert.equal(stdout, '$(id) y\n');
  });

  it('gives a signal as a status above 128', async () => {
    assert.equal((await execute(sh('kill -SYS $$'))).status, 159);
  });

  it('tells a missing program from one that may not run', async () => {
    assert.equal((await execute({ program: '/no/such/program', args: [] })).stopped, 'missing');
    assert.equal((await execute({ program: '/etc/passwd', args: [] })).stopped, 'failed');
  });

  it('gives what cannot be handed to a program as a result', async () => {
    const failed: readonly (readonly [Parameters<typeof execute>[0], RegExp])[] = [
      [
        { program: 'sh', args: ['a\0b'] },
        /^sh could not be started: there is a null byte in its arguments or variables$/,
      ],
      [{ program: 'sh', args: [], env: { A: '\0' } }, /there is a null byte/],
      [{ program: 'sh', args: ['-c', ':', 'x'.repeat(4 << 20)] }, /its arguments are too long$/],
      [{ program: '/etc/passwd/x', args: [] }, /ENOTDIR/],
    ];
    for (const [invocation, message] of failed) {
      const { stopped, status, stderr } = await execute(invocation);
      assert.deepEqual([stopped, status], ['failed', 127]);
      assert.match(stderr, message);
    }
  });

  it('ends a program and its children at the time limit', async () => {
    // the output stays open for as long as the child lives
    const from = Date.now();
    const { stopped, status, stdout } = await execute(sh('sleep 60 & echo started; wait'), { timeoutMs: 500 });
    assert.deepEqual([stopped, status, stdout], ['timeout', 137, 'started\n']);
    assert.ok(Date.now() - from < 10_000);
  });

  it('ends a program that is cancelled, and starts none when it was before', async () => {
    const from = Date.now();
    assert.equal((await execute(sh('sleep 60'), { signal: AbortSignal.timeout(100) })).stopped, 'cancelled');
    assert.equal((await execute(sh('sleep 60'), { signal: AbortSignal.abort() })).stopped, 'cancelled');
    assert.ok(Date.now() - from < 5_000);
  });

  it('lets a program finish within its grace', async () => {
    const options = { signal: AbortSignal.timeout(50), graceMs: 5_000 };
    assert.deepEqual(await execute(sh('sleep 0.3; echo done'), options), { status: 0, stdout: 'done\n', stderr: '' });
    const short = { signal: AbortSignal.timeout(50), graceMs: 100 };
    assert.equal((await execute(sh('sleep 60'), short)).stopped, 'cancelled');
  });

  it('ends a program that writes too much, and keeps what fits', async () => {
    const { stopped, stdout } = await execute(sh('while :; do echo x; done'), { maxBytes: 1000 });
    assert.deepEqual([stopped, stdout.length], ['flood', 1000]);
  });
});
