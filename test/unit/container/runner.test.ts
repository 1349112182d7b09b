import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { hostname } from 'node:os';
import { describe, it } from 'mocha';
import { sweep } from '../../../server/container/cleanup.ts';
import type { Execute, Output } from '../../../server/container/execute.ts';
import { isOwnerDead, LABEL, ownerOf } from '../../../server/container/owner.ts';
import type { Probe } from '../../../server/container/probe/calls.ts';
import { recordCommand } from '../../../server/container/record/record.ts';
import { headline, renderMarkdown } from '../../../server/container/render.ts';
import { repeatByHand } from '../../../server/container/repeat.ts';
import type { Report } from '../../../server/container/report.ts';
import type { TestRequest } from '../../../server/container/request.ts';
import { testProfile } from '../../../server/container/runner.ts';
import { verifyProfile } from '../../../server/container/verify/verify.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { type Answers, DOCKER, fakeExecute, missing } from './fake.ts';

const PROBES: readonly Probe[] = [
  { name: 'mkdir', nr: 83, args: [] },
  { name: 'pivot_root', nr: 155, args: [] },
];
const request = (more: Partial<TestRequest> = {}): TestRequest => ({
  profile: { text: '{"defaultAction":"SCMP_ACT_ALLOW"}', path: '/p.json' },
  engine: { kind: 'docker' },
  plan: () => ({ probes: PROBES }),
  ...more,
});

const NONE = parseProfile('');
const markdown = (report: Report) => renderMarkdown({ report, document: NONE });

const STARTED = JSON.stringify([{ State: { StartedAt: '2026-01-01T00:00:00Z', ExitCode: 0 } }]);
const NOT_STARTED = JSON.stringify([{ State: { StartedAt: '0001-01-01T00:00:00Z', ExitCode: 128 } }]);
const lines = (...results: readonly number[]) => `${results.map((r, i) => `${i} x ${r}`).join('\n')}\nend\n`;

/** An engine on which `mkdir` is denied under the profile. */
const ENGINE: Answers = {
  ...DOCKER,
  'docker create': { stdout: 'id\n' },
  'docker start': (line) => ({ stdout: line.includes('unconfined') ? lines(0, -14, -1) : lines(2, -1, -1) }),
  'docker container inspect': { stdout: STARTED },
  'docker container ls': { stdout: 'c1\nc2\n' },
  'docker image ls': { stdout: 'i1\n' },
};

