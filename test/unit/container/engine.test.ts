import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type EngineSettings, engineLabel, findEngine } from '../../../server/container/engine.ts';
import type { EngineProblem } from '../../../server/container/engine-problem.ts';
import type { Output } from '../../../server/container/execute.ts';
import { type Answers, DOCKER, DOCKER_INFO, fakeExecute, missing } from './fake.ts';

const find = (settings: EngineSettings, answers: Answers) => findEngine(settings, fakeExecute(answers).execute);

async function engine(settings: EngineSettings, answers: Answers) {
  const found = await find(settings, answers);
  assert.ok(found.ok, JSON.stringify(found));
  return found.engine;
}

async function problem(stderr: string, more: Partial<Output> = {}): Promise<EngineProblem> {
  const found = await find({ kind: 'docker' }, { 'docker version': { status: 1, stderr, ...more } });
  assert.ok(!found.ok);
  return found.problems[0]!;
}

const PODMAN: Answers = {
  'podman version': { stdout: JSON.stringify({ Client: { Version: '5.8.6' } }) },
  'podman info': {
    stdout: JSON.stringify({
      host: {
        arch: 'arm64',
        kernel: '6.12.1',
        ociRuntime: { name: 'crun', version: 'crun version 1.28\ncommit: x' },
        security: { rootless: true, seccompEnabled: true },
        serviceIsRemote: true,
        remoteSocket: { path: '/run/podman.sock' },
      },
    }),
  },
};

describe('the container engine', () => {
  it('Docker says what it is', async () => {
    assert.deepEqual(await engine({ kind: 'docker' }, DOCKER), {
      kind: 'docker',
      program: 'docker',
      env: {},
      version: '28.5.2',
      runtime: { name: 'runc', version: '1.3.6' },
      kernel: '6.18.4',
      machine: 'x86_64',
      probeArch: 'x86_64',
      rootless: true,
      seccomp: true,
      endpoint: 'unix:///run/docker.sock',
      remote: false,
    });
  });

  it('Podman says what it is', async () => {
    const found = await engine({ kind: 'podman' }, PODMAN);
    assert.deepEqual(found.runtime, { name: 'crun', version: '1.28' });
    assert.equal(found.probeArch, 'aarch64');
    assert.equal(found.remote, true);
    assert.equal(engineLabel(found), 'Podman 5.8.6 · crun 1.28 · Linux 6.12.1 (arm64)');
  });

  it('Podman under Docker’s name is known by its answer', async () => {
    const found = await engine(
      { kind: 'docker' },
      {
        'docker version': PODMAN['podman version']!,
        'docker info': PODMAN['podman info']!,
        'docker context': { status: 125 },
      },
    );
    assert.deepEqual([found.kind, found.program], ['podman', 'docker']);
  });

  it('a machine that no probe exists for is named all the same', async () => {
    const found = await engine(
      { kind: 'docker' },
      { ...DOCKER, 'docker info': { stdout: DOCKER_INFO.replace('x86_64', 's390x') } },
    );
    assert.equal(found.machine, 's390x');
    assert.equal(found.probeArch, undefined);
  });

  it('an engine without seccomp says so', async () => {
    const info = { stdout: DOCKER_INFO.replace('name=seccomp,profile=builtin', 'name=cgroupns') };
    assert.equal((await engine({ kind: 'docker' }, { ...DOCKER, 'docker info': info })).seccomp, false);
  });

  for (const [host, remote] of [
    ['ssh://me@far', true],
    ['tcp://10.0.0.1:2376', true],
    ['tcp://127.0.0.1:2375', false],
    ['npipe:////./pipe/docker_engine', false],
  ] as const) {
    it(`${host} is ${remote ? '' : 'not '}another machine`, async () => {
      const found = await engine({ kind: 'docker' }, { ...DOCKER, 'docker context': { stdout: JSON.stringify(host) } });
      assert.equal(found.remote, remote);
    });
  }

  it('auto takes Docker where it answers, and Podman where it does not', async () => {
    assert.equal((await engine({ kind: 'auto' }, { ...DOCKER, ...PODMAN })).kind, 'docker');
    const down = {
      status: 1,
      stderr: 'Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?',
    };
    assert.equal(
      (await engine({ kind: 'auto' }, { ...PODMAN, 'docker version': down, 'docker info': down })).kind,
      'podman',
    );
  });

  it('passes program and variables on', async () => {
    const { execute, asked } = fakeExecute({
      '/opt/docker version': DOCKER['docker version']!,
      '/opt/docker info': DOCKER['docker info']!,
    });
    const env = { DOCKER_CONTEXT: 'lab' };
    const found = await findEngine({ kind: 'docker', program: '/opt/docker', env }, execute);
    assert.ok(found.ok);
    assert.ok(asked.length === 3 && asked.every((each) => each.env === env && each.program === '/opt/docker'));
  });

  it('no program at all: a problem for each that was looked for', async () => {
    const found = await find({ kind: 'auto' }, { docker: missing, podman: missing, nerdctl: missing });
    assert.ok(!found.ok);
    assert.deepEqual(
      found.problems.map(({ kind, reason }) => [kind, reason]),
      [
        ['docker', 'not-installed'],
        ['podman', 'not-installed'],
        ['nerdctl', 'not-installed'],
      ],
    );
    assert.match(found.problems[0]!.message, /`docker` is not on the PATH\. Install Docker/);
  });

  it('an engine that is not running', async () => {
    const { reason, message } = await problem(
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    );
    assert.equal(reason, 'not-running');
    assert.match(message, /does not answer.*Start it/);
  });

  it('a socket that the user may not use', async () => {
    const { reason, message } = await problem(
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: dial unix: connect: permission denied',
    );
    assert.equal(reason, 'no-permission');
    assert.match(message, /group that owns its socket/);
  });

  it('a context that does not exist', async () => {
    const text =
      'Failed to initialize: unable to resolve docker endpoint: context "x": context not found: open meta.json: no such file';
    assert.equal((await problem(text)).reason, 'bad-context');
  });

  it('another machine that cannot be reached', async () => {
    const text =
      'error during connect: command [ssh -- far docker system dial-stdio] has exited with exit status 255, stderr=ssh: connect to host far port 22: Connection refused';
    assert.equal((await problem(text)).reason, 'unreachable');
  });

  it('one that does not answer in time', async () => {
    assert.equal((await problem('', { status: 137, stopped: 'timeout' })).reason, 'no-answer');
  });

  it('an unknown failure shows what the program said', async () => {
    const { reason, message } = await problem('something new');
    assert.deepEqual([reason, message], ['unknown', 'Docker failed: something new']);
  });

  it('names the address that DOCKER_HOST gives', async () => {
    const down = { status: 1, stderr: 'Cannot connect to the Docker daemon. Is the docker daemon running?' };
    const found = await find({ kind: 'docker', env: { DOCKER_HOST: 'unix:///a.sock' } }, { 'docker version': down });
    assert.ok(!found.ok);
    assert.match(found.problems[0]!.message, /DOCKER_HOST is unix:\/\/\/a\.sock/);
  });
});
