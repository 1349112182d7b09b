import { actions, flag, operator, syscall } from '../catalog/index.ts';
import { type Profile, type Rule, ruleNames, type Text } from '../profile/model.ts';
import type { Span } from '../syntax/tree.ts';
import { asRead } from './as-read.ts';
import { clashOf } from './clash.ts';
import { takenSets } from './load.ts';
import { type Policy, policyOf } from './policy.ts';
import { refusedArchitectures } from './refuse-architectures.ts';
import { refusedByReader } from './refuse-reading.ts';
import {
  dropsNameless,
  errnoOfText,
  LARGEST_ERRNO,
  leftOutBy,
  type Resolved,
  type ResolvedRule,
  resolve,
  sameOutcome,
} from './resolve.ts';
import { compareVersions, dialectOf, isBefore, loaderOf, readsOnlyRules, runtimeLabel, type Target } from './target.ts';

/** Why a container with the profile does not start. */
export interface Refusal {
  /** What is wrong and who refuses it, for readers. */
  readonly message: string;
  readonly span: Span;
  readonly rule?: Rule;
}

/**
 * Everything for which the target's runtime or libseccomp refuses the profile, in the order in which it is met; empty for
 * a profile that loads. Says nothing of what depends on the machine (an agent that does not listen) or on libseccomp's
 * program (more than 4096 instructions), nor of rule sets whose fate is open (see `openSets`).
 */
export function refusals(written: Profile, target: Target): readonly Refusal[] {
  const profile = asRead(written, target);
  const resolved = resolve(profile, target);
  if (resolved.unconfined && target.runtime !== 'crun') return [...refusedByReader(written, target)];
  const question: Question = { profile, target, resolved, runtime: runtimeLabel(target.runtime) };
  const early = [refusedByReader(written, target), ...PARTS.map((part) => part(question))].flatMap((part) => [...part]);
  return early.length > 0 ? early : [...clashing(question)];
}

/** A profile, and what is known of how its target reads it. */
export interface Question {
  readonly profile: Profile;
  readonly target: Target;
  readonly resolved: Resolved;
  /** How messages name the runtime. */
  readonly runtime: string;
}

type Part = (question: Question) => Iterable<Refusal>;

const PARTS: readonly Part[] = [engineRules, flags, defaultAction, refusedArchitectures, notifying, rules];

/** What Docker and Podman look at before they hand the profile on. */
function* engineRules({ profile, target, runtime }: Question): Iterable<Refusal> {
  const dialect = dialectOf(target.runtime);
  if (dialect === 'oci') return;
  // Docker before 23 asks after it has filtered the rules, as Podman does
  const early = dialect === 'docker' && !readsOnlyRules(target);
  for (const rule of profile.rules) {
    if (rule.name?.value && rule.names.length > 0 && (early || !leftOutBy(rule, target)))
      yield {
        message: `A rule has both "name" and "names": ${runtime} refuses the profile.`,
        span: rule.name.node,
        rule,
      };
    const name = dialect === 'podman' && !leftOutBy(rule, target) ? rule.errno : undefined;
    if (name && !isErrno(name)) yield { ...unknownErrno(name, runtime), rule };
  }
  if (dialect === 'podman' && profile.defaultErrno && !isErrno(profile.defaultErrno))
    yield unknownErrno(profile.defaultErrno, runtime);
}

function isErrno({ value }: Text): boolean {
  return value === '' || errnoOfText(value) !== undefined;
}

function unknownErrno({ value, node }: Text, runtime: string): Refusal {
  return { message: `"${value}" is not an errno: ${runtime} refuses the profile.`, span: node };
}

function* flags({ profile, target, runtime }: Question): Iterable<Refusal> {
  if (readsOnlyRules(target)) return;
  const loader = loaderOf(target) === 'runc' ? target.releases?.loader : undefined;
  for (const { value, node } of profile.flags ?? []) {
    const known = flag(value);
    if (known && !isBefore(loader, known.runc)) continue;
    const what = known
      ? `runc ${loader} does not know "${value}", which came with ${known.runc}`
      : `"${value}" is not a filter flag`;
    yield { message: `${what}: ${runtime} refuses the profile.`, span: node };
  }
}

function* defaultAction({ profile, target, resolved, runtime }: Question): Iterable<Refusal> {
  const span = profile.defaultAction?.node ?? profile.view.node;
  if (!resolved.default) {
    const what = profile.defaultAction
      ? `"${profile.defaultAction.value}" is not an action`
      : '"defaultAction" is missing';
    yield { message: `${what}: ${runtime} refuses the profile.`, span };
  } else if (resolved.default.action === 'SCMP_ACT_NOTIFY' && loaderOf(target) === 'runc')
    yield { message: `SCMP_ACT_NOTIFY cannot be the default action: ${runtime} refuses the profile.`, span };
  else if (tooLarge(resolved.default)) yield { message: errnoMessage(resolved.default.errno!, runtime), span };
  yield* strayErrno(profile.defaultAction, profile.defaultErrnoRet, profile.defaultErrno, target);
}

function tooLarge({ action, errno = 0 }: { readonly action: string; readonly errno?: number }): boolean {
  return action === 'SCMP_ACT_ERRNO' && errno > LARGEST_ERRNO;
}

function errnoMessage(errno: number, runtime: string): string {
  return `The errno ${errno} is too large, ${LARGEST_ERRNO} is the most that libseccomp takes: ${runtime} refuses the profile.`;
}

