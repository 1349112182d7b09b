import assert from 'node:assert/strict';
import { defaultProfile } from '../../../../server/src/catalog/index.ts';
import { structureChecks } from '../../../../server/src/checks/structure/index.ts';
import { textChecks } from '../../../../server/src/checks/text/index.ts';
import { valuesChecks } from '../../../../server/src/checks/values/index.ts';
import type { Target } from '../../../../server/src/policy/target.ts';
import { findingsIn, picture } from '../harness.ts';

const OWN: ReadonlySet<string> = new Set(
  [...textChecks, ...structureChecks, ...valuesChecks].map((check) => check.code),
);

function expectNothing(text: string, target: Partial<Target>): void {
  const found = findingsIn(text, target).filter((finding) => OWN.has(finding.check.code));
  assert.deepEqual(found, [], picture(text, found));
}

describe('checks of text, structure and values', () => {
  for (const [id, runtime] of [
    ['docker', 'docker'],
    ['podman', 'podman'],
    ['podman', 'docker'],
    ['containerd', 'docker'],
  ] as const)
    it(`have nothing to say about the default profile of ${id} for ${runtime}`, () => {
      const { text } = defaultProfile(id)!;
      expectNothing(text, { runtime });
      expectNothing(text.replaceAll('\n', '\r\n'), { runtime });
      expectNothing(JSON.stringify(JSON.parse(text)), { runtime });
    });

  it('have nothing to say about what generators write for nothing', () => {
    const text = JSON.stringify({
      $schema: 'schema.json',
      _comment: 'notes',
      description: 'of the profile',
      license: 'MIT',
      'x-generated-by': 'a tool',
      defaultAction: 'SCMP_ACT_ALLOW',
      architectures: [],
      archMap: null,
      flags: [],
      listenerPath: '',
      listenerMetadata: '',
      syscalls: [
        {
          names: ['bpf'],
          name: '',
          action: 'SCMP_ACT_ERRNO',
          errnoRet: null,
          args: [],
          comment: '',
          includes: {},
          excludes: { caps: [], arches: null, minKernel: '' },
        },
      ],
    });
    for (const runtime of ['docker', 'podman', 'containerd'] as const) expectNothing(text, { runtime });
  });
});
