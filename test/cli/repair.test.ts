import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../stdio/client.ts';
import { folder, type Run } from './run.ts';

/** An engine whose program passes where the profile has this name in it, or where there is no profile. */
const engine = (name: string): string => `#!/bin/sh
here=$(dirname "$0")
for last; do :; done
case "$1 $2" in
version*) echo '{"Server": {"Version": "28.5.2", "Components": [{"Name": "runc", "Version": "1.3.6"}]}}' ;;
info*) echo '{"KernelVersion": "6.18.4", "Architecture": "x86_64", "SecurityOptions": ["name=seccomp"]}' ;;
context*) echo '"unix:///docker.sock"' ;;
create*)
  while [ $# -gt 0 ]; do
    case "$1" in
    --name) id=$2 ;;
    seccomp=*) profile=\${1#seccomp=} ;;
    esac
    shift
  done
  if [ "$profile" = unconfined ] || grep -q '"${name}"' "$profile"; then echo 0; else echo 1; fi > "$here/$id"
  echo id ;;
start*) echo said; exit "$(cat "$here/$last")" ;;
'container inspect') echo '[{"State": {"StartedAt": "2026-01-01T00:00:00Z", "ExitCode": '"$(cat "$here/$last")"'}}]' ;;
esac
`;

/** Runs the built program with a stand-in for Docker's. */
function cli(name: string, ...args: readonly string[]): Run {
  const bin = fs.mkdtempSync(path.join(os.tmpdir(), 'seccomp-cli-'));
  fs.writeFileSync(path.join(bin, 'docker'), engine(name), { mode: 0o755 });
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
  const program = [path.join(root, 'dist/cli.cjs'), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, program, { cwd: root, env, encoding: 'utf8' });
  fs.rmSync(bin, { recursive: true });
  return { status, stdout, stderr };
}

const DENYING = `{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {
      "names": [
        "execve",
        "ptrace",
        "read"
      ],
      "action": "SCMP_ACT_ALLOW"
    }
  ]
}
`;
const COMMAND = ['--image', 'i', '--', 'a', '--b', 'c d'];

