import type { TestCase } from '../../src/cases/model.ts';

/** A mount with the path that the engine is given. */
export interface ResolvedMount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** Options of `docker create` that decide which capabilities a container has, and with them what the filter is. */
export const capabilityOptions = ({
  capabilities: { add, drop },
}: Pick<TestCase, 'capabilities'>): readonly string[] => [
  ...drop.flatMap((name) => ['--cap-drop', name]),
  ...add.flatMap((name) => ['--cap-add', name]),
];

/** Options of `docker create` for a case, in the order in which the case has them. */
export function caseOptions(testCase: TestCase, mounts: readonly ResolvedMount[]): readonly string[] {
  const { user, environment, workdir, readOnly, noNewPrivileges } = testCase;
  return [
    ...capabilityOptions(testCase),
    ...(user === undefined ? [] : ['--user', user]),
    ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...(workdir === undefined ? [] : ['--workdir', workdir]),
    ...mounts.flatMap((mount) => ['--mount', mountOption(mount)]),
    ...(readOnly ? ['--read-only'] : []),
    ...(noNewPrivileges ? ['--security-opt', 'no-new-privileges'] : []),
  ];
}

const mountOption = ({ source, target, readOnly }: ResolvedMount): string =>
  `type=bind,source=${source},target=${target}${readOnly ? ',readonly' : ''}`;