/** crun wants an errno only beside the actions that have one, in 32 bits; Podman gives it one for a text, too. */
function* strayErrno(
  action: Text | undefined,
  number: Rule['errnoRet'],
  text: Text | undefined,
  target: Target,
): Iterable<Refusal> {
  const named = text?.value && dialectOf(target.runtime) === 'podman' ? text : undefined;
  const errno = named ?? number;
  if (loaderOf(target) !== 'crun' || !errno) return;
  const runtime = runtimeLabel(target.runtime);
  const takes = actions().find((term) => term.name === action?.value)?.takesErrno;
  if (action && !takes)
    yield { message: `${action.value} takes no errno: ${runtime} refuses the profile.`, span: errno.node };
  else if (typeof errno.value === 'bigint' && errno.value >= 2n ** 32n)
    yield { message: `${errno.value} does not fit into 32 bits: ${runtime} refuses the profile.`, span: errno.node };
}

/** runc needs `write` itself to reach the agent, and the agent's path, whether or not libseccomp knows the names. */
function* notifying(question: Question): Iterable<Refusal> {
  const { target, resolved, runtime } = question;
  if (loaderOf(target) !== 'runc') return;
  for (const { rule, names, outcome } of resolved.rules) {
    if (outcome.action !== 'SCMP_ACT_NOTIFY') continue;
    const write = names.find((name) => name.value === 'write');
    if (write)
      yield {
        message: `SCMP_ACT_NOTIFY cannot be used for "write": ${runtime} refuses the profile.`,
        span: write.node,
        rule,
      };
    else if (!hasListener(question) && names.length > 0)
      yield {
        message: `SCMP_ACT_NOTIFY needs "listenerPath": ${runtime} refuses the profile.`,
        span: rule.action!.node,
        rule,
      };
  }
}

function hasListener({ profile, target }: Question): boolean {
  return !readsOnlyRules(target) && Boolean(profile.listenerPath?.value);
}

function* rules(question: Question): Iterable<Refusal> {
  const { resolved, target, runtime } = question;
  for (const { rule, reason } of resolved.skipped) {
    const unnamed = reason === 'no-names' && !dropsNameless(target) && !isAction(rule.action);
    if (reason !== 'invalid-action' && !unnamed) continue;
    const what = rule.action ? `"${rule.action.value}" is not an action` : 'A rule has no action';
    yield { message: `${what}: ${runtime} refuses the profile.`, span: rule.action?.node ?? rule.view.node, rule };
  }
  for (const resolvedRule of resolved.rules) yield* ruleRefusals(question, resolvedRule);
  for (const rule of reachingRules(question)) yield* stray(rule, target);
}

function* stray(rule: Rule, target: Target): Iterable<Refusal> {
  for (const refusal of strayErrno(rule.action, rule.errnoRet, rule.errno, target)) yield { ...refusal, rule };
}

function reachingRules({ profile, target }: Question): readonly Rule[] {
  const named = (rule: Rule): boolean => dialectOf(target.runtime) === 'oci' || ruleNames(rule).length > 0;
  const reaching =
    dialectOf(target.runtime) === 'oci' ? profile.rules : profile.rules.filter((rule) => !leftOutBy(rule, target));
  return reaching.filter(named);
}

function isAction(text: Text | undefined): boolean {
  return text !== undefined && actions().some((term) => term.name === text.value);
}

/** What a rule is refused for once names and actions are read; one that libseccomp never sees is looked at less closely. */
function* ruleRefusals(
  { resolved, target, runtime }: Question,
  { rule, names, outcome }: ResolvedRule,
): Iterable<Refusal> {
  const runc = loaderOf(target) === 'runc';
  const redundant = resolved.default !== undefined && sameOutcome(outcome, resolved.default);
  const reached = !redundant && known(names, target).length > 0;
  const empty = runc && !redundant ? names.find((name) => name.value === '') : undefined;
  if (empty || (runc && names.some((name) => name.value === '')))
    yield { message: `A syscall has no name: ${runtime} refuses the profile.`, span: (empty ?? names[0]!).node, rule };
  if (reached && tooLarge(outcome))
    yield { message: errnoMessage(outcome.errno!, runtime), span: rule.errnoRet?.node ?? rule.view.node, rule };
  // crun looks at the first six
  for (const { op, index, view } of runc ? rule.conditions : rule.conditions.slice(0, 6)) {
    if ((runc || reached) && !(op && operator(op.value)))
      yield {
        message: `${op ? `"${op.value}" is not an operator` : 'A condition has no operator'}: ${runtime} refuses the profile.`,
        span: op?.node ?? view.node,
        rule,
      };
    if (reached && index && index.value > 5n)
      yield {
        message: `Argument ${index.value} does not exist, the last one is 5: ${runtime} refuses the profile.`,
        span: index.node,
        rule,
      };
  }
}

/** The names that libseccomp knows; a rule for another is dropped without a look at it. */
function known(names: readonly Text[], target: Target): readonly Text[] {
  return names.filter(({ value }) => {
    const found = syscall(value);
    return found !== undefined && compareVersions(found.libseccomp, target.libseccomp) <= 0;
  });
}

/** Rules that libseccomp cannot hold side by side. */
function* clashing({ profile, target, runtime }: Question): Iterable<Refusal> {
  const policy: Policy | undefined = policyOf(profile, target);
  for (const { table, name } of policy?.resolved.architectures ?? [])
    for (const rules of takenSets(policy!.filter(table)!)) {
      const clash = clashOf(rules);
      if (!clash || clash === 'open') continue;
      const { later } = clash;
      yield {
        message: `Two rules have the same conditions for "${later.name.value}" on ${name} and different actions: ${runtime} refuses the profile ("file exists").`,
        span: later.name.node,
        rule: later.source.rule,
      };
    }
}
