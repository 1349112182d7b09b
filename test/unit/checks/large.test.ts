import assert from 'node:assert/strict';
import { type Analysis, analyse } from '../../../server/src/checks/analyse.ts';
import { changesSince, type NamedSyscall, type Overruled } from '../../../server/src/checks/policy/lost.ts';
import { complete } from '../../../server/src/features/completion.ts';
import { hover } from '../../../server/src/features/hover.ts';
import { inlayHints } from '../../../server/src/features/inlay.ts';
import { evaluate, isPredicted } from '../../../server/src/policy/evaluate.ts';
import { refusals } from '../../../server/src/policy/refuse.ts';
import { parseCall } from '../../../server/src/policy/strace.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { editProfile } from '../../../server/src/profile/edit.ts';
import { readPrefix } from '../../../server/src/record/strace-prefix.ts';
import { defaultTarget } from '../../../server/src/settings.ts';
import { X86_64 } from '../cases/harness.ts';

/** So large that what grows with the square of it takes longer than a test may. */
const MANY = 300_000;

const times = (count: number, make: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join();
const equals = (value: number): string => `{"index":1,"value":${value},"op":"SCMP_CMP_EQ"}`;
const profile = (rules: string, more = ''): string => `{"defaultAction":"SCMP_ACT_ALLOW",${more}"syscalls":[${rules}]}`;
const analysed = (text: string): Analysis => analyse(parseProfile(text), { target: defaultTarget() });

describe('what is very large', () => {
  it('may be a call with comments that never end', () => {
    assert.ok('error' in parseCall(`read(${'/* '.repeat(MANY)})`, X86_64));
    assert.deepEqual(parseCall('socket(/* a */ AF_UNIX /* b */ | 2 /* c', X86_64), {
      error: 'A bracket or a quote in "socket(/* a */ AF_UNIX /* b */ | 2 /* c" is not closed',
    });
    assert.deepEqual(parseCall('close(/* a */ 1 /* b */ | 2)', X86_64), { name: 'close', args: [3n] });
  });

  it('may be a comment of stars', () => {
    const text = `{ "defaultAction": "SCMP_ACT_ALLOW", /* ${'*'.repeat(MANY)} x **/ "syscalls": [] }`;
    const fixes = analysed(text).findings.flatMap((finding) => finding.fixes?.() ?? []);
    const note = fixes.flatMap(({ edits }) => edits).find((edit) => edit.text.includes('"comment"'));
    assert.match(note?.text ?? '', /"x"/);
  });

  it('may be the number of a process', () => {
    const line = `[pid ${'1'.repeat(MANY)}`;
    assert.deepEqual(readPrefix(line), { rest: line });
  });

  it('may be the list of names that another rule made void', () => {
    // the lists alone are compared
    const syscall = (overruled: readonly unknown[]): NamedSyscall =>
      ({ overruled: overruled as readonly Overruled[] }) as NamedSyscall;
    const some = (from: number, count: number): readonly object[] =>
      Array.from({ length: count }, (_, i) => ({ unit: from + i }));
    const [old, now] = [some(0, MANY), some(MANY, MANY)];
    assert.deepEqual(changesSince(syscall(old), syscall(now)), { gone: old, come: now });
    const [a, b, c, d, e] = some(0, 5);
    assert.deepEqual(changesSince(syscall([a, b, c, d]), syscall([a, e, c, d])), { gone: [b], come: [e] });
    assert.deepEqual(changesSince(syscall([a, b, c]), syscall([b])), { gone: [a, c], come: [] });
    assert.deepEqual(changesSince(undefined, syscall([a])), { gone: [], come: [a] });
  });

  it('may be a rule that is changed', () => {
    const names = '"read",'.repeat(MANY / 3);
    const text = `{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["read"], "action": "SCMP_ACT_LOG" },
      { "names": [${names}"read"], "action": "SCMP_ACT_KILL" }] }`;
    const first = analysed(text);
    const { length } = first.findings;
    const start = text.lastIndexOf('SCMP_ACT_KILL');
    const change = { start, end: start + 'SCMP_ACT_KILL'.length, length: 'SCMP_ACT_TRAP'.length };
    const edited = editProfile(first.document, text.replace('SCMP_ACT_KILL', 'SCMP_ACT_TRAP'), change);
    assert.ok(edited && length > 0);
    assert.ok(first.after(edited).findings.length > 0);
  });

  it('may be what stands in front of marks that start a comment of shells', () => {
    const text = `${' '.repeat(MANY)}{ "defaultAction": "SCMP_ACT_ALLOW", # a\n${'  # b\n'.repeat(MANY / 3)} "syscalls": [] }`;
    const codes = analysed(text).findings.map(({ check }) => check.code);
    assert.equal(codes.filter((code) => code === 'comment-in-json').length, MANY / 3 + 1);
  });

  it('may be the architectures that a rule with as many conditions is for', () => {
    const args = times(MANY / 5, (i) => equals(i));
    const arches = times(MANY / 5, () => '"x86"');
    const text = profile(
      `{"names":["ioctl"],"action":"SCMP_ACT_ERRNO","includes":{"arches":[${arches}]},"args":[${args}]}`,
    );
    const options = { arguments: true, values: true, errnos: true };
    assert.ok(inlayHints(analysed(text), { start: 0, end: text.length }, options).length > 0);
  });

  const x32 = '"archMap":[{"architecture":"SCMP_ARCH_X86_64","subArchitectures":["SCMP_ARCH_X86","SCMP_ARCH_X32"]}],';

  it('may be the rules for one syscall on two architectures of one token', () => {
    const rules = times(MANY / 10, (i) => `{"names":["ioctl"],"action":"SCMP_ACT_ERRNO","args":[${equals(i)}]}`);
    const call = { architecture: 'SCMP_ARCH_X86_64', number: 16, args: [0n, 5n, 0n, 0n, 0n, 0n] };
    const answer = evaluate(analysed(profile(rules, x32)).policy!, call);
    assert.deepEqual(answer && isPredicted(answer) && answer.outcome, { action: 'SCMP_ACT_ERRNO', errno: 1 });
  });

  it('may be the rules with an action of their own each', () => {
    const rules = times(
      MANY / 6,
      (i) => `{"names":["ioctl"],"action":"SCMP_ACT_ERRNO","errnoRet":${i % 4000},"args":[${equals(i >> 1)}]}`,
    );
    const { profile: read } = parseProfile(profile(rules));
    assert.equal(refusals(read!, defaultTarget()).length, 1);
  });

  it('may be what stands in front of the cursor', () => {
    const text = `{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [${'/**/ '.repeat(MANY)}] }`;
    assert.ok(complete(analysed(text), text.length - 4, { snippets: true }));
  });

  it('may be the conditions of a rule under the cursor', () => {
    const conditions = Array.from({ length: 200_000 }, (_, i) => `{"index":0,"value":${i},"op":"SCMP_CMP_EQ"}`).join();
    const text = `{ "syscalls": [{ "names": ["read"], "action": "SCMP_ACT_ERRNO", "args": [${conditions}] }] }`;
    const markdown = hover(analysed(text), text.indexOf('"args"') + 2)?.markdown ?? '';
    assert.match(markdown, /and 199990 more conditions/);
    assert.ok(markdown.length < 2000);
  });
});
