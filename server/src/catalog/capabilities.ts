import capabilitiesText from '../../data/capabilities.json';
import { lazy, table } from './data.ts';
import type { Term } from './types.ts';

/** By name without `CAP_`, in the order of their bits. */
const rows = table<Readonly<Record<string, string>>>(capabilitiesText);
const all = lazy(() => Object.entries(rows()).map(([short, doc]): Term => ({ name: `CAP_${short}`, doc })));
const byName = lazy(() => new Map(all().map((term) => [term.name, term])));

/** The 41 capabilities of linux 7.2 in the order of their bits (`linux/capability.h`). */
export function capabilities(): readonly Term[] {
  return all();
}

/** A capability by its exact name: `includes` and `excludes` compare byte for byte. */
export function capability(name: string): Term | undefined {
  return byName().get(name);
}

/** The 14 capabilities that Docker grants unless told otherwise (moby: `oci/caps/defaults.go`). */
export function dockerDefaultCapabilities(): readonly string[] {
  return dockerDefaults;
}

const dockerDefaults = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FSETID',
  'CAP_FOWNER',
  'CAP_MKNOD',
  'CAP_NET_RAW',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETFCAP',
  'CAP_SETPCAP',
  'CAP_NET_BIND_SERVICE',
  'CAP_SYS_CHROOT',
  'CAP_KILL',
  'CAP_AUDIT_WRITE',
] as const;
