import assert from 'node:assert/strict';
import { emptySyscallName } from '../../../../server/src/checks/values/empty-syscall-name.ts';
import { listenerWithoutNotify } from '../../../../server/src/checks/values/listener-without-notify.ts';
import { notifyNotAllowed } from '../../../../server/src/checks/values/notify-not-allowed.ts';
import { notifyWithoutListener } from '../../../../server/src/checks/values/notify-without-listener.ts';
import { syscallTooNew } from '../../../../server/src/checks/values/syscall-too-new.ts';
import { unknownSyscall } from '../../../../server/src/checks/values/unknown-syscall.ts';
import { expectOf, expectSilence, fixTitles } from '../arguments/expect.ts';
import { findingsOf, fixed } from '../harness.ts';

const denying = (names: string, byDefault = 'SCMP_ACT_ALLOW', action = 'SCMP_ACT_ERRNO'): string =>
  `{"defaultAction": "${byDefault}", "syscalls": [{"names": [${names}], "action": "${action}"}]}`;

describe('unknown-syscall', () => {
  const meant: Readonly<Record<string, string>> = {
    pread: 'Replace with "pread64"',
    execvp: 'Replace with "execve"',
    GETUID: 'Replace with "getuid"',
    ' getuid': 'Replace with "getuid"',
    sys_getuid: 'Replace with "getuid"',
    __x64_sys_mount: 'Replace with "mount"',
    __NR_bpf: 'Replace with "bpf"',
    getuidd: 'Replace with "getuid"',
    '39': 'Replace with "getpid"',
    'clone*': 'Replace with "clone" and "clone3"',
    fscontext: 'Remove "fscontext"',
    '*': 'Remove "*"',
    '<unknown>': 'Remove "<unknown>"',
  };
  for (const [name, title] of Object.entries(meant))
    it(`knows what ${JSON.stringify(name)} means`, () => {
      assert.equal(fixTitles(unknownSyscall, denying(`"bpf", "${name}"`))[0], title);
    });

  it('never mends a name on its own, since the wrong one was meant for something', () => {
    for (const name of Object.keys(meant))
      for (const title of fixTitles(unknownSyscall, denying(`"bpf", "${name}"`)))
        assert.ok(!title.endsWith('*'), title);
  });

  it('says what becomes of the call', () => {
    const message = (byDefault: string, action: string): string =>
      findingsOf(unknownSyscall, denying('"getuidd"', byDefault, action))[0]!.message;
    assert.match(message('SCMP_ACT_ALLOW', 'SCMP_ACT_ERRNO'), /the call stays open/);
    assert.match(message('SCMP_ACT_ERRNO', 'SCMP_ACT_ALLOW'), /the call stays denied/);
    assert.doesNotMatch(message('SCMP_ACT_ALLOW', 'SCMP_ACT_LOG'), /stays/);
  });

  it('does not repeat a name that the rule has already', () => {
    assert.equal(fixed(unknownSyscall, denying('"pread64", "pread"')), denying('"pread64"'));
  });

  it('removes the rule with its only name', () => {
    const text = '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["fscontext"],"action":"SCMP_ACT_ERRNO"}]}';
    assert.equal(fixed(unknownSyscall, text), '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[]}');
  });

  it('corrects the old form too', () => {
    const old = (name: string): string =>
      `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{${name}, "action": "SCMP_ACT_ERRNO"}]}`;
    assert.equal(fixed(unknownSyscall, old('"name": "pread"')), old('"name": "pread64"'));
    assert.equal(fixed(unknownSyscall, old('"name": "clone*"')), old('"names": ["clone", "clone3"]'));
    assert.equal(fixed(unknownSyscall, old('"names": [], "name": "clone*"')), old('"names": ["clone", "clone3"]'));
  });

  it('is silent about syscalls of any architecture, and about the empty name', () => {
    expectSilence(unknownSyscall, denying('"stat64", "arm_fadvise64_64", "socketcall", "uretprobe", ""'));
  });

  it('cuts a long name in its message', () => {
    assert.ok(findingsOf(unknownSyscall, denying(`"${'x'.repeat(500)}"`))[0]!.message.length < 200);
  });
});

