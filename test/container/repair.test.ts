import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { after, before, describe, it } from 'mocha';
import {
  casesSearch,
  type RepairReport,
  recordingInWords,
  repairProfile,
  type SearchRequest,
  tightenProfile,
} from '../../server/container/repair/index.ts';
import type { TestHost } from '../../server/container/request.ts';
import { readCases } from '../../server/src/cases/read.ts';
import { defaultProfile } from '../../server/src/catalog/index.ts';
import { addRootImage, busybox, seenByStrace } from './root-image.ts';
import { addUserImage, call, docker, engineSettings, inventory } from './use-engine.ts';

const IMAGE = 'sp-test:busybox';
const CLONING = 'sp-test:clone';

/** Docker's default without these names. */
function without(...denied: readonly string[]): string {
  const profile = JSON.parse(defaultProfile('docker').text);
  const left = ({ names }: { readonly names: readonly string[] }) => names.filter((name) => !denied.includes(name));
  const rules = profile.syscalls.map((rule: { readonly names: readonly string[] }) => ({ ...rule, names: left(rule) }));
  const syscalls = rules.filter(({ names }: { readonly names: readonly string[] }) => names.length > 0);
  return `${JSON.stringify({ ...profile, syscalls }, null, 2)}\n`;
}

const request = (profile: string, command: readonly string[], more: Partial<SearchRequest> = {}): SearchRequest => ({
  profile,
  command,
  engine: engineSettings(),
  image: IMAGE,
  ...more,
});

/** A script in which `b` is busybox. */
const sh = (script: string): readonly string[] => ['/bin/busybox', 'sh', '-c', `b() { /bin/busybox "$@"; }; ${script}`];

interface Known {
  readonly script: string;
  /** Denied; some of them would do instead of those needed. */
  readonly denied: string;
  readonly needed: string;
  readonly options?: readonly string[];
}

const ADMIN = ['--cap-add=SYS_ADMIN', '--security-opt=apparmor=unconfined'];

/** What Debian's busybox needs: by its source, and as strace shows. */
const KNOWN: readonly Known[] = [
  { script: 'b mkdir /x', denied: 'mkdir mkdirat', needed: 'mkdir' },
  { script: 'b chmod 700 /bin', denied: 'chmod fchmod fchmodat fchmodat2', needed: 'chmod' },
  { script: 'b chown 1:1 /bin', denied: 'chown fchown lchown fchownat', needed: 'chown' },
  { script: 'b ln -s a /b', denied: 'symlink symlinkat link linkat', needed: 'symlink' },
  { script: 'b ln /bin/busybox /b', denied: 'symlink symlinkat link linkat', needed: 'link' },
  { script: 'b mknod /p p', denied: 'mknod mknodat', needed: 'mknodat' },
  { script: 'b truncate -s 9 /t', denied: 'truncate ftruncate fallocate creat', needed: 'ftruncate' },
  { script: 'b hostname sp', denied: 'sethostname setdomainname', needed: 'sethostname', options: ADMIN },
  { script: 'b chroot / /bin/busybox true', denied: 'chroot pivot_root', needed: 'chroot' },
  { script: 'b renice -n 1 1', denied: 'getpriority setpriority nice', needed: 'getpriority setpriority' },
  {
    script: 'b mkdir /m && b mount -t tmpfs none /m && b umount /m',
    denied: 'mkdir mkdirat mount umount umount2 fsopen move_mount',
    needed: 'mkdir mount umount2',
    options: ADMIN,
  },
  {
    script: 'b mkdir /x && b chmod 1 /x && b ln -s a /b && b mv /x /y && b rmdir /y',
    denied: 'mkdir mkdirat chmod fchmodat symlink symlinkat rename renameat renameat2 rmdir unlinkat',
    needed: 'chmod mkdir rename rmdir symlink',
  },
];

function repaired({ outcome }: RepairReport) {
  assert.equal(outcome.kind, 'repaired', inspect(outcome));
  return outcome as Extract<typeof outcome, { kind: 'repaired' }>;
}

