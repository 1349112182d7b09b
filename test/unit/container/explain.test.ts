import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { explain, innermost } from '../../../server/container/explain.ts';
import { hazardOf, killingProcesses } from '../../../server/container/hazard.ts';

/** An engine's text and what its explanation has to speak of. */
const CASES: readonly (readonly [string, RegExp])[] = [
  ['string  is not a valid action for seccomp', /missing/],
  ['string SCMP_ACT_NOPE is not a valid action for seccomp', /`SCMP_ACT_NOPE` is no action/],
  ['invalid seccomp action `SCMP_ACT_NOPE`', /`SCMP_ACT_NOPE` is no action/],
  ['string SCMP_CMP_IS is not a valid operator for seccomp', /`SCMP_CMP_IS` is no operator/],
  ['string SCMP_ARCH_NATIVE is not a valid arch for seccomp', /`SCMP_ARCH_NATIVE` is no architecture/],
  ['error adding architecture to seccomp filter: numerical argument out of domain', /other byte order/],
  ["both 'architectures' and 'archMap' are specified in the seccomp profile", /both `architectures` and `archMap`/],
  ["'name' and 'names' were specified in the seccomp profile", /both `name` and `names`/],
  ['error adding seccomp rule for syscall getuid: file exists', /`getuid` have the same conditions/],
  ['error adding seccomp filter rule for syscall x: two checks on same syscall argument', /4094/],
  ['syscalls only have up to 6 arguments (6 given)', /`index` above 5/],
  ['seccomp listenerPath is not set', /`listenerPath`/],
  ['SCMP_ACT_NOTIFY cannot be used for the write syscall', /cannot be the default/],
  ['seccomp flag SECCOMP_X is not known to runc', /SECCOMP_X/],
  ['invalid kernel version: "6", expected "<kernel>.<major>"', /`minKernel` is "6"/],
  ["compacting json for seccomp profile (/p) failed: invalid character '}'", /no valid JSON/],
  [
    'Decoding seccomp profile failed: json: cannot unmarshal string into Go struct field Seccomp.syscalls.0.names of type []string',
    /string at `syscalls\.names`, where \[\]string is wanted/,
  ],
  ['error loading seccomp filter into kernel: error loading seccomp filter: invalid argument', /too large/],
  ['cannot start a stopped process: unknown', /ended before the container’s program/],
  ['cannot start an already running container', /`write` or `futex`/],
  ['runc did not terminate successfully: exit status 2', /`getppid`/],
  ['unable to apply bounding set: operation not permitted', /`capset`/],
  ['unable to setup user: operation not permitted', /`setuid`/],
  ['error closing exec fds: open /proc/self/fd: operation not permitted', /`getdents64`/],
  ['exec /probe: operation not permitted', /`execve` is denied/],
  ['read from the init process', /`rt_sigaction`/],
  ['Error: No such image: x:latest', /Pull it first/],
  ['opening seccomp profile (/x) failed: open /x: no such file or directory', /file cannot be read/],
];

describe('what an engine’s error means', () => {
  for (const [text, expected] of CASES) it(text, () => assert.match(explain(text) ?? 'no explanation', expected));

  it('nothing is made up for an unknown text', () => {
    assert.equal(explain('the moon is full'), undefined);
  });

  it('the layers’ wrapping is taken off', () => {
    const wrapped =
      'Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: ' +
      'runc create failed: unable to start container process: error during container init: exec /probe: operation not permitted: unknown\n' +
      'Error: failed to start containers: x\n';
    assert.equal(innermost(wrapped), 'exec /probe: operation not permitted');
  });
});

describe('profiles that engines are spared', () => {
  it('a null among rules or conditions, whatever the case of the keys', () => {
    assert.match(hazardOf('{"Syscalls":[{"names":[]},null]}')!, /rules in `syscalls` is null/);
    assert.match(hazardOf('{"syscalls":[{"names":["a"],"ARGS":[null]}]}')!, /conditions in `args` is null/);
    assert.match(hazardOf('{"syscalls":[{"args":[null]}],"syscalls":[{}]}')!, /conditions in `args` is null/);
  });

  it('others, and what is no JSON, are given to the engine', () => {
    for (const text of [
      '{"syscalls":[]}',
      '{"syscalls":null}',
      '{"syscalls":[{"args":null}]}',
      '{"syscalls":[',
      '[null]',
    ])
      assert.equal(hazardOf(text), undefined, text);
  });

  it('what is left of several lists counts', () => {
    assert.equal(hazardOf('{"syscalls":[null],"SYSCALLS":[]}'), undefined);
    assert.equal(hazardOf('{"syscalls":[{"args":[null],"args":[{}]}]}'), undefined);
  });

  it('actions that end a thread become those that end the process; nothing else changes', () => {
    assert.equal(
      killingProcesses(
        '{"a":"SCMP_ACT_\\u004bILL","b":"SCMP_ACT_KILL_THREAD","c":"SCMP_ACT_KILL_PROCESS","d":18446744073709551615}',
      ),
      '{"a":"SCMP_ACT_KILL_PROCESS","b":"SCMP_ACT_KILL_PROCESS","c":"SCMP_ACT_KILL_PROCESS","d":18446744073709551615}',
    );
  });
});
