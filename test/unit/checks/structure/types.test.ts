import assert from 'node:assert/strict';
import { nullEntry } from '../../../../server/src/checks/structure/null-entry.ts';
import { wrongType } from '../../../../server/src/checks/structure/wrong-type.ts';
import { expectOf, expectSilence, fixTitles } from '../arguments/expect.ts';
import { findingsOf, fixed } from '../harness.ts';

const allowing = (rules: string): string => `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [${rules}]}`;
/** A profile with one rule, of which one member is this. */
const withMember = (member: string): string => allowing(`{"names": ["bpf"], "action": "SCMP_ACT_ERRNO", ${member}}`);

describe('wrong-type', () => {
  const conversions: Readonly<Record<string, readonly [string, string]>> = {
    'a text for a list': ['"names": "bpf"', '"names": ["bpf"]'],
    'several words for a list': ['"names": "bpf, mount unshare"', '"names": ["bpf", "mount", "unshare"]'],
    'an object for a list': [
      '"args": {"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}',
      '"args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]',
    ],
    'an empty object for a list': ['"args": {}', '"args": []'],
    'a list for a text': ['"action": ["SCMP_ACT_ERRNO"]', '"action": "SCMP_ACT_ERRNO"'],
    'an empty list for an object': ['"includes": []', '"includes": {}'],
    'a list of one for an object': ['"includes": [{"caps": []}]', '"includes": {"caps": []}'],
    'digits in quotes': ['"errnoRet": "38"', '"errnoRet": 38'],
    'a hexadecimal number in quotes': ['"args": [{"value": "0x7E020000"}]', '"args": [{"value": 2114060288}]'],
    'an errno by name': ['"errnoRet": "ENOSYS"', '"errnoRet": 38'],
    'a number for a kernel version': ['"includes": {"minKernel": 4.8}', '"includes": {"minKernel": "4.8"}'],
  };
  for (const [name, [bad, good]] of Object.entries(conversions))
    it(`converts ${name}`, () => {
      const text = allowing(`{${bad}}`);
      const found = findingsOf(wrongType, text);
      assert.equal(found.length, 1);
      assert.equal(found[0]!.fixes?.()[0]?.safe, true);
      assert.equal(fixed(wrongType, text), allowing(`{${good}}`));
    });

  it('splits architectures and flags if it is sure of each, since engines refuse others', () => {
    const offered = (key: string, value: string, runtime: 'docker' | 'crun' = 'docker'): readonly string[] => {
      const text = `{"defaultAction": "SCMP_ACT_ALLOW", "${key}": ${value}}`;
      const fixes = findingsOf(wrongType, text, { runtime })[0]!.fixes?.() ?? [];
      return fixes.flatMap(({ edits }) => edits.map((edit) => edit.text));
    };
    assert.deepEqual(offered('architectures', '"SCMP_ARCH_X86_64 x32"'), ['["SCMP_ARCH_X86_64", "SCMP_ARCH_X32"]']);
    assert.deepEqual(offered('architectures', '"arm64"'), ['["SCMP_ARCH_AARCH64"]']);
    for (const value of ['"SCMP_ARCH_X86_64 SCMP_ARCH_X68"', '"_,W"', '"_"'])
      assert.deepEqual(offered('architectures', value), []);
    assert.deepEqual(offered('architectures', '" "'), ['[]']);
    assert.deepEqual(offered('architectures', '"SCMP_ARCH_S390X"'), [], 'of another byte order');
    assert.deepEqual(offered('flags', '"A|B"'), []);
    assert.deepEqual(offered('flags', '"A"', 'crun'), []);
    assert.deepEqual(offered('flags', '"SECCOMP_FILTER_FLAG_LOG"', 'crun'), ['["SECCOMP_FILTER_FLAG_LOG"]']);
  });

  it('offers nothing beside a key that engines refuse together with it', () => {
    const text = (name: string): string => allowing(`{"name": "${name}", "names": "bpf", "action": "SCMP_ACT_ERRNO"}`);
    assert.deepEqual(fixTitles(wrongType, text('bpf')), []);
    assert.deepEqual(fixTitles(wrongType, text('')), ['Put it into a list *'], 'an empty one counts as absent');
    assert.deepEqual(
      fixTitles(wrongType, text('bpf'), { runtime: 'runc' }),
      ['Put it into a list *'],
      'who does not read it',
    );
  });

  it('puts an object into a list only with all that it needs there', () => {
    const text = (object: string): string => withMember(`"args": ${object}`);
    assert.deepEqual(fixTitles(wrongType, text('{"index": 0, "value": 1}')), []);
    assert.deepEqual(fixTitles(wrongType, text('{"index": 0, "value": 1, "op": null}')), []);
    assert.deepEqual(fixTitles(wrongType, text('{"index": 0, "value": 1, "op": "SCMP_CMP_EQ", "names": []}')), []);
    assert.deepEqual(fixTitles(wrongType, text('{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}')), [
      'Put it into a list *',
    ]);
  });

  it('leaves an object in its list where it does not belong outside', () => {
    const [finding] = findingsOf(wrongType, withMember('"excludes": [{"index": 0, "value": 1}]'));
    assert.deepEqual(finding!.fixes?.() ?? [], []);
  });

  it('takes only numbers out of quotes that are in range', () => {
    assert.deepEqual(fixTitles(wrongType, withMember('"errnoRet": "4095"')), []);
    assert.deepEqual(fixTitles(wrongType, withMember('"args": [{"index": "6", "op": "SCMP_CMP_EQ"}]')), []);
    assert.deepEqual(fixTitles(wrongType, withMember('"errnoRet": "4094"')), ['Replace with 4094 *']);
  });

  it('quotes only numbers that are taken in quotes', () => {
    assert.equal(fixed(wrongType, withMember('"errno": 38'), { runtime: 'podman' }), withMember('"errno": "38"'));
    for (const number of ['-1', '5000'])
      assert.deepEqual(fixTitles(wrongType, withMember(`"errno": ${number}`), { runtime: 'podman' }), []);
    assert.deepEqual(fixTitles(wrongType, withMember('"includes": {"minKernel": 1e3}')), []);
  });

  it('looks at what a later member of the same key replaces, as Go does', () => {
    const text = withMember('"errnoRet": "1", "errnoRet": 1');
    expectOf(wrongType, text, ['error "1"']);
    expectSilence(wrongType, text, { runtime: 'crun' });
  });

  it('knows the numbers of actions and of syscalls, without being sure', () => {
    assert.equal(fixed(wrongType, withMember('"action": 2147418112')), withMember('"action": "SCMP_ACT_ALLOW"'));
    assert.equal(fixed(wrongType, withMember('"action": 327718')), withMember('"action": "SCMP_ACT_ERRNO"'));
    const numbered = allowing('{"names": [39, "bpf"], "action": "SCMP_ACT_ERRNO"}');
    assert.equal(fixed(wrongType, numbered), allowing('{"names": ["getpid", "bpf"], "action": "SCMP_ACT_ERRNO"}'));
    assert.equal(findingsOf(wrongType, numbered)[0]!.fixes?.()[0]?.safe, false);
  });

  it('marks each wrong item, and of objects and lists the bracket', () => {
    expectOf(wrongType, allowing('1, [], {"names": [{}, true], "action": "SCMP_ACT_ERRNO"}'), [
      'error 1',
      'error [',
      'error {',
      'error true',
    ]);
    expectOf(wrongType, '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": {}}', ['error {']);
  });

  it('concerns the comment of a rule for Docker and Podman, which decode it', () => {
    const text = withMember('"comment": 5');
    expectOf(wrongType, text, ['error 5']);
    expectOf(wrongType, text, ['error 5'], { runtime: 'podman' });
  });

  it('leaves out what the runtime does not read', () => {
    expectSilence(wrongType, withMember('"errno": 5'));
    expectOf(wrongType, withMember('"errno": 5'), ['error 5'], { runtime: 'podman' });
    expectSilence(wrongType, withMember('"includes": 5'), { runtime: 'containerd' });
  });

  it('is an error for crun only where it misses a key, and its fixes change what happens', () => {
    const text = allowing('{"names": "bpf", "action": "SCMP_ACT_ERRNO", "errnoRet": "5"}');
    expectOf(wrongType, text, ['error "bpf"', 'warning "5"'], { runtime: 'crun' });
    assert.equal(findingsOf(wrongType, text, { runtime: 'crun' })[1]!.fixes?.()[0]?.safe, false);
  });

  it('leaves null and damaged text to others', () => {
    expectSilence(wrongType, withMember('"args": null, "comment": null'));
    expectSilence(wrongType, withMember('"errnoRet": EPERM'));
    expectSilence(wrongType, '{"syscalls": [{"names": "bpf"');
  });

  it('offers nothing for a value that could mean many things', () => {
    for (const member of [
      '"errnoRet": "many"',
      '"errnoRet": true',
      '"action": 5',
      '"names": {"bpf": 1}',
      '"includes": "x"',
    ])
      assert.deepEqual(findingsOf(wrongType, allowing(`{${member}}`))[0]?.fixes?.(), [], member);
  });
});

