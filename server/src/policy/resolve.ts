import { type Architecture, action as actionTerm, architecture, errnoByName } from '../catalog/index.ts';
import type { EditedProfile } from '../profile/edit.ts';
import { type Condition, type Profile, type Rule, type RuleFilter, ruleNames, type Text } from '../profile/model.ts';
import { countWhere } from '../syntax/bisect.ts';
import { asRead } from './as-read.ts';
import { dialectOf, type Loader, loaderOf, readsOnlyRules, type Target } from './target.ts';

/** What a call gets. KILL is the old name of KILL_THREAD and never appears here. */
export interface Outcome {
  /** `SCMP_ACT_ERRNO`. */
  readonly action: string;
  /** With ERRNO the errno returned (0 to 65535), with TRACE the tracer's message; absent for other actions. */
  readonly errno?: number;
}

/** A rule as the runtime would hand it to libseccomp. */
export interface ResolvedRule {
  readonly rule: Rule;
  readonly names: readonly Text[];
  readonly outcome: Outcome;
}

/** Why the runtime leaves a rule out. */
export type SkipReason = 'includes' | 'excludes' | 'no-names' | 'invalid-action';

/** A profile after the runtime has read it, before libseccomp. */
export interface Resolved {
  /** No filter is loaded at all. */
  readonly unconfined: boolean;
  /** Absent when `defaultAction` is missing or unknown: no engine loads such a profile. */
  readonly default: Outcome | undefined;
  /** Architectures in the filter, the native one first. */
  readonly architectures: readonly Architecture[];
  readonly rules: readonly ResolvedRule[];
  readonly skipped: readonly { readonly rule: Rule; readonly reason: SkipReason }[];
}

/**
 * Reads a profile as the target's runtime does (moby: `profiles/seccomp/seccomp_linux.go`; containers:
 * `common/pkg/seccomp`; OCI consumers read the bare OCI keys). Linear in the profile.
 */
export function resolve(written: Profile, target: Target): Resolved {
  const profile = asRead(written, target);
  const rules: ResolvedRule[] = [];
  const skipped: { rule: Rule; reason: SkipReason }[] = [];
  for (const rule of profile.rules) {
    const resolved = resolveRule(rule, target);
    if (typeof resolved === 'string') skipped.push({ rule, reason: resolved });
    else rules.push(resolved);
  }
  return {
    unconfined: !profile.defaultAction?.value && profile.rules.length === 0,
    default: outcomeOf(profile.defaultAction, defaultErrno(profile, target)),
    architectures: resolveArchitectures(profile, target),
    rules,
    skipped,
  };
}

/**
 * What a rule of the profile is handed on as; undefined where it is left out. By its place, since a reader may have another
 * object for it, see {@link asRead}.
 */
export function resolvedRule({ rules }: Resolved, rule: Rule): ResolvedRule | undefined {
  return atPlaceOf(rules, rule);
}

/** Why the runtime leaves a rule of the profile out; undefined where it hands it on. By its place, as {@link resolvedRule}. */
export function skipReason({ skipped }: Resolved, rule: Rule): SkipReason | undefined {
  return atPlaceOf(skipped, rule)?.reason;
}

function atPlaceOf<T extends { readonly rule: Rule }>(list: readonly T[], { position, view }: Rule): T | undefined {
  const found = atPosition(list, position);
  // crun may read another list of rules than the one that is shown
  return found?.rule.view.node.start === view.node.start ? found : undefined;
}

/** In a list in the order of the rules. */
function atPosition<T extends { readonly rule: Rule }>(list: readonly T[], position: number): T | undefined {
  const found = list[countWhere(list, ({ rule }) => rule.position < position)];
  return found?.rule.position === position ? found : undefined;
}

/** A rule of a profile that became another one; undefined where the runtime leaves it out. */
export interface ChangedRule {
  readonly position: number;
  readonly before: ResolvedRule | undefined;
  readonly after: ResolvedRule | undefined;
  /** The one name that changed, where the rule stayed the same object. */
  readonly name?: { readonly before: Text; readonly after: Text };
}

/**
 * The same as to resolve the profile anew after the inside of one rule changed. Undefined where the rules that count are
 * not those of the text, so that the whole profile must be read.
 */
