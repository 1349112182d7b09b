import assert from 'node:assert/strict';
import { defaultProfile } from '../../../server/src/catalog/index.ts';
import { lenses, TEST_COMMAND } from '../../../server/src/features/lens.ts';
import { ruleLensSpans, ruleLensTitle } from '../../../server/src/features/rule-lens.ts';
import type { Target } from '../../../server/src/policy/target.ts';
import { COMPARE_COMMAND, TABLE_COMMAND } from '../../../server/src/protocol.ts';
import { analysed } from './marker.ts';

const URI = 'file:///profile.json';

function titles(text: string, target: Partial<Target> = {}): readonly string[] {
  return lenses(analysed(text, target), URI).map((lens) => lens.title);
}

describe('lenses', () => {
  it('offer a test and tell what the profile comes to', () => {
    const [test, totals, difference] = lenses(
      analysed(
        '\n{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{ "names": ["read", "write"], "action": "SCMP_ACT_ALLOW" }] }',
      ),
      URI,
    );
    assert.deepEqual(test, {
      span: { start: 1, end: 2 },
      title: 'Test in Docker',
      command: TEST_COMMAND,
      arguments: [URI],
    });
    assert.match(totals?.title ?? '', /^allowed 2 · conditional 0 · denied \d{3}$/);
    assert.equal(totals?.command, TABLE_COMMAND);
    assert.match(difference?.title ?? '', /^\d{3} tighter than Docker's default$/);
    assert.deepEqual([difference?.command, difference?.arguments], [COMPARE_COMMAND, [URI, 'docker']]);
  });

  it('count calls that depend on arguments', () =>
    assert.match(
      titles(
        '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["socket"], "action": "SCMP_ACT_ERRNO", "args": [{ "index": 0, "value": 17, "op": "SCMP_CMP_EQ" }] }] }',
      )[1] ?? '',
      /^allowed \d{3} · conditional 1 · denied 0$/,
    ));

  it('name Podman where it is the target', () =>
    assert.equal(titles('{ "defaultAction": "SCMP_ACT_LOG" }', { runtime: 'podman' })[0], 'Test in Podman'));

  it('name what is looser than the default, the dangerous calls first', () =>
    assert.match(titles('{ "defaultAction": "SCMP_ACT_ALLOW" }')[2] ?? '', /^\d+ looser than Docker's default: \w+, /));

  it('say that a default is itself', () =>
    assert.equal(titles(defaultProfile('docker').text)[2], "same as Docker's default"));

  it('offer the test also for a profile that no engine loads, to see why', () =>
    assert.deepEqual(titles('{ "syscalls": ['), ['Test in Docker']));

  it('are absent where the file is no profile', () => {
    assert.deepEqual(titles(''), []);
    assert.deepEqual(titles('[1]'), []);
    assert.deepEqual(titles('{ "names": ["read"], "action": "SCMP_ACT_ALLOW" }'), []);
  });
});

describe('lenses of rules', () => {
  const rules = (text: string): readonly (string | undefined)[] => {
    const analysis = analysed(text);
    return ruleLensSpans(analysis).map(({ rule, span }) => {
      assert.equal(text[span.start], '{');
      return ruleLensTitle(analysis, rule);
    });
  };

  it('say what each rule adds, and when that is nothing', () =>
    assert.deepEqual(
      rules(`{
        "defaultAction": "SCMP_ACT_ERRNO",
        "syscalls": [
          { "names": ["mkdir"], "action": "SCMP_ACT_ALLOW" },
          { "names": ["mkdir"], "action": "SCMP_ACT_ALLOW" },
          { "names": ["chmod"], "action": "SCMP_ACT_ALLOW", "includes": { "caps": ["CAP_SYS_ADMIN"] } },
          { "names": ["chmod"], "action": "SCMP_ACT_ALLOW", "excludes": { "caps": ["CAP_CHOWN"] } },
          { "names": [], "action": "SCMP_ACT_ALLOW" }
        ]
      }`),
      [
        'no effect',
        'no effect',
        'not for this target: its includes do not hold',
        'not for this target: one of its excludes holds',
        'no effect: it names no syscall',
      ],
    ));

  it('count what a rule allows and what it denies', () => {
    const [allowed] = rules(
      '{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{ "names": ["mkdir"], "action": "SCMP_ACT_ALLOW" }] }',
    );
    assert.match(allowed ?? '', /^allows mkdir/);
    const [denied] = rules(
      '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["mkdir", "rmdir"], "action": "SCMP_ACT_ERRNO" }] }',
    );
    assert.equal(denied, 'denies mkdir and rmdir');
  });

  it('are absent where nothing is loaded', () => {
    assert.deepEqual(rules('{ "syscalls": [{ "names": ["mkdir"], "action": "SCMP_ACT_ALLOW" }] }'), []);
    assert.equal(ruleLensTitle(analysed('{ "defaultAction": "SCMP_ACT_ALLOW" }'), 3), undefined);
  });
});
