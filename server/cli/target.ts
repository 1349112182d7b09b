import { architecture, architectures, capabilities } from '../src/catalog/index.ts';
import type { Target } from '../src/policy/target.ts';
import { RUNTIMES, readSettings } from '../src/settings.ts';
import { Failure } from './failure.ts';
import { listOf, nearMiss, textOf, type Values } from './options.ts';

/** Options of every command that say for whom a profile is judged. */
export const TARGET_OPTIONS = {
  target: { type: 'string', multiple: true },
  runtime: { type: 'string' },
  arch: { type: 'string' },
  kernel: { type: 'string' },
  libseccomp: { type: 'string' },
  cap: { type: 'string', multiple: true },
  'no-new-privileges': { type: 'boolean' },
} as const;

interface Wanted {
  runtime?: string;
  arch?: string;
  kernel?: string;
  libseccomp?: string;
  caps: string[];
  noNewPrivileges: boolean;
}

/** The target that the options ask for; what they leave open is as in the editor's settings by default. */
export function targetFrom(values: Values): Target {
  const wanted: Wanted = { caps: [], noNewPrivileges: values['no-new-privileges'] === true };
  for (const part of listOf(values, 'target').flatMap((text) => text.split(','))) addPart(wanted, part.trim());
  for (const key of ['runtime', 'arch', 'kernel', 'libseccomp'] as const) {
    const given = textOf(values, key);
    if (given !== undefined) wanted[key] = given;
  }
  const own = listOf(values, 'cap').flatMap((text) => text.split(','));
  if (own.length > 0) wanted.caps = own;
  return readSettings({ target: settingsOf(wanted) }).target;
}

/** `podman`, `kernel=5.15`. */
function addPart(wanted: Wanted, part: string): void {
  const [key = '', ...rest] = part.split('=');
  const value = rest.join('=');
  if (rest.length === 0) wanted.runtime = key;
  else if (key === 'cap') wanted.caps.push(value);
  else if (key === 'runtime' || key === 'arch' || key === 'kernel' || key === 'libseccomp') wanted[key] = value;
  else {
    const known = ['runtime', 'arch', 'kernel', 'libseccomp', 'cap'];
    throw new Failure(`--target has no part "${key}".${nearMiss(key, known)} It has ${known.join(', ')}.`);
  }
}

function settingsOf({ runtime, arch, kernel, libseccomp, caps, noNewPrivileges }: Wanted): object {
  return {
    ...(runtime !== undefined && { runtime: knownRuntime(runtime) }),
    ...(arch !== undefined && { architecture: readArchitecture(arch, '--arch') }),
    ...(kernel !== undefined && { kernel: version(kernel, 'kernel', /^\d+\.\d+/, '5.15') }),
    ...(libseccomp !== undefined && {
      libseccomp: version(libseccomp, 'libseccomp', /^\d+\.\d+\.\d+$/, '2.5.4'),
    }),
    ...(caps.length > 0 && { capabilities: caps.flatMap(capabilitiesOf) }),
    noNewPrivileges,
  };
}

function knownRuntime(name: string): string {
  const runtime = RUNTIMES.find((known) => known === name.toLowerCase());
  if (runtime) return runtime;
  throw new Failure(`"${name}" is no runtime.${nearMiss(name, RUNTIMES)} Known are ${RUNTIMES.join(', ')}.`);
}

/** An architecture's full name from `SCMP_ARCH_X86_64` or `x86_64`, in any letter case. */
export function readArchitecture(text: string, where: string): string {
  const upper = text.toUpperCase();
  const found = architecture(upper) ?? architecture(`SCMP_ARCH_${upper}`) ?? bySpelling(text);
  if (found) return found.name;
  const short = architectures().map(({ name }) => name.replace('SCMP_ARCH_', '').toLowerCase());
  const near = nearMiss(text.toLowerCase().replace('scmp_arch_', ''), short);
  throw new Failure(`${where}: "${text}" is no architecture.${near} Known are ${short.join(', ')}.`);
}

/** Engines' own words, `amd64`, `arm64`. */
function bySpelling(text: string): ReturnType<typeof architecture> {
  return architectures().find(({ docker, podman }) => docker === text || podman === text);
}

function version(text: string, name: string, pattern: RegExp, example: string): string {
  if (pattern.test(text)) return text;
  throw new Failure(`--${name} takes a version such as ${example}, not "${text}".`);
}

/** `CAP_SYS_ADMIN`, `sys_admin`, `all`, or `none` for the empty set. */
function capabilitiesOf(text: string): readonly string[] {
  const known = capabilities().map(({ name }) => name);
  const upper = text.trim().toUpperCase();
  if (upper === 'ALL') return known;
  if (upper === 'NONE') return [];
  const name = upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
  if (known.includes(name)) return [name];
  throw new Failure(`"${text}" is no capability.${nearMiss(name, known)}`);
}

/** The target for output that programs read. */
export function targetForJson(target: Target): object {
  return {
    runtime: target.runtime,
    architecture: target.architecture,
    kernel: target.kernel?.join('.') ?? null,
    libseccomp: target.libseccomp,
    capabilities: [...target.capabilities],
    noNewPrivileges: target.noNewPrivileges,
  };
}
