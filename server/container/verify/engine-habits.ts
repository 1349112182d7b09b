import { type Policy, policyOf } from '../../src/policy/policy.ts';
import { listedArchitectures } from '../../src/policy/resolve.ts';
import { compareVersions, loaderOf, type Target } from '../../src/policy/target.ts';
import type { Profile } from '../../src/profile/model.ts';
import { ENGINE_NAME } from '../cli.ts';
import type { Engine } from '../engine.ts';

/** Where an engine departs from what its current release does with a profile. */
export interface Habits {
  /** Docker hands `defaultErrnoRet` on since 23.0 (moby: `profiles/seccomp/seccomp.go` embeds the OCI struct from then on). */
  readonly defaultErrno: boolean;
  /** runc answers newer calls with ENOSYS on listed architectures alone until 1.2 (runc: `libcontainer/seccomp/patchbpf`). */
  readonly stubNeedsList: boolean;
}

export function habitsOf({ kind, version, runtime }: Engine): Habits {
  const number = /^\d+\.\d+(?:\.\d+)?/;
  const engine = number.exec(version)?.[0];
  const runc = runtime.name === 'runc' ? number.exec(runtime.version ?? '')?.[0] : undefined;
  return {
    defaultErrno: kind !== 'docker' || engine === undefined || compareVersions(engine, '23.0') >= 0,
    stubNeedsList: runc !== undefined && compareVersions(runc, '1.2') < 0,
  };
}

/** Whether runc answers newer calls of the native architecture with ENOSYS, where the default denies. */
export function hasStub({ profile, target }: Policy, { stubNeedsList }: Habits): boolean {
  if (loaderOf(target.runtime) !== 'runc') return false;
  return !stubNeedsList || listedArchitectures(profile, target).some(({ value }) => value === target.architecture);
}

/** The profile without what the engine does not read. */
export const profileOn = (profile: Profile, { defaultErrno }: Habits): Profile =>
  defaultErrno ? profile : { ...profile, defaultErrnoRet: undefined };

/** The policy as the engine itself reads the profile. */
export const policyOn = (profile: Profile, target: Target, habits: Habits): Policy | undefined =>
  policyOf(profileOn(profile, habits), target);

/** What an engine that hands on no errno for the default does not read, in words. */
export const unread = ({ kind, version }: Engine): string =>
  `${ENGINE_NAME[kind]} ${version} does not read \`defaultErrnoRet\``;
