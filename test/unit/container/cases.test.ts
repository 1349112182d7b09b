import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'mocha';
import { type CaseResult, type CasesRequest, leftInWords, runCases } from '../../../server/container/cases/index.ts';
import { judge } from '../../../server/container/cases/judge.ts';
import { resolveMounts } from '../../../server/container/cases/mounts.ts';
import { caseOptions } from '../../../server/container/cases/options.ts';
import { type Execute, execute as executeHere } from '../../../server/container/execute.ts';
import { readCases } from '../../../server/src/cases/read.ts';
import { fileOf, fileWith, problemsIn } from '../cases/harness.ts';
import { type Answers, DOCKER, fakeExecute } from './fake.ts';

const caseOf = (testCase: object) => readCases(fileOf(testCase)).cases[0]!;

const ran = (more: object = {}) =>
  ({
    kind: 'ended',
    exitCode: 0,
    outOfMemory: false,
    stdout: '',
    stderr: '',
    flooded: false,
    durationMs: 1,
    ...more,
  }) as const;

const messages = (expect: object, run: object): readonly string[] =>
  judge(caseOf({ image: 'a', expect }), ran(run)).map(({ message }) => message);

/** Splits in more ways than can be tried. */
const LONG = `${'a'.repeat(64)}!`;

describe('the judge of a run', () => {
  it('compares the exit status', () => {
    assert.deepEqual(messages({ exit: 0 }, {}), []);
    assert.deepEqual(messages({ exit: 'nonzero' }, { exitCode: 3 }), []);
    assert.match(messages({ exit: 0 }, { exitCode: 159 })[0]!, /status 159 \(SIGSYS\); status 0 was expected/);
    assert.match(messages({ exit: 0 }, { exitCode: 137, outOfMemory: true })[0]!, /status 137, out of memory;/);
    assert.match(messages({ exit: 'nonzero' }, {})[0]!, /a status other than 0 was expected/);
  });

  it('looks into the output that is meant', () => {
    const run = { stdout: 'one\ntwo\n', stderr: 'three' };
    assert.deepEqual(messages({ stdout: { contains: ['one', 'two'], matches: '^two$' }, stderr: 'three' }, run), []);
    const failed = judge(caseOf({ image: 'a', expect: { stdout: { contains: ['one', 'three'] } } }), ran(run));
    assert.deepEqual(
      failed.map(({ expected, actual }) => [expected, actual]),
      [['three', 'one\ntwo\n']],
    );
    assert.match(messages({ stderr: { matches: '^two$' } }, run)[0]!, /Standard error does not match \/\^two\$\//);
  });

  it('gives up a search that would not end, and says so', () => {
    const failed = judge(caseOf({ image: 'a', expect: { stdout: { matches: '(a+)+$' } } }), ran({ stdout: LONG }));
    assert.deepEqual(
      failed.map(({ message, elsewhere }) => [message.replace(/\. .*/, ''), elsewhere]),
      [['It takes too long to look for /(a+)+$/', true]],
    );
  });

  it('never passes a program that wrote without end', () => {
    assert.match(messages({ exit: 0 }, { flooded: true })[0]!, /more than 1 MB/);
  });
});

describe('options for a case', () => {
  it('are arguments, each for itself', () => {
    const testCase = caseOf({
      image: 'a',
      user: '1:2',
      environment: { A: 'b; c' },
      workdir: '/w',
      capabilities: { add: ['sys_admin'], drop: ['ALL'] },
      readOnly: true,
      noNewPrivileges: true,
    });
    assert.deepEqual(caseOptions(testCase, [{ source: '/s x', target: '/t', readOnly: true }]), [
      ...['--cap-drop', 'ALL', '--cap-add', 'CAP_SYS_ADMIN', '--user', '1:2', '--env', 'A=b; c', '--workdir', '/w'],
      ...['--mount', 'type=bind,source=/s x,target=/t,readonly', '--read-only', '--security-opt', 'no-new-privileges'],
    ]);
    assert.deepEqual(caseOptions(caseOf({}), []), []);
  });

  it('mount what lies in the workspace alone', async () => {
    const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'sp-mounts-')));
    const file = path.join(folder, 'web.test.json');
    fs.mkdirSync(path.join(folder, 'site'));
    fs.symlinkSync('/etc', path.join(folder, 'out'));
    fs.mkdirSync(path.join(folder, '..hidden'));
    const resolved = (source: string, target = '/t') =>
      resolveMounts(caseOf({ mounts: [{ source, target }] }).mounts, { file, folders: [] });
    assert.deepEqual(await resolved('site'), [{ source: path.join(folder, 'site'), target: '/t', readOnly: true }]);
    assert.deepEqual(await resolved('..hidden'), [
      { source: path.join(folder, '..hidden'), target: '/t', readOnly: true },
    ]);
    assert.match(String(await resolved('out')), /outside of the workspace/);
    assert.match(String(await resolved('..')), /outside of the workspace/);
    assert.match(String(await resolved('nothing')), /There is no nothing/);
    for (const name of ['a,readonly=x', 'a"b', 'a\nb']) {
      fs.mkdirSync(path.join(folder, name));
      assert.match(String(await resolved(name)), /a comma, a quote or a control character/);
      assert.match(String(await resolved('site', `/${name}`)), /a comma, a quote or a control character/);
    }
    fs.rmSync(folder, { recursive: true });
  });
});

