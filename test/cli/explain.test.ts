import assert from 'node:assert/strict';
import { cli, dockerDefault, folder, KILLING, TUTORIAL } from './run.ts';

const NONE = ['0x0', '0x0', '0x0', '0x0', '0x0', '0x0'];
const first = (value: string): readonly string[] => [value, ...NONE.slice(1)];

describe('explain', () => {
  const file = folder();
  let docker = '';
  let killing = '';
  before(() => {
    docker = file('docker.json', dockerDefault());
    killing = file('killing.json', KILLING);
  });

  it('answers calls as strace prints them', () => {
    const { status, stdout, stderr } = cli([
      'explain',
      docker,
      'mkdir("/x", 0777) = 0',
      'clone(child_stack=NULL, flags=CLONE_NEWUSER|SIGCHLD)',
      'socket(AF_UNIX, SOCK_STREAM, 0)',
    ]);
    assert.deepEqual([status, stderr], [0, '']);
    const [mkdir, clone, socket] = stdout.split('\n').filter((line) => line.startsWith('Under'));
    assert.match(mkdir ?? '', /^Under Docker on SCMP_ARCH_X86_64, mkdir\(.*: allowed \(rule 1, line \d+\)$/);
    assert.match(clone ?? '', /clone\(.*CLONE_NEWUSER.*: fails with EPERM \(defaultAction\)$/);
    assert.match(socket ?? '', /socket\(domain=AF_UNIX.*: allowed \(rule \d+, line \d+\)$/);
  });

  it('lists every syscall where none is asked for', () => {
    const { status, stdout } = cli(['explain', docker]);
    const lines = stdout.trimEnd().split('\n');
    assert.equal(status, 0);
    assert.match(lines[0] ?? '', /^Under Docker on SCMP_ARCH_X86_64: allowed \d+ · conditional \d+ · denied \d+$/);
    assert.ok(lines.length > 350);
    assert.match(stdout, /^mount +fails with EPERM \(defaultAction\)$/m);
    assert.match(stdout, /^read +allowed \(rule 1, line \d+\)$/m);
  });

  it('prints verdicts for programs', () => {
    const { status, stdout } = cli(['explain', docker, 'clone', 'mount', '--json']);
    const { target, syscalls, ...rest } = JSON.parse(stdout);
    assert.deepEqual([status, rest], [0, {}]);
    assert.deepEqual([target.runtime, target.architecture], ['docker', 'SCMP_ARCH_X86_64']);
    assert.equal(syscalls.length, 6);
    const [clone, mount] = syscalls;
    const { verdict, ...head } = clone;
    assert.deepEqual(head, { name: 'clone', number: 56, arch: 'SCMP_ARCH_X86_64' });
    assert.deepEqual([verdict[0].action, verdict[0].errno], ['SCMP_ACT_ALLOW', null]);
    assert.match(verdict[0].when, /^flags has none of .*CLONE_NEWUSER/);
    assert.equal(typeof verdict[0].rule, 'number');
    assert.deepEqual(verdict[1], { action: 'SCMP_ACT_ERRNO', errno: 1, when: null, rule: null });
    assert.deepEqual(mount.verdict, [{ action: 'SCMP_ACT_ERRNO', errno: 1, when: null, rule: null }]);
  });

  it('prints all syscalls of all architectures for programs', () => {
    const { syscalls } = JSON.parse(cli(['explain', docker, '--json']).stdout);
    const architectures = new Set(syscalls.map(({ arch }: { arch: string }) => arch));
    assert.deepEqual([...architectures], ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32']);
    assert.ok(syscalls.length > 1000);
  });

  it('follows the target', () => {
    const action = (...args: readonly string[]): string =>
      JSON.parse(cli(['explain', docker, 'mount', '--json', ...args]).stdout).syscalls[0].verdict[0].action;
    assert.equal(action(), 'SCMP_ACT_ERRNO');
    assert.equal(action('--cap', 'CAP_SYS_ADMIN'), 'SCMP_ACT_ALLOW');
    const arm = JSON.parse(cli(['explain', docker, 'read', '--json', '--arch', 'aarch64']).stdout);
    assert.deepEqual([arm.syscalls[0].arch, arm.syscalls[0].number], ['SCMP_ARCH_AARCH64', 63]);
    const old = JSON.parse(cli(['explain', docker, 'ptrace', '--json', '--kernel', '4.4', '--cap', 'none']).stdout);
    assert.equal(old.syscalls[0].verdict[0].action, 'SCMP_ACT_ERRNO');
  });

  it('answers exact calls in bulk, in order, with the actions as the profile spells them', () => {
    const calls = file('calls.json', [
      { arch: 'SCMP_ARCH_X86_64', nr: 0, args: NONE },
      { arch: 'x86_64', nr: 83, args: NONE },
      { arch: 'x86_64', nr: 135, args: first('0x8') },
      { arch: 'x86_64', nr: 135, args: first('0x100000008') },
      { arch: 'x86', nr: 136, args: first('0x100000008') },
      { arch: 'x86_64', nr: 101, args: NONE },
      { arch: 'aarch64', nr: 63, args: NONE },
      { arch: 'x86_64', nr: 60000, args: first('0xffffffffffffffff') },
    ]);
    const { status, stdout, stderr } = cli(['explain', killing, '--calls', calls]);
    assert.deepEqual([status, stderr], [0, '']);
    const allowed = { action: 'SCMP_ACT_ALLOW', errno: null };
    assert.deepEqual(JSON.parse(stdout), [
      allowed,
      { action: 'SCMP_ACT_ERRNO', errno: 13 },
      allowed,
      { action: 'SCMP_ACT_KILL', errno: null },
      allowed,
      { action: 'SCMP_ACT_KILL_PROCESS', errno: null },
      { action: 'SCMP_ACT_KILL_THREAD', errno: null },
      { action: 'SCMP_ACT_ERRNO', errno: 38 },
    ]);
  });

  it('reads the calls from standard input', () => {
    const { stdout } = cli(
      ['explain', killing, '--calls', '-'],
      JSON.stringify([{ arch: 'x86_64', nr: 1, args: NONE }]),
    );
    assert.deepEqual(JSON.parse(stdout), [{ action: 'SCMP_ACT_ALLOW', errno: null }]);
  });

  it('says where a verdict cannot be told', () => {
    const rule = (action: string, index: number): object => ({
      names: ['prctl'],
      action,
      args: [{ index, value: 5, op: 'SCMP_CMP_GE' }],
    });
    const open = file('open.json', {
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [rule('SCMP_ACT_ERRNO', 0), rule('SCMP_ACT_KILL_PROCESS', 1)],
    });
    const both = ['0x6', '0x6', '0x0', '0x0', '0x0', '0x0'];
    const calls = file('prctl.json', [{ arch: 'x86_64', nr: 157, args: both }]);
    const [answer] = JSON.parse(cli(['explain', open, '--calls', calls]).stdout);
    assert.deepEqual(Object.keys(answer), ['unpredictable']);
    const { syscalls } = JSON.parse(cli(['explain', open, 'prctl', '--json']).stdout);
    assert.deepEqual([syscalls[0].verdict, syscalls[0].unpredictable], [[], answer.unpredictable]);
    const { status, stderr } = cli(['compile', open, '--disassemble']);
    assert.equal(status, 1);
    assert.match(stderr, /prctl on x86_64 \(rules 1, 2\): /);
  });

  const entries: readonly (readonly [unknown, RegExp])[] = [
    [{ arch: 'x86_64', nr: 0, args: NONE }, /must hold a JSON array/],
    [[{ arch: 'x86_64', nr: 0, args: NONE }, 5], /entry 1: an object/],
    [[{ arch: 'x86-64', nr: 0, args: NONE }], /entry 0: "x86-64" is no architecture/],
    [[{ nr: 0, args: NONE }], /entry 0: "arch" must be/],
    [[{ arch: 'x86_64', nr: 'read', args: NONE }], /entry 0: "nr" must be/],
    [[{ arch: 'x86_64', nr: 2 ** 32, args: NONE }], /entry 0: "nr" must be/],
    [[{ arch: 'x86_64', nr: 0, args: [] }], /entry 0: "args" must be a list of six/],
    [[{ arch: 'x86_64', nr: 0, args: first('-1') }], /entry 0: argument 0 must be/],
    [[{ arch: 'x86_64', nr: 0, args: first('0x10000000000000000') }], /entry 0: argument 0 must be/],
  ];
  for (const [content, said] of entries)
    it(`refuses the calls ${JSON.stringify(content).slice(0, 60)}`, () => {
      const { status, stdout, stderr } = cli(['explain', killing, '--calls', '-'], JSON.stringify(content));
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, said);
    });

  it('refuses calls that are no JSON', () => {
    const { status, stderr } = cli(['explain', killing, '--calls', '-'], '[{]');
    assert.equal(status, 2);
    assert.match(stderr, /standard input is not JSON/);
  });

  it('ends with 1 and the reason where the runtime refuses the profile', () => {
    const calls = file('some.json', [{ arch: 'x86_64', nr: 83, args: NONE }]);
    for (const args of [['--calls', calls], ['mkdir'], ['--json']]) {
      const { status, stdout, stderr } = cli(['explain', TUTORIAL, ...args]);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, /Docker does not load this profile: examples\/tutorial\.json:13:9: A comma is missing/);
    }
  });

  const condition = [{ index: 0, value: 5, op: 'SCMP_CMP_EQ' }];
  const refused: Readonly<Record<string, object>> = {
    'no default action': { syscalls: [{ names: ['read'], action: 'SCMP_ACT_ALLOW' }] },
    'an unknown action': { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: ['read'], action: 'ALLOW' }] },
    'two actions for the same conditions': {
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: ['SCMP_ACT_ERRNO', 'SCMP_ACT_TRAP'].map((action) => ({ names: ['alarm'], action, args: condition })),
    },
    'architectures of two byte orders': {
      defaultAction: 'SCMP_ACT_ALLOW',
      architectures: ['SCMP_ARCH_S390X'],
      syscalls: [{ names: ['acct'], action: 'SCMP_ACT_ERRNO' }],
    },
    'a note that silences the check': {
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ names: ['acct'], action: 'DENY', comment: 'seccomp-disable: unknown-action' }],
    },
  };
  for (const [what, profile] of Object.entries(refused))
    it(`does not answer for a profile with ${what}`, () => {
      const calls = file('none.json', []);
      const { status, stdout, stderr } = cli(['explain', file('refused.json', profile), '--calls', calls]);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, /^seccomp-profile: Docker does not load this profile: \S*refused\.json/);
    });

  it('answers for profiles that load and do something else than they say', () => {
    const starts = file('odd.json', {
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [{ names: ['read'], action: 'SCMP_ACT_ALLOW', defaultAction: 'SCMP_ACT_ALLOW' }],
    });
    const { status, stdout } = cli(['explain', starts, 'read']);
    assert.equal(status, 0);
    assert.match(stdout, /read: allowed/);
  });
});
