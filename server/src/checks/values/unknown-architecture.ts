import { type Architecture, architecture } from '../../catalog/index.ts';
import { lackOf } from '../../policy/refuse-architectures.ts';
import { architectureFor } from '../../policy/resolve.ts';
import { dialectOf } from '../../policy/target.ts';
import { arrayOf, type Profile, type Text } from '../../profile/model.ts';
import type { ArrayNode } from '../../syntax/tree.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { removeItems } from '../edits.ts';
import { engine, loadedByRunc, quote } from '../text/words.ts';
import { ARCHITECTURE_WORDS, crunReads, isCoverable } from './architectures.ts';
import { didYouMean, type Guess, guess, guessFixes, uncertain } from './guesses.ts';

export const unknownArchitecture: Check = {
  code: 'unknown-architecture',
  severity: 'error',
  scope: 'profile',
  summary: 'The architecture does not exist, or cannot be in a filter on this host.',
  explanation: `Names are compared to the letter: "string SCMP_ARCH_ARM64 is not a valid arch for seccomp" (runc:
\`libcontainer/seccomp/config.go\`); 64-bit ARM is \`SCMP_ARCH_AARCH64\`. \`SCMP_ARCH_NATIVE\` is refused too, and not needed: the
native architecture is always in the filter. crun takes \`x86_64\` without the prefix as well; no other runtime does. What came with a
later release of libseccomp than the target has is refused too.

A filter cannot hold architectures of both byte orders: on x86-64 or ARM a big-endian one is refused with "numerical argument
out of domain" (libseccomp: \`src/db.c\`, measured). In \`archMap\` only the entry of the host is looked at; the names in the
others are a warning.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_ARM64"],
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"],
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { profile } = context;
    if (!profile) return;
    for (const place of places(profile, context)) {
      const finding = findingFor(context, place);
      if (finding) yield finding;
    }
  },
};

interface Place {
  readonly text: Text;
  /** The list that the name stands in; absent for `architecture` of an `archMap` entry. */
  readonly list?: ArrayNode | undefined;
  /** The target's runtime looks at it. */
  readonly used: boolean;
}

function places(profile: Profile, { target }: CheckContext): readonly Place[] {
  const list = arrayOf(profile.view, 'architectures');
  const listed = profile.architectures.map((text) => ({ text, list, used: true }));
  const mapped = profile.archMap.flatMap((entry) => {
    const used = dialectOf(target.runtime) !== 'oci' && entry.architecture?.value === target.architecture;
    const subs = arrayOf(entry.view, 'subArchitectures');
    const own = entry.architecture ? [{ text: entry.architecture, used }] : [];
    return [...own, ...entry.subArchitectures.map((text) => ({ text, list: subs, used }))];
  });
  return [...listed, ...mapped].filter(({ text }) => text.node.closed);
}

function findingFor(context: CheckContext, place: Place): Finding | undefined {
  const known = architectureFor(place.text.value, context.target);
  const refused = known && place.used ? refusedHere(context, place, known) : undefined;
  return refused ?? (architecture(place.text.value) ? undefined : unknown(context, place));
}

/** What keeps an architecture that exists out of a filter on this host. */
function refusedHere(context: CheckContext, place: Place, known: Architecture): Finding | undefined {
  const { text } = place;
  const host = architecture(context.target.architecture);
  if (!known.runc && loadedByRunc(context))
    return {
      span: text.node,
      message: `${quote(text.value)} is known to crun alone: ${engine(context)} refuses the profile. Remove it.`,
    };
  const lack = lackOf(known, context.target);
  if (lack)
    return {
      span: text.node,
      message: `${text.value} came with ${lack}: ${engine(context)} refuses the profile with the older release here. Remove it.`,
      fixes: () => removal(context, place, false),
    };
  if (host && known.endian !== host.endian)
    return {
      span: text.node,
      message: `${text.value} is ${known.endian}-endian, the host ${host.endian}-endian: ${engine(context)} refuses a filter for both. Remove it, or use "archMap".`,
      fixes: () => removal(context, place, false),
    };
  return undefined;
}

function unknown(context: CheckContext, place: Place): Finding {
  const { text, used } = place;
  const native = /^(SCMP_ARCH_)?NATIVE$/i.test(text.value.trim());
  const sure = ({ value }: Guess): boolean => used && isCoverable(context, architecture(value)!);
  const guesses = native
    ? []
    : guess(text.value, ARCHITECTURE_WORDS).map((each) => (sure(each) ? each : uncertain(each)));
  const read = !loadedByRunc(context) && crunReads(text.value);
  const advice = native
    ? 'Remove it: the native architecture is always in the filter.'
    : didYouMean(guesses, 'Write one such as "SCMP_ARCH_X86_64".');
  return {
    span: text.node,
    severity: read ? 'information' : used ? 'error' : 'warning',
    message: read
      ? `Only crun reads ${quote(text.value)}; runc refuses the profile. ${advice}`
      : `${quote(text.value)} is no architecture${used ? `: ${engine(context)} refuses the profile` : ', so this entry does nothing'}. ${advice}`,
    fixes: () => (native ? removal(context, place, true) : guessFixes(text, guesses)),
  };
}

function removal({ document }: CheckContext, { text, list }: Place, safe: boolean): readonly Fix[] {
  if (!list) return [];
  return [{ title: `Remove "${text.value}"`, edits: removeItems(document.text, list, [text.node]), safe }];
}
