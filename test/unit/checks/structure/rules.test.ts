import assert from 'node:assert/strict';
import { fixAll } from '../../../../server/src/checks/analyse.ts';
import { archMapIgnored } from '../../../../server/src/checks/structure/arch-map-ignored.ts';
import { architecturesAndArchMap } from '../../../../server/src/checks/structure/architectures-and-arch-map.ts';
import { deprecatedName } from '../../../../server/src/checks/structure/deprecated-name.ts';
import { ignoredKey } from '../../../../server/src/checks/structure/ignored-key.ts';
import { nameAndNames } from '../../../../server/src/checks/structure/name-and-names.ts';
import { ruleWithoutNames } from '../../../../server/src/checks/structure/rule-without-names.ts';
import { defaultTarget } from '../../../../server/src/settings.ts';
import { expectOf, expectSilence, fixTitles } from '../arguments/expect.ts';
import { findingsOf, fixed } from '../harness.ts';

const allowing = (rules: string): string => `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [${rules}]}`;
const RULE = '{"names": ["bpf"], "action": "SCMP_ACT_ERRNO"}';

describe('rule-without-names', () => {
  it('looks at the old "name" only for those who read it', () => {
    const text = allowing('{"name": [], "action": "SCMP_ACT_ERRNO"}');
    expectSilence(ruleWithoutNames, text);
    expectOf(ruleWithoutNames, text, ['error {'], { runtime: 'crun' });
    expectOf(ruleWithoutNames, text, ['warning {'], { runtime: 'containerd' });
  });

  it('reports an empty list, a null, and no names at all', () => {
    expectOf(
      ruleWithoutNames,
      allowing(
        '{"names": [], "action": "SCMP_ACT_ERRNO"}, {"names": null, "action": "SCMP_ACT_ERRNO"}, {"action": "SCMP_ACT_ERRNO"}',
      ),
      ['warning []', 'warning null', 'warning {'],
    );
  });

  it('removes the rule safely unless its action is refused today', () => {
    assert.equal(fixed(ruleWithoutNames, allowing(`${RULE}, {"names": [], "action": "SCMP_ACT_LOG"}`)), allowing(RULE));
    assert.deepEqual(fixTitles(ruleWithoutNames, allowing('{"names": [], "action": "SCMP_ACT_LOG"}')), [
      'Remove the rule *',
    ]);
    assert.deepEqual(fixTitles(ruleWithoutNames, allowing('{"names": [], "action": "allow"}')), ['Remove the rule']);
    assert.deepEqual(fixTitles(ruleWithoutNames, '{"syscalls": [{"names": [], "action": "SCMP_ACT_LOG"}]}'), [
      'Remove the rule',
    ]);
  });

  it('is an error for crun where the key is missing', () => {
    const text = allowing('{"names": [], "action": "SCMP_ACT_ERRNO"}, {"action": "SCMP_ACT_ERRNO"}');
    expectOf(ruleWithoutNames, text, ['warning []', 'error {'], { runtime: 'crun' });
  });

  it('leaves names that are misspelt, of a wrong type or in the old form to others', () => {
    for (const rule of [
      '{"nmaes": ["bpf"], "action": "SCMP_ACT_ERRNO"}',
      '{"names": "bpf", "action": "SCMP_ACT_ERRNO"}',
      '{"names": [null], "action": "SCMP_ACT_ERRNO"}',
      '{"name": "bpf", "action": "SCMP_ACT_ERRNO"}',
    ])
      expectSilence(ruleWithoutNames, allowing(rule));
  });
});

describe('name-and-names', () => {
  it('lets no "name" count that never did', () => {
    const text = (names: string): string =>
      `{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{${names},"action":"SCMP_ACT_ALLOW"}]}`;
    assert.equal(
      fixAll(text('"name":"mount","name":"bpf","names":["read"]'), { target: defaultTarget() }),
      text('"names":["bpf", "read"]'),
    );
  });

  it('merges in front of the others, without repeating a name', () => {
    assert.equal(
      fixed(nameAndNames, allowing('{"names": ["a", "b"], "action": "SCMP_ACT_ERRNO", "name": "c"}')),
      allowing('{"names": ["c", "a", "b"], "action": "SCMP_ACT_ERRNO"}'),
    );
    assert.equal(
      fixed(nameAndNames, allowing('{"name": "a", "names": ["a"], "action": "SCMP_ACT_ERRNO"}')),
      allowing('{"names": ["a"], "action": "SCMP_ACT_ERRNO"}'),
    );
  });

  it('is an error also in a rule that does not apply here', () => {
    expectOf(
      nameAndNames,
      allowing('{"name": "a", "names": ["b"], "action": "SCMP_ACT_ERRNO", "includes": {"arches": ["s390x"]}}'),
      ['error "name"'],
    );
  });

  it('is a warning where only names are read, and then changes the rule', () => {
    const text = allowing('{"name": "a", "names": ["b"], "action": "SCMP_ACT_ERRNO"}');
    const [finding] = expectOf(nameAndNames, text, ['warning "name"'], { runtime: 'containerd' });
    assert.equal(finding!.fixes?.()[0]?.safe, false);
  });

  it('is silent when one of them is empty', () => {
    expectSilence(nameAndNames, allowing('{"name": "", "names": ["b"], "action": "SCMP_ACT_ERRNO"}'));
    expectSilence(nameAndNames, allowing('{"name": "a", "names": [], "action": "SCMP_ACT_ERRNO"}'));
  });
});

