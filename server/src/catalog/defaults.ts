import containerdText from '../../data/profiles/containerd.json';
import dockerText from '../../data/profiles/docker.json';
import docker26Text from '../../data/profiles/docker-26.json';
import podmanText from '../../data/profiles/podman.json';
import { lazy } from './data.ts';
import { type DefaultRule, verdictsOf } from './default-verdicts.ts';
import type { DefaultProfile } from './types.ts';

export type DefaultProfileId = 'docker' | 'docker-26' | 'podman' | 'containerd';

interface Stored {
  readonly label: string;
  readonly profile: Profile;
}

interface Profile {
  readonly defaultAction: string;
  readonly defaultErrnoRet?: number;
  readonly syscalls: readonly DefaultRule[];
}

const profiles: Readonly<Record<DefaultProfileId, () => DefaultProfile>> = {
  docker: lazy(() => build('docker', dockerText)),
  'docker-26': lazy(() => build('docker-26', docker26Text)),
  podman: lazy(() => build('podman', podmanText)),
  containerd: lazy(() => build('containerd', containerdText)),
};

/** What an engine applies when the user names no profile, as its release had it. */
export function defaultProfile(id: DefaultProfileId): DefaultProfile {
  return profiles[id]();
}

/** All of them, the most used first. */
export function defaultProfiles(): readonly DefaultProfile[] {
  return Object.values(profiles).map((profile) => profile());
}

function build(id: DefaultProfileId, text: () => string): DefaultProfile {
  const { label, profile } = JSON.parse(text()) as Stored;
  const layout = lazy(() => `${JSON.stringify(profile, null, 2)}\n`);
  return {
    id,
    label,
    defaultAction: profile.defaultAction,
    defaultErrno: profile.defaultErrnoRet ?? 1,
    get text() {
      return layout();
    },
    verdicts: verdictsOf(profile.syscalls),
  };
}
