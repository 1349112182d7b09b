import os from 'node:os';
import type { Call } from '../../server/src/policy/evaluate.ts';
import type { RuntimeName, Target } from '../../server/src/policy/target.ts';
import { type Build, type BuildCondition, type BuildRule, type Driver, shortName } from './driver.ts';
import type { Written, WrittenCondition, WrittenFilter, WrittenRule } from './written.ts';

/**
 * What the runtimes do with a profile before and after libseccomp, written down a second time: nothing here comes from
 * the product, so that an error there does not hide itself. Sources: moby `profiles/seccomp`, containers
 * `common/pkg/seccomp`, runc `libcontainer/seccomp` and `specconv`, crun `src/libcrun/seccomp.c`.
 */
export type Prepared = { readonly build: Build } | { readonly refused: string };

const ACTIONS: Readonly<Record<string, number>> = {
  SCMP_ACT_KILL: 0,
  SCMP_ACT_KILL_THREAD: 0,
  SCMP_ACT_KILL_PROCESS: 0x80000000,
  SCMP_ACT_TRAP: 0x30000,
  SCMP_ACT_ERRNO: 0x50000,
  SCMP_ACT_TRACE: 0x7ff00000,
  SCMP_ACT_LOG: 0x7ffc0000,
  SCMP_ACT_ALLOW: 0x7fff0000,
  SCMP_ACT_NOTIFY: 0x7fc00000,
};

/** `enum scmp_compare` counts from 1. */
const OPERATORS = ['NE', 'LT', 'LE', 'EQ', 'GE', 'GT', 'MASKED_EQ'].map((name) => `SCMP_CMP_${name}`);

/** How Go spells the machine's architecture. */
const GO_NAMES: Readonly<Record<string, string>> = {
  X86_64: 'amd64',
  X86: 'x86',
  AARCH64: 'arm64',
  ARM: 'arm',
  S390X: 's390x',
  PPC64LE: 'ppc64le',
  RISCV64: 'riscv64',
};

const PERMISSIVE = new Set(['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG', 'SCMP_ACT_TRACE']);
const WITH_ERRNO = new Set(['SCMP_ACT_ERRNO', 'SCMP_ACT_TRACE']);
const TREE_FROM = 33;

/** Docker and Kubernetes' usual runtimes start runc, Podman and CRI-O start crun. */
export function startsRunc(runtime: RuntimeName): boolean {
  return !['podman', 'cri-o', 'crun'].includes(runtime);
}

/** The calls that the runtime makes to libseccomp, or why it refuses before it makes any that fails. */
export function prepare(profile: Written, target: Target, calls: readonly Call[]): Prepared {
  const expanded = expand(profile, target);
  const runc = startsRunc(target.runtime);
  const refused = refusedByEngine(profile, target) ?? (runc ? refusedByRunc(expanded) : refusedByCrun(expanded));
  if (refused) return { refused };
  const defaultAction = encode(expanded.defaultAction, expanded.defaultErrnoRet);
  const rules = expanded.syscalls.flatMap((rule) => rulesOf(rule, defaultAction, runc));
  const entries = expanded.syscalls.flatMap((rule) => rule.names ?? []).length;
  return {
    build: {
      optimize: runc && entries >= TREE_FROM ? 2 : 1,
      host: shortName(target.architecture),
      defaultAction,
      architectures: (expanded.architectures ?? []).map(shortName),
      rules,
      calls,
    },
  };
}

/** Whose additions to the format count; undefined for those who read the bare OCI format. */
function engineOf({ runtime }: Target): string | undefined {
  return { docker: 'docker', podman: 'podman', 'cri-o': 'podman' }[runtime as string];
}

/** The bare OCI profile that the engine hands to the runtime; raw OCI consumers read theirs as it is. */
export function expand(profile: Written, target: Target): Written {
  const engine = engineOf(target);
  if (!engine) return { ...profile, syscalls: profile.syscalls.map(({ name: _, ...rule }) => rule) };
  const listed = profile.architectures ?? [];
  const entry = profile.archMap?.find((each) => each.architecture === target.architecture);
  const mapped = entry ? [entry.architecture, ...(entry.subArchitectures ?? [])] : [];
  const named = engine === 'podman' ? withErrnoNames : (rule: WrittenRule): WrittenRule => rule;
  const defaults = engine === 'podman' ? errnoOf(profile.defaultErrno) : {};
  return {
    ...profile,
    ...('errnoRet' in defaults && { defaultErrnoRet: defaults.errnoRet }),
    architectures: listed.length > 0 ? listed : mapped,
    syscalls: profile.syscalls
      .filter((rule) => keeps(rule, target, engine === 'docker'))
      .map((rule) => ({ ...named(rule), names: rule.names?.length ? rule.names : rule.name ? [rule.name] : [] }))
      .filter(({ names }) => engine === 'docker' || names.length > 0),
  };
}

