import { namesOn, syscall } from '../../server/src/catalog/index.ts';
import { compareVersions, type Target } from '../../server/src/policy/target.ts';
import { conditionMaker, crowdedConditions } from '../differential/generate.ts';
import { type Random, random } from '../differential/random.ts';
import type { Written, WrittenFilter, WrittenRule } from '../differential/written.ts';
import { BASE, HARMLESS } from './names.ts';
import { probeArch, type Setting } from './runtime.ts';

/** Errno values that no call of the kernel returns by itself start here: a result tells whose it is. */
export const FIRST_ERRNO = 600;

/** Sets of capabilities that includes and excludes can tell apart. */
const CAPABILITIES: readonly (readonly string[])[] = [
  ['CAP_CHOWN', 'CAP_SETPCAP', 'CAP_SETUID', 'CAP_SETGID'],
  ['CAP_CHOWN', 'CAP_SETPCAP', 'CAP_SETUID', 'CAP_SETGID', 'CAP_SYS_ADMIN', 'CAP_NET_RAW'],
  [],
];

const PERMISSIVE = ['ALLOW', 'LOG'];
const ACTIONS = [
  'ERRNO',
  'ERRNO',
  'ERRNO',
  'ALLOW',
  'ALLOW',
  'KILL',
  'KILL_PROCESS',
  'KILL_THREAD',
  'TRAP',
  'LOG',
  'TRACE',
];

/** How the containers of a group of cases are started; the same seed gives the same. */
export function settingOf(seed: number): Setting {
  const rng = random(seed);
  return { capabilities: rng.pick(CAPABILITIES), noNewPrivileges: rng.chance(0.3) };
}

/** A profile under which a container starts unless the runtime refuses it, hard on whatever reads it. */
export function generate(seed: number, target: Target): Written {
  const rng = random(seed);
  const defaultAction = rng.chance(0.4) ? 'ALLOW' : rng.chance(0.5) ? 'ERRNO' : rng.pick(ACTIONS);
  const maker: Maker = { rng, target, names: pool(target), errnos: numbered() };
  const base: WrittenRule = { names: BASE, action: 'SCMP_ACT_ALLOW' };
  const rules = [
    ...Array.from({ length: rng.below(5) }, () => plainRule(maker)),
    ...conditionedRules(maker),
    ...(PERMISSIVE.includes(defaultAction) && rng.chance(0.7) ? [] : [base]),
  ];
  return {
    defaultAction: `SCMP_ACT_${defaultAction}`,
    ...(defaultAction === 'ERRNO' && rng.chance(0.9) ? { defaultErrnoRet: BigInt(FIRST_ERRNO - 1) } : {}),
    ...architectures(rng, target),
    syscalls: rng.sample(rules, rules.length).map((rule) => withOddities(maker, defaultAction, rule)),
  };
}

interface Maker {
  readonly rng: Random;
  readonly target: Target;
  /** Names that a rule may deny. */
  readonly names: readonly string[];
  readonly errnos: () => bigint;
}

function numbered(): () => bigint {
  let next = BigInt(FIRST_ERRNO);
  return () => next++;
}

/** Calls of the machine, newer ones than its libseccomp knows, and such as it does not have. */
function pool({ libseccomp }: Target): readonly string[] {
  const native = namesOn(probeArch()).filter((name) => !BASE.includes(name));
  const fresh = native.filter((name) => compareVersions(syscall(name)!.libseccomp, libseccomp) > 0);
  return [...native, ...fresh, ...fresh, 'stat64', 'getuid32', 'mmap2', 'socketcall', 'nosuchcall'];
}

function plainRule(maker: Maker): WrittenRule {
  const { rng, names, target } = maker;
  const chosen = rng.sample(names, 1 + rng.below(rng.chance(0.5) ? 3 : 60));
  const lone = target.runtime === 'docker' && chosen.length === 1 && rng.chance(0.5);
  return { ...(lone ? { name: chosen[0]! } : { names: chosen }), ...action(maker), ...filters(maker) };
}

/** Several rules for a few calls whose arguments do no harm, with few actions between them. */
function conditionedRules(maker: Maker): readonly WrittenRule[] {
  const { rng } = maker;
  const actions = Array.from({ length: 1 + rng.below(3) }, () => action(maker));
  return rng.sample(HARMLESS, 1 + rng.below(4)).flatMap((name) => {
    const conditions = rng.chance(0.25) ? crowdedConditions(rng) : conditionMaker(rng);
    return Array.from({ length: 1 + rng.below(rng.chance(0.5) ? 2 : 6) }, () => ({
      names: rng.chance(0.8) ? [name] : [name, rng.pick(HARMLESS)],
      ...rng.pick(actions),
      ...(rng.chance(0.05) ? {} : { args: conditions() }),
      ...(rng.chance(0.2) ? filters(maker) : {}),
    }));
  });
}

function action({ rng, errnos }: Maker): Pick<WrittenRule, 'action' | 'errnoRet'> {
  const name = rng.pick(ACTIONS);
  if (name !== 'ERRNO') return { action: `SCMP_ACT_${name}` };
  const odd = rng.chance(0.1) ? rng.pick([undefined, 0n, 65536n + errnos(), 4094n]) : errnos();
  return { action: 'SCMP_ACT_ERRNO', ...(odd === undefined ? {} : { errnoRet: odd }) };
}

/** Conditions on the container, which only Docker reads. */
function filters({ rng, target }: Maker): Pick<WrittenRule, 'includes' | 'excludes'> {
  const [major, minor] = target.kernel ?? [0, 0];
  const kernels = [
    '4.8',
    `${major}.${minor}`,
    `${major}.${minor + 1}`,
    `${major + 1}.0`,
    `${major - 1}.${minor + 9}`,
    '',
  ];
  const filter = (): WrittenFilter => ({
    ...(rng.chance(0.5) && {
      caps: rng.sample(['CAP_SYS_ADMIN', 'CAP_NET_RAW', 'CAP_CHOWN', 'chown'], 1 + rng.below(2)),
    }),
    ...(rng.chance(0.3) && {
      arches: rng.sample(['amd64', 'arm64', 'x86', 'x32', 'SCMP_ARCH_X86_64'], 1 + rng.below(3)),
    }),
    ...(rng.chance(0.3) && { minKernel: rng.pick(kernels) }),
  });
  return {
    ...(rng.chance(0.25) && { includes: filter() }),
    ...(rng.chance(0.25) && { excludes: filter() }),
  };
}

function architectures(rng: Random, { architecture }: Target): Pick<Written, 'architectures' | 'archMap'> {
  const x86 = ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'];
  const arm = ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'];
  const listed = rng.pick([[], [architecture], x86, x86, arm, [...rng.sample([...x86, ...arm], 2)]]);
  const kind = rng.below(4);
  if (kind === 0) return {};
  if (kind === 1) return { archMap: [{ architecture, subArchitectures: listed }] };
  return { architectures: listed };
}

/** Now and then what a runtime refuses, drops or overlooks. */
function withOddities({ rng, errnos }: Maker, defaultAction: string, rule: WrittenRule): WrittenRule {
  if (rule.names === BASE || !rng.chance(0.02)) return rule;
  const kind = rng.below(4);
  if (kind === 0) return { ...rule, errnoRet: rule.errnoRet ?? errnos() };
  if (kind === 1) return { ...rule, action: 'SCMP_ACT_ERRNO', errnoRet: 4095n };
  if (kind === 2) return { ...rule, action: 'SCMP_ACT_NOTIFY' };
  const { errnoRet: _, ...plain } = rule;
  return { ...plain, action: `SCMP_ACT_${defaultAction}` };
}