describe('repair of a profile', function () {
  this.timeout(180_000);
  let root = '';

  before(async () => {
    const file = await busybox();
    await addRootImage(engineSettings().env, IMAGE, [file]);
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'sp-root-'));
    fs.mkdirSync(path.join(root, 'bin'));
    fs.writeFileSync(path.join(root, file.name), file.data, { mode: file.mode });
  });

  after(async () => {
    fs.rmSync(root, { recursive: true, force: true });
    await docker('image', 'rm', IMAGE);
  });

  for (const { script, denied, needed, options = [] } of KNOWN) {
    it(`finds what \`${script}\` needs: ${needed}`, async () => {
      const command = sh(script);
      const seen = await seenByStrace(root, command);
      const possible = denied.split(' ').filter((name) => seen.has(name));
      assert.deepEqual(possible.sort(), needed.split(' ').sort(), 'as strace shows');
      const before = await inventory();
      const report = await repairProfile(request(without(...denied.split(' ')), command, { options }));
      const { names, needs, change } = repaired(report);
      assert.deepEqual([...names].sort(), needed.split(' ').sort());
      assert.deepEqual(needs.confirmed, { passed: 3, of: 3 });
      assert.deepEqual([change.failed, change.besides], [[], []]);
      assert.ok(report.runs < 40, `${report.runs} runs`);
      assert.deepEqual(await inventory(), before);
      console.log(
        `      ${names.length} needed: ${report.runs} runs, ${(report.durationMs / report.bareMs!).toFixed(0)} times a bare run of ${report.bareMs} ms`,
      );
    });
  }

  it('finds the same with fewer runs where it is recorded first', async () => {
    const { script, denied, needed } = KNOWN.at(-1)!;
    const search = (record: boolean) =>
      repairProfile(request(without(...denied.split(' ')), sh(script), { record }), {});
    const [recorded, unaided] = [await search(true), await search(false)];
    for (const report of [recorded, unaided])
      assert.deepEqual([...repaired(report).names].sort(), needed.split(' ').sort());
    assert.ok(recorded.recording?.kind === 'recorded', inspect(recorded.recording));
    assert.ok(
      needed
        .split(' ')
        .every((name) => recorded.recording?.kind === 'recorded' && recorded.recording.names.includes(name)),
    );
    assert.ok(recorded.runs < unaided.runs, `${recorded.runs} runs, ${unaided.runs} without a recording`);
    assert.equal(repaired(recorded).saved, unaided.runs - recorded.runs - 2);
    assert.equal(unaided.recording, undefined);
    console.log(
      `      ${recorded.runs} runs with a recording in ${recorded.durationMs} ms, ${unaided.runs} without in ${unaided.durationMs} ms`,
    );
  });

  it('searches without a recording where the container takes no files, and says so', async () => {
    const options = ['--read-only', '--tmpfs=/tmp'];
    const report = await repairProfile(request(without('mkdir', 'mkdirat'), sh('b mkdir /tmp/x'), { options }));
    assert.deepEqual(repaired(report).names, ['mkdir']);
    assert.match(
      recordingInWords(report),
      /^Searched without a recording\. strace could not be put into the container/,
    );
  });

  it('prefers what is less dangerous where a program has the choice', async () => {
    const script = 'b mkdir /x || b unshare -U true';
    const { names } = repaired(await repairProfile(request(without('mkdir', 'mkdirat'), sh(script))));
    assert.deepEqual(names, ['mkdir']);
  });

  it('gives up only those flags of a condition that are needed', async () => {
    const clone = [{ index: 0, value: 0x7e020000, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }];
    const deny = { names: ['clone'], action: 'SCMP_ACT_ALLOW', args: clone };
    const { syscalls, ...rest } = JSON.parse(without('clone'));
    const profile = JSON.stringify({ ...rest, syscalls: [deny, ...syscalls] });
    const newUts = 0x04000000 + 17;
    await addUserImage(CLONING, [call('clone', newUts, 0, 0, 0, 0)]);
    const expect = { stdout: /clone +[1-9]/ };
    const report = await repairProfile(request(profile, [], { image: CLONING, expect, options: ADMIN }));
    await docker('image', 'rm', CLONING);
    const { names, narrowed, text, change } = repaired(report);
    assert.deepEqual(names, ['clone']);
    assert.deepEqual(
      narrowed[0]!.flags.map(({ name }) => name),
      ['CLONE_NEWUTS'],
    );
    assert.deepEqual(change.done, ['clone']);
    assert.equal(JSON.parse(text).syscalls[0].args[0].value, 0x7e020000 - 0x04000000);
  });

  it('applies to the letter: the result passes in a container of its own', async () => {
    const { text } = repaired(await repairProfile(request(without('mkdir'), sh('b mkdir /x'))));
    const again = await repairProfile(request(text, sh('b mkdir /x')));
    assert.equal(again.outcome.kind, 'passes-already');
  });

  it('makes a container start where the profile denies what the runtime needs', async () => {
    const denied = ['capset', 'chdir', 'fstatfs', 'setgid'];
    const { names } = repaired(await repairProfile({ ...request(without(...denied), []), image: undefined }));
    assert.deepEqual([...names].sort(), denied);
  });

  it('says that seccomp is not the cause', async () => {
    const { outcome, runs } = await repairProfile(request(without(), sh('b mkdir /no/such/place')));
    assert.ok(outcome.kind === 'not-seccomp');
    assert.match(outcome.attempt.output, /No such file/);
    assert.equal(runs, 2);
  });

  it('takes other expectations than status 0', async () => {
    const expect = { status: 3, stdout: /^Linux/ };
    const denied = without('uname');
    const { names } = repaired(await repairProfile(request(denied, sh('b uname; exit 3'), { expect })));
    assert.deepEqual(names, ['uname']);
  });

  it('keeps to the number of runs, and gives the best result so far', async () => {
    const { outcome, runs } = await repairProfile(
      request(without('mkdir', 'symlink'), sh('b mkdir /x && b ln -s a /b'), { maxRuns: 5 }),
    );
    assert.ok(outcome.kind === 'ended-early' && outcome.why === 'runs');
    assert.ok(outcome.best?.names.includes('mkdir'));
    assert.equal(runs, 5);
  });

  for (const at of [1, 2, 3, 5]) {
    it(`leaves nothing behind when cancelled in run ${at}`, async () => {
      const before = await inventory();
      const controller = new AbortController();
      const progress: TestHost['progress'] = (message) => message.startsWith(`Run ${at}:`) && controller.abort();
      const { outcome, cleanup } = await repairProfile(request(without('mkdir'), sh('b mkdir /x')), {
        signal: controller.signal,
        progress,
      });
      assert.ok(outcome.kind === 'ended-early' && outcome.why === 'cancelled', inspect(outcome));
      assert.deepEqual(cleanup!.left, []);
      assert.deepEqual(await inventory(), before);
    });
  }

  it('counts a program that waits for what it is denied as failed', async () => {
    const script = 'b mkdir /x || b sleep 1000';
    const { names } = repaired(await repairProfile(request(without('mkdir'), sh(script))));
    assert.deepEqual(names, ['mkdir']);
  });
});

