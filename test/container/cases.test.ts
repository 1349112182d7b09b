import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import { type CaseResult, type CasesHost, type CasesReport, runCases } from '../../server/container/cases/index.ts';
import { createTests } from '../../server/src/cases/create.ts';
import { problemsOf } from '../../server/src/cases/problems.ts';
import { readCases } from '../../server/src/cases/read.ts';
import { architecture, defaultProfile } from '../../server/src/catalog/index.ts';
import { analyse } from '../../server/src/checks/analyse.ts';
import { parseProfile } from '../../server/src/profile/build.ts';
import { defaultTarget } from '../../server/src/settings.ts';
import { addUserImage, call, docker, engineSettings, inventory } from './use-engine.ts';

const AT_FDCWD = -100;
const IMAGES = { calls: 'sp-cases:calls', hang: 'sp-cases:hang', read: 'sp-cases:read' };

const PROFILE = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [
    { names: ['uname'], action: 'SCMP_ACT_ERRNO', errnoRet: 13 },
    { names: ['mount'], action: 'SCMP_ACT_ERRNO' },
    { names: ['socket'], action: 'SCMP_ACT_ERRNO', args: [{ index: 0, value: 38, op: 'SCMP_CMP_EQ' }] },
    { names: ['kcmp'], action: 'SCMP_ACT_KILL_PROCESS' },
    { names: ['acct'], action: 'SCMP_ACT_ALLOW', includes: { caps: ['CAP_SYS_PACCT'] } },
    { names: ['acct'], action: 'SCMP_ACT_ERRNO', excludes: { caps: ['CAP_SYS_PACCT'] } },
  ],
};

interface Options {
  readonly profile?: object | string;
  readonly engine?: Parameters<typeof runCases>[0]['engine'];
}

let folder = '';

/** Runs cases that stand in a file of the workspace. */
function run(cases: readonly object[], { profile = PROFILE, engine }: Options = {}, host: CasesHost = {}) {
  const document = readCases(JSON.stringify({ cases }, null, 2));
  const file = path.join(folder, 'web.test.json');
  const surroundings = {
    architecture: architecture('SCMP_ARCH_X86_64')!,
    path: file,
    folders: [folder],
    exists: () => true,
  };
  const request = {
    file,
    document,
    problems: problemsOf(document, surroundings),
    wanted: document.cases.map((_, index) => index),
    folders: [folder],
    profile: {
      path: path.join(folder, 'web.json'),
      text: typeof profile === 'string' ? profile : JSON.stringify(profile),
    },
    engine: engine ?? engineSettings(),
  };
  return runCases(request, host);
}

async function only(testCase: object, options: Options = {}): Promise<CaseResult> {
  const { results } = await run([{ name: 'it', ...testCase }], options);
  return results[0]!;
}

const messages = ({ failures }: CaseResult): string => failures.map(({ message }) => message).join('\n');

function passed(result: CaseResult): void {
  assert.equal(result.status, 'passed', `${result.message ?? ''}${messages(result)}\n${result.stdout}${result.stderr}`);
}

function failed(result: CaseResult, pattern: RegExp, elsewhere = false): void {
  assert.equal(result.status, 'failed', result.message);
  assert.match(messages(result), pattern);
  assert.equal(
    result.failures.some((failure) => failure.elsewhere === true),
    elsewhere,
    messages(result),
  );
}

function profilesToTest(): readonly (readonly [name: string, text: string])[] {
  const examples = ['allow-list', 'conditional', 'deny-list', 'docker-like'];
  return [
    ...examples.map((name) => [name, fs.readFileSync(`examples/${name}.json`, 'utf8')] as const),
    ["Docker's default", defaultProfile('docker').text],
  ];
}