describe('seccomp-profile repair', () => {
  const file = folder();

  it('prints what to allow with its risk, and the change', () => {
    const profile = file('repair.json', DENYING);
    const { status, stdout, stderr } = cli('unshare', 'repair', profile, ...COMMAND);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^With unshare allowed it passes: a --b 'c d'\n {2}unshare \(.*\): breaks containment; /);
    assert.match(stdout, /\d+ runs in [\d.]+ s/);
    assert.ok(stdout.includes(`--- ${profile}\n+++ ${profile}\n@@ -5,7 +5,8 @@\n`), stdout);
    assert.ok(stdout.includes('-        "read"\n+        "read",\n+        "unshare"\n       ],\n'), stdout);
    assert.equal(fs.readFileSync(profile, 'utf8'), DENYING);
  });

  it('writes the file where that is asked for', () => {
    const profile = file('write.json', DENYING);
    const { status, stdout } = cli('mkdir', 'repair', profile, '--write', ...COMMAND);
    assert.equal(status, 0);
    assert.ok(!stdout.includes('@@'));
    assert.equal(fs.readFileSync(profile, 'utf8'), DENYING.replace('"read"', '"read",\n        "mkdir"'));
  });

  it('gives all of it as JSON', () => {
    const { status, stdout } = cli('mkdir', 'repair', file('json.json', DENYING), '--format', 'json', ...COMMAND);
    assert.equal(status, 0);
    const { outcome, allow, confirmed, doubts, profile } = JSON.parse(stdout);
    assert.deepEqual([outcome, confirmed, doubts], ['repaired', { passed: 3, of: 3 }, []]);
    assert.deepEqual(allow, [{ name: 'mkdir', tier: 0, summary: 'create a directory', reasons: [] }]);
    assert.ok(profile.includes('"mkdir"'));
  });

  it('gives status 1 where allowing does not help, with what the program said', () => {
    const { status, stdout } = cli('no_such_call', 'repair', file('no.json', DENYING), ...COMMAND);
    assert.equal(status, 1);
    assert.match(stdout, /^Allowing syscalls does not help[\s\S]*said/);
  });

  it('gives status 1 and the best so far at the limit', () => {
    const { status, stdout } = cli('unshare', 'repair', file('limit.json', DENYING), '--max-runs', '4', ...COMMAND);
    assert.equal(status, 1);
    assert.match(stdout, /^Not finished within the number of runs\. The best so far passes with \d+ syscalls allowed/);
  });

  it('says when there is nothing to do', () => {
    const { status, stdout } = cli('read', 'repair', file('fine.json', DENYING), ...COMMAND);
    assert.equal(status, 0);
    assert.match(stdout, /^Nothing to repair/);
  });

  it('takes test cases instead of a command, each with its options', () => {
    const profile = file('cases.json', DENYING);
    const program = { image: 'i', command: ['a'], user: '1:1' };
    const cases = file('cases.test.json', { cases: [{ name: 'one', ...program, expect: { stdout: 'said' } }] });
    const { status, stdout, stderr } = cli('mkdir', 'repair', profile, '--cases', cases);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^With mkdir allowed it passes: one\n/);
  });

  it('says why nothing was recorded, unless that was not wanted', () => {
    const profile = file('record.json', DENYING);
    const said = /Searched without a recording\. i is not on the engine/;
    assert.match(cli('mkdir', 'repair', profile, ...COMMAND).stdout, said);
    assert.doesNotMatch(cli('mkdir', 'repair', profile, '--no-record', ...COMMAND).stdout, /recording/);
    assert.doesNotMatch(cli('mkdir', 'repair', profile, '--hint', 'mkdir', ...COMMAND).stdout, /recording/);
  });

  it('names the mistake in a file of test cases', () => {
    const wrongCases = file('wrong.test.json', '{ "cases": [{ "name": "a", "expect": { "exit": "no" } }] }');
    const { status, stderr } = cli('x', 'repair', file('wrong.json', DENYING), '--cases', wrongCases);
    assert.equal(status, 2);
    assert.match(stderr, /wrong\.test\.json:1:\d+: /);
    const none = cli('x', 'repair', file('none.json', DENYING), '--cases', file('none.test.json', { cases: [] }));
    assert.deepEqual([none.status, /none\.test\.json/.test(none.stderr)], [2, true]);
  });

  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /repair takes a FILE/],
    [['x.json', '--', 'true'], /name it with --image/],
    [['-', '--write', '--image', 'i'], /Standard input cannot be written back/],
    [['x.json', '--cases', 'x.test.json', '--image', 'i'], /--image does not go with --cases/],
    [['x.json', '--expect-status', 'zero'], /--expect-status takes a whole number/],
    [['x.json', '--expect-stdout', '('], /regular expression/],
    [['x.json', '--max-runs', '0'], /at least 1/],
    [['examples/allow-list.json', '--hint', 'mkdirr'], /"mkdirr" is no syscall\. Did you mean mkdir\?/],
    [['x.json', '--engine', 'dokcer'], /--engine takes .* Did you mean docker\?/],
    [['no-such-file.json'], /Cannot read no-such-file\.json/],
  ];
  for (const [args, said] of wrong)
    it(`refuses "${args.join(' ')}" with status 2`, () => {
      const { status, stdout, stderr } = cli('x', 'repair', ...args);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, said);
    });
});

describe('seccomp-profile tighten', () => {
  const file = folder();

  it('drops what the command does not need', () => {
    const profile = file('tighten.json', DENYING);
    const { status, stdout } = cli('execve', 'tighten', profile, ...COMMAND);
    assert.equal(status, 0);
    assert.match(stdout, /^ptrace can be dropped, and it passes still/);
    assert.match(stdout, /kept to start containers: execve, read/);
    assert.ok(stdout.includes('         "execve",\n-        "ptrace",\n         "read"\n'), stdout);
  });

  it('needs the command to pass first', () => {
    const { status, stdout } = cli('mkdir', 'tighten', file('fails.json', DENYING), ...COMMAND);
    assert.equal(status, 1);
    assert.match(stdout, /Repair the profile first/);
  });
});