function withErrnoNames(rule: WrittenRule): WrittenRule {
  return { ...rule, ...errnoOf(rule.errno) };
}

/** Podman and CRI-O prefer an errno by name, or a number of 32 bits in its place; this machine's names stand for Linux'. */
function errnoOf(name: string | undefined): { readonly errnoRet?: bigint } {
  if (name && /^[0-9]+$/.test(name)) return Number(name) < 2 ** 32 ? { errnoRet: BigInt(name) } : {};
  const number = name ? (os.constants.errno as Readonly<Record<string, number>>)[name] : undefined;
  return number === undefined ? {} : { errnoRet: BigInt(number) };
}

function keeps({ includes = {}, excludes = {} }: WrittenRule, target: Target, kernel: boolean): boolean {
  const host = GO_NAMES[target.architecture.replace('SCMP_ARCH_', '')] ?? '';
  const reached = ({ minKernel }: WrittenFilter): boolean | undefined => {
    if (!kernel || minKernel === undefined) return undefined;
    if (!target.kernel || minKernel === '') return true;
    const [major, minor] = minKernel.split('.').map(Number) as [number, number];
    return target.kernel[0] > major || (target.kernel[0] === major && target.kernel[1] >= minor);
  };
  if (excludes.arches?.includes(host) || excludes.caps?.some((cap) => target.capabilities.has(cap))) return false;
  if (reached(excludes)) return false;
  if (includes.arches?.length && !includes.arches.includes(host)) return false;
  if (includes.caps?.some((cap) => !target.capabilities.has(cap))) return false;
  return reached(includes) !== false;
}

/** What Docker and Podman refuse before they start a runtime: Docker also in rules that it then leaves out. */
function refusedByEngine(profile: Written, target: Target): string | undefined {
  const engine = engineOf(target);
  if (!engine) return undefined;
  const kept = profile.syscalls.filter((rule) => engine === 'docker' || keeps(rule, target, false));
  if (kept.some(({ name, names }) => name && names?.length)) return 'name and names';
  if (profile.architectures?.length && profile.archMap?.length) return 'architectures and archMap';
  const kernels = kept.flatMap(({ includes, excludes }) => [includes?.minKernel, excludes?.minKernel]);
  if (engine === 'docker') return kernels.every(isKernel) ? undefined : 'kernel version';
  const errnos = [profile.defaultErrno, ...kept.map(({ errno }) => errno)];
  return errnos.every((errno) => !errno || 'errnoRet' in errnoOf(errno)) ? undefined : 'unknown errno';
}

function isKernel(text: string | undefined): boolean {
  if (!text) return true;
  const [, major, minor] = /^(\d+)\.(\d+)$/.exec(text) ?? [];
  return major !== undefined && Number(major) < 256 && Number(minor) < 256 && Number(major) + Number(minor) > 0;
}

/** runc's own list; crun asks libseccomp instead. */
const RUNC_ARCHITECTURES = new Set(
  'X86 X86_64 X32 ARM AARCH64 MIPS MIPS64 MIPS64N32 MIPSEL MIPSEL64 MIPSEL64N32 PPC PPC64 PPC64LE RISCV64 S390 S390X LOONGARCH64'
    .split(' ')
    .map((name) => `SCMP_ARCH_${name}`),
);

function refusedByRunc({ defaultAction, architectures = [], syscalls }: Written): string | undefined {
  if (architectures.some((name) => !RUNC_ARCHITECTURES.has(name))) return 'architecture';
  if (syscalls.some((rule) => !(rule.action in ACTIONS))) return 'action';
  const named = syscalls.filter(({ names }) => names?.length);
  if (named.some((rule) => rule.args?.some(({ op }) => !OPERATORS.includes(op)))) return 'operator';
  if (syscalls.some((rule) => rule.names?.includes(''))) return 'empty name';
  if (syscalls.some((rule) => rule.action === 'SCMP_ACT_NOTIFY' && rule.names?.includes('write')))
    return 'notify write';
  if (defaultAction === 'SCMP_ACT_NOTIFY') return 'notify as default';
  return undefined;
}

