import assert from 'node:assert/strict';
import { completeCases } from '../../../server/src/cases/complete.ts';
import { createTests } from '../../../server/src/cases/create.ts';
import { hoverCases } from '../../../server/src/cases/hover.ts';
import { readCases } from '../../../server/src/cases/read.ts';
import { analyse } from '../../../server/src/checks/analyse.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { defaultTarget } from '../../../server/src/settings.ts';
import { problemsIn, X86_64 } from './harness.ts';

/** What is offered at the `|`. */
function offered(marked: string, snippets = false) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const list = completeCases(readCases(text), offset, { snippets });
  return { text, list, labels: list?.items.map(({ label }) => label) ?? [] };
}

/** The text after choosing an item at the `|`. */
function chosen(marked: string, label: string): string {
  const { text, list } = offered(marked);
  const item = list?.items.find((each) => each.label === label);
  if (!list || !item) throw new Error(`${label} is not offered`);
  return text.slice(0, list.span.start) + item.insertText + text.slice(list.span.end);
}

const inCase = (text: string): string => `{ "cases": [{ "name": "a", ${text} }] }`;

describe('completion in test cases', () => {
  it('offers the keys that are not there yet, the required ones first', () => {
    const { list, labels } = offered('{ "cases": [{ "name": "a", | }] }');
    assert.ok(labels.includes('expect') && labels.includes('image') && !labels.includes('name'));
    const sorted = list!.items.toSorted((a, b) => (a.sortText! < b.sortText! ? -1 : 1));
    assert.equal(sorted[0]!.label, 'expect');
    assert.match(sorted[0]!.documentation ?? '', /What must come of it/);
  });

  it('offers keys by the object that they are in', () => {
    assert.deepEqual(offered('{ | }').labels, ['profile', 'cases', 'comment']);
    assert.deepEqual(offered(inCase('"capabilities": { "|" }')).labels, ['add', 'drop']);
    assert.deepEqual(offered(inCase('"mounts": [{ "source": "a", | }]')).labels, ['target', 'readOnly']);
    assert.deepEqual(offered(inCase('"expect": { "stdout": { | } }')).labels, ['contains', 'matches']);
  });

  it('offers values', () => {
    assert.deepEqual(offered(inCase('"network": "|"')).labels, ['none', 'bridge']);
    assert.deepEqual(offered(inCase('"readOnly": |')).labels, ['true', 'false']);
    assert.deepEqual(offered(inCase('"expect": { "exit": | }')).labels, ['0', '1', '"nonzero"']);
    assert.ok(offered(inCase('"capabilities": { "add": ["|"] }')).labels.includes('CAP_SYS_ADMIN'));
    const calls = offered(inCase('"expect": { "denied": ["mount", "|"] }')).labels;
    assert.ok(calls.includes('umount2') && !calls.includes('mount'));
    assert.deepEqual(offered(inCase('"image": "|"')).labels, []);
  });

  it('fits what is chosen into the text', () => {
    assert.equal(chosen('{ "cases": [{ "na|" }] }', 'name'), '{ "cases": [{ "name": "" }] }');
    assert.equal(
      chosen(inCase('"expect": { "denied": [ | ] }'), 'mount'),
      inCase('"expect": { "denied": [ "mount" ] }'),
    );
    assert.deepEqual(JSON.parse(chosen('|', 'tests')).cases.length, 1);
    assert.deepEqual(JSON.parse(chosen('{ "cases": [ | ] }', 'case')).cases[0].expect, { exit: 0 });
  });

  it('survives every cut of a file', () => {
    const text = inCase('"image": "x", "expect": { "exit": 0, "stdout": { "contains": ["a"] }, "denied": ["mount"] }');
    for (let end = 0; end <= text.length; end++)
      assert.doesNotThrow(() => completeCases(readCases(text.slice(0, end)), end, { snippets: true }), `cut at ${end}`);
  });
});

describe('hover in test cases', () => {
  const at = (marked: string): string =>
    hoverCases(readCases(marked.replace('|', '')), marked.indexOf('|'), X86_64)?.markdown ?? '';

  it('tells of keys, capabilities and calls', () => {
    assert.match(at(inCase('"exp|ect": {}')), /What must come of it/);
    assert.match(at(inCase('"capabilities": { "add": ["SYS_CH|ROOT"] }')), /CAP\\_SYS\\_CHROOT/);
    assert.match(at(inCase('"expect": { "denied": ["sock|et(AF_ALG)"] }')), /socket/);
    assert.equal(at(inCase('"image": "deb|ian"')), '');
    assert.equal(at(inCase('"unkn|own": 1')), '');
  });
});

describe('tests made for a profile', () => {
  const made = (profile: object) =>
    createTests(analyse(parseProfile(JSON.stringify(profile)), { target: defaultTarget() }));

  it('say what the profile does, and are right', () => {
    const text = made({
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [
        { names: ['mkdir', 'kexec_load'], action: 'SCMP_ACT_ERRNO' },
        { names: ['socket'], action: 'SCMP_ACT_ERRNO', args: [{ index: 0, value: 38, op: 'SCMP_CMP_EQ' }] },
      ],
    });
    assert.deepEqual(problemsIn(text), []);
    const { cases } = JSON.parse(text);
    assert.deepEqual(cases[0], { name: 'a container starts', expect: { exit: 0 } });
    assert.deepEqual(cases[1].expect.denied, ['kexec_load', 'mkdir']);
    assert.ok(cases[2].expect.allowed.includes('openat'));
    assert.deepEqual(cases[3].expect, { denied: ['socket(domain=AF_ALG)'] });
  });

  it('hold only that a container starts where the profile is none', () => {
    assert.equal(JSON.parse(made({ defaultAction: 'X' })).cases.length, 1);
  });
});
