import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Cli } from '../../../server/container/cli.ts';
import {
  createContainer,
  inspectContainer,
  inspectOurs,
  listOurs,
  loadImage,
  removeThings,
  startContainer,
} from '../../../server/container/commands.ts';
import type { Output } from '../../../server/container/execute.ts';
import { LABEL } from '../../../server/container/owner.ts';
import { shellLine } from '../../../server/container/shell.ts';

const docker: Cli = { kind: 'docker', program: 'docker', env: { DOCKER_HOST: 'x' } };
const output = (more: Partial<Output>): Output => ({ status: 0, stdout: '', stderr: '', ...more });
const spec = {
  name: 'n',
  image: 'i',
  command: ['sh', '-c', 'a; b'],
  seccomp: '/tmp/p.json',
  limits: { memory: '256m', pids: 64 },
  labels: { a: '1' },
  options: ['--cap-drop=ALL'],
};

describe('commands', () => {
  it('create a container with no network, limits, labels, and no pull', () => {
    const { args, program, env } = createContainer(docker, spec);
    assert.equal(program, 'docker');
    assert.equal(env, docker.env);
    assert.equal(
      args.join(' '),
      'create --name n --label a=1 --pull never --log-driver none --network none --security-opt seccomp=/tmp/p.json ' +
        '--memory 256m --pids-limit 64 --cap-drop=ALL i sh -c a; b',
    );
    assert.deepEqual(args.slice(-3), spec.command);
  });

  it('leave out what nerdctl does not take', () => {
    assert.ok(!createContainer({ ...docker, kind: 'nerdctl' }, spec).args.includes('--log-driver'));
  });

  it('read the id of a new container, warnings before it or not', () => {
    const { parse } = createContainer(docker, spec);
    assert.equal(parse(output({ stdout: 'warning\nabc\n' })), 'abc');
    assert.equal(parse(output({ status: 125, stdout: 'abc\n' })), undefined);
    assert.equal(parse(output({ stopped: 'timeout', stdout: 'abc\n' })), undefined);
  });

  it('load an image from standard input', () => {
    const archive = Uint8Array.of(1);
    const { args, stdin, parse } = loadImage(docker, archive);
    assert.deepEqual([args, stdin], [['load'], archive]);
    assert.equal(parse(output({ status: 1 })), false);
  });

  it('start with the output attached', () => {
    assert.deepEqual(startContainer(docker, 'n').args, ['start', '--attach', 'n']);
  });

  it('read the state of a container that ran and of one that did not start', () => {
    const { parse } = inspectContainer(docker, 'n');
    const state = (value: object) => output({ stdout: JSON.stringify([{ State: value }]) });
    assert.deepEqual(
      parse(state({ StartedAt: '2026-11-23T00:00:00Z', Running: false, ExitCode: 159, OOMKilled: true, Error: '' })),
      {
        started: true,
        running: false,
        exitCode: 159,
        outOfMemory: true,
        error: '',
      },
    );
    assert.deepEqual(parse(state({ StartedAt: '0001-01-01T00:00:00Z', ExitCode: 128, Error: 'no' })), {
      started: false,
      running: false,
      exitCode: 128,
      outOfMemory: false,
      error: 'no',
    });
    assert.equal(parse(output({ status: 1, stdout: '[]', stderr: 'No such container' })), undefined);
  });

  it('list what carries our label, once each', () => {
    const { args, parse } = listOurs(docker, 'container', 'r');
    assert.equal(args.join(' '), `container ls --all --quiet --no-trunc --filter label=${LABEL.run}=r`);
    assert.deepEqual(parse(output({ stdout: 'a\nb\na\n' })), ['a', 'b']);
    assert.equal(parse(output({ status: 1 })), undefined);
    assert.equal(listOurs(docker, 'image').args.join(' '), `image ls --quiet --no-trunc --filter label=${LABEL.run}`);
  });

  it('read the owners of our things, and leave out others', () => {
    const thing = (id: string, Labels: object | null) => ({ Id: id, Config: { Labels } });
    const ours = thing('a', { [LABEL.run]: 'r', [LABEL.owner]: 'h 1 2' });
    const { parse } = inspectOurs(docker, 'container', ['a', 'b', 'c']);
    const stdout = JSON.stringify([ours, thing('b', null), thing('c', { [LABEL.run]: 'r' })]);
    assert.deepEqual(parse(output({ stdout })), [{ id: 'a', run: 'r', owner: 'h 1 2' }]);
    assert.deepEqual(parse(output({ stdout: 'nonsense' })), []);
  });

  it('take something that is gone already for removed, and nothing else', () => {
    const { args, parse } = removeThings(docker, 'container', ['a', 'b']);
    assert.equal(args.join(' '), 'container rm --force --volumes a b');
    const gone = 'Error response from daemon: No such container: a';
    assert.equal(parse(output({ status: 1, stderr: `${gone}\n` })), true);
    assert.equal(parse(output({ status: 1, stderr: `${gone}\nError: device busy\n` })), false);
    assert.equal(parse(output({ status: 137, stopped: 'timeout' })), false);
  });
});

describe('shell lines', () => {
  it('quote what a shell would read otherwise', () => {
    assert.equal(
      shellLine('docker', 'a b', "it's", '', '$HOME', '*', 'plain/-._=:,@%+', 'ü'),
      `docker 'a b' 'it'\\''s' '' '$HOME' '*' plain/-._=:,@%+ 'ü'`,
    );
  });
});
