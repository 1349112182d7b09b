import assert from 'node:assert/strict';
import { fileOf, mended, problemsIn, wrong } from './harness.ts';

/** A case, and what is wrong with it. */
const WRONG: Readonly<Record<string, readonly [testCase: object, ...problems: string[]]>> = {
  'an unknown key': [{ imgae: 'debian' }, 'tests-unknown-key: "imgae"'],
  'an unknown key under "expect"': [{ expect: { exti: 0 } }, 'tests-unknown-key: "exti"'],
  'a command that is a text': [{ image: 'a', command: 'ls /' }, 'tests-type: "ls /"'],
  'an empty command': [{ image: 'a', command: [] }, 'tests-empty-command: []'],
  'a command without image': [{ command: ['ls'] }, 'tests-command-without-image: "it"'],
  'output without image': [{ expect: { stdout: 'x' } }, 'tests-output-without-image: "x"'],
  'an image that is an option': [{ image: '--privileged' }, 'tests-not-a-word: "--privileged"'],
  'a number as image': [{ image: 7 }, 'tests-type: 7'],
  'a number among the arguments': [{ image: 'a', command: ['a', 7] }, 'tests-type: 7'],
  'a number in the environment': [{ environment: { A: 1 } }, 'tests-type: 1'],
  'an exit status that is too large': [{ expect: { exit: 256 } }, 'tests-out-of-range: 256'],
  'an exit status in another word': [{ expect: { exit: 'zero' } }, 'tests-type: "zero"'],
  'a time limit of nothing': [{ timeLimit: 0 }, 'tests-out-of-range: 0'],
  'a fraction of a second': [{ timeLimit: 1.5 }, 'tests-out-of-range: 1.5'],
  'an unknown capability': [{ capabilities: { add: ['SYS_ADMN'] } }, 'tests-unknown-capability: "SYS_ADMN"'],
  'an unknown network': [{ network: 'host' }, 'tests-unknown-network: "host"'],
  'a broken pattern': [{ image: 'a', expect: { stdout: { matches: '(' } } }, 'tests-bad-pattern: "("'],
  'nothing expected': [{ expect: {} }, 'tests-expects-nothing: {'],
  'an unknown syscall': [{ expect: { denied: ['mkdri'] } }, 'tests-unknown-call: "mkdri"'],
  'a value that no argument has': [
    { expect: { denied: ['socket(AF_ALGG)'] } },
    'tests-unknown-call: "socket(AF_ALGG)"',
  ],
  'one call denied and allowed': [
    { expect: { denied: ['mount'], allowed: ['mount'] } },
    'tests-contradiction: "mount"',
  ],
  'a name denied of which a call is allowed': [
    { expect: { denied: ['socket'], allowed: ['socket(AF_INET)'] } },
    'tests-contradiction: "socket(AF_INET)"',
  ],
  'the same call in other words': [
    { expect: { denied: ['socket(38)'], allowed: ['socket(domain=AF_ALG)'] } },
    'tests-contradiction: "socket(domain=AF_ALG)"',
  ],
  'a mount from elsewhere': [
    { mounts: [{ source: '../../etc', target: '/etc' }] },
    'tests-outside-workspace: "../../etc"',
  ],
  'a mount by an absolute path': [{ mounts: [{ source: '/etc', target: '/etc' }] }, 'tests-outside-workspace: "/etc"'],
  'a mount with options in its name': [{ mounts: [{ source: 'a,b', target: '/x' }] }, 'tests-bad-mount: "a,b"'],
  'a mount to a relative path': [{ mounts: [{ source: 'a', target: 'x' }] }, 'tests-not-absolute: "x"'],
  'a mount with options in its target': [
    { mounts: [{ source: 'a', target: '/,source=/etc' }] },
    'tests-not-absolute: "/,source=/etc"',
  ],
  'a mount with a line break in its target': [
    { mounts: [{ source: 'a', target: '/x\ny' }] },
    'tests-not-absolute: "/x\\ny"',
  ],
  'a mount with a quote in its target': [{ mounts: [{ source: 'a', target: '/"x' }] }, 'tests-not-absolute: "/\\"x"'],
  'a mount without target': [{ mounts: [{ source: 'a' }] }, 'tests-missing-key: {'],
};

