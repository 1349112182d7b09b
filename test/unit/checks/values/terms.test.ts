import assert from 'node:assert/strict';
import { duplicateArchitecture } from '../../../../server/src/checks/values/duplicate-architecture.ts';
import { invalidMinKernel } from '../../../../server/src/checks/values/invalid-min-kernel.ts';
import { killThread } from '../../../../server/src/checks/values/kill-thread.ts';
import { missingOperator } from '../../../../server/src/checks/values/missing-operator.ts';
import { traceWithoutTracer } from '../../../../server/src/checks/values/trace-without-tracer.ts';
import { unknownAction } from '../../../../server/src/checks/values/unknown-action.ts';
import { unknownArchitecture } from '../../../../server/src/checks/values/unknown-architecture.ts';
import { unknownCapability } from '../../../../server/src/checks/values/unknown-capability.ts';
import { unknownErrnoName } from '../../../../server/src/checks/values/unknown-errno-name.ts';
import { unknownFlag } from '../../../../server/src/checks/values/unknown-flag.ts';
import { unknownIncludeArchitecture } from '../../../../server/src/checks/values/unknown-include-architecture.ts';
import { unknownOperator } from '../../../../server/src/checks/values/unknown-operator.ts';
import { expectOf, expectSilence, fixTitles } from '../arguments/expect.ts';
import { findingsOf, fixed } from '../harness.ts';

const allowing = (rules: string): string => `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [${rules}]}`;
const withAction = (action: string, members = ''): string =>
  allowing(`{"names": ["bpf"], "action": "${action}"${members}}`);
const withOperator = (op: string): string =>
  allowing(`{"names": ["bpf"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 1, "op": "${op}"}]}`);
const withTop = (members: string): string => `{"defaultAction": "SCMP_ACT_ALLOW", ${members}, "syscalls": []}`;
const withFilter = (filter: string): string => withAction('SCMP_ACT_ERRNO', `, "includes": {${filter}}`);

describe('unknown-action', () => {
  const meant: Readonly<Record<string, readonly string[]>> = {
    allow: ['Replace with "SCMP_ACT_ALLOW" *'],
    scmp_act_errno: ['Replace with "SCMP_ACT_ERRNO" *'],
    ' SCMP_ACT_LOG ': ['Replace with "SCMP_ACT_LOG" *'],
    'SCMP-ACT-KILL-PROCESS': ['Replace with "SCMP_ACT_KILL_PROCESS" *'],
    SCMP_ACT_DENY: ['Replace with "SCMP_ACT_ERRNO"'],
    BLOCK: ['Replace with "SCMP_ACT_ERRNO"'],
    SECCOMP_RET_USER_NOTIF: ['Replace with "SCMP_ACT_NOTIFY"'],
    SCMP_ACT_ALOW: ['Replace with "SCMP_ACT_ALLOW"'],
    SCMP_ACT_FOO: [],
    constructor: [],
  };
  for (const [word, titles] of Object.entries(meant))
    it(`knows what ${JSON.stringify(word)} means`, () => {
      assert.deepEqual(fixTitles(unknownAction, withAction(word)), titles);
    });

  it('is not sure of an action that needs an agent', () => {
    assert.deepEqual(fixTitles(unknownAction, withAction('notify')), ['Replace with "SCMP_ACT_NOTIFY"']);
  });

  it('looks at the default too, but not at an empty one that is reported as no filter', () => {
    expectOf(unknownAction, '{"defaultAction": "allow"}', ['error "allow"']);
    const nameless = '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"action": "allow"}]}';
    expectOf(unknownAction, nameless, ['error "allow"']);
    expectOf(unknownAction, nameless, ['warning "allow"'], { runtime: 'podman' });
    expectOf(unknownAction, '{"defaultAction": "", "syscalls": [{"names": [], "action": ""}]}', [
      'error ""',
      'error ""',
    ]);
    expectSilence(unknownAction, '{"defaultAction": ""}');
  });

  it('is a warning in a rule that this host leaves out', () => {
    const text = withAction('allow', ', "excludes": {"arches": ["amd64"]}');
    expectOf(unknownAction, text, ['warning "allow"']);
    expectOf(unknownAction, text, ['error "allow"'], { runtime: 'crun' });
  });

  it('waits for the closing quote', () => {
    expectSilence(unknownAction, '{"defaultAction": "SCMP_');
  });
});