describe('deprecated-name', () => {
  const text = allowing('{"name": "bpf", "action": "SCMP_ACT_ERRNO"}');

  it('is a hint where the old form is read, else what happens to the rule decides', () => {
    const [finding] = expectOf(deprecatedName, text, ['hint "name"']);
    assert.equal(finding!.tag, 'deprecated');
    expectOf(deprecatedName, text, ['hint "name"'], { runtime: 'cri-o' });
    expectOf(deprecatedName, text, ['warning "name"'], { runtime: 'kubernetes' });
    expectOf(deprecatedName, text, ['error "name"'], { runtime: 'crun' });
  });

  it('is safe to mend unless the rule begins to count by that', () => {
    const safe = (runtime: 'docker' | 'runc' | 'crun'): boolean | undefined =>
      findingsOf(deprecatedName, text, { runtime })[0]!.fixes?.()[0]?.safe;
    assert.deepEqual([safe('docker'), safe('runc'), safe('crun')], [true, false, true]);
  });

  it('knows that an empty list is enough for crun, which then drops the rule', () => {
    const [finding] = expectOf(
      deprecatedName,
      allowing('{"name": "bpf", "names": [], "action": "SCMP_ACT_ERRNO"}'),
      ['warning "name"'],
      { runtime: 'crun' },
    );
    assert.match(finding!.message, /^crun does not know "name" and drops the rule for "bpf" in silence/);
    assert.equal(finding!.fixes?.()[0]?.safe, false);
    // the key is wanted to the letter
    expectOf(deprecatedName, allowing('{"name": "bpf", "Names": [], "action": "SCMP_ACT_ERRNO"}'), ['error "name"'], {
      runtime: 'crun',
    });
  });

  it('waits while names are typed', () => {
    expectSilence(deprecatedName, allowing('{"name": "bpf", "names", "action": "SCMP_ACT_ERRNO"}'));
    expectSilence(deprecatedName, allowing('{"name": "bpf", "names": , "action": "SCMP_ACT_ERRNO"}'));
  });

  it('leaves no other "name"', () => {
    const twice =
      '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"name":"bpf","action":"SCMP_ACT_LOG","name":"mkdir"}]}';
    assert.equal(
      fixed(deprecatedName, twice),
      '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"action":"SCMP_ACT_LOG","names":["mkdir"]}]}',
    );
  });

  it('fills the empty list that is there', () => {
    assert.equal(
      fixed(deprecatedName, '{"syscalls":[{"name":"bpf","action":"SCMP_ACT_LOG","names":[]}]}'),
      '{"syscalls":[{"action":"SCMP_ACT_LOG","names":["bpf"]}]}',
    );
  });
});

describe('architectures-and-arch-map', () => {
  const both =
    '{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86"],"archMap":[{"architecture":"SCMP_ARCH_X86_64"}],"syscalls":[]}';

  it('offers to remove either', () => {
    assert.deepEqual(fixTitles(architecturesAndArchMap, both), ['Remove "architectures"', 'Remove "archMap"']);
    assert.equal(
      fixed(architecturesAndArchMap, both, {}, /archMap/),
      '{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86"],"syscalls":[]}',
    );
  });

  it('removes a key that stands twice altogether', () => {
    const twice = both.replace('"architectures"', '"architectures":["SCMP_ARCH_ARM"],"architectures"');
    assert.ok(!fixed(architecturesAndArchMap, twice, {}, /Remove "architectures"/).includes('"architectures"'));
  });

  it('is silent when one is empty, and where archMap is not read', () => {
    expectSilence(architecturesAndArchMap, both.replace('["SCMP_ARCH_X86"]', '[]'));
    expectSilence(architecturesAndArchMap, both, { runtime: 'runc' });
    expectOf(architecturesAndArchMap, both, ['error "archMap"'], { runtime: 'podman' });
  });
});

