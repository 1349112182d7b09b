import { architecture, numberOn } from '../../server/src/catalog/index.ts';
import type { Target } from '../../server/src/policy/target.ts';
import type { Oracle } from './compare.ts';
import { shortName } from './driver.ts';
import { expand } from './runtime.ts';
import type { Written } from './written.ts';

/**
 * A profile without the names that came to libseccomp after the machine's own release, as a whole or on one of the
 * architectures: the product answers for the newest one. Names that the machine has and the product lacks stay.
 */
export async function withoutNewNames(oracle: Oracle, profile: Written, target: Target): Promise<Written> {
  const { architectures = [], syscalls } = expand(profile, target);
  const archs = [...new Set([target.architecture, ...architectures])];
  const names = [...new Set(syscalls.flatMap((rule) => rule.names ?? []))];
  const fresh = await Promise.all(names.map((name) => isNew(oracle, name, archs)));
  const dropped = new Set(names.filter((_, i) => fresh[i]));
  return {
    ...profile,
    syscalls: profile.syscalls.map((rule) => ({
      ...rule,
      ...(rule.names && { names: rule.names.filter((name) => !dropped.has(name)) }),
    })),
  };
}

async function isNew({ library }: Oracle, name: string, archs: readonly string[]): Promise<boolean> {
  if (!(await library.knows(name))) return true;
  for (const arch of archs) {
    const table = architecture(arch)?.table;
    const ours = table && numberOn(name, table);
    // a name that libseccomp numbers below zero is asked for in the other direction
    if (ours !== undefined && !(await library.nameOf(shortName(arch), ours))) return true;
  }
  return false;
}
