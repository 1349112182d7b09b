import { architectures, dockerDefaultCapabilities } from './catalog/index.ts';
import type { RuntimeName } from './policy/target.ts';

export const RUNTIMES: readonly RuntimeName[] = [
  'docker',
  'podman',
  'containerd',
  'cri-o',
  'kubernetes',
  'runc',
  'crun',
];

/** The part of JSON Schema that settings need; it stands in the manifest as it is here. */
export type SettingSchema =
  | { readonly type: 'boolean'; readonly default: boolean }
  | { readonly type: 'integer'; readonly default: number; readonly minimum: number; readonly maximum: number }
  | {
      readonly type: 'string';
      readonly default: string;
      readonly enum?: readonly string[];
      readonly enumDescriptions?: readonly string[];
      readonly pattern?: string;
      readonly patternErrorMessage?: string;
    }
  | { readonly type: 'array'; readonly default: readonly string[]; readonly items: { readonly type: 'string' } }
  | {
      readonly type: 'object';
      readonly default: Readonly<Record<string, string>>;
      readonly additionalProperties: { readonly type: 'string' };
    };

/** A setting: its place under `seccomp.`, what it may be, and what users are told. */
export interface SettingSpec {
  readonly key: string;
  readonly schema: SettingSchema;
  /** Markdown. */
  readonly description: string;
  /** Decides what is run on the user's machine: a workspace that is not trusted has no say in it. */
  readonly restricted?: true;
}

/** Every setting but the severities, which follow from the checks. The manifest is written from it. */
export function settingsTable(): readonly SettingSpec[] {
  return [...TARGET, ...EDITOR, ...CONTAINER];
}

const VERSION = 'Write it as numbers with dots, for example';

const TARGET: readonly SettingSpec[] = [
  {
    key: 'target.runtime',
    schema: {
      type: 'string',
      default: 'docker',
      enum: RUNTIMES,
      enumDescriptions: [
        'Docker: reads `includes`, `excludes` and `archMap`; loads with runc',
        'Podman: like Docker, with errno by name; loads with crun',
        'containerd (nerdctl, ctr): the bare OCI format; loads with runc',
        'CRI-O: reads profiles like Podman; loads with crun',
        'Kubernetes on containerd: the bare OCI format; loads with runc',
        'runc alone: `linux.seccomp` of an OCI configuration',
        'crun alone: `linux.seccomp` of an OCI configuration',
      ],
    },
    description: 'For which runtime profiles are judged.',
  },
  {
    key: 'target.architecture',
    schema: { type: 'string', default: 'SCMP_ARCH_X86_64', enum: architectures().map(({ name }) => name) },
    description: 'Architecture of the machine that the containers run on.',
  },
  {
    key: 'target.kernel',
    schema: {
      type: 'string',
      default: '',
      pattern: '^(\\d+\\.\\d+.*)?$',
      patternErrorMessage: `${VERSION} 5.15.`,
    },
    description: 'Kernel release of that machine, for example `5.15`. Empty: a current one.',
  },
  {
    key: 'target.libseccomp',
    schema: {
      type: 'string',
      default: '2.6.1',
      pattern: '^\\d+\\.\\d+\\.\\d+$',
      patternErrorMessage: `${VERSION} 2.5.4.`,
    },
    description:
      'Release of libseccomp that the runtime uses. It drops the names of syscalls that it does not know yet.',
  },
  {
    key: 'target.capabilities',
    schema: { type: 'array', default: dockerDefaultCapabilities(), items: { type: 'string' } },
    description:
      'Capabilities of the container: they decide which rules with `includes` and `excludes` count. By default, those that Docker grants.',
  },
  {
    key: 'target.noNewPrivileges',
    schema: { type: 'boolean', default: false },
    description: 'The containers run with `no-new-privileges`.',
  },
];

const EDITOR: readonly SettingSpec[] = [
  {
    key: 'recognition.enabled',
    schema: { type: 'boolean', default: true },
    description: 'Recognise seccomp profiles in JSON files by their content, whatever the name of the file.',
  },
  {
    key: 'codeLens.enabled',
    schema: { type: 'boolean', default: true },
    description: 'Show `Test in Docker` and what a profile allows above it.',
  },
  {
    key: 'codeLens.rules',
    schema: { type: 'boolean', default: true },
    description: 'Show above each rule what it adds to the policy. Needs `#seccomp.codeLens.enabled#`.',
  },
  {
    key: 'inlayHints.argumentNames',
    schema: { type: 'boolean', default: true },
    description: "Show the argument's name beside its `index`.",
  },
  {
    key: 'inlayHints.argumentValues',
    schema: { type: 'boolean', default: true },
    description: 'Show what a number stands for beside `value` and `valueTwo`, for example `CLONE_NEWUSER`.',
  },
  {
    key: 'inlayHints.errnoNames',
    schema: { type: 'boolean', default: true },
    description: "Show the error's name beside `errnoRet` and `defaultErrnoRet`.",
  },
];

const CONTAINER: readonly SettingSpec[] = [
  {
    key: 'container.engine',
    restricted: true,
    schema: {
      type: 'string',
      default: 'auto',
      enum: ['auto', 'docker', 'podman', 'nerdctl'],
      enumDescriptions: [
        'The first of Docker, Podman and nerdctl that answers; Podman first where profiles are judged for Podman or CRI-O',
        'Docker',
        'Podman',
        'nerdctl',
      ],
    },
    description: 'Container engine of **Test in Docker**.',
  },
  {
    key: 'container.program',
    restricted: true,
    schema: { type: 'string', default: '' },
    description:
      "Path of the engine's command-line program, where it is not on the `PATH`. Not read while `#seccomp.container.engine#` is `auto`.",
  },
  {
    key: 'container.environment',
    restricted: true,
    schema: { type: 'object', default: {}, additionalProperties: { type: 'string' } },
    description: 'Environment variables for that program, for example `DOCKER_HOST` or `DOCKER_CONTEXT`.',
  },
  {
    key: 'container.image',
    restricted: true,
    schema: { type: 'string', default: '' },
    description:
      'Image that is run under the profile as well. It must be on the engine already: nothing is pulled. Empty: only a small probe program that needs no image.',
  },
  {
    key: 'container.command',
    restricted: true,
    schema: { type: 'array', default: [], items: { type: 'string' } },
    description: "Program and arguments to run in that image. Empty: the image's own.",
  },
  {
    key: 'container.options',
    restricted: true,
    schema: { type: 'array', default: [], items: { type: 'string' } },
    description: 'Further options of `docker create` for every container of a test, for example `--cap-add=SYS_ADMIN`.',
  },
  {
    key: 'container.timeLimit',
    schema: { type: 'integer', default: 60, minimum: 5, maximum: 3600 },
    description: 'Seconds that a test may take.',
  },
  {
    key: 'container.memory',
    restricted: true,
    schema: {
      type: 'string',
      default: '256m',
      pattern: '^\\d+[bkmgBKMG]?$',
      patternErrorMessage: 'Write a number with b, k, m or g, for example 256m.',
    },
    description: 'Memory that each container may use.',
  },
  {
    key: 'container.pids',
    restricted: true,
    schema: { type: 'integer', default: 1024, minimum: 16, maximum: 1_000_000 },
    description: 'Processes and threads that each container may have.',
  },
];
