import assert from 'node:assert/strict';
import { conflictingRules } from '../../../server/src/checks/policy/conflicting-rules.ts';
import { leftOutRelative } from '../../../server/src/checks/policy/left-out-relative.ts';
import { duplicateKey } from '../../../server/src/checks/structure/duplicate-key.ts';
import { keyCase } from '../../../server/src/checks/structure/key-case.ts';
import { missingAction } from '../../../server/src/checks/structure/missing-action.ts';
import { nullEntry } from '../../../server/src/checks/structure/null-entry.ts';
import { ruleWithoutNames } from '../../../server/src/checks/structure/rule-without-names.ts';
import { missingOperator } from '../../../server/src/checks/values/missing-operator.ts';
import { unknownOperator } from '../../../server/src/checks/values/unknown-operator.ts';
import { hover } from '../../../server/src/features/hover.ts';
import { ruleLensTitle } from '../../../server/src/features/rule-lens.ts';
import type { Target } from '../../../server/src/policy/target.ts';
import { allowSyscalls } from '../../../server/src/repair/edit.ts';
import { defaultTarget } from '../../../server/src/settings.ts';
import { analysed } from '../features/marker.ts';
import { policy, said } from '../policy/harness.ts';
import { expectOf, expectSilence, fixTitles } from './arguments/expect.ts';
import { findingsOf, fixed } from './harness.ts';

const YAJL: Partial<Target> = { runtime: 'crun', releases: { loader: '1.8.1' } };
const CRUN: Partial<Target> = { runtime: 'crun' };
const RULE = '{"names": ["mkdir"], "action": "SCMP_ACT_ERRNO", "errnoRet": 5}';
const profile = (...members: string[]): string => `{"defaultAction": "SCMP_ACT_ALLOW", ${members.join(', ')}}`;
const rules = (...list: string[]): string => `"syscalls": [${list.join(', ')}]`;

/** What the lens above a rule says and its hover, without what does not differ. */
function shown(text: string, target: Partial<Target>, position = 0): string {
  const analysis = analysed(text, target);
  const rule = analysis.document.rules[position]!;
  const at = text.indexOf('SCMP_ACT_ERRNO', rule.view.node.start);
  const [, outcome] = /\*\*This rule\*\*: [^:]*: ([^\n]*)\./.exec(hover(analysis, at)?.markdown ?? '') ?? [];
  return `${ruleLensTitle(analysis, position)}; ${outcome}`;
}

describe('a rule that its reader puts together from several, or reads in a way of its own,', () => {
  it('is shown with what it comes to', () => {
    const twice = profile(rules(RULE), rules('{"names": ["mkdir"], "action": "SCMP_ACT_ERRNO"}'));
    assert.equal(shown(twice, {}), 'denies mkdir; fails with EIO');
    assert.equal(shown(twice, CRUN), 'denies mkdir; fails with EPERM');
    const spelt = profile(rules(RULE.replace('errnoRet', 'ErrnoRet')));
    assert.equal(shown(spelt, CRUN), 'denies mkdir; fails with EPERM');
    assert.equal(shown(spelt, {}), 'denies mkdir; fails with EIO');
    const filtered = profile(rules(RULE.replace('}', ', "includes": {"caps": ["CAP_NOPE"]}, "includes": null}')));
    assert.match(shown(filtered, { runtime: 'podman' }), /^not for this target: its includes do not hold; /);
    assert.equal(shown(filtered, {}), 'denies mkdir; fails with EIO');
  });

  it('lacks nothing that another gives it', () => {
    const bare = profile(rules(RULE), rules('{}'));
    for (const check of [missingAction, ruleWithoutNames]) {
      expectSilence(check, bare);
      assert.equal(findingsOf(check, bare, CRUN).length, 1, check.code);
    }
  });

  it('is not taken for one to which a name can be added', () => {
    const text = `{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"includes": {"caps": ["CAP_NOPE"]}}], "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}`;
    const after = allowSyscalls(text, ['mkdir'], defaultTarget());
    assert.equal(said(policy(text), 'mkdir'), 'fails with EPERM');
    assert.equal(said(policy(after), 'mkdir'), 'allowed');
  });

  it('has no fix without an edit', () => {
    const hidden = [
      '{"names": ["bpf"], "action": "SCMP_ACT_LOG"}',
      '{"names": ["bpf"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}',
    ];
    const text = profile(rules(...hidden), rules('{"names": ["mkdir"], "action": "SCMP_ACT_LOG"}'));
    const found = findingsOf(conflictingRules, text, YAJL);
    assert.ok(found.length > 0);
    for (const { fixes } of found) for (const { edits } of fixes?.() ?? []) assert.notEqual(edits.length, 0);
  });

  it('covers what the architectures of several entries cover', () => {
    const [first, second] = ['{"architecture": "SCMP_ARCH_X86_64"}', '{"subArchitectures": ["SCMP_ARCH_X86"]}'];
    const allowed = rules('{"names": ["read", "openat2"], "action": "SCMP_ACT_ALLOW"}');
    const text = `{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [${first}], "archMap": [${second}], ${allowed}}`;
    const old = { releases: { engine: '20.10.24', loader: '1.1.5' } };
    assert.equal(said(policy(text, old), 'landlock_create_ruleset'), 'fails with ENOSYS');
  });
});

