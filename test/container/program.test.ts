import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'mocha';
import { headline, renderMarkdown, repeatByHand } from '../../server/container/index.ts';
import type { ProgramReport, Report } from '../../server/container/report.ts';
import { addUserImage, call, docker, engineSettings, inventory, runTest, verify } from './use-engine.ts';

const DENY_UNAME = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{ names: ['uname'], action: 'SCMP_ACT_ERRNO', errnoRet: 13 }],
};
const ALLOW = { defaultAction: 'SCMP_ACT_ALLOW' };
const IMAGES = { uname: 'sp-test:uname', hang: 'sp-test:hang', flood: 'sp-test:flood' };

function program({ outcome }: Report): ProgramReport {
  assert.equal(outcome.kind, 'ran');
  return (outcome as Extract<typeof outcome, { kind: 'ran' }>).program!;
}

describe("the user's program", function () {
  this.timeout(60_000);

  before(async () => {
    await addUserImage(IMAGES.uname, [call('uname', 'scratch')]);
    await addUserImage(IMAGES.hang, [call('getpid'), call('ppoll', 0, 0, 0, 0, 0)]);
    await addUserImage(IMAGES.flood, new Array(40_000).fill(call('getpid')));
  });

  after(() => docker('image', 'rm', ...Object.values(IMAGES)));

  it('runs under the profile and without', async () => {
    const { underProfile, unconfined } = program(await runTest(DENY_UNAME, { image: IMAGES.uname }));
    assert.ok(underProfile.kind === 'ended' && unconfined.kind === 'ended');
    assert.match(underProfile.stdout, /uname +-13\n/);
    assert.match(unconfined.stdout, /uname +0\n/);
  });

  it('takes a command, and nothing in it reaches a shell', async () => {
    const command = ['direct', '0$(touch /tmp/sp-test-injected);'];
    const report = await runTest(ALLOW, { image: IMAGES.uname, command });
    assert.deepEqual(program(report).command, command);
    assert.equal(fs.existsSync('/tmp/sp-test-injected'), false);
  });

  it('an image that is not there is told, and not looked for in a registry', async () => {
    const { underProfile } = program(await runTest(ALLOW, { image: 'sp-test:missing' }));
    assert.ok(underProfile.kind === 'refused');
    assert.match(underProfile.cause!, /The image is not on the engine/);
  });

  it('one that does not end is ended by the time limit', async () => {
    const before = await inventory();
    const { outcome, cleanup } = await runTest(ALLOW, { image: IMAGES.hang, timeLimitMs: 15_000 });
    assert.ok(outcome.kind === 'timeout');
    assert.equal(outcome.container, 'running');
    assert.match(outcome.output, /getpid +1\n/);
    assert.deepEqual(cleanup!.left, []);
    assert.deepEqual(await inventory(), before);
  });

  it('one that writes without end is ended', async () => {
    const { underProfile } = program(await runTest(ALLOW, { image: IMAGES.flood }));
    assert.ok(underProfile.kind === 'ended');
    assert.equal(underProfile.flooded, true);
    assert.ok(underProfile.stdout.length <= 1 << 20);
  });

  it('the limits and options reach the container', async () => {
    const report = await runTest(ALLOW, { image: IMAGES.uname, options: ['--cpus', '0.5'] });
    assert.equal(program(report).underProfile.kind, 'ended');
    const refused = await runTest(ALLOW, { options: ['--no-such-option'] });
    assert.equal(refused.outcome.kind, 'failed');
  });
});

describe('the lines to repeat a test by hand', function () {
  this.timeout(60_000);

  it('do what the test did, in a shell', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "sp test ' "));
    const file = path.join(folder, 'profile.json');
    fs.writeFileSync(file, JSON.stringify(DENY_UNAME));
    const before = await inventory();
    const report = await runTest(DENY_UNAME, { profile: { text: JSON.stringify(DENY_UNAME), path: file } });
    const { prepare, run, remove } = repeatByHand(report)!;
    const shell = (line: string) => promisify(execFile)('sh', ['-c', line]);
    await shell(prepare!);
    const { stdout } = await shell(run);
    await shell(remove!);
    fs.rmSync(folder, { recursive: true });
    assert.match(stdout, /mkdirat +-14\n/);
    assert.match(stdout, /\nend *\n$/);
    assert.deepEqual(await inventory(), before);
  });

  it('name the user’s image and quote what needs it', async () => {
    const verification = await verify(ALLOW, {
      image: 'sp-test:x',
      command: ['a b', "c'd"],
      profile: { text: '{}', path: '/p q.json' },
    });
    const { run, prepare } = repeatByHand(verification.report)!;
    const host = engineSettings().env.DOCKER_HOST;
    assert.equal(
      run,
      `DOCKER_HOST=${host} docker run --rm --network none --security-opt 'seccomp=/p q.json' --memory 256m --pids-limit 1024 sp-test:x 'a b' 'c'\\''d'`,
    );
    assert.equal(prepare, undefined);
    assert.match(headline(verification), /without any filter/);
    assert.ok(renderMarkdown(verification).includes(run));
  });
});
