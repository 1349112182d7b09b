import assert from 'node:assert/strict';
import fs from 'node:fs';
import { cli, folder } from './run.ts';

const TRACE = `execve("/bin/x", ["x"], 0x7f) = 0
socket(AF_UNIX, SOCK_STREAM, 0) = 3
hello
exit_group(0) = ?
+++ exited with 0 +++
`;

describe('import', () => {
  const file = folder();
  let trace = '';
  beforeEach(() => {
    trace = file('trace.txt', TRACE);
  });

  it('prints a profile, and on standard error what was read', () => {
    const { status, stdout, stderr } = cli(['import', trace]);
    assert.equal(status, 0);
    assert.deepEqual(JSON.parse(stdout).syscalls[0].names, ['execve', 'exit_group', 'socket']);
    assert.match(
      stderr,
      /^1 trace, 5 lines: 3 calls of 3 syscalls\n1 line not understood:\n {2}.*trace\.txt:3: hello\n/,
    );
    assert.match(stderr, /\d+ syscalls more to start and to end, in a rule of their own\n$/);
  });

  it('reads standard input and several files', () => {
    const other = file('other.txt', '7  openat(AT_FDCWD, "/x", O_RDONLY) = 3\r\n8  close(3) = 0');
    const { stdout } = cli(['import', '-', other, '--only-pid', '7'], '7  read(0, "", 1) = 0\n8  bind(3, {}, 1) = 0\n');
    assert.deepEqual(JSON.parse(stdout).syscalls[0].names, ['openat', 'read']);
  });

  it('shows as many lines that are not understood as asked for', () => {
    const noise = file('noise.txt', `a\nb\nc\n${TRACE}`);
    assert.match(
      cli(['import', noise, '--unknown', '2']).stderr,
      /4 lines not understood:\n.*:1: a\n.*:2: b\n {2}and 2 more\n/,
    );
  });

  it('makes conditions of arguments', () => {
    const [, socket] = JSON.parse(cli(['import', trace, '--arguments']).stdout).syscalls;
    assert.deepEqual(socket.args, [{ index: 0, value: 1, op: 'SCMP_CMP_EQ' }]);
  });

  it('adds to a profile, also in its place', () => {
    const profile = file(
      'profile.json',
      '{ "defaultAction": "SCMP_ACT_ERRNO",\n  "syscalls": [{ "names": ["execve"], "action": "SCMP_ACT_ALLOW" }] }\n',
    );
    const { status, stdout, stderr } = cli(['import', trace, '--into', profile, '-o', profile]);
    assert.deepEqual([status, stdout], [0, '']);
    assert.match(stderr, /\n2 syscalls allowed now: exit_group, socket\n/);
    assert.equal(
      fs.readFileSync(profile, 'utf8'),
      '{ "defaultAction": "SCMP_ACT_ERRNO",\n  "syscalls": [{ "names": ["execve", "exit_group", "socket"], "action": "SCMP_ACT_ALLOW" }] }\n',
    );
    assert.match(cli(['import', trace, '--into', profile]).stderr, /the profile permits all of them already\n$/);
  });

  it('takes only the format that is asked for', () => {
    const { status, stdout, stderr } = cli(['import', trace, '--format', 'audit']);
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /^seccomp-profile: No call was found\.\n1 trace, 5 lines: 0 calls of 0 syscalls\n/);
  });

  it('says what is wrong with its arguments', () => {
    const failure = (...args: readonly string[]) => cli(['import', ...args]);
    assert.equal(failure().status, 2);
    assert.match(failure('/nowhere/trace').stderr, /Cannot read \/nowhere\/trace: there is no such file or folder/);
    assert.match(failure(trace, '--format', 'sysdog').stderr, /Did you mean sysdig\?/);
    assert.match(failure(trace, '--only-pid', 'x').stderr, /--only-pid takes a whole number, not "x"/);
    const broken = file('broken.json', '{ "defaultAction": ');
    assert.deepEqual(failure(trace, '--into', broken).status, 1);
  });
});