function refusedByCrun({ defaultAction, defaultErrnoRet, syscalls }: Written): string | undefined {
  if (syscalls.some((rule) => !(rule.action in ACTIONS))) return 'action';
  const stray = (action: string, errno: bigint | undefined): boolean => errno !== undefined && !WITH_ERRNO.has(action);
  if (stray(defaultAction, defaultErrnoRet)) return 'stray errno';
  return syscalls.some((rule) => stray(rule.action, rule.errnoRet)) ? 'stray errno' : undefined;
}

/** libseccomp's encoding; EPERM where no errno is given, and sixteen bits of it. */
export function encode(action: string, errno: bigint | undefined): number {
  return (ACTIONS[action]! | (WITH_ERRNO.has(action) ? Number((errno ?? 1n) & 0xffffn) : 0)) >>> 0;
}

function rulesOf(rule: WrittenRule, defaultAction: number, runc: boolean): readonly BuildRule[] {
  const action = encode(rule.action, rule.errnoRet);
  if (action === defaultAction) return [];
  const all = (rule.args ?? []).map(conditionOf);
  const read = runc ? all : all.slice(0, 6);
  const repeats = new Set(read.map(({ index }) => index)).size < read.length;
  const groups = repeats ? read.map((condition) => [condition]) : [read];
  return (rule.names ?? [])
    .filter((name) => name !== '')
    .flatMap((name) => groups.map((conditions) => ({ action, name, conditions })));
}

function conditionOf({ index, value, valueTwo, op }: WrittenCondition): BuildCondition {
  return { index: Number(index), operator: OPERATORS.indexOf(op) + 1, a: value, b: valueTwo ?? 0n };
}

const ENOSYS = 0x50026;
const X32_BIT = 0x40000000;

/** runc's answer before the filter runs: ENOSYS above the highest number that the profile names. */
export type Stub = (call: Call) => number | undefined;

/** runc `libcontainer/seccomp/patchbpf`; numbers as this machine's libseccomp knows them. */
export async function stubOf(profile: Written, target: Target, driver: Numbers): Promise<Stub> {
  const { defaultAction, defaultErrnoRet, architectures = [], syscalls } = expand(profile, target);
  const off = !startsRunc(target.runtime) || PERMISSIVE.has(defaultAction) || defaultErrnoRet === BigInt(ENOSYS);
  const highest = new Map<string, number>();
  const names = syscalls.flatMap((rule) => rule.names ?? []).filter((name) => name !== '');
  for (const arch of off ? [] : new Set([target.architecture, ...architectures])) {
    const numbers = await Promise.all(names.map((name) => driver.numberOf(shortName(arch), name)));
    const largest = Math.max(0, ...numbers.map((number) => number ?? 0));
    if (largest > 0) highest.set(arch, largest);
  }
  return ({ architecture, number }) => {
    const wide = ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X32'].includes(architecture);
    const mode = wide ? ((number & X32_BIT) !== 0 ? 'SCMP_ARCH_X32' : 'SCMP_ARCH_X86_64') : architecture;
    const limit = highest.get(mode);
    if (limit === undefined) return undefined;
    const setup = number === 0 && /_S390X?$/.test(mode);
    return setup || number > limit ? ENOSYS : undefined;
  };
}

/** Syscall numbers by short name of an architecture and name. */
export interface Numbers {
  numberOf(arch: string, name: string): Promise<number | undefined>;
}

/** What libseccomp knows of syscalls, each asked for once. */
export interface Library extends Numbers {
  nameOf(arch: string, number: number): Promise<string | undefined>;
  knows(name: string): Promise<boolean>;
}

export function libraryOf(driver: Driver): Library {
  const once = <T>(ask: (key: string) => Promise<T>): ((key: string) => Promise<T>) => {
    const known = new Map<string, Promise<T>>();
    return (key) => {
      const answer = known.get(key) ?? ask(key);
      known.set(key, answer);
      return answer;
    };
  };
  const [first, second] = [(key: string) => key.split(' ')[0]!, (key: string) => key.split(' ')[1]!];
  const numberOf = once((key) => driver.resolve(first(key), second(key)));
  const nameOf = once((key) => driver.nameOf(first(key), Number(second(key))));
  return {
    numberOf: (arch, name) => numberOf(`${arch} ${name}`),
    nameOf: (arch, number) => nameOf(`${arch} ${number}`),
    knows: once((name) => driver.knows(name)),
  };
}
