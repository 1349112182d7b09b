import assert from 'node:assert/strict';
import { capabilities, errnos, flags, operators } from '../../../server/src/catalog/index.ts';
import { accepted, completionAt, expectFound, itemAt, labelsAt, marked } from './marker.ts';

const rule = (inside: string): string => `{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{${inside}}]}`;

/** Asserts that labels come in this order, other labels between them or not. */
function expectOrder(labels: readonly string[], ordered: readonly string[]): void {
  for (const label of ordered) assert.ok(labels.includes(label), `${label} is missing`);
  assert.deepEqual(
    labels.filter((label) => ordered.includes(label)),
    ordered,
  );
}

describe('completion of actions', () => {
  it('offers all nine, for a default one that denies first', () => {
    const labels = labelsAt('{"defaultAction": "|"}');
    assert.equal(labels.length, 9);
    assert.equal(labels[0], 'SCMP_ACT_ERRNO');
  });

  it('offers a rule the opposite of the default first', () => {
    assert.equal(labelsAt(rule('"action": |'))[0], 'SCMP_ACT_ALLOW');
    assert.equal(labelsAt('{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"action":"|"}]}')[0], 'SCMP_ACT_ERRNO');
  });

  it('finds an action without its prefix, and with it', () => {
    for (const typed of ['all', 'ALL', 'allow', 'SCMP_ACT_AL', 'scmp_act_', 'S'])
      expectFound(`{"defaultAction": "${typed}|"}`, 'SCMP_ACT_ALLOW');
    for (const typed of ['errno', '"err', "'err"]) expectFound(`{"defaultAction": ${typed}|}`, 'SCMP_ACT_ERRNO');
  });
});

describe('the text that a completion replaces', () => {
  for (const source of [
    '{"defaultAction": "\\\n|',
    '{"defaultAction": "al|l\\\n"}',
    '{"defaultAction": "\\\r|x"}',
    '{"""\\\n|',
  ])
    it(`is on one line: ${JSON.stringify(source)}`, () => {
      const { text } = marked(source);
      const { span } = completionAt(source);
      assert.doesNotMatch(text.slice(span.start, span.end), /[\r\n]/);
    });
});