/** A search until these cases pass. */
const byCases = (profile: string, cases: readonly object[]): SearchRequest => {
  const document = readCases(JSON.stringify({ cases }));
  return {
    profile,
    engine: engineSettings(),
    ...casesSearch(document.cases, { file: '/web.test.json', folders: ['/'] }),
  };
};

describe('test cases as what has to pass', function () {
  this.timeout(180_000);
  const program = (script: string, more: object = {}) => ({ name: script, image: IMAGE, command: sh(script), ...more });

  before(async () => addRootImage(engineSettings().env, IMAGE, [await busybox()]));
  after(() => docker('image', 'rm', IMAGE));

  it('are repaired for all together, with status 0 where they do not say', async () => {
    const before = await inventory();
    const cases = [
      program('b mkdir /x', { expect: { stdout: '' } }),
      program('b uname; exit 3', { expect: { exit: 3, stdout: 'Linux' } }),
      { name: 'a container starts', expect: { exit: 0 } },
    ];
    const report = await repairProfile(byCases(without('mkdir', 'mkdirat', 'uname'), cases));
    assert.deepEqual([...repaired(report).names].sort(), ['mkdir', 'uname']);
    assert.equal(report.recording?.kind, 'recorded');
    assert.deepEqual(await inventory(), before);
  });

  it('are repaired for the capabilities of each', async () => {
    // with the capability the profile allows the call, without it the same call is denied
    const { syscalls, ...rest } = JSON.parse(without('chmod', 'fchmodat', 'mkdir', 'mkdirat'));
    const rule = { names: ['mkdir'], action: 'SCMP_ACT_ALLOW', includes: { caps: ['CAP_SYS_ADMIN'] } };
    const profile = JSON.stringify({ ...rest, syscalls: [...syscalls, rule] });
    const admin = { capabilities: { add: ['CAP_SYS_ADMIN'] } };
    const asAdmin = program('b mkdir /a && b chmod 1 /a', admin);
    const alone = repaired(await repairProfile(byCases(profile, [asAdmin])));
    assert.deepEqual(alone.names, ['chmod']);
    const both = repaired(await repairProfile(byCases(profile, [asAdmin, program('b mkdir /b')])));
    assert.deepEqual([...both.names].sort(), ['chmod', 'mkdir']);
  });

  it('are not repaired by what one of them says is denied', async () => {
    const denied = { name: 'no folders', expect: { denied: ['mkdir', 'mkdirat'] } };
    const { outcome } = await repairProfile(byCases(without('mkdir', 'mkdirat'), [program('b mkdir /x'), denied]));
    assert.equal(outcome.kind, 'not-by-allowing', inspect(outcome));
  });

  it('show what an allow-list can lose, and it does what they ask afterwards', async () => {
    const before = await inventory();
    const cases = [
      program('b mkdir /x'),
      program('b chmod 1 /bin', { user: '0:0', noNewPrivileges: true }),
      { name: 'sockets', expect: { allowed: ['socket(AF_INET, SOCK_STREAM, 0)'] } },
    ];
    const report = await tightenProfile(byCases(without(), cases));
    assert.ok(report.outcome.kind === 'tightened', inspect(report.outcome));
    const { names, needs, expected, startup, text } = report.outcome;
    assert.ok(
      ['mkdir', 'chmod'].every((name) => needs.names.includes(name)),
      `${needs.names}`,
    );
    assert.ok(names.length > 200, `${names.length} dropped`);
    assert.deepEqual(expected, ['socket']);
    assert.ok(['execve', 'futex'].every((name) => startup.includes(name)));
    assert.deepEqual(await inventory(), before);
    assert.equal((await repairProfile(byCases(text, cases))).outcome.kind, 'passes-already');
    console.log(`      ${names.length} dropped: ${report.runs} runs in ${report.durationMs} ms`);
  });
});

