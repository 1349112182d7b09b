import assert from 'node:assert/strict';
import { defaultProfiles } from '../../../../server/src/catalog/index.ts';
import { argumentsChecks } from '../../../../server/src/checks/arguments/index.ts';
import type { RuntimeName } from '../../../../server/src/policy/target.ts';
import { findingsIn, picture } from '../harness.ts';

describe('conditions of the default profiles', () => {
  const own = new Set(argumentsChecks.map((check) => check.code));

  for (const { id, text } of defaultProfiles())
    for (const architecture of ['SCMP_ARCH_X86_64', 'SCMP_ARCH_AARCH64', 'SCMP_ARCH_S390X'])
      it(`${id} on ${architecture}: no error, no warning`, () => {
        const runtime: RuntimeName = id === 'podman' ? 'podman' : 'docker';
        const found = findingsIn(text, { runtime, architecture }).filter(
          ({ check, severity }) => own.has(check.code) && (severity === 'error' || severity === 'warning'),
        );
        assert.equal(
          found.length,
          0,
          picture(text, found)
            .split('\n')
            .filter((line) => line.includes('^'))
            .join('\n'),
        );
      });
});
