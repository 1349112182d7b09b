import { architecture, defaultProfiles } from '../catalog/index.ts';

/** A whole profile to start from. */
export interface Template {
  readonly label: string;
  /** What it is good for, in plain text. */
  readonly description: string;
  readonly text: string;
}

const UNIFORM = [
  {
    action: 'SCMP_ACT_LOG',
    label: 'Log everything',
    description: 'forbids nothing and logs every call, to learn what a program needs',
  },
  { action: 'SCMP_ACT_ALLOW', label: 'Allow everything', description: 'a deny-list, to which rules are added' },
  {
    action: 'SCMP_ACT_ERRNO',
    label: 'Deny everything',
    description: 'an allow-list, to which rules are added; as it is, no container starts',
  },
] as const;

/**
 * Profiles to start from: the engines' own defaults as they ship them, and some without rules, which cover the
 * architecture named `host` (`SCMP_ARCH_X86_64`) and those whose programs it can run.
 */
export function templates(host: string): readonly Template[] {
  const defaults = defaultProfiles().map(({ label, text }) => ({
    label,
    description: 'what it applies where no profile is given',
    text,
  }));
  const architectures = [host, ...(architecture(host)?.companions ?? [])];
  const uniform = UNIFORM.map(({ action, label, description }) => {
    const profile = { defaultAction: action, architectures, syscalls: [] };
    return { label, description, text: `${JSON.stringify(profile, null, 2)}\n` };
  });
  return [...defaults, ...uniform];
}
