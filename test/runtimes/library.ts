import { syscall, syscallNames } from '../../server/src/catalog/index.ts';
import { compareVersions } from '../../server/src/policy/target.ts';
import { openOracles } from '../differential/oracle.ts';
import type { Written } from '../differential/written.ts';

/**
 * Names of which the machine's libseccomp knows more or less than its release says: distributions add calls to an older
 * release (Debian 12: 2.5.4 with those of 2.5.5), and only the library itself can tell.
 */
export async function patchedNames(): Promise<ReadonlySet<string>> {
  const oracles = await openOracles(1);
  const { library } = oracles.list[0]!;
  try {
    const found = await Promise.all(
      syscallNames().map(async (name) => {
        const released = compareVersions(syscall(name)!.libseccomp, oracles.version) <= 0;
        return (await library.knows(name)) === released ? [] : [name];
      }),
    );
    return new Set(found.flat());
  } finally {
    oracles.close();
  }
}

/** A profile without some names. */
export function without(names: ReadonlySet<string>, profile: Written): Written {
  const keep = (name: string | undefined): boolean => name === undefined || !names.has(name);
  const syscalls = profile.syscalls
    .filter((rule) => keep(rule.name))
    .map((rule) => ({ ...rule, ...(rule.names && { names: rule.names.filter(keep) }) }));
  return { ...profile, syscalls };
}