describe('unknown-operator', () => {
  const meant: Readonly<Record<string, readonly string[]>> = {
    '==': ['Replace with "SCMP_CMP_EQ" *'],
    '>=': ['Replace with "SCMP_CMP_GE" *'],
    eq: ['Replace with "SCMP_CMP_EQ" *'],
    SCMP_CMP_NEQ: ['Replace with "SCMP_CMP_NE" *'],
    SCMP_CMP_MASKED: ['Replace with "SCMP_CMP_MASKED_EQ"'],
    SCMP_CMP_RANGE: [],
  };
  for (const [word, titles] of Object.entries(meant))
    it(`knows what ${JSON.stringify(word)} means`, () => {
      assert.deepEqual(fixTitles(unknownOperator, withOperator(word)), titles);
    });
});

describe('missing-operator', () => {
  const withCondition = (members: string): string =>
    allowing(`{"names": ["bpf"], "action": "SCMP_ACT_ERRNO", "args": [{${members}}]}`);

  it('adds the masked comparison where there are two values', () => {
    assert.equal(
      fixed(missingOperator, withCondition('"value": 1, "valueTwo": 1')),
      withCondition('"value": 1, "valueTwo": 1, "op": "SCMP_CMP_MASKED_EQ"'),
    );
    assert.equal(
      fixed(missingOperator, withCondition('"value": 1, "op": null')),
      withCondition('"value": 1, "op": "SCMP_CMP_EQ"'),
    );
  });

  it('leaves misspelt and wrong ones to others', () => {
    for (const member of ['"operator": "SCMP_CMP_EQ"', '"op": 1', '"op": "=="'])
      expectSilence(missingOperator, withCondition(member));
  });
});

describe('unknown-architecture', () => {
  const listing = (name: string): string => withTop(`"architectures": ["SCMP_ARCH_X86_64", "${name}"]`);

  const meant: Readonly<Record<string, readonly string[]>> = {
    SCMP_ARCH_ARM64: ['Replace with "SCMP_ARCH_AARCH64" *'],
    amd64: ['Replace with "SCMP_ARCH_X86_64" *'],
    scmp_arch_x86: ['Replace with "SCMP_ARCH_X86" *'],
    SCMP_ARCH_NATIVE: ['Remove "SCMP_ARCH_NATIVE" *'],
    SCMP_ARCH_X86_46: ['Replace with "SCMP_ARCH_X86_64"'],
    SCMP_ARCH_FOO: [],
  };
  for (const [name, titles] of Object.entries(meant))
    it(`knows what ${name} means`, () => {
      assert.deepEqual(fixTitles(unknownArchitecture, listing(name)), titles);
    });

  it('refuses the other byte order, but not in the entries of other hosts', () => {
    expectOf(unknownArchitecture, listing('SCMP_ARCH_S390X'), ['error "SCMP_ARCH_S390X"']);
    expectSilence(unknownArchitecture, withTop('"architectures": ["SCMP_ARCH_S390"]'), {
      architecture: 'SCMP_ARCH_S390X',
    });
    const map = (host: string): string =>
      withTop(`"archMap": [{"architecture": "${host}", "subArchitectures": ["SCMP_ARCH_S390"]}]`);
    expectOf(unknownArchitecture, map('SCMP_ARCH_X86_64'), ['error "SCMP_ARCH_S390"']);
    expectSilence(unknownArchitecture, map('SCMP_ARCH_S390X'));
  });

  it('is a warning in the entries of other hosts', () => {
    const map = withTop('"archMap": [{"architecture": "SCMP_ARCH_ARM64", "subArchitectures": ["SCMP_ARCH_ARM32"]}]');
    const found = expectOf(unknownArchitecture, map, ['warning "SCMP_ARCH_ARM64"', 'warning "SCMP_ARCH_ARM32"']);
    assert.deepEqual(
      found.map((finding) => finding.fixes?.()[0]?.safe),
      [false, false],
    );
  });

  it('is one that came with a later release of libseccomp', () => {
    const text = listing('SCMP_ARCH_LOONGARCH64');
    expectSilence(unknownArchitecture, text);
    for (const runtime of ['docker', 'crun'] as const) {
      const [finding] = expectOf(unknownArchitecture, text, ['error "SCMP_ARCH_LOONGARCH64"'], {
        runtime,
        libseccomp: '2.5.4',
      });
      assert.match(finding!.message, /came with libseccomp 2\.6\.0: .* refuses the profile with the older release/);
      assert.equal(finding!.fixes?.()[0]?.title, 'Remove "SCMP_ARCH_LOONGARCH64"');
    }
  });

  it('sees through the spelling of crun what no filter of the host can cover', () => {
    const target = { runtime: 'crun' } as const;
    expectOf(unknownArchitecture, listing('s390x'), ['error "s390x"'], target);
    expectOf(unknownArchitecture, listing('riscv64'), ['error "riscv64"'], { ...target, libseccomp: '2.4.0' });
  });

  it('is sure of no architecture that would be refused next', () => {
    assert.deepEqual(fixTitles(unknownArchitecture, listing('s390x')), ['Replace with "SCMP_ARCH_S390X"']);
    assert.deepEqual(fixTitles(unknownArchitecture, listing('x32')), ['Replace with "SCMP_ARCH_X32" *']);
  });

  it('knows what crun alone accepts', () => {
    expectOf(unknownArchitecture, listing('x86'), ['information "x86"'], { runtime: 'podman' });
    expectOf(unknownArchitecture, listing('x86'), ['error "x86"']);
    expectOf(unknownArchitecture, listing('amd64'), ['error "amd64"'], { runtime: 'podman' });
    expectOf(unknownArchitecture, listing('SCMP_ARCH_SH'), ['error "SCMP_ARCH_SH"']);
    expectSilence(unknownArchitecture, listing('SCMP_ARCH_SH'), { runtime: 'crun' });
  });
});