describe('a completed value', () => {
  const allow = 'SCMP_ACT_ALLOW';
  const cases: readonly (readonly [title: string, source: string, label: string, expected: string])[] = [
    ['gets its quotes', '{"defaultAction": |}', allow, '{"defaultAction": "SCMP_ACT_ALLOW"}'],
    ['keeps quotes', '{"defaultAction": "|"}', allow, '{"defaultAction": "SCMP_ACT_ALLOW"}'],
    ['replaces all of a string', '{"defaultAction": "SCMP|_ACT_LOG"}', allow, '{"defaultAction": "SCMP_ACT_ALLOW"}'],
    ['replaces a bare word', '{"defaultAction": al|low}', allow, '{"defaultAction": "SCMP_ACT_ALLOW"}'],
    ['replaces a word in wrong quotes', '{"defaultAction": \'al|\'}', allow, '{"defaultAction": "SCMP_ACT_ALLOW"}'],
    ['closes a string', '{"defaultAction": "al|', allow, '{"defaultAction": "SCMP_ACT_ALLOW"'],
    [
      'closes a string before a comma',
      '{"defaultAction": "al|,\n"flags":[]}',
      allow,
      '{"defaultAction": "SCMP_ACT_ALLOW",\n"flags":[]}',
    ],
    [
      'closes a string at the end of the line',
      '{"defaultAction": "|\n}',
      allow,
      '{"defaultAction": "SCMP_ACT_ALLOW"\n}',
    ],
    ['adds a comma', '{"defaultAction": "al|"\n"flags":[]}', allow, '{"defaultAction": "SCMP_ACT_ALLOW",\n"flags":[]}'],
    [
      'leaves the next key alone',
      '{"defaultAction": |\n"flags":[]}',
      allow,
      '{"defaultAction": "SCMP_ACT_ALLOW",\n"flags":[]}',
    ],
    [
      'leaves the next key alone in CRLF',
      '{"defaultAction": |\r\n"flags":[]}',
      allow,
      '{"defaultAction": "SCMP_ACT_ALLOW",\r\n"flags":[]}',
    ],
    ['stands directly behind the colon', '{"defaultAction":|}', allow, '{"defaultAction":"SCMP_ACT_ALLOW"}'],
    ['stands at the end of the text', '{"defaultAction":|', allow, '{"defaultAction":"SCMP_ACT_ALLOW"'],
    ['stands before a comma', '{"defaultAction":|,"flags":[]}', allow, '{"defaultAction":"SCMP_ACT_ALLOW","flags":[]}'],
    ['stands behind a comment', '{"defaultAction": /* a */ |}', allow, '{"defaultAction": /* a */ "SCMP_ACT_ALLOW"}'],
    ['starts an array', '{"architectures":[|]}', 'SCMP_ARCH_X86', '{"architectures":["SCMP_ARCH_X86"]}'],
    ['starts an array that is not closed', '{"architectures":[|', 'SCMP_ARCH_X86', '{"architectures":["SCMP_ARCH_X86"'],
    [
      'follows a comma',
      '{"architectures":["SCMP_ARCH_X86_64", |]}',
      'SCMP_ARCH_X86',
      '{"architectures":["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"]}',
    ],
    [
      'adds the comma before it',
      '{"architectures":["SCMP_ARCH_X86_64" |]}',
      'SCMP_ARCH_X86',
      '{"architectures":["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"]}',
    ],
    [
      'adds the comma before a word',
      '{"flags":["a"\n  TSYNC|\n]}',
      'SECCOMP_FILTER_FLAG_LOG',
      '{"flags":["a",\n  "SECCOMP_FILTER_FLAG_LOG"\n]}',
    ],
    [
      'stands before an item',
      '{"flags":[|"a"]}',
      'SECCOMP_FILTER_FLAG_LOG',
      '{"flags":["SECCOMP_FILTER_FLAG_LOG","a"]}',
    ],
    [
      'stands between items',
      '{"flags":["a",| "b"]}',
      'SECCOMP_FILTER_FLAG_LOG',
      '{"flags":["a","SECCOMP_FILTER_FLAG_LOG", "b"]}',
    ],
    [
      'keeps the items behind an open string',
      '{"flags":["LO|, "b"]}',
      'SECCOMP_FILTER_FLAG_LOG',
      '{"flags":["SECCOMP_FILTER_FLAG_LOG", "b"]}',
    ],
    [
      'closes a string before a bracket',
      '{"flags":["LO|]}',
      'SECCOMP_FILTER_FLAG_LOG',
      '{"flags":["SECCOMP_FILTER_FLAG_LOG"]}',
    ],
    [
      'becomes a list where one is due',
      '{"flags":"LO|"}',
      'SECCOMP_FILTER_FLAG_LOG',
      '{"flags":["SECCOMP_FILTER_FLAG_LOG"]}',
    ],
    ['is a list where nothing is', '{"flags":|}', '[ ]', '{"flags":[""]}'],
    [
      'is an object where nothing is',
      '{"syscalls":[{"includes":|}]}',
      '{ }',
      '{"syscalls":[{"includes":{ "caps": [""] }}]}',
    ],
    ['is a number', '{"defaultErrnoRet": |}', 'ENOSYS', '{"defaultErrnoRet": 38}'],
    ['replaces a number', '{"defaultErrnoRet": 1|}', 'ENOSYS', '{"defaultErrnoRet": 38}'],
    ['replaces the name of a number', '{"defaultErrnoRet": "ENO|"}', 'ENOSYS', '{"defaultErrnoRet": 38}'],
    [
      'replaces an open string by a number',
      '{"defaultErrnoRet": "ENO|,\n"flags":[]}',
      'ENOSYS',
      '{"defaultErrnoRet": 38,\n"flags":[]}',
    ],
  ];
  for (const [title, source, label, expected] of cases)
    it(title, () => assert.equal(accepted(source, label), expected));
});

