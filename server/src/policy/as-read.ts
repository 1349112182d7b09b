import { profileFrom } from '../profile/build.ts';
import type { Decoder } from '../profile/decode.ts';
import { CRUN_WITH_JSON_C, CRUN_WITH_YAJL } from '../profile/decode-crun.ts';
import { decoderOfGo } from '../profile/decode-go.ts';
import {
  effectiveMember,
  type MemberView,
  type ObjectView,
  type Profile,
  type Rule,
  viewsIn,
  viewsOutsideRules,
} from '../profile/model.ts';
import type { Node } from '../syntax/tree.ts';
import { type Dialect, dialectOf, isBefore, readsOnlyRules, runtimeLabel, type Target } from './target.ts';

/** Types of moby's `profiles/seccomp/seccomp.go`, containers' `common/pkg/seccomp/types.go`, OCI's `specs-go/config.go`. */
const OF_DIALECT: Readonly<Record<Dialect, Decoder>> = {
  docker: decoderOfGo({ dialect: 'docker', pointers: ['syscalls'], filters: true }),
  podman: decoderOfGo({ dialect: 'podman', pointers: ['syscalls', 'args'], filters: false }),
  oci: decoderOfGo({ dialect: 'oci', pointers: [], filters: false }),
};

/** moby: v20.10.24, `profiles/seccomp/seccomp.go`. */
const OLD_DOCKER = decoderOfGo({ dialect: 'docker', pointers: ['syscalls', 'args'], filters: false });

/** From this release on crun reads with json-c instead of yajl (crun: b62cfdda). */
const JSON_C = '1.28';

/** Whether the target's crun is one that reads with yajl. */
export function readsWithYajl({ releases }: Target): boolean {
  return isBefore(releases?.loader, JSON_C);
}

/** How the target's reader gets from JSON to values. */
function decoderFor(target: Target): Decoder {
  if (target.runtime === 'crun') return readsWithYajl(target) ? CRUN_WITH_YAJL : CRUN_WITH_JSON_C;
  return readsOnlyRules(target) ? OLD_DOCKER : OF_DIALECT[dialectOf(target.runtime)];
}

/**
 * The profile as the target's reader has it, which is not always what is written: a key may stand twice, in other letters, or
 * with null. The same object where nothing differs; a rule that is read as written stays the same object, one that is put
 * together from several has the place of the last of them. Linear in the profile, but once for each, and at once for one
 * that all read alike.
 */
export function asRead(profile: Profile, target: Target): Profile {
  if (profile.isReadAlike) return profile;
  const decoder = decoderFor(target);
  const known = READ.get(decoder) ?? new WeakMap<Profile, Profile>();
  READ.set(decoder, known);
  const read = known.get(profile) ?? readBy(decoder, profile);
  known.set(profile, read).set(read, read);
  return read;
}

/** Asked for several times for a version. */
const READ = new WeakMap<Decoder, WeakMap<Profile, Profile>>();

function readBy(decoder: Decoder, profile: Profile): Profile {
  const same = new Map(
    profile.rules.flatMap((rule) => (viewsIn(rule).every(decoder.isAsWritten) ? [[rule.view.node, rule]] : [])),
  );
  const isSame = same.size === profile.rules.length && viewsOutsideRules({ profile }).every(decoder.isAsWritten);
  if (isSame) return profile;
  const read = profileFrom(profile.view.node, decoder);
  const rules = read.rules.map((rule) => {
    const written = same.get(rule.view.node);
    return written?.position === rule.position ? written : rule;
  });
  return { ...read, rules };
}

/** The rule that the target's reader has at the place of one of a profile; that one itself where it has none there, or stands alone. */
export function ruleAsRead(profile: Profile | undefined, rule: Rule, target: Target): Rule {
  if (!profile || profile.isReadAlike) return rule;
  const read = asRead(profile, target).rules[rule.position];
  return read?.view.node.start === rule.view.node.start ? read : rule;
}

/** The members of an object as the target's reader tells which of them count. */
export function membersAsRead({ kind, node }: ObjectView, target: Target): readonly MemberView[] {
  return decoderFor(target).members(kind, node);
}

/** The nulls in a list of objects for which the target's reader refuses the profile, or fails, see {@link Decoder.holes}. */
export function holesIn(view: ObjectView, key: 'syscalls' | 'args', target: Target): readonly Node[] {
  return decoderFor(target).holes(view, key);
}

/** Whether all that the target's reader has of a profile is where it is written, see {@link Decoder.isInPlace}. */
export function isReadInPlace(profile: Profile, target: Target): boolean {
  if (profile.isReadAlike) return true;
  const { isInPlace } = decoderFor(target);
  return [...viewsOutsideRules({ profile }), ...profile.rules.flatMap(viewsIn)].every(isInPlace);
}

/** Why rules of a profile cannot be changed one by one, for a message; undefined where each stands for itself. */
export function whyNotInPlace(profile: Profile, target: Target): string | undefined {
  if (isReadInPlace(profile, target)) return undefined;
  const reader = runtimeLabel(target.runtime);
  return target.runtime === 'crun'
    ? 'crun reads this profile otherwise than it looks: a key stands twice or in other letters, or a number is none. Mend that first.'
    : `A key stands twice in this profile, and ${reader} mixes what is behind the two. Remove one of them first.`;
}

/** Whether the target's reader sees a key as it is spelt: crun wants it to the letter. */
export function isSeen(target: Target, view: ObjectView, key: string): boolean {
  return target.runtime !== 'crun' || effectiveMember(view, key)?.member.key.value === key;
}
