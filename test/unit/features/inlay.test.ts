import assert from 'node:assert/strict';
import { defaultProfile } from '../../../server/src/catalog/index.ts';
import { type InlayOptions, inlayHints } from '../../../server/src/features/inlay.ts';
import { analysed } from './marker.ts';

const ALL: InlayOptions = { arguments: true, values: true, errnos: true };

/** The text with every hint written where it stands, in angle brackets. */
function shown(text: string, options: Partial<InlayOptions> = {}): string {
  const hints = inlayHints(analysed(text), { start: 0, end: text.length }, { ...ALL, ...options });
  return hints
    .toReversed()
    .reduce((all, { offset, label }) => `${all.slice(0, offset)}<${label}>${all.slice(offset)}`, text);
}

const rule = (args: string, names = '"socket"', rest = '') =>
  `{ "names": [${names}], "action": "SCMP_ACT_ERRNO"${rest}, "args": [${args}] }`;

describe('inlay hints', () => {
  it('name the argument, its value and the error', () =>
    assert.equal(
      shown(rule('{ "index": 0, "value": 38, "op": "SCMP_CMP_EQ" }', '"socket"', ', "errnoRet": 97')),
      rule(
        '{ "index": 0<domain>, "value": 38<AF_ALG>, "op": "SCMP_CMP_EQ" }',
        '"socket"',
        ', "errnoRet": 97<EAFNOSUPPORT>',
      ),
    ));

  it('decode masks and what they must equal', () =>
    assert.equal(
      shown(rule('{ "index": 0, "value": 268566528, "valueTwo": 131072, "op": "SCMP_CMP_MASKED_EQ" }', '"unshare"')),
      rule(
        '{ "index": 0<flags>, "value": 268566528<CLONE_NEWNS | CLONE_NEWUSER>, "valueTwo": 131072<CLONE_NEWNS>, "op": "SCMP_CMP_MASKED_EQ" }',
        '"unshare"',
      ),
    ));

  it('leave out a valueTwo that nothing reads', () =>
    assert.ok(!shown(rule('{ "index": 0, "value": 1, "valueTwo": 2, "op": "SCMP_CMP_EQ" }')).includes('2<')));

  it('give the names that an argument has for several syscalls', () =>
    assert.match(shown(rule('{ "index": 0, "value": 0, "op": "SCMP_CMP_EQ" }', '"socket", "kill"')), /0<domain\/pid>/));

  it('name the default error, but neither a message for a tracer nor what is ignored', () => {
    const profile = (action: string) => `{ "defaultAction": "SCMP_ACT_${action}", "defaultErrnoRet": 38 }`;
    assert.match(shown(profile('ERRNO')), /38<ENOSYS>/);
    assert.equal(shown(profile('TRACE')), profile('TRACE'));
    assert.equal(shown(profile('ALLOW')), profile('ALLOW'));
  });

  it('can be turned off one by one', () => {
    const text = rule('{ "index": 0, "value": 38, "op": "SCMP_CMP_EQ" }', '"socket"', ', "errnoRet": 97');
    assert.doesNotMatch(shown(text, { arguments: false }), /<domain>/);
    assert.doesNotMatch(shown(text, { values: false }), /<AF_ALG>/);
    assert.doesNotMatch(shown(text, { errnos: false }), /<EAFNOSUPPORT>/);
    assert.equal(shown(text, { arguments: false, values: false, errnos: false }), text);
  });

  it('keep to the range that is on the screen', () => {
    const whole = defaultProfile('docker').text;
    const alone = JSON.stringify(JSON.parse(whole).syscalls);
    const ends = [...whole.matchAll(/[\]}]/g)].flatMap(({ index }, i) => (i % 29 === 3 ? index : []));
    const broken = ends.reduceRight((text, at) => text.slice(0, at) + text.slice(at + 1), whole);
    for (const text of [whole, alone, broken]) {
      const analysis = analysed(text);
      const all = inlayHints(analysis, { start: 0, end: text.length }, ALL);
      assert.ok(all.length >= 3);
      const offsets = [0, ...all.flatMap(({ offset }) => [offset - 1, offset, offset + 40]), text.length];
      for (const [i, start] of offsets.entries())
        for (const end of [start, offsets[i + 3], offsets.at(-1)])
          assert.deepEqual(
            inlayHints(analysis, { start, end: end ?? start }, ALL),
            all.filter(({ offset }) => start <= offset && offset <= (end ?? start)),
          );
    }
  });

  it('cut long lists and show them whole in the tooltip', () => {
    const text = defaultProfile('docker').text;
    const long = inlayHints(analysed(text), { start: 0, end: text.length }, ALL).find(({ label }) =>
      label.endsWith('…'),
    );
    assert.match(long?.tooltip ?? '', /CLONE_NEWNS .*CLONE_NEWNET/);
  });

  it('are absent for unknown syscalls, arguments and broken text', () => {
    for (const text of ['', '[', rule('{ "index": 9, "value": 1 }'), rule('{ "index": 0, "value": 1 }', '"nosuch"')])
      assert.equal(shown(text), text);
  });
});
