import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { after, before, describe, it } from 'mocha';
import { linesIn } from '../../server/cli/lines.ts';
import { type RecordedRun, type RecordRequest, recordCommand } from '../../server/container/index.ts';
import { architecture } from '../../server/src/catalog/index.ts';
import { createProfile, type Recording, startRecording } from '../../server/src/record/index.ts';
import { defaultTarget } from '../../server/src/settings.ts';
import { root } from '../stdio/client.ts';
import { addRootImage, busybox as busyboxFile, strace } from './root-image.ts';
import { docker, engineSettings, hostArch, inventory } from './use-engine.ts';

const IMAGES = { bare: 'sp-test:busybox', strace: 'sp-test:strace', user: 'sp-test:user' };

const target = () => ({ ...defaultTarget(), architecture: `SCMP_ARCH_${hostArch().toUpperCase()}` });

function readTrace(file: string): Recording {
  const recorder = startRecording({ format: 'strace', architecture: architecture(target().architecture)! });
  recorder.add('trace', linesIn(file));
  return recorder.result();
}

const busybox = (...args: readonly string[]): readonly string[] => ['/bin/busybox', ...args];

const recordIn = (image: string, command: readonly string[], more: Partial<RecordRequest> = {}, host = {}) =>
  recordCommand({ engine: engineSettings(), image, command, ...more }, readTrace, host);

async function recorded(...args: Parameters<typeof recordIn>): Promise<RecordedRun<Recording>> {
  const outcome = await recordIn(...args);
  assert.ok(outcome.kind === 'recorded', outcome.kind === 'failed' ? outcome.message + outcome.raw : outcome.kind);
  assert.deepEqual(outcome.cleanup.left, []);
  return outcome;
}

const names = ({ value }: RecordedRun<Recording>) => value.syscalls.map(({ name }) => name);

/** Waits until the recorded program of the only container sleeps, as its trace tells. */
async function untilAsleep(): Promise<void> {
  for (;;) {
    const [id] = (await docker('container', 'ls', '--quiet', '--filter', 'name=-record')).split('\n').filter(Boolean);
    const trace = id && (await docker('exec', id, ...busybox('cat', '/.seccomp-profiles/trace')).catch(() => ''));
    if (trace && /nanosleep/.test(trace)) return;
    await delay(100);
  }
}

const program = path.join(root, 'dist/cli.cjs');