const STARTED = JSON.stringify([{ State: { StartedAt: '2026-01-01T00:00:00Z', ExitCode: 0 } }]);
const ENGINE: Answers = {
  ...DOCKER,
  'docker create': { stdout: 'id\n' },
  'docker container inspect': { stdout: STARTED },
};

const requestFor = (text: string, wanted: readonly number[]): CasesRequest => ({
  file: '/work/web.test.json',
  document: readCases(text),
  problems: problemsIn(text),
  wanted,
  folders: [],
  profile: { path: '/work/web.json', text: '{"defaultAction":"SCMP_ACT_ALLOW"}' },
  engine: { kind: 'docker' },
});

describe('a case that cannot be handed to the engine', () => {
  it('is told from those that can', async () => {
    const text = fileWith({ image: 'a' }, { image: 'a', command: ['a\0b'] }, { image: 'a' });
    const fake = fakeExecute(ENGINE).execute;
    // a real program for orders, so that they are refused as the system refuses them
    const execute: Execute = async (invocation, options) =>
      invocation.args[0] === 'create' ? executeHere({ ...invocation, program: 'echo' }, options) : fake(invocation);
    const { results } = await runCases(requestFor(text, [0, 1, 2]), { execute });
    assert.deepEqual(
      results.map(({ status }) => status),
      ['passed', 'errored', 'passed'],
    );
    assert.match(results[1]!.message!, /could not be started: .* null byte in its arguments/);
  });
});

describe('a profile that is a link', () => {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'sp-links-')));
  after(() => fs.rmSync(folder, { recursive: true }));
  const tried = async (target: string) => {
    const link = path.join(folder, 'work', 'web.json');
    fs.rmSync(link, { force: true });
    fs.symlinkSync(target, link);
    const { execute, asked } = fakeExecute(ENGINE);
    const text = fileOf({ image: 'a' });
    const file = path.join(folder, 'work', 'web.test.json');
    const request = requestFor(text, [0]);
    const { results } = await runCases({ ...request, file, profile: { ...request.profile, path: link } }, { execute });
    return { ...results[0]!, asked };
  };
  before(() => {
    fs.mkdirSync(path.join(folder, 'work'));
    for (const name of ['work/other.json', 'outside.json']) fs.writeFileSync(path.join(folder, name), '{}');
  });

  it('is taken where it stays in the workspace', async () => {
    assert.equal((await tried('other.json')).status, 'passed');
  });

  it('is not given to the engine where it leads out of it', async () => {
    const { status, message, asked } = await tried('../outside.json');
    assert.deepEqual([status, asked], ['errored', []]);
    assert.match(message!, /leads out of the workspace/);
  });
});

describe('a run of cases', () => {
  const run = async (answers: Answers, testCase: object = {}) => {
    const { execute, asked } = fakeExecute(answers);
    const text = fileOf(testCase);
    const report = await runCases(requestFor(text, [0]), { execute });
    const lines = asked.map(({ args }) => args.join(' '));
    return { report, result: report.results[0] as CaseResult, lines };
  };

  it('runs each case with the profile and without, and asks for no network', async () => {
    const { result, lines } = await run(ENGINE, { image: 'nginx', command: ['nginx', '-t'] });
    assert.equal(result.status, 'passed');
    const made = lines.filter((line) => line.startsWith('create') && line.endsWith('nginx nginx -t'));
    assert.equal(made.length, 2);
    assert.ok(made.every((line) => line.includes('--network none') && line.includes('--pull never')));
    assert.equal(made.filter((line) => line.includes('seccomp=unconfined')).length, 1);
  });

  it('gives the network that a case asks for, once', async () => {
    const { lines } = await run(ENGINE, { image: 'nginx', network: 'bridge' });
    const made = lines.filter((line) => line.startsWith('create') && line.endsWith('nginx'));
    assert.ok(made.length === 2 && made.every((line) => line.match(/--network \w+/g)?.join() === '--network bridge'));
  });

  it('names an engine that goes away in the middle', async () => {
    const gone = { status: 1, stderr: 'Cannot connect to the Docker daemon at unix:///run/docker.sock.' };
    const { result } = await run({ ...ENGINE, 'docker create': gone, 'docker container inspect': gone });
    assert.equal(result.status, 'errored');
    assert.equal(result.message, 'The engine stopped answering while the cases ran.');
  });

  it('mounts nothing on an engine of another machine', async () => {
    const remote = { ...ENGINE, 'docker context': { stdout: '"ssh://host"\n' } };
    const { result } = await run(remote, { mounts: [{ source: 'a', target: '/a' }] });
    assert.match(result.message!, /another machine/);
  });

  it('says what the engine kept', async () => {
    const kept = {
      ...ENGINE,
      'docker container ls': { stdout: 'c1\n' },
      'docker container rm': { status: 1, stderr: 'busy' },
    };
    const { report } = await run(kept);
    assert.match(leftInWords(report)!, /Not removed, .*container c1/);
    assert.equal(leftInWords((await run(ENGINE)).report), undefined);
  });
});
