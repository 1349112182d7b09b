import fs from 'node:fs';
import path from 'node:path';
import { dockerDefaultCapabilities } from '../../server/src/catalog/capabilities.ts';
import { type DefaultProfileId, defaultProfile } from '../../server/src/catalog/defaults.ts';
import type { RuntimeName } from '../../server/src/policy/target.ts';
import { type Entry, given } from './campaign.ts';
import { target } from './generate.ts';
import { type Random, random } from './random.ts';
import { readProfile, type Written } from './written.ts';

const DEFAULTS: Readonly<Record<DefaultProfileId, readonly RuntimeName[]>> = {
  docker: ['docker', 'runc'],
  'docker-26': ['docker'],
  containerd: ['docker', 'containerd'],
  podman: ['podman', 'crun'],
};
const HOSTS = ['X86_64', 'AARCH64', 'S390X', 'PPC64LE', 'RISCV64'];

/**
 * The engines' default profiles with the capabilities that their rules ask for: none, all, each one alone, all but one,
 * and `more` random subsets; every subset when `more` is infinite. Asks `each` calls of every syscall.
 */
export function* defaults(seed: number, more: number, each = 2): Iterable<Entry> {
  const rng = random(seed);
  for (const id of Object.keys(DEFAULTS) as DefaultProfileId[]) {
    const profile = readProfile(defaultProfile(id).text);
    const subsets = subsetsOf(rng, mentioned(profile), more);
    for (const [i, capabilities] of subsets.entries())
      for (const runtime of i === 0 ? DEFAULTS[id] : DEFAULTS[id].slice(0, 1))
        for (const host of i === 0 ? HOSTS : HOSTS.slice(0, 1))
          yield given(
            `${id} for ${runtime} on ${host} with ${capabilities.join(' ') || 'no capability'}`,
            profile,
            target(runtime, host, capabilities),
            seed + i,
            each,
          );
  }
}

function mentioned({ syscalls }: Written): readonly string[] {
  const caps = syscalls.flatMap(({ includes, excludes }) => [...(includes?.caps ?? []), ...(excludes?.caps ?? [])]);
  return [...new Set(caps)];
}

function subsetsOf(rng: Random, caps: readonly string[], more: number): readonly (readonly string[])[] {
  const subset = (bits: number): readonly string[] => caps.filter((_, i) => Math.floor(bits / 2 ** i) % 2 === 1);
  const all = 2 ** caps.length;
  if (more >= all) return Array.from({ length: all }, (_, bits) => subset(bits));
  const single = caps.flatMap((_, i) => [2 ** i, all - 1 - 2 ** i]);
  const some = Array.from({ length: more }, () => rng.below(all));
  return [0, all - 1, ...single, ...some].map(subset);
}

/** Every profile of a folder that can be read, for Docker, Podman and containerd on x86-64 with Docker's capabilities. */
export function* folder(directory: string, seed: number): Iterable<Entry> {
  const files = fs
    .readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'));
  for (const file of files.sort()) {
    const profile = tryReading(path.join(directory, file));
    if (!profile?.defaultAction || !Array.isArray(profile.syscalls)) continue;
    for (const runtime of ['docker', 'podman', 'containerd'] as const) {
      const host = target(runtime, 'X86_64', dockerDefaultCapabilities());
      yield given(`${file} for ${runtime}`, profile, host, seed, 3);
    }
  }
}

function tryReading(file: string): Written | undefined {
  try {
    return readProfile(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
