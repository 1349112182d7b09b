import assert from 'node:assert/strict';
import { templates } from '../../../server/src/features/templates.ts';
import { findingsIn } from '../checks/harness.ts';

const HOST = 'SCMP_ARCH_X86_64';

describe('templates', () => {
  it('start with the engines’ defaults and end with profiles without rules', () => {
    const labels = templates(HOST).map(({ label }) => label);
    assert.deepEqual(labels.slice(0, 1), ['Docker 28.5']);
    assert.deepEqual(labels.slice(-3), ['Log everything', 'Allow everything', 'Deny everything']);
    assert.equal(new Set(labels).size, labels.length);
  });

  it('are refused by no engine, but for the one that says so', () => {
    for (const { label, text } of templates(HOST)) {
      const runtime = label.startsWith('Podman') ? 'podman' : label.startsWith('containerd') ? 'containerd' : 'docker';
      const errors = findingsIn(text, { runtime }).filter(({ severity }) => severity === 'error');
      const codes = errors.map(({ check }) => check.code);
      assert.deepEqual(codes, label === 'Deny everything' ? ['container-cannot-start'] : [], label);
    }
  });

  it('cover what the host can run', () => {
    const covered = (host: string) => JSON.parse(templates(host).at(-1)!.text).architectures;
    assert.deepEqual(covered(HOST), [HOST, 'SCMP_ARCH_X86', 'SCMP_ARCH_X32']);
    assert.deepEqual(covered('SCMP_ARCH_AARCH64'), ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM']);
    assert.deepEqual(covered('SCMP_ARCH_RISCV64'), ['SCMP_ARCH_RISCV64']);
  });
});