describe('a key that stands twice', () => {
  it('is judged as the target reads it', () => {
    const nulled = '{"defaultAction": "SCMP_ACT_ALLOW", "defaultAction": null, "syscalls": []}';
    expectOf(duplicateKey, nulled, ['warning "defaultAction"']);
    expectOf(duplicateKey, nulled, ['error "defaultAction"'], CRUN);
    assert.match(findingsOf(duplicateKey, nulled, CRUN)[0]!.message, /crun takes the null/);
    expectOf(duplicateKey, profile('"syscalls": null', rules(RULE)), ['error "syscalls"'], YAJL);
    expectOf(duplicateKey, profile('"syscalls": null', rules(RULE)), ['warning "syscalls"'], CRUN);
  });

  it('takes no fix away where the target does not read it', () => {
    const conflict = rules(
      '{"names": ["bpf"], "action": "SCMP_ACT_LOG"}',
      '{"names": ["bpf"], "action": "SCMP_ACT_ERRNO"}',
    );
    const text = profile('"archMap": [{"architecture": "SCMP_ARCH_X86_64"}]', '"archMap": [{}]', conflict);
    assert.ok(fixTitles(conflictingRules, text, { runtime: 'runc' }).length > 0);
    assert.deepEqual(fixTitles(conflictingRules, text), []);
  });
});

describe('a key in other letters beside the right one', () => {
  const rule = (...names: string[]): string =>
    `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{${names.join(', ')}, "action": "SCMP_ACT_ERRNO"}]}`;
  const [right, wrong] = ['"names": ["bpf"]', '"Names": ["read"]'];

  it('is not seen by crun, wherever it stands, and can be removed', () => {
    for (const text of [rule(wrong, right), rule(right, wrong)]) {
      expectOf(keyCase, text, ['error "Names"'], CRUN);
      expectSilence(duplicateKey, text, CRUN);
      assert.equal(fixed(keyCase, text, CRUN), rule(right));
      expectOf(duplicateKey, text, [`error ${text.indexOf(wrong) < text.indexOf(right) ? '"Names"' : '"names"'}`]);
    }
    expectSilence(keyCase, rule(wrong, right));
  });

  it('stands twice without harm where the target reads neither', () => {
    const text = rule(right, '"errno": "ENOSYS"', '"errno": "EPERM"');
    expectOf(duplicateKey, text, ['warning "errno"'], CRUN);
    expectOf(duplicateKey, text, ['error "errno"'], { runtime: 'podman' });
  });
});

describe('a rule without names', () => {
  const profileWith = (rule: string): string => `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [${rule}]}`;
  const PODMAN: Partial<Target> = { runtime: 'podman' };

  it('is dropped by Podman before anybody looks at it', () => {
    const [action] = findingsOf(missingAction, profileWith('{}'), PODMAN);
    assert.equal(action!.severity, 'warning');
    assert.match(action!.message, /Podman refuses the profile once this rule names a syscall/);
    expectOf(missingAction, profileWith('{}'), ['error {']);
  });

  it('has conditions at which nobody looks', () => {
    const text = profileWith(
      '{"names": [], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 1, "op": "x"}]}',
    );
    for (const runtime of ['docker', 'podman', 'runc', 'crun'] as const)
      expectOf(unknownOperator, text, ['warning "x"'], { runtime });
    const missing = text.replace(', "op": "x"', '');
    expectOf(missingOperator, missing, ['warning {']);
    expectOf(missingOperator, missing, ['error {'], CRUN);
    const nulled = text.replace(/\{"index".*?\}/, 'null');
    expectOf(nullEntry, nulled, ['warning null']);
    expectOf(nullEntry, nulled, ['warning null'], PODMAN);
    expectOf(nullEntry, nulled.replace('[]', '["bpf"]'), ['error null'], PODMAN);
  });
});

describe('left-out-relative', () => {
  it('takes the newer call out of the rules that allow it, and leaves those that do not count', () => {
    const text = leftOutRelative.example.bad;
    assert.deepEqual(fixTitles(leftOutRelative, text), ['Remove "fchmodat2" from rule 1']);
    const denied = text.replace(
      /\]\s*\}\s*$/,
      ', {"names": ["fchmodat2"], "action": "SCMP_ACT_ERRNO", "errnoRet": 5}]}',
    );
    assert.deepEqual(fixTitles(leftOutRelative, denied), ['Remove "fchmodat2" from rule 1']);
    assert.deepEqual(findingsOf(leftOutRelative, fixed(leftOutRelative, text)), []);
  });
});