export function resolveAgain(
  resolved: Resolved,
  { document, before, after, name }: EditedProfile,
  target: Target,
): { readonly resolved: Resolved; readonly change: ChangedRule } | undefined {
  if (!before.isReadAlike || !document.profile?.isReadAlike) return undefined;
  const { position } = after;
  if (name) {
    const rule = atPosition(resolved.rules, position);
    return { resolved: { ...resolved }, change: { position, before: rule, after: rule, name } };
  }
  const found = resolveRule(after, target);
  const [rule, reason] = typeof found === 'string' ? [undefined, found] : [found, undefined];
  const rules = exchangedAt(resolved.rules, position, rule);
  const skipped = exchangedAt(resolved.skipped, position, reason && { rule: after, reason });
  const change = { position, before: atPosition(resolved.rules, position), after: rule };
  return { resolved: { ...resolved, rules, skipped }, change };
}

/** A list in the order of the rules, with another element for one position, or none. */
function exchangedAt<T extends { readonly rule: Rule }>(
  list: readonly T[],
  position: number,
  element: T | undefined,
): readonly T[] {
  const from = countWhere(list, ({ rule }) => rule.position < position);
  const gone = list[from]?.rule.position === position ? 1 : 0;
  if (!element && gone === 0) return list;
  return list.toSpliced(from, gone, ...(element ? [element] : []));
}

/** Which filter of a rule drops it before anything else of it is looked at; readers of bare OCI know none. */
export function leftOutBy({ includes, excludes }: Rule, target: Target): 'includes' | 'excludes' | undefined {
  if (dialectOf(target.runtime) === 'oci') return undefined;
  if (excludes && excludesMatch(excludes, target)) return 'excludes';
  return includes && !includesMatch(includes, target) ? 'includes' : undefined;
}

/** Podman and CRI-O drop a rule without names before they look at the rest of it (measured with Podman). */
export function dropsNameless({ runtime }: Target): boolean {
  return dialectOf(runtime) === 'podman';
}

function resolveRule(rule: Rule, target: Target): ResolvedRule | SkipReason {
  const dialect = dialectOf(target.runtime);
  const filter = leftOutBy(rule, target);
  if (filter) return filter;
  const names = dialect === 'oci' ? rule.names : ruleNames(rule);
  if (names.length === 0) return 'no-names';
  const outcome = outcomeOf(rule.action, ruleErrno(rule, target));
  return outcome ? { rule, names, outcome } : 'invalid-action';
}

/** Errno of a rule: the target's reading of `errno` and `errnoRet`, EPERM when neither counts. */
function ruleErrno(rule: Rule, target: Target): bigint | undefined {
  return podmanErrno(rule.errno, target) ?? rule.errnoRet?.value;
}

function defaultErrno(profile: Profile, target: Target): bigint | undefined {
  if (readsOnlyRules(target)) return undefined;
  return podmanErrno(profile.defaultErrno, target) ?? profile.defaultErrnoRet?.value;
}

/** What the format knows beside the default action, the architectures and the rules, see {@link readsOnlyRules}. */
export const LATER_KEYS: readonly string[] = ['defaultErrnoRet', 'flags', 'listenerPath', 'listenerMetadata'];

/** Podman and CRI-O also take an errno as text, and prefer it. */
function podmanErrno(text: Text | undefined, target: Target): bigint | undefined {
  return text?.value && dialectOf(target.runtime) === 'podman' ? errnoOfText(text.value) : undefined;
}

/** The largest errno that libseccomp takes (libseccomp: `src/system.c`). */
export const LARGEST_ERRNO = 4094;

/** An errno by name or as a decimal number of 32 bits (containers: `common/pkg/seccomp`, `getErrno`). */
export function errnoOfText(text: string): bigint | undefined {
  const number = /^[0-9]+$/.test(text) ? BigInt(text) : undefined;
  if (number !== undefined) return number < 2n ** 32n ? number : undefined;
  const known = errnoByName(text)?.number;
  return known === undefined ? undefined : BigInt(known);
}

/** The action with its errno; runc and crun keep 16 bits of it (libseccomp: `SCMP_ACT_ERRNO(x)`). */
export function outcomeOf(text: Text | undefined, errno: bigint | undefined): Outcome | undefined {
  const term = text && actionTerm(text.value);
  if (!term) return undefined;
  if (!term.takesErrno) return { action: term.name === 'SCMP_ACT_KILL' ? 'SCMP_ACT_KILL_THREAD' : term.name };
  return { action: term.name, errno: Number((errno ?? 1n) & 0xffffn) };
}