describe('a test run', () => {
  it('compares both runs and removes what it made', async () => {
    const { execute, asked } = fakeExecute(ENGINE);
    const report = await testProfile(request(), { execute });
    assert.ok(report.outcome.kind === 'ran');
    assert.deepEqual(
      report.outcome.probe.tried.map(({ probe, verdict }) => [probe.name, verdict]),
      [
        ['mkdir', 'denied'],
        ['pivot_root', 'same'],
      ],
    );
    assert.deepEqual(report.cleanup, { containers: 2, images: 1, left: [] });
    assert.equal(headline({ report, document: NONE }), 'The container starts; 1 of 2 calls tried were denied');
    const removed = asked.map(({ args }) => args.join(' ')).filter((line) => / rm /.test(line));
    assert.deepEqual(removed, [
      'container rm --force --volumes c1',
      'container rm --force --volumes c2',
      'image rm --force i1',
    ]);
  });

  it('reads well', async () => {
    const text = markdown(await testProfile(request(), { execute: fakeExecute(ENGINE).execute }));
    assert.match(text, /^# The container starts; 1 of 2 calls tried were denied\n/);
    assert.match(text, /- Engine: Docker 28\.5\.2 · runc 1\.3\.6 · Linux 6\.18\.4 \(x86\\_64\), rootless\n/);
    assert.match(text, /\| `mkdir` \| EPERM \| EFAULT \|/);
    assert.match(text, /docker run --rm --network none --security-opt seccomp=\/p\.json /);
    assert.match(text, /Removed: 2 containers, 1 image\./);
  });

  it('gives the profile to the engine in a file that others cannot read, and removes it', async () => {
    let file = '';
    let seen = '';
    const { execute } = fakeExecute({
      ...ENGINE,
      'docker create': (line) => {
        const path = /seccomp=(\/\S+)/.exec(line)?.[1];
        if (path) {
          file = path;
          seen = `${(fs.statSync(path).mode & 0o777).toString(8)} ${fs.readFileSync(path, 'utf8')}`;
        }
        return { stdout: 'id\n' };
      },
    });
    await testProfile(request(), { execute });
    assert.equal(seen, '600 {"defaultAction":"SCMP_ACT_ALLOW"}');
    assert.equal(fs.existsSync(file), false);
  });

  it('names what the runtime needs and the profile denies, where nothing starts', async () => {
    const { execute } = fakeExecute({
      ...ENGINE,
      'docker start': (line) =>
        line.includes('unconfined')
          ? { stdout: lines(0, -14, -1) }
          : { status: 1, stderr: 'Error response from daemon: cannot start a stopped process: unknown' },
      'docker container inspect': (line) => ({ stdout: line.includes('unconfined') ? STARTED : NOT_STARTED }),
    });
    const profile = {
      text: '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["execve","capset","mkdir"],"action":"SCMP_ACT_ERRNO"}]}',
    };
    const verification = await verifyProfile({ profile, engine: { kind: 'docker' } }, { execute });
    assert.deepEqual(verification.denied, ['capset', 'execve']);
    assert.match(renderMarkdown(verification), /denies what runc calls before the program: `capset`, `execve`\./);
  });

  it('tells an engine that is not there', async () => {
    const { execute } = fakeExecute({ docker: missing });
    const report = await testProfile(request(), { execute });
    assert.equal(report.outcome.kind, 'no-engine');
    assert.match(markdown(report), /# No container engine to test with[\s\S]*- Docker: `docker` is not on the PATH/);
  });

  it('blames the engine where nothing starts without a profile either', async () => {
    const { execute } = fakeExecute({
      ...ENGINE,
      'docker start': { status: 1, stderr: 'no space left on device' },
      'docker container inspect': { stdout: NOT_STARTED },
    });
    const report = await testProfile(request(), { execute });
    assert.equal(report.outcome.kind, 'failed');
    assert.match(markdown(report), /Even a container without a profile does not start[\s\S]*no space left/);
  });

  it('blames the engine that does not take the image', async () => {
    const { execute } = fakeExecute({ ...ENGINE, 'docker load': { status: 1, stderr: 'disk full' } });
    const { outcome } = await testProfile(request(), { execute });
    assert.ok(outcome.kind === 'failed');
    assert.equal(outcome.raw, 'disk full');
  });

  it('an engine that hangs on starting is left at the time limit, and what stays is named', async () => {
    const hanging: Execute = (invocation, options = {}) => {
      const line = invocation.args.join(' ');
      if (/^start .*-profile-/.test(line)) return untilAborted(options.signal!);
      if (/^container rm .* c1$/.test(line))
        return Promise.resolve({ status: 137, stdout: '', stderr: '', stopped: 'timeout' });
      return fakeExecute({ ...ENGINE, 'docker container inspect': { stdout: NOT_STARTED } }).execute(
        invocation,
        options,
      );
    };
    const report = await testProfile(request({ timeLimitMs: 200 }), { execute: hanging });
    assert.ok(report.outcome.kind === 'timeout');
    assert.equal(report.outcome.container, 'not-started');
    assert.deepEqual(report.cleanup, { containers: 1, images: 1, left: [{ thing: 'container', id: 'c1' }] });
    const text = markdown(report);
    assert.match(text, /# Not finished within 0\.2 s/);
    assert.match(text, /did not finish starting/);
    assert.match(text, /\*\*Not removed\*\*[\s\S]*container `c1`/);
  });

  it('an engine that does not answer any more is said to keep something', async () => {
    const { execute } = fakeExecute({
      ...ENGINE,
      'docker container ls': { status: 1 },
      'docker image ls': { status: 1 },
    });
    const { cleanup } = await testProfile(request(), { execute });
    assert.deepEqual(
      cleanup!.left.map(({ thing }) => thing),
      ['container', 'image'],
    );
  });

  it('a cancel before the start makes nothing', async () => {
    const { execute, asked } = fakeExecute(ENGINE);
    const { outcome, cleanup } = await testProfile(request(), { execute, signal: AbortSignal.abort() });
    assert.equal(outcome.kind, 'cancelled');
    assert.equal(cleanup, undefined);
    assert.ok(!asked.some(({ args }) => args[0] === 'create' || args[0] === 'load'));
  });

  it('a machine without a probe program is told', async () => {
    const info = { stdout: (DOCKER['docker info'] as Output).stdout.replace('x86_64', 's390x') };
    const { outcome } = await testProfile(request(), {
      execute: fakeExecute({ ...ENGINE, 'docker info': info }).execute,
    });
    assert.ok(outcome.kind === 'failed');
    assert.match(outcome.message, /s390x/);
  });

  it('output with fences in it stays within its block', async () => {
    const { execute } = fakeExecute({ ...ENGINE, 'docker load': { status: 1, stderr: 'a\n```\n# no heading' } });
    assert.match(markdown(await testProfile(request(), { execute })), /````\na\n```\n# no heading\n````/);
  });
});

describe('an image that is an option', () => {
  const IMAGES = ['--privileged', '-v=/:/host', 'a b', 'a\n--privileged'];

  it('is given to no engine, and not to who repeats a test by hand', async () => {
    for (const image of IMAGES) {
      const { execute, asked } = fakeExecute(ENGINE);
      const report = await testProfile(request({ image, command: ['nginx'] }), { execute });
      assert.ok(report.outcome.kind === 'ran' && report.outcome.program?.underProfile.kind === 'refused');
      assert.match(report.outcome.program.underProfile.message, /is no image: it is one word/);
      assert.ok(!asked.some(({ args }) => args.includes(image)));
      assert.ok(!repeatByHand(report)!.run.includes(image));
    }
  });

  it('is not recorded', async () => {
    for (const image of IMAGES) {
      const { execute, asked } = fakeExecute(DOCKER);
      const order = { engine: { kind: 'docker' }, image, command: ['nginx'] } as const;
      const outcome = await recordCommand(order, () => undefined, { execute });
      assert.ok(outcome.kind === 'failed');
      assert.match(outcome.message, /is no image: it is one word/);
      assert.ok(!asked.some(({ args }) => args.includes(image)));
    }
  });
});

describe('the line that repeats a test by hand', () => {
  it('sets variables, and runs nothing in their names and values', async () => {
    const env = { DOCKER_HOST: "a'; touch /tmp/x", 'A;touch /tmp/x;B': 'c', '$(touch /tmp/x)': 'd', '1A': 'e' };
    const engine = { kind: 'docker', env } as const;
    const report = await testProfile(request({ engine, image: 'i' }), { execute: fakeExecute(ENGINE).execute });
    assert.match(repeatByHand(report)!.run, /^DOCKER_HOST='a'\\''; touch \/tmp\/x' docker run --rm /);
  });
});

describe('leftovers of other processes', () => {
  const dead = `${hostname()} ${spawnSync('true').pid} 1`;

  it('are dead owners’ for certain, or not touched', () => {
    assert.equal(isOwnerDead(dead), true);
    assert.equal(isOwnerDead(ownerOf(process.pid)), false);
    assert.equal(isOwnerDead(`${hostname()} ${process.pid} 1`), true, 'a later process with the same id');
    assert.equal(isOwnerDead(`other-${dead}`), false);
    assert.equal(isOwnerDead('something else'), false);
  });

  it('are removed; a thing whose owner lives or is unknown is not', async () => {
    const thing = (id: string, owner: string) => ({
      Id: id,
      Config: { Labels: { [LABEL.run]: 'r', [LABEL.owner]: owner } },
    });
    const { execute, asked } = fakeExecute({
      'docker container ls': { stdout: 'a\nb\n' },
      'docker container inspect': { stdout: JSON.stringify([thing('a', dead), thing('b', ownerOf(process.pid))]) },
      'docker image ls': { stdout: '' },
    });
    assert.deepEqual(await sweep({ kind: 'docker', program: 'docker', env: {} }, execute), {
      containers: 1,
      images: 0,
      left: [],
    });
    assert.deepEqual(
      asked.filter(({ args }) => args[1] === 'rm').map(({ args }) => args.at(-1)),
      ['a'],
    );
  });
});

const untilAborted = (signal: AbortSignal) =>
  new Promise<Output>((resolve) =>
    signal.addEventListener('abort', () => resolve({ status: 137, stdout: '', stderr: '', stopped: 'cancelled' })),
  );
