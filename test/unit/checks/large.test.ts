import assert from 'node:assert/strict';
import { type Analysis, analyse } from '../../../server/src/checks/analyse.ts';
import { changesSince, type NamedSyscall, type Overruled } from '../../../server/src/checks/policy/lost.ts';
import { complete } from '../../../server/src/features/completion.ts';
import { hover } from '../../../server/src/features/hover.ts';
import { parseCall } from '../../../server/src/policy/strace.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { editProfile } from '../../../server/src/profile/edit.ts';
import { readPrefix } from '../../../server/src/record/strace-prefix.ts';
import { defaultTarget } from '../../../server/src/settings.ts';
import { X86_64 } from '../cases/harness.ts';

/** So large that what grows with the square of it takes longer than a test may. */
const MANY = 300_000;

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