const RIGHT: readonly object[] = [
  { image: 'debian:12', command: ['sh', '-c', ''], user: '1000:1000', workdir: '/srv', network: 'bridge' },
  { capabilities: { add: ['ALL'], drop: ['cap_chown', 'NET_RAW'] }, readOnly: true, noNewPrivileges: false },
  { mounts: [{ source: '../site', target: '/srv', readOnly: false }], environment: { A: '' }, timeLimit: 3600 },
  { image: 'a', expect: { exit: 'nonzero', stdout: 'x', stderr: { contains: ['a', 'b'], matches: '^x$' } } },
  { expect: { denied: ['socket(AF_ALG, SOCK_SEQPACKET, 0)'], allowed: ['socket(AF_INET)', 'openat'] } },
  { comment: 'a note' },
];

describe('problems of test cases', () => {
  for (const [what, [testCase, ...problems]] of Object.entries(WRONG))
    it(`report ${what}`, () => assert.deepEqual(wrong(testCase), problems));

  RIGHT.forEach((testCase, i) => {
    it(`leave what is right alone (${i})`, () => assert.deepEqual(wrong(testCase), []));
  });

  it('report two cases of one name, and a key that is there twice', () => {
    const one = '{ "name": "a", "expect": { "exit": 0 } }';
    const twice = '{ "name": "b", "expect": { "exit": 0, "exit": 1 } }';
    assert.deepEqual(wrong(`{ "cases": [${one}, ${one}, ${twice}] }`), [
      'tests-duplicate-name: "a"',
      'tests-duplicate-key: "exit"',
    ]);
  });

  it('report what is missing', () => {
    assert.deepEqual(wrong('{}'), ['tests-missing-key: {']);
    assert.deepEqual(wrong('{ "cases": [{}] }'), ['tests-missing-key: {', 'tests-missing-key: {']);
    assert.deepEqual(wrong('{ "cases": [] }'), ['tests-no-cases: "cases"']);
    assert.deepEqual(wrong('7'), ['tests-type: 7']);
    assert.deepEqual(wrong(''), ['tests-json: ']);
  });

  it('report broken JSON, but not what may only be missing because of it', () => {
    const found = problemsIn('{ "cases": [{ "name": "a", "expect": ');
    assert.ok(found.length > 0 && found.every(({ code }) => code === 'tests-json'));
    assert.deepEqual(wrong('{ "cases": [{ "name": "a", "expect": { "exit": 0 } }] } // a note'), []);
  });

  it('report a profile that is not there, where it is named or where it is due', () => {
    const none = { exists: () => false };
    assert.deepEqual(wrong('{ "profile": "x.json", "cases": [] }', none)[0], 'tests-no-profile: "x.json"');
    assert.deepEqual(wrong(fileOf({}), none), ['tests-no-profile: {']);
    assert.deepEqual(wrong(fileOf({}), { exists: () => undefined }), []);
    assert.deepEqual(wrong('{ "profile": "../../x.json", "cases": [] }')[0], 'tests-outside-workspace: "../../x.json"');
  });

  it('have fixes', () => {
    assert.equal(mended(fileOf({ imgae: 'a' })), fileOf({ image: 'a' }));
    assert.equal(mended(fileOf({ expect: { denied: ['mkdri'] } })), fileOf({ expect: { denied: ['mkdir'] } }));
    assert.equal(
      mended(fileOf({ image: 'a', command: 'ls -l' })),
      fileOf({ image: 'a', command: ['ls', '-l'] }).replace('"ls","-l"', '"ls", "-l"'),
    );
    assert.equal(mended('{ "cases": [], }'), '{ "cases": [] }');
  });

  it('come for every cut of a file without failing', () => {
    const text = fileOf({
      image: 'a',
      command: ['b'],
      mounts: [{ source: 'a', target: '/b' }],
      expect: { stdout: { contains: 'x' } },
    });
    for (let end = 0; end < text.length; end++) assert.ok(problemsIn(text.slice(0, end)).length > 0, `cut at ${end}`);
  });
});
