import fs from 'node:fs';
import path from 'node:path';
import { dockerDefaultCapabilities } from '../../server/src/catalog/capabilities.ts';
import { defaultProfiles } from '../../server/src/catalog/defaults.ts';
import { nameOf } from '../../server/src/catalog/index.ts';
import { uncertain } from '../../server/src/policy/certainty.ts';
import { openSets } from '../../server/src/policy/evaluate.ts';
import { type Policy, policyOf } from '../../server/src/policy/policy.ts';
import type { Unpredictable } from '../../server/src/policy/predictable.ts';
import { refusals } from '../../server/src/policy/refuse.ts';
import { parseProfile } from '../../server/src/profile/build.ts';
import { isSeccompProfile } from '../../server/src/recognise.ts';
import { target } from './generate.ts';

const RUNTIMES = ['docker', 'podman', 'containerd', 'crun'] as const;
const HOSTS = ['X86_64', 'AARCH64', 'S390X', 'PPC64LE'] as const;
const TARGETS = RUNTIMES.flatMap((runtime) => HOSTS.map((host) => target(runtime, host, dockerDefaultCapabilities())));

interface Named {
  readonly name: string;
  readonly text: string;
}

/** What is known of the rules of many profiles. */
export interface Exactness {
  readonly profiles: number;
  /** Pairs of a profile and a target, without those that the target's runtime refuses. */
  readonly readings: number;
  readonly rules: number;
  /** Sets of rules of which not every call is foretold: the profile and the rules with the reason, and for which targets. */
  readonly doubts: ReadonlyMap<string, readonly string[]>;
}

/** Asks the rules of the engines' defaults and of a folder's profiles, for each runtime and machine with Docker's capabilities. */
export function exactness(directory: string): Exactness {
  const profiles = [...defaults(), ...read(directory)];
  const found = new Map<string, string[]>();
  let rules = 0;
  let readings = 0;
  for (const { name, text } of profiles) {
    const { profile } = parseProfile(text);
    for (const to of TARGETS) {
      const policy = profile && policyOf(profile, to);
      if (!profile || !policy || refusals(profile, to).length > 0) continue;
      readings++;
      rules += policy.resolved.rules.length;
      for (const doubt of new Set(doubtsOf(policy))) {
        const key = `${name}: ${doubt}`;
        found.set(key, [...(found.get(key) ?? []), `${to.runtime} on ${to.architecture.replace('SCMP_ARCH_', '')}`]);
      }
    }
  }
  return { profiles: profiles.length, readings, rules, doubts: found };
}

/** The figures, and a line for each set of rules. */
export function reportExactness({ profiles, readings, rules, doubts }: Exactness): string {
  const head = `${profiles} profiles for ${TARGETS.length} targets: ${rules} rules in ${readings} readings that load, ${doubts.size} sets of rules are not exact`;
  return [head, ...[...doubts].map(([doubt, targets]) => `${doubt} [${targets.join(', ')}]`)].join('\n');
}

function defaults(): readonly Named[] {
  return defaultProfiles().map(({ label, text }) => ({ name: label, text }));
}

function read(directory: string): readonly Named[] {
  return fs
    .readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({ name: file, text: fs.readFileSync(path.join(directory, file), 'utf8') }))
    .filter(({ text }) => isSeccompProfile(text));
}

/** `socket, rules 3 4: why`, and what keeps it open whether the profile loads. */
function doubtsOf(policy: Policy): readonly string[] {
  const verdicts = policy.resolved.architectures.flatMap((arch) => {
    const filter = policy.filter(arch.table)!;
    return [...filter.syscalls.keys()].flatMap((number) => {
      const doubt = uncertain(policy, filter, number);
      return doubt ? [`${nameOf(number, arch.table) ?? number}, ${told(doubt)}`] : [];
    });
  });
  return [...verdicts, ...openSets(policy).map((set) => `loading, ${told(set)}`)];
}

function told({ rules, why }: Unpredictable): string {
  const numbers = new Set(rules.map(({ source }) => source.rule.position + 1));
  return `rules ${[...numbers].join(' ')}: ${why}`;
}