describe('duplicate-architecture', () => {
  it('removes the second mention in minified text', () => {
    assert.equal(
      fixed(
        duplicateArchitecture,
        '{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86","SCMP_ARCH_X86"]}',
      ),
      '{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86"]}',
    );
  });

  it('warns of a second entry for a host, which is lost', () => {
    expectOf(
      duplicateArchitecture,
      withTop(
        '"archMap": [{"architecture": "SCMP_ARCH_X86_64"}, {"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}]',
      ),
      ['warning "SCMP_ARCH_X86_64"'],
    );
  });
});

describe('unknown-flag', () => {
  const withFlag = (name: string): string => withTop(`"flags": ["${name}"]`);

  it('knows short and other forms', () => {
    assert.deepEqual(fixTitles(unknownFlag, withFlag('LOG')), ['Replace with "SECCOMP_FILTER_FLAG_LOG" *']);
    assert.deepEqual(fixTitles(unknownFlag, withFlag('SECCOMP_FILTER_FLAG_NEW_LISTENER')), []);
  });

  it('reports a flag that is too new for runc in use, not for crun', () => {
    expectOf(unknownFlag, withFlag('SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'), [
      'error "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"',
    ]);
    expectSilence(unknownFlag, withFlag('SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'), { runtime: 'podman' });
    expectSilence(unknownFlag, withTop('"flags": ["SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_SPEC_ALLOW"]'));
  });
});

describe('unknown-capability', () => {
  it('knows the forms without prefix and in lower case; to correct them changes the rule', () => {
    assert.deepEqual(fixTitles(unknownCapability, withFilter('"caps": ["sys_admin"]')), [
      'Replace with "CAP_SYS_ADMIN"',
    ]);
    assert.deepEqual(fixTitles(unknownCapability, withFilter('"caps": ["CAP_SYS_ADMN"]')), [
      'Replace with "CAP_SYS_ADMIN"',
    ]);
    assert.deepEqual(fixTitles(unknownCapability, withFilter('"caps": ["CAP_FOO"]')), []);
  });

  it('says which way the rule goes', () => {
    const filter = '"caps": ["NET_ADMIN"]';
    assert.match(findingsOf(unknownCapability, withFilter(filter))[0]!.message, /always left out/);
    assert.match(
      findingsOf(unknownCapability, withFilter(filter).replace('includes', 'excludes'))[0]!.message,
      /excludes nothing/,
    );
    expectSilence(unknownCapability, withFilter(filter), { runtime: 'runc' });
  });
});

