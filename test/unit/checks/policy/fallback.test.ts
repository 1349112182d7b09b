import assert from 'node:assert/strict';
import { errnoFallback } from '../../../../server/src/checks/policy/errno-fallback.ts';
import { findingsOf, fixed } from '../harness.ts';

describe('errno-fallback', () => {
  it('is mended by name where a name wins over the number', () => {
    const text = (errno: string): string =>
      `{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["clone3"],"action":"SCMP_ACT_ERRNO","errno":"${errno}"}]}`;
    const mended = fixed(errnoFallback, text('EPERM'), { runtime: 'podman' });
    assert.equal(mended, text('ENOSYS'));
    assert.deepEqual(findingsOf(errnoFallback, mended, { runtime: 'podman' }), []);
    assert.match(fixed(errnoFallback, text('EPERM')), /"errno":"EPERM", "errnoRet": 38/);
  });

  it('asks for no rule with a name that the library of the target does not know', () => {
    const text = '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["clone"],"action":"SCMP_ACT_ALLOW"}]}';
    const offered = (libseccomp: string): readonly string[] =>
      findingsOf(errnoFallback, text, { runtime: 'crun', libseccomp }).flatMap(
        ({ fixes }) => fixes?.().map(({ title }) => title) ?? [],
      );
    assert.deepEqual(offered('2.6.1'), ['Answer ENOSYS for clone3']);
    assert.deepEqual(offered('2.4.0'), []);
  });
});