/** Starts `seccomp-profile record` and gives what it prints, when it has ended. */
async function recordByHand(args: readonly string[], whileRunning?: (child: ChildProcess, stderr: string) => void) {
  const child = spawn(process.execPath, [program, 'record', ...args], {
    env: { ...process.env, ...engineSettings().env },
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    printed.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    printed.stderr += chunk;
    whileRunning?.(child, printed.stderr);
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  return { status, ...printed };
}

describe('a command recorded in a container', function () {
  this.timeout(120_000);
  let left: readonly string[];

  before(async () => {
    const { env } = engineSettings();
    const files = [await busyboxFile()];
    await addRootImage(env, IMAGES.bare, files);
    await addRootImage(env, IMAGES.strace, [...files, ...(await strace())]);
    await addRootImage(env, IMAGES.user, files, [
      'USER 1000:1000',
      'ENTRYPOINT ["/bin/busybox", "echo"]',
      'CMD ["own"]',
    ]);
    left = await inventory();
  });

  afterEach(async () => assert.deepEqual(await inventory(), left));
  after(() => docker('image', 'rm', ...Object.values(IMAGES)));

  it("is traced by the image's strace", async () => {
    const run = await recorded(IMAGES.strace, busybox('mkdir', '/made'));
    assert.match(run.way, /^the image's own/);
    assert.deepEqual([run.end, run.exitCode, run.value.unknown], ['exit', 0, []]);
    assert.ok(names(run).some((name) => /^mkdir/.test(name)));
  });

  it("is traced by this machine's strace where the image has none", async () => {
    const run = await recorded(IMAGES.bare, busybox('sh', '-c', '/bin/busybox mkdir /made; exit 7'));
    assert.match(run.way, /^this machine's/);
    assert.deepEqual([run.end, run.exitCode, run.value.unknown], ['exit', 7, []]);
    assert.ok(
      names(run).some((name) => /^mkdir/.test(name)),
      'in a child process',
    );
  });

  it('runs under the profile that is made of it, and something else does not', async () => {
    const { value } = await recorded(IMAGES.bare, busybox('mkdir', '/made'));
    const { text } = createProfile(value, { target: target(), arguments: true });
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sp-record-'));
    const file = path.join(folder, 'profile.json');
    fs.writeFileSync(file, text);
    const run = (...args: readonly string[]) =>
      docker('run', '--rm', '--network', 'none', '--security-opt', `seccomp=${file}`, IMAGES.bare, ...busybox(...args));
    try {
      await run('mkdir', '/made');
      await assert.rejects(run('chmod', '700', '/bin'));
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  it("is the image's own behind its entry point, as the image's user", async () => {
    const run = await recorded(IMAGES.user, []);
    assert.deepEqual([run.command, run.stdout], [[...busybox('echo'), 'own'], 'own\n']);
    assert.equal((await recorded(IMAGES.user, ['$(id)', '--', '-f'])).stdout, '$(id) -- -f\n');
  });

  it('that does not end is ended at the time limit, and what it did counts', async () => {
    const run = await recorded(IMAGES.bare, busybox('sleep', '1000'), { timeLimitMs: 15_000 });
    assert.equal(run.end, 'limit');
    assert.ok(names(run).some((name) => /nanosleep/.test(name)));
  });

  it('can be ended by the user, and what it did counts', async () => {
    const controller = new AbortController();
    const progress = (message: string) => {
      if (message.startsWith('Recording')) void untilAsleep().then(() => controller.abort());
    };
    const run = await recorded(IMAGES.bare, busybox('sleep', '1000'), {}, { signal: controller.signal, progress });
    assert.equal(run.end, 'stopped');
    assert.ok(names(run).includes('execve'));
  });

  it('can be cancelled before it runs', async () => {
    const controller = new AbortController();
    const progress = (message: string) => {
      if (message.startsWith('Looking for strace')) controller.abort();
    };
    const outcome = await recordIn(IMAGES.bare, busybox('true'), {}, { signal: controller.signal, progress });
    assert.equal(outcome.kind, 'cancelled');
  });

  it('can be recorded from the command line', async () => {
    const command = ['--', ...busybox('sh', '-c', 'echo hello; /bin/busybox mkdir /made')];
    const { status, stdout, stderr } = await recordByHand(['--image', IMAGES.bare, ...command]);
    assert.equal(status, 0, stderr);
    assert.ok(JSON.parse(stdout).syscalls[0].names.some((name: string) => /^mkdir/.test(name)));
    assert.match(
      stderr,
      /Recording \/bin\/busybox with this machine's strace.*\nhello\n\/bin\/busybox ended with status 0\.\n/,
    );
  });

  it('can be ended with Ctrl-C on the command line, and its profile is printed', async () => {
    let interrupted = false;
    const command = ['--', ...busybox('sh', '-c', 'echo ready >&2; /bin/busybox sleep 1000')];
    const { status, stdout, stderr } = await recordByHand(['--image', IMAGES.bare, ...command], (child, said) => {
      if (interrupted || !said.includes('Recording')) return;
      interrupted = true;
      void untilAsleep().then(() => child.kill('SIGINT'));
    });
    assert.equal(status, 130, stderr);
    assert.ok(JSON.parse(stdout).syscalls[0].names.includes('execve'));
    assert.match(stderr, /\/bin\/busybox was ended; what it did until then was recorded/);
  });

  it('that cannot be recorded is told', async () => {
    const failure = async (...args: Parameters<typeof recordIn>) => {
      const outcome = await recordIn(...args);
      assert.ok(outcome.kind === 'failed', outcome.kind);
      return `${outcome.message} ${outcome.raw}`;
    };
    assert.match(
      await failure('sp-test:missing', ['x']),
      /sp-test:missing is not on the engine\. Pull or build it first/,
    );
    assert.match(await failure(IMAGES.bare, []), /has no command of its own/);
    assert.match(
      await failure(IMAGES.bare, busybox('true'), { options: ['--read-only'] }),
      /could not be put into the container/,
    );
    assert.match(await failure(IMAGES.bare, busybox('true'), { options: ['--no-such'] }), /unknown flag/);
  });
});