describe('unknown-include-architecture', () => {
  const meant: Readonly<Record<string, readonly string[]>> = {
    SCMP_ARCH_AARCH64: ['Replace with "arm64"'],
    x86_64: ['Replace with "amd64"'],
    AMD64: ['Replace with "amd64"'],
    foo: [],
  };
  for (const [name, titles] of Object.entries(meant))
    it(`knows what ${name} means`, () => {
      assert.deepEqual(fixTitles(unknownIncludeArchitecture, withFilter(`"arches": ["${name}"]`)), titles);
    });

  it('accepts every spelling that some engine compares', () => {
    const names = ['amd64', 'arm64', 'x86', 'x32', 'loong64', 'loongarch64', 's390x', 'mips3l64n32', 'riscv64'];
    expectSilence(unknownIncludeArchitecture, withFilter(`"arches": ${JSON.stringify(names)}`));
    expectSilence(unknownIncludeArchitecture, withFilter('"arches": ["x86_64"]'), { runtime: 'containerd' });
  });
});

describe('invalid-min-kernel', () => {
  const versions: Readonly<Record<string, string | undefined>> = {
    '4.8.0': '4.8',
    'v5.10': '5.10',
    ' 4.8': '4.8',
    '6.1-rc1': '6.1',
    '6': '6.0',
    '4.256': undefined,
    '0.0': undefined,
    latest: undefined,
  };
  for (const [version, corrected] of Object.entries(versions))
    it(`reports ${JSON.stringify(version)}`, () => {
      const text = withFilter(`"minKernel": "${version}"`);
      expectOf(invalidMinKernel, text, [`error "${version}"`]);
      assert.deepEqual(fixTitles(invalidMinKernel, text), corrected ? [`Replace with "${corrected}" *`] : []);
    });

  it('accepts what Docker accepts, and leaves the key to Docker', () => {
    for (const version of ['4.8', '4.08', '255.255', ''])
      expectSilence(invalidMinKernel, withFilter(`"minKernel": "${version}"`));
    expectSilence(invalidMinKernel, withFilter('"minKernel": "x"'), { runtime: 'podman' });
  });
});

describe('unknown-errno-name', () => {
  const withErrno = (errno: string): string => withAction('SCMP_ACT_ERRNO', `, "errno": "${errno}"`);

  it('is for the readers of names only', () => {
    expectSilence(unknownErrnoName, withErrno('EFOO'));
    expectOf(unknownErrnoName, withErrno('EFOOBAR'), ['error "EFOOBAR"'], { runtime: 'cri-o' });
  });

  it('accepts names, aliases, numbers as text, and nothing', () => {
    for (const errno of ['EPERM', 'EWOULDBLOCK', '38', ''])
      expectSilence(unknownErrnoName, withErrno(errno), { runtime: 'podman' });
  });

  it('is sure about letter case, not about spelling', () => {
    const safe = (errno: string): boolean | undefined =>
      findingsOf(unknownErrnoName, withErrno(errno), { runtime: 'podman' })[0]!.fixes?.()[0]?.safe;
    assert.deepEqual([safe('eperm'), safe('ENOSIS')], [true, false]);
  });
});

describe('actions that seldom do what is meant', () => {
  it('are reported in rules and as default', () => {
    expectOf(
      killThread,
      `{"defaultAction": "SCMP_ACT_KILL", "syscalls": [${'{"names": ["a"], "action": "SCMP_ACT_KILL"}'}]}`,
      ['information "SCMP_ACT_KILL"', 'information "SCMP_ACT_KILL"'],
    );
    expectOf(traceWithoutTracer, '{"defaultAction": "SCMP_ACT_TRACE", "syscalls": []}', [
      'information "SCMP_ACT_TRACE"',
    ]);
  });

  it('are not, when they are named for what they do', () => {
    for (const action of ['SCMP_ACT_KILL_THREAD', 'SCMP_ACT_KILL_PROCESS', 'SCMP_ACT_LOG'])
      for (const check of [killThread, traceWithoutTracer]) expectSilence(check, withAction(action));
  });
});