describe('null-entry', () => {
  it('removes every null, in one line and in several', () => {
    expectOf(nullEntry, allowing('null, {"names": [null, "bpf"], "action": "SCMP_ACT_ERRNO", "args": [null]}'), [
      'error null',
      'error null',
      'error null',
    ]);
    assert.equal(
      fixed(nullEntry, '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[null,{"names":["a"],"action":"SCMP_ACT_LOG"}]}'),
      '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["a"],"action":"SCMP_ACT_LOG"}]}',
    );
    assert.equal(
      fixed(nullEntry, '{\r\n  "flags": [\r\n    "SECCOMP_FILTER_FLAG_LOG",\r\n    null\r\n  ]\r\n}'),
      '{\r\n  "flags": [\r\n    "SECCOMP_FILTER_FLAG_LOG"\r\n  ]\r\n}',
    );
  });

  it('says what each engine does', () => {
    const [rule, condition] = [allowing('null'), withMember('"args": [null]')];
    assert.match(findingsOf(nullEntry, rule)[0]!.message, /docker run hang/);
    assert.match(findingsOf(nullEntry, rule, { runtime: 'podman' })[0]!.message, /panic/);
    assert.match(findingsOf(nullEntry, rule, { runtime: 'runc' })[0]!.message, /no action: runc refuses/);
    assert.match(findingsOf(nullEntry, condition)[0]!.message, /no operator: Docker refuses/);
    expectOf(nullEntry, rule, ['warning null'], { runtime: 'crun' });
  });

  it('is a warning among capabilities, where it never matches and removing it changes the rule', () => {
    const text = withMember('"includes": {"caps": [null, "CAP_BPF"]}');
    expectOf(nullEntry, text, ['warning null']);
    assert.equal(findingsOf(nullEntry, text)[0]!.fixes?.()[0]?.safe, false);
  });

  it('is silent about null in place of a list', () => {
    expectSilence(nullEntry, withMember('"args": null, "includes": null'));
  });
});