describe('tightening a profile', function () {
  this.timeout(180_000);

  before(async () => addRootImage(engineSettings().env, IMAGE, [await busybox()]));
  after(() => docker('image', 'rm', IMAGE));

  it('leaves what the command and the start need, and no more', async () => {
    const before = await inventory();
    const report = await tightenProfile(request(without(), sh('b mkdir /x && b chmod 1 /x')));
    assert.ok(report.outcome.kind === 'tightened', inspect(report.outcome));
    const { names, needs, text, change } = report.outcome;
    assert.ok(needs.names.includes('mkdir') && needs.names.includes('chmod'));
    assert.ok(needs.names.length < 10 && names.length > 200, `${needs.names} needed, ${names.length} dropped`);
    assert.ok(
      ['execve', 'futex', 'mmap'].every(
        (name) => report.outcome.kind === 'tightened' && report.outcome.startup.includes(name),
      ),
    );
    assert.deepEqual(change.failed, []);
    assert.deepEqual(await inventory(), before);
    const again = await repairProfile(request(text, sh('b mkdir /x && b chmod 1 /x')));
    assert.equal(again.outcome.kind, 'passes-already');
    console.log(
      `      ${names.length} dropped: ${report.runs} runs, ${(report.durationMs / report.bareMs!).toFixed(0)} times a bare run of ${report.bareMs} ms`,
    );
  });

  it('asks for a repair first where the command fails', async () => {
    const { outcome } = await tightenProfile(request(without('mkdir', 'mkdirat'), sh('b mkdir /x')));
    assert.equal(outcome.kind, 'fails-already');
  });

  it('is for allow-lists', async () => {
    const { outcome } = await tightenProfile(request('{"defaultAction":"SCMP_ACT_ALLOW"}', sh('b true')));
    assert.equal(outcome.kind, 'no-allow-list');
  });
});