describe('syscall-too-new', () => {
  it('depends on the libseccomp of the target', () => {
    const text = denying('"mseal", "bpf"');
    expectOf(syscallTooNew, text, ['information "mseal"'], { libseccomp: '2.5.4' });
    expectSilence(syscallTooNew, text);
    expectSilence(unknownSyscall, text, { libseccomp: '2.5.4' });
    assert.match(findingsOf(syscallTooNew, text, { libseccomp: '2.5.4' })[0]!.message, /the call stays open/);
  });
});

describe('empty-syscall-name', () => {
  it('is an error for runc, a warning for crun and where the rule does not apply', () => {
    expectOf(emptySyscallName, denying('"", "bpf"'), ['error ""']);
    expectOf(emptySyscallName, denying('"", "bpf"'), ['warning ""'], { runtime: 'podman' });
    const elsewhere = denying('"", "bpf"').replace('"action"', '"includes": {"arches": ["arm64"]}, "action"');
    expectOf(emptySyscallName, elsewhere, ['warning ""']);
  });

  it('goes, from a list of one with its rule', () => {
    assert.equal(fixed(emptySyscallName, denying('"", "bpf"')), denying('"bpf"'));
    assert.equal(fixed(emptySyscallName, denying('""')), '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": []}');
  });

  it('is none when it stands in the old form, which counts as absent', () => {
    expectSilence(
      emptySyscallName,
      '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"name": "", "action": "SCMP_ACT_ERRNO"}]}',
    );
  });
});

describe('notify', () => {
  const asking = (names: string, top = ''): string =>
    `{"defaultAction": "SCMP_ACT_ALLOW"${top}, "syscalls": [{"names": [${names}], "action": "SCMP_ACT_NOTIFY"}]}`;
  const LISTENER = ', "listenerPath": "/run/agent.sock"';

  it('without a listener is an error for runc and ENOSYS for crun', () => {
    expectOf(notifyWithoutListener, asking('"mount"'), ['error "SCMP_ACT_NOTIFY"']);
    const [finding] = expectOf(notifyWithoutListener, asking('"mount"'), ['warning "SCMP_ACT_NOTIFY"'], {
      runtime: 'podman',
    });
    assert.match(finding!.message, /ENOSYS/);
    expectOf(notifyWithoutListener, asking('"mount"', ', "listenerPath": ""'), ['error "SCMP_ACT_NOTIFY"']);
    expectSilence(notifyWithoutListener, asking('"mount"', LISTENER));
  });

  it('is not asked of rules that do not apply here', () => {
    const text = asking('"mount"').replace('"action"', '"excludes": {"arches": ["amd64"]}, "action"');
    expectSilence(notifyWithoutListener, text);
    expectOf(notifyWithoutListener, text, ['error "SCMP_ACT_NOTIFY"'], { runtime: 'containerd' });
  });

  it('cannot be the default nor stand for write under runc', () => {
    expectOf(notifyNotAllowed, asking('"mount", "write"', LISTENER), ['error "write"']);
    expectOf(notifyNotAllowed, `{"defaultAction": "SCMP_ACT_NOTIFY"${LISTENER}}`, ['error "SCMP_ACT_NOTIFY"']);
    expectSilence(notifyNotAllowed, asking('"write"', LISTENER), { runtime: 'crun' });
    expectSilence(notifyNotAllowed, asking('"pwrite64"', LISTENER));
  });

  it('is missed where a listener is named', () => {
    const text = `{"defaultAction":"SCMP_ACT_ALLOW","listenerPath":"/a","listenerMetadata":"b","syscalls":[]}`;
    expectOf(listenerWithoutNotify, text, ['information "listenerPath"']);
    expectOf(listenerWithoutNotify, text, ['warning "listenerPath"'], { runtime: 'cri-o' });
    assert.equal(fixed(listenerWithoutNotify, text), '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[]}');
    expectSilence(listenerWithoutNotify, asking('"mount"', LISTENER));
  });

  it('has no use for metadata without a listener', () => {
    expectOf(listenerWithoutNotify, asking('"mount"', ', "listenerMetadata": "x"'), ['information "listenerMetadata"']);
    expectSilence(listenerWithoutNotify, asking('"mount"', ', "listenerMetadata": ""'));
  });
});