export function sameOutcome(a: Outcome, b: Outcome): boolean {
  return a.action === b.action && a.errno === b.errno;
}

/** Whether the call is executed. */
export function permits(outcome: Outcome): boolean {
  return outcome.action === 'SCMP_ACT_ALLOW' || outcome.action === 'SCMP_ACT_LOG';
}

/** Any exclude that matches drops the rule; capabilities are compared to the letter with the bounding set. */
export function excludesMatch(filter: RuleFilter, target: Target): boolean {
  return (
    (filter.arches.length > 0 && filter.arches.some((arch) => arch.value === hostSpelling(target))) ||
    filter.caps.some((cap) => target.capabilities.has(cap.value)) ||
    (readsKernel(filter, target) && kernelReached(filter.minKernel!.value, target))
  );
}

/** Every include must match: one of the architectures, all capabilities, the kernel. */
export function includesMatch(filter: RuleFilter, target: Target): boolean {
  if (filter.arches.length > 0 && !filter.arches.some((arch) => arch.value === hostSpelling(target))) return false;
  if (!filter.caps.every((cap) => target.capabilities.has(cap.value))) return false;
  return !readsKernel(filter, target) || kernelReached(filter.minKernel!.value, target);
}

function readsKernel(filter: RuleFilter, target: Target): boolean {
  return filter.minKernel !== undefined && dialectOf(target.runtime) === 'docker';
}

/** How `includes.arches` must spell the host for the target's runtime. */
export function hostSpelling(target: Target): string | undefined {
  const host = architecture(target.architecture);
  return dialectOf(target.runtime) === 'podman' ? host?.podman : host?.docker;
}

/** `"4.8"` against the host; an empty text is version 0.0. */
function kernelReached(text: string, target: Target): boolean {
  if (!target.kernel || text === '') return true;
  const [major = 0, minor = 0] = text.split('.').map(Number);
  return target.kernel[0] !== major ? target.kernel[0] > major : target.kernel[1] >= minor;
}

/** The architectures that {@link resolve} finds, without looking at the rules. */
export function coveredArchitectures(written: Profile, target: Target): readonly Architecture[] {
  return resolveArchitectures(asRead(written, target), target);
}

function resolveArchitectures(profile: Profile, target: Target): readonly Architecture[] {
  const names = [target.architecture, ...listedArchitectures(profile, target).map((text) => text.value)];
  return [...new Set(names.flatMap((name) => architectureFor(name, target) ?? []))];
}

/** What an architecture's name stands for: crun drops the prefix and ignores case (crun: `src/libcrun/seccomp.c`). */
export function architectureFor(name: string, target: Target): Architecture | undefined {
  if (loaderOf(target) === 'runc') return architecture(name);
  return architecture(`SCMP_ARCH_${name.replace(/^SCMP_ARCH_/, '').toUpperCase()}`);
}

/** The architectures that the profile adds on this host, as written. */
export function listedArchitectures(profile: Profile, target: Target): readonly Text[] {
  if (profile.architectures.length > 0 || dialectOf(target.runtime) === 'oci') return profile.architectures;
  const entry = profile.archMap.find((candidate) => candidate.architecture?.value === target.architecture);
  return entry ? [entry.architecture!, ...entry.subArchitectures] : [];
}

/**
 * Conditions as libseccomp gets them: all together, or one by one when an index repeats (runc: `matchCall`). crun looks
 * at the first six and drops the rest in silence (crun: `src/libcrun/seccomp.c`).
 */
export function conditionGroups(rule: Rule, loader: Loader = 'runc'): readonly (readonly Condition[])[] {
  const { conditions } = rule;
  const read = loader === 'runc' ? conditions : conditions.slice(0, 6);
  return indexRepeats(read) ? read.map((condition) => [condition]) : [read];
}

/** Whether conditions are one by one in the filter. Among more than six an index must repeat, or is none. */
function indexRepeats(conditions: readonly Condition[]): boolean {
  const seen = new Set<bigint>();
  return conditions.some(({ index }) => seen.size === seen.add(index?.value ?? 0n).size);
}
