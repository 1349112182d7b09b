import { type DefaultProfileId, defaultProfile, dockerDefaultCapabilities } from '../../server/src/catalog/index.ts';
import { printProfile, readProfile, type Written } from '../differential/written.ts';
import type { Case, Group } from './campaign.ts';
import { FIRST_ERRNO, generate, settingOf } from './generate.ts';
import { targetFor } from './judge.ts';
import { without } from './library.ts';
import { loadingCases } from './loading.ts';
import type { Runtime, Setting } from './runtime.ts';

const GROUP = 8;

/** Generated profiles from one seed on; names that the machine's library knows by a patch are left out. */
export function* generated(
  runtime: Runtime,
  patched: ReadonlySet<string>,
  first: number,
  count: number,
): Iterable<Group> {
  for (let seed = first; seed < first + count; seed += GROUP) {
    const setting = settingOf(seed);
    const target = targetFor(runtime.target, setting);
    const seeds = Array.from({ length: Math.min(GROUP, first + count - seed) }, (_, i) => seed + i);
    const cases = seeds.map((each) => caseOf(`seed ${each}`, without(patched, generate(each, target))));
    yield { setting, seed, cases };
  }
}

const USUAL: Setting = { capabilities: dockerDefaultCapabilities(), noNewPrivileges: false };
const SETTINGS: readonly Setting[] = [
  USUAL,
  { capabilities: [...USUAL.capabilities, 'CAP_SYS_ADMIN', 'CAP_SYS_PTRACE'], noNewPrivileges: true },
];
const DEFAULTS: readonly DefaultProfileId[] = ['docker', 'docker-26', 'containerd', 'podman'];

/** The engines' default profiles, each rule with an errno of its own, and as they are. */
export function* defaults(patched: ReadonlySet<string>, seed: number): Iterable<Group> {
  const profiles = DEFAULTS.map((id) => [id, without(patched, readProfile(defaultProfile(id).text))] as const);
  const told = profiles.map(([id, profile]) => caseOf(`${id}, told apart`, toldApart(profile)));
  for (const setting of SETTINGS) yield { setting, seed, cases: told };
  yield { setting: USUAL, seed, cases: profiles.map(([id, profile]) => caseOf(id, profile)) };
}

/** Profiles of which some are refused. */
export function* loading({ target }: Runtime, seed: number): Iterable<Group> {
  const cases = loadingCases(target.runtime);
  for (let from = 0; from < cases.length; from += GROUP)
    yield { setting: USUAL, seed, cases: cases.slice(from, from + GROUP) };
}

const caseOf = (label: string, profile: Written): Case => ({ label, text: printProfile(profile), profile });

/** Gives the default and each rule that denies with an errno one that no call returns by itself. */
function toldApart(profile: Written): Written {
  const syscalls = profile.syscalls.map(({ errno: _, ...rule }, i) =>
    rule.action === 'SCMP_ACT_ERRNO' ? { ...rule, errnoRet: BigInt(FIRST_ERRNO + i) } : rule,
  );
  const { defaultErrno: _, ...head } = profile;
  return { ...head, defaultErrnoRet: BigInt(FIRST_ERRNO - 1), syscalls };
}