describe('completion of architectures', () => {
  it('offers the companions of the host first, what is listed last', () => {
    const labels = labelsAt('{"architectures":["SCMP_ARCH_X86_64", "|"]}');
    assert.deepEqual(labels.slice(0, 2), ['SCMP_ARCH_X86', 'SCMP_ARCH_X32']);
    assert.equal(labels.at(-1), 'SCMP_ARCH_X86_64');
  });

  it('offers the host of the target first', () => {
    const labels = labelsAt('{"architectures":[|]}', { architecture: 'SCMP_ARCH_AARCH64' });
    assert.deepEqual(labels.slice(0, 2), ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM']);
  });

  it('offers sub-architectures by the architecture of their entry', () => {
    const labels = labelsAt('{"archMap":[{"architecture":"SCMP_ARCH_AARCH64","subArchitectures":[|]}]}');
    assert.equal(labels[0], 'SCMP_ARCH_ARM');
    assert.equal(labels.at(-1), 'SCMP_ARCH_AARCH64');
  });

  it('offers an entry of archMap what no other entry has', () => {
    const labels = labelsAt('{"archMap":[{"architecture":"SCMP_ARCH_X86_64"},{"architecture":"|"}]}');
    assert.equal(labels.at(-1), 'SCMP_ARCH_X86_64');
  });

  it('says what runc refuses', () => {
    const source = '{"architectures":[|]}';
    assert.match(itemAt(source, 'SCMP_ARCH_M68K').detail ?? '', /refused by runc/);
    assert.doesNotMatch(itemAt(source, 'SCMP_ARCH_M68K', { runtime: 'crun' }).detail ?? '', /refused/);
    assert.doesNotMatch(itemAt(source, 'SCMP_ARCH_X86').detail ?? '', /refused/);
  });

  it('spells those of filters as the engine compares them', () => {
    const source = rule('"includes":{"arches":[|]}');
    const docker = labelsAt(source);
    assert.equal(docker[0], 'amd64');
    assert.ok(docker.includes('x86') && !docker.includes('x32'));
    assert.ok(labelsAt(source, { runtime: 'podman' }).includes('x32'));
    assert.equal(labelsAt(source, { architecture: 'SCMP_ARCH_AARCH64' })[0], 'arm64');
  });
});

describe('completion of other words', () => {
  it('offers the operators, the usual ones first', () => {
    const labels = labelsAt(rule('"args":[{"op":"|"}]'));
    assert.equal(labels.length, operators().length);
    assert.deepEqual(labels.slice(0, 2), ['SCMP_CMP_EQ', 'SCMP_CMP_MASKED_EQ']);
    expectFound(rule('"args":[{"op":"masked|"}]'), 'SCMP_CMP_MASKED_EQ');
  });

  it('offers the flags, what is listed last', () => {
    const labels = labelsAt('{"flags":["SECCOMP_FILTER_FLAG_LOG", |]}');
    assert.equal(labels.length, flags().length);
    assert.equal(labels.at(-1), 'SECCOMP_FILTER_FLAG_LOG');
    expectFound('{"flags":[spec|]}', 'SECCOMP_FILTER_FLAG_SPEC_ALLOW');
  });

  it('offers the capabilities, those that the syscalls of the rule need first', () => {
    const labels = labelsAt(rule('"names":["mount","chroot"],"includes":{"caps":["|"]}'));
    assert.equal(labels.length, capabilities().length);
    assert.deepEqual(labels.slice(0, 2).toSorted(), ['CAP_SYS_ADMIN', 'CAP_SYS_CHROOT']);
    assert.equal(labelsAt(rule('"names":["mount"],"excludes":{"caps":["CAP_SYS_ADMIN","|"]}')).at(-1), 'CAP_SYS_ADMIN');
    expectFound(rule('"includes":{"caps":["sys_ad|"]}'), 'CAP_SYS_ADMIN');
  });

  it('offers kernel releases: where the syscalls of the rule appeared, and those that hosts run', () => {
    const labels = labelsAt(rule('"names":["openat2"],"includes":{"minKernel":"|"}'));
    assert.deepEqual(labels.slice(0, 2), ['4.8', '5.6']);
    assert.equal(itemAt(rule('"names":["openat2"],"includes":{"minKernel":"|"}'), '5.6').detail, 'first with openat2');
    assert.ok(labels.includes('6.1'));
  });
});

describe('completion of errors', () => {
  it('offers every error by its name, the usual ones first, with its number', () => {
    const source = rule('"action":"SCMP_ACT_ERRNO","errnoRet":|');
    const labels = labelsAt(source);
    assert.equal(labels.length, errnos().length);
    assert.deepEqual(labels.slice(0, 3), ['EPERM', 'ENOSYS', 'EACCES']);
    assert.match(itemAt(source, 'EPERM').detail ?? '', /^1 \w/);
  });

  it('finds an error by its number and by its name', () => {
    expectFound(rule('"errnoRet":38|'), 'ENOSYS');
    expectFound(rule('"errnoRet":enos|'), 'ENOSYS');
    expectFound(rule('"errnoRet":"eno|"'), 'ENOSYS');
    assert.equal(itemAt(rule('"errnoRet":3|'), 'ENOSYS').filterText, '38 ENOSYS');
  });

  it('writes the name for the keys of Podman', () => {
    assert.equal(accepted('{"defaultErrno":|}', 'ENOSYS', { runtime: 'podman' }), '{"defaultErrno":"ENOSYS"}');
    assert.equal(accepted(rule('"errno":"E|"'), 'EPERM'), rule('"errno":"EPERM"'));
  });
});

describe('completion of conditions', () => {
  const condition = (names: string, inside: string, before = ''): string =>
    rule(`"names":[${names}],"args":[${before}{${inside}}]`);

  it('offers arguments by name', () => {
    const source = condition('"socket"', '"index":|');
    assert.deepEqual(labelsAt(source), ['0 domain', '1 type', '2 protocol']);
    assert.equal(accepted(source, '1 type'), condition('"socket"', '"index":1'));
    assert.equal(itemAt(source, '0 domain').detail, 'int');
  });

  it('joins the arguments of several syscalls', () => {
    assert.equal(labelsAt(condition('"socket","unshare"', '"index":|'))[0], '0 domain/flags');
  });

  it('offers the registers where nothing is known', () => {
    assert.deepEqual(labelsAt(condition('"nosuchcall"', '"index":|')), ['0', '1', '2', '3', '4', '5']);
  });

  it('puts pointers and what is tested already behind the others', () => {
    const labels = labelsAt(condition('"openat"', '"index":|', '{"index":0},'));
    expectOrder(labels, ['2 flags', '3 mode', '1 path', '0 dirfd']);
    assert.match(itemAt(condition('"openat"', '"index":|'), '1 path').detail ?? '', /only the address/);
  });

  it('counts the arguments as the native architecture does', () => {
    const source = condition('"clone"', '"index":|');
    assert.ok(labelsAt(source).includes('0 flags'));
    assert.ok(labelsAt(source, { architecture: 'SCMP_ARCH_S390X' }).includes('1 flags'));
  });

  it('offers the values of the argument by name and writes the number', () => {
    const source = condition('"socket"', '"index":0,"value":|');
    assert.equal(itemAt(source, 'AF_ALG').detail?.split(' ')[0], '38');
    assert.equal(accepted(source, 'AF_ALG'), condition('"socket"', '"index":0,"value":38'));
    assert.ok(!labelsAt(source).includes('SOCK_STREAM'));
    assert.ok(labelsAt(condition('"socket"', '"index":1,"value":|')).includes('SOCK_STREAM'));
  });

  it('takes the first argument where the index is missing', () => {
    assert.ok(labelsAt(condition('"socket"', '"value":|')).includes('AF_ALG'));
  });

  it('knows the index that stands behind the value', () => {
    assert.ok(labelsAt(condition('"socket"', '"value": |, "index":1')).includes('SOCK_STREAM'));
  });

  it('finds a value by its number and its name, also in quotes', () => {
    for (const typed of ['38', '3', 'alg', 'AF_A', '"AF'])
      expectFound(condition('"socket"', `"value":${typed}|`), 'AF_ALG');
  });

  it('replaces a name that was written for a number', () => {
    assert.equal(
      accepted(condition('"socket"', '"value":AF_AL|,"index":0'), 'AF_ALG'),
      condition('"socket"', '"value":38,"index":0'),
    );
    assert.equal(accepted(condition('"socket"', '"value":"AF_AL|"'), 'AF_ALG'), condition('"socket"', '"value":38'));
  });

  it('puts the values that are worth a sentence first', () => {
    const labels = labelsAt(condition('"clone"', '"index":0,"value":|'));
    assert.ok(labels.indexOf('CLONE_NEWUSER') < labels.indexOf('SIGCHLD'));
  });

  it('offers all bits of the mask and none of them as the second value', () => {
    const source = condition('"clone"', '"index":0,"value":268435456,"valueTwo":|');
    assert.deepEqual(labelsAt(source).slice(0, 2), ['0', '268435456']);
    assert.equal(itemAt(source, '268435456').detail, 'all of CLONE_NEWUSER');
    assert.ok(labelsAt(source).includes('CLONE_NEWUSER'));
  });

  it('offers the options of prctl, ioctl requests and flags of unshare', () => {
    assert.ok(labelsAt(condition('"prctl"', '"index":0,"value":|')).includes('PR_SET_SECCOMP'));
    assert.ok(labelsAt(condition('"ioctl"', '"index":1,"value":|')).includes('TIOCSTI'));
    assert.ok(labelsAt(condition('"unshare"', '"index":0,"value":|')).includes('CLONE_NEWUSER'));
  });
});

describe('completion of whole parts', () => {
  it('offers a profile in an empty text', () => {
    assert.deepEqual(labelsAt('|'), ['profile', 'rule']);
    assert.match(accepted('|', 'profile'), /^\{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": \[ \{ .* \} \] \}$/);
    assert.match(accepted('\n  pro|', 'profile'), /^\n {2}\{ "defaultAction"/);
    assert.match(accepted('|', 'profile', {}, true), /^\{\n\t"defaultAction"/);
  });

  it('offers a rule, a condition and an architecture in their lists', () => {
    const empty = '{ "names": [""], "action": "SCMP_ACT_ALLOW" }';
    assert.deepEqual(labelsAt('{"syscalls":[|]}'), ['rule']);
    assert.equal(accepted('{"syscalls":[|]}', 'rule'), `{"syscalls":[${empty}]}`);
    assert.equal(accepted('{"syscalls":[{}, |]}', 'rule'), `{"syscalls":[{}, ${empty}]}`);
    assert.equal(accepted('{"syscalls":[| {}]}', 'rule'), `{"syscalls":[${empty}, {}]}`);
    assert.equal(accepted('{"syscalls":[{}\n  |\n]}', 'rule'), `{"syscalls":[{},\n  ${empty}\n]}`);
    assert.deepEqual(labelsAt(rule('"args":[|]')), ['condition']);
    assert.deepEqual(labelsAt('{"archMap":[|]}'), ['architecture']);
  });

  it('has an edit for each item that the editor can apply', () => {
    for (const source of ['|', '{"syscalls":[|]}', '{"fl|"}', rule('"names":["|"]')])
      for (const item of completionAt(source).items) assert.ok(item.insertText.length > 0, item.label);
  });
});
