import type { Severity } from './checks/check.ts';
import { checkByCode } from './checks/index.ts';
import type { RuntimeName, Target } from './policy/target.ts';
import { type SettingSchema, settingsTable } from './settings-table.ts';

export { RUNTIMES } from './settings-table.ts';

/** Settings of the server under `seccomp.*`, as the client sends them. */
export interface Settings {
  readonly target: Target;
  readonly severities: Readonly<Record<string, Severity | 'off'>>;
  readonly codeLens: boolean;
  /** Whether each rule has a lens of its own. */
  readonly ruleLenses: boolean;
  readonly inlayHints: InlayHintSettings;
  readonly container: ContainerSettings;
}

/** Which hints are shown between the words of a profile. */
export interface InlayHintSettings {
  readonly arguments: boolean;
  readonly values: boolean;
  readonly errnos: boolean;
}

/** How profiles are tested in containers. Empty texts and lists stand for the engine's or the image's own. */
export interface ContainerSettings {
  readonly engine: 'auto' | 'docker' | 'podman' | 'nerdctl';
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly image: string;
  readonly command: readonly string[];
  readonly options: readonly string[];
  readonly timeLimitMs: number;
  readonly memory: string;
  readonly pids: number;
}

export const SEVERITIES: readonly (Severity | 'off')[] = ['error', 'warning', 'information', 'hint', 'off'];

/** The target that a profile is judged for when nothing is set: today's Docker on x86-64 with default capabilities. */
export function defaultTarget(): Target {
  return readTarget(reader({}));
}

/**
 * Reads settings, as nested objects or under dotted keys. Never throws: what is missing or not as the table wants it has
 * its default.
 */
export function readSettings(raw: unknown): Settings {
  const read = reader(record(raw));
  return {
    target: readTarget(read),
    severities: readSeverities(record(lookUp(record(raw), 'diagnostics.severity'))),
    codeLens: read('codeLens.enabled') as boolean,
    ruleLenses: read('codeLens.rules') as boolean,
    inlayHints: {
      arguments: read('inlayHints.argumentNames') as boolean,
      values: read('inlayHints.argumentValues') as boolean,
      errnos: read('inlayHints.errnoNames') as boolean,
    },
    container: {
      engine: read('container.engine') as ContainerSettings['engine'],
      program: read('container.program') as string,
      environment: read('container.environment') as Readonly<Record<string, string>>,
      image: read('container.image') as string,
      command: read('container.command') as readonly string[],
      options: read('container.options') as readonly string[],
      timeLimitMs: (read('container.timeLimit') as number) * 1000,
      memory: read('container.memory') as string,
      pids: read('container.pids') as number,
    },
  };
}

/** Gives the value of a setting if it is valid, else its default: always of the type that its schema says. */
type Reader = (key: string) => SettingSchema['default'];

function reader(root: Fields): Reader {
  return (key) => {
    const schema = settingsTable().find((spec) => spec.key === key)!.schema;
    const value = lookUp(root, key);
    return isValid(schema, value) ? value : schema.default;
  };
}

function readTarget(read: Reader): Target {
  return {
    runtime: read('target.runtime') as RuntimeName,
    architecture: read('target.architecture') as string,
    kernel: kernelOf(read('target.kernel') as string),
    libseccomp: read('target.libseccomp') as string,
    capabilities: new Set(read('target.capabilities') as readonly string[]),
    noNewPrivileges: read('target.noNewPrivileges') as boolean,
  };
}

function kernelOf(version: string): readonly [number, number] | undefined {
  const found = /^(\d+)\.(\d+)/.exec(version);
  return found ? [Number(found[1]), Number(found[2])] : undefined;
}

function readSeverities(raw: Fields): Settings['severities'] {
  const isSeverity = (value: unknown): value is Severity | 'off' => SEVERITIES.some((severity) => severity === value);
  const valid = Object.entries(raw).flatMap(([code, value]) =>
    checkByCode(code) && isSeverity(value) ? [[code, value] as const] : [],
  );
  return Object.fromEntries(valid);
}

function isValid(schema: SettingSchema, value: unknown): value is SettingSchema['default'] {
  switch (schema.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return Number.isInteger(value) && schema.minimum <= Number(value) && Number(value) <= schema.maximum;
    case 'string':
      return isText(value) && (schema.enum?.includes(value) ?? new RegExp(schema.pattern ?? '').test(value));
    case 'array':
      return Array.isArray(value) && value.every(isText);
    case 'object':
      return isRecord(value) && Object.values(value).every(isText);
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** `a.b.c` as three objects in each other, or as one key wherever the rest of the path is in one piece. */
function lookUp(root: Fields, path: string): unknown {
  if (Object.hasOwn(root, path)) return root[path];
  const dot = path.indexOf('.');
  if (dot < 0) return undefined;
  const head = path.slice(0, dot);
  return Object.hasOwn(root, head) ? lookUp(record(root[head]), path.slice(dot + 1)) : undefined;
}

const isText = (value: unknown): value is string => typeof value === 'string';

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const record = (raw: unknown): Fields => (isRecord(raw) ? raw : {});
