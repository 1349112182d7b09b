import { type Architecture, architecture } from '../catalog/index.ts';
import type { Question, Refusal } from './refuse.ts';
import { architectureFor, listedArchitectures } from './resolve.ts';
import { dialectOf, isBefore, loaderOf, type Target } from './target.ts';

/** Architectures that the runtime or libseccomp does not know, or that cannot share a filter. */
export function* refusedArchitectures({ profile, target, runtime }: Question): Iterable<Refusal> {
  const both = profile.architectures.length > 0 && profile.archMap.length > 0;
  if (both && dialectOf(target.runtime) !== 'oci')
    yield {
      message: `"architectures" and "archMap" exclude each other: ${runtime} refuses the profile.`,
      span: profile.architectures[0]!.node,
    };
  const host = architecture(target.architecture);
  for (const { value, node } of listedArchitectures(profile, target)) {
    const listed = knownArchitecture(value, target);
    if (!listed) yield { message: `"${value}" is not an architecture: ${runtime} refuses the profile.`, span: node };
    else if (host && listed.endian !== host.endian)
      yield {
        message: `${value} has another byte order than ${host.name}: ${runtime} refuses the profile.`,
        span: node,
      };
  }
}

/** When names entered runc's list (runc: `libcontainer/seccomp/config.go`, 1d7b2971 and 885509af). */
const RUNC_SINCE: Readonly<Record<string, string>> = { SCMP_ARCH_RISCV64: '1.2.0', SCMP_ARCH_LOONGARCH64: '1.5.0' };

/** When libseccomp got to know architectures (its changelog), of those that came after 2.4. */
const LIBSECCOMP_SINCE: Readonly<Record<string, string>> = {
  SCMP_ARCH_RISCV64: '2.5.0',
  SCMP_ARCH_LOONGARCH64: '2.6.0',
  SCMP_ARCH_M68K: '2.6.0',
  SCMP_ARCH_SH: '2.6.0',
  SCMP_ARCH_SHEB: '2.6.0',
};

/** The architecture as the target knows it; undefined when it does not. runc has a list of its own, crun asks libseccomp. */
function knownArchitecture(name: string, target: Target): Architecture | undefined {
  const found = architectureFor(name, target);
  if (!found || lackOf(found, target)) return undefined;
  return found.runc || loaderOf(target) === 'crun' ? found : undefined;
}

/** Which part of the target is too old for an architecture, and the release that brought it: `libseccomp 2.6.0`. */
export function lackOf({ name }: Architecture, target: Target): string | undefined {
  const library = LIBSECCOMP_SINCE[name];
  if (library && isBefore(target.libseccomp, library)) return `libseccomp ${library}`;
  const runc = RUNC_SINCE[name];
  return runc && loaderOf(target) === 'runc' && isBefore(target.releases?.loader, runc) ? `runc ${runc}` : undefined;
}