describe('arch-map-ignored', () => {
  it('is not offered what no filter of the host can cover', () => {
    const text = (sub: string): string =>
      `{"defaultAction": "SCMP_ACT_ALLOW", "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["${sub}"]}]}`;
    const offered = (sub: string): number =>
      findingsOf(archMapIgnored, text(sub), { runtime: 'runc' })[0]!.fixes?.().length ?? 0;
    assert.deepEqual(['SCMP_ARCH_X86', 'SCMP_ARCH_S390', 'SCMP_ARCH_X68'].map(offered), [1, 0, 0]);
  });

  const map = '"archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}]';

  it('is silent for Docker and Podman, and about an empty map', () => {
    expectSilence(archMapIgnored, `{"defaultAction": "SCMP_ACT_ALLOW", ${map}}`);
    expectSilence(archMapIgnored, '{"defaultAction": "SCMP_ACT_ALLOW", "archMap": []}', { runtime: 'runc' });
  });

  it('removes the map where architectures are listed, and offers nothing for another host', () => {
    const listed = `{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86"], ${map}}`;
    assert.equal(
      fixed(archMapIgnored, listed, { runtime: 'runc' }),
      '{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86"]}',
    );
    const target = { runtime: 'runc', architecture: 'SCMP_ARCH_S390X' } as const;
    const twice = listed.replace('"archMap"', '"archMap": [], "archMap"');
    assert.equal(fixed(archMapIgnored, twice, { runtime: 'crun' }), fixed(archMapIgnored, listed, { runtime: 'runc' }));
    const [finding] = findingsOf(archMapIgnored, `{"defaultAction": "SCMP_ACT_ALLOW", ${map}}`, target);
    assert.deepEqual(finding!.fixes?.(), []);
  });

  it('puts no name into "architectures" that no engine knows', () => {
    const text = (sub: string) => `{"archMap":[{"architecture":"SCMP_ARCH_X86_64","subArchitectures":["${sub}"]}]}`;
    const known = '{"architectures":["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"]}';
    assert.equal(fixed(archMapIgnored, text('SCMP_ARCH_X86'), { runtime: 'runc' }), known);
    const [finding] = findingsOf(archMapIgnored, text('SCMP_ARCH_X68'), { runtime: 'runc' });
    assert.deepEqual(finding!.fixes?.(), []);
  });
});

describe('ignored-key', () => {
  const denying = (members: string): string => allowing(`{"names": ["bpf"], "action": "SCMP_ACT_ERRNO", ${members}}`);

  it('reports an errno by name that Docker does not read, with its number', () => {
    assert.equal(fixed(ignoredKey, denying('"errno": "EIO"')), denying('"errnoRet": 5'));
    assert.equal(fixed(ignoredKey, denying('"errno": "EIO", "errnoRet": 1')), denying('"errnoRet": 5'));
    assert.deepEqual(fixTitles(ignoredKey, denying('"errno": "EIO", "errnoRet": "1"')), []);
    assert.match(
      findingsOf(ignoredKey, '{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrno": "ENOSYS"}')[0]!.message,
      /fails with EPERM, not "ENOSYS"/,
    );
  });

  it('is silent where the name makes no difference, or is read', () => {
    for (const members of [
      '"errno": "EPERM"',
      '"errno": "EIO", "errnoRet": 5',
      '"errno": "5", "errnoRet": 5',
      '"errno": ""',
    ])
      expectSilence(ignoredKey, denying(members));
    expectSilence(ignoredKey, denying('"errno": "EIO"'), { runtime: 'podman' });
    expectSilence(ignoredKey, denying('"errno": "EIO"').replace('ACT_ERRNO', 'ACT_LOG'));
  });

  it('reports includes and excludes to readers of bare OCI, with what they come to on the target', () => {
    const titles = (members: string): readonly string[] =>
      (findingsOf(ignoredKey, denying(members), { runtime: 'containerd' })[0]?.fixes?.() ?? []).map((fix) => fix.title);
    assert.deepEqual(titles('"includes": {"arches": ["amd64"]}'), ['Remove "includes", which holds on the target']);
    assert.deepEqual(titles('"includes": {"caps": ["CAP_BPF"]}'), [
      'Remove the rule, which does not apply on the target',
    ]);
    assert.deepEqual(titles('"excludes": {"caps": ["CAP_BPF"]}'), [
      'Remove "excludes", which does not hold on the target',
    ]);
    expectSilence(ignoredKey, denying('"includes": {}, "excludes": {"caps": []}'), { runtime: 'containerd' });
    expectSilence(ignoredKey, denying('"includes": {"caps": ["CAP_BPF"]}'));
  });

  it('reports minKernel to Podman, which reads the rest', () => {
    expectOf(ignoredKey, denying('"includes": {"minKernel": "4.8", "arches": ["amd64"]}'), ['warning "minKernel"'], {
      runtime: 'podman',
    });
    expectSilence(ignoredKey, denying('"includes": {"minKernel": "4.8"}'));
  });
});