describe('test cases', function () {
  this.timeout(60_000);
  let before0: readonly string[];

  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sp-cases-'));
    fs.writeFileSync(path.join(folder, 'data.txt'), 'data');
    await addUserImage(IMAGES.calls, [call('uname', 'scratch'), call('getuid'), call('chroot', { text: '/' })]);
    await addUserImage(IMAGES.hang, [call('getpid'), call('ppoll', 0, 0, 0, 0, 0)]);
    await addUserImage(IMAGES.read, [
      call('openat', AT_FDCWD, { text: '/data.txt' }, 0),
      call('openat', AT_FDCWD, { text: '/data.txt' }, 1),
      call('mkdir', { text: '/made' }, 0o755),
    ]);
    before0 = await inventory();
  });

  after(async () => {
    fs.rmSync(folder, { recursive: true });
    await docker('image', 'rm', ...Object.values(IMAGES));
  });

  afterEach(async () => assert.deepEqual(await inventory(), before0, 'something was left behind'));

  it('pass where everything is as expected', async () => {
    passed(await only({ expect: { exit: 0 } }));
    passed(
      await only({
        image: IMAGES.calls,
        expect: { exit: 0, stdout: { contains: 'getuid', matches: '^\\s*0 uname +-13$' } },
      }),
    );
  });

  it('tell denied calls from allowed ones, also where the kernel gives the same error', async () => {
    const denied = ['uname', 'mount', 'kcmp', 'socket(AF_ALG, SOCK_SEQPACKET, 0)', 'acct'];
    const allowed = ['getpid', 'socket(AF_INET, SOCK_STREAM, 0)', 'swapon', 'reboot'];
    const result = await only({ expect: { denied, allowed } });
    passed(result);
    assert.deepEqual(result.notes.length, 1);
    assert.match(result.notes[0]!, /^reboot was not tried/);
  });

  it('fail at the expectation about a call, with the rule that decides', async () => {
    const result = await only({ expect: { denied: ['swapon'], allowed: ['mount'] } });
    failed(result, /swapon is allowed, but should be denied. The profile: allowed \(defaultAction\)/);
    failed(result, /mount is denied, but should be allowed. The profile: fails with EPERM \(rule 2, line 1\)/);
    const text = JSON.stringify(PROFILE);
    const rules = result.failures.map(({ rule }) => rule && text.slice(rule.start, rule.end));
    assert.deepEqual(rules, ['"SCMP_ACT_ALLOW"', '"mount"']);
  });

  it('do not say of a name what holds for some of its calls only', async () => {
    const { results } = await run([
      { name: 'a', expect: { denied: ['socket'] } },
      { name: 'b', expect: { allowed: ['socket'] } },
    ]);
    failed(results[0]!, /It cannot be said that socket is denied: it depends/);
    failed(results[1]!, /It cannot be said that socket is allowed: it depends/);
  });

  it('know the default action of an allow-list from the natural error', async () => {
    const profile = fs.readFileSync('examples/allow-list.json', 'utf8');
    const expect = { denied: ['mount', 'swapon', 'fsopen'], allowed: ['setgid', 'chdir'] };
    const result = await only({ expect }, { profile });
    passed(result);
    failed(await only({ expect: { allowed: ['swapon'] } }, { profile }), /swapon is denied/);
  });

  it('fail on the exit status and on the output', async () => {
    const image = IMAGES.calls;
    const { results } = await run([
      { name: 'a', image, expect: { exit: 3 } },
      { name: 'b', image, expect: { exit: 'nonzero' } },
      { name: 'c', image, expect: { stdout: { matches: 'uname +0$' }, stderr: 'oops' } },
    ]);
    const [status, nonzero, output] = results;
    failed(status!, /ended with status 0; status 3 was expected/, true);
    failed(nonzero!, /a status other than 0 was expected/, true);
    failed(output!, /Standard output does not match .* Without the profile it is as expected/, true);
    assert.match(messages(output!), /Standard error does not contain "oops".*seccomp is not the cause/);
    assert.equal(output!.failures[0]!.elsewhere, undefined);
  });

  it('give users, capabilities, mounts and a read-only system to the container', async () => {
    const image = IMAGES.calls;
    const mounts = [{ source: 'data.txt', target: '/data.txt' }];
    const chroot = (pattern: string) => ({ stdout: { matches: `chroot +${pattern}$` } });
    const { results } = await run([
      { name: 'a', image, user: '1234', expect: { stdout: { matches: ['getuid +1234$', 'chroot +-1$'] } } },
      { name: 'b', image, expect: chroot('0') },
      { name: 'c', image, capabilities: { drop: ['SYS_CHROOT'] }, expect: chroot('-1') },
      {
        name: 'd',
        image: IMAGES.read,
        mounts,
        readOnly: true,
        expect: { stdout: { matches: ['0 openat +\\d+$', '1 openat +-30$', 'mkdir +-30$'] } },
      },
      { name: 'e', image: IMAGES.read, expect: { stdout: { matches: ['0 openat +-2$', 'mkdir +0$'] } } },
      { name: 'f', image, capabilities: { drop: ['ALL'] }, expect: chroot('0') },
    ]);
    for (const result of results.slice(0, 5)) passed(result);
    failed(results[5]!, /seccomp is not the cause/, true);
  });

  it('judge rules by the capabilities of the case', async () => {
    passed(await only({ expect: { denied: ['acct'] } }));
    passed(await only({ capabilities: { add: ['CAP_SYS_PACCT'] }, expect: { allowed: ['acct'] } }));
  });

  it('end a program that hangs at the time limit', async () => {
    const result = await only({ image: IMAGES.hang, timeLimit: 5, expect: { exit: 0 } });
    failed(result, /The program did not end within 5 s/, true);
    assert.match(result.stdout, /getpid/);
  });

  it('name an image that is missing, and an engine that is', async () => {
    const missing = await only({ image: 'sp-cases:none', expect: { exit: 0 } });
    assert.equal(missing.status, 'errored');
    assert.match(missing.message!, /either.*The image is not on the engine/);
    const engine = { kind: 'docker', program: '/nowhere/docker' } as const;
    const gone = await only({ expect: { exit: 0 } }, { engine });
    assert.equal(gone.status, 'errored');
    assert.match(gone.message!, /There is no program/);
  });

  it('name the reason where a profile is refused or starts nothing', async () => {
    const refused = await only({ expect: { exit: 0 } }, { profile: { defaultAction: 'SCMP_ACT_DENY' } });
    assert.equal(refused.status, 'errored');
    assert.match(refused.message!, /No container starts under this profile. .*SCMP_ACT_DENY/);
    const killing = await only({ expect: { exit: 0 } }, { profile: { defaultAction: 'SCMP_ACT_KILL' } });
    assert.equal(killing.status, 'errored');
    assert.match(killing.message!, /No container starts under this profile/);
    const nulls = await only(
      { expect: { exit: 0 } },
      { profile: '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[null]}' },
    );
    assert.match(nulls.message!, /is null/);
  });

  it('are not run where the case has a mistake, and links out of the workspace are not followed', async () => {
    const mistaken = await only({ expect: { exti: 0 } });
    assert.equal(mistaken.status, 'errored');
    assert.match(mistaken.message!, /Line 6: "exti" is no key of "expect"/);
    fs.symlinkSync('/etc', path.join(folder, 'outside'));
    const mounts = [{ source: 'outside', target: '/etc' }];
    const link = await only({ mounts, expect: { exit: 0 } });
    fs.unlinkSync(path.join(folder, 'outside'));
    assert.equal(link.status, 'errored');
    assert.match(link.message!, /lies outside of the workspace/);
  });

  it('are cancelled, the one that runs and those behind it', async () => {
    const controller = new AbortController();
    const hang = { image: IMAGES.hang, expect: { exit: 0 } };
    const started: number[] = [];
    const host: CasesHost = {
      signal: controller.signal,
      started: (index) => {
        started.push(index);
        setTimeout(() => controller.abort(), 1500);
      },
    };
    const report: CasesReport = await run(
      [
        { name: 'a', ...hang },
        { name: 'b', ...hang },
      ],
      {},
      host,
    );
    assert.deepEqual(
      report.results.map(({ status }) => status),
      ['cancelled', 'cancelled'],
    );
    assert.deepEqual(started, [0]);
    assert.deepEqual(report.cleanup?.left, []);
  });

  it('of the example pass, with calls that stand in for those that would have an effect', async () => {
    const { cases } = JSON.parse(fs.readFileSync('examples/deny-list.test.json', 'utf8'));
    const { results } = await run(cases, { profile: fs.readFileSync('examples/deny-list.json', 'utf8') });
    results.forEach(passed);
    assert.deepEqual(
      results.flatMap(({ notes }) => notes.map((note) => note.split(',')[0])),
      ['vfork was not tried'],
    );
  });

  for (const [name, text] of profilesToTest())
    it(`that are made for ${name} pass`, async () => {
      const { cases } = JSON.parse(createTests(analyse(parseProfile(text), { target: defaultTarget() })));
      const { results } = await run(cases, { profile: text });
      assert.ok(results.length >= 2);
      for (const result of results) passed(result);
    });

  it('are reported one by one', async () => {
    const events: string[] = [];
    const host: CasesHost = {
      started: (index) => events.push(`+${index}`),
      ended: ({ index, status }) => events.push(`${index} ${status}`),
    };
    await run(
      [
        { name: 'a', expect: { exit: 0 } },
        { name: 'b', expect: { allowed: ['uname'] } },
      ],
      {},
      host,
    );
    assert.deepEqual(events, ['+0', '0 passed', '+1', '1 failed']);
  });
});
