import { syscall, syscallNames } from '../../src/catalog/index.ts';
import { evaluate, isPredicted } from '../../src/policy/evaluate.ts';
import { type Policy, policyOf } from '../../src/policy/policy.ts';
import type { Refusal } from '../../src/policy/refuse.ts';
import { LATER_KEYS } from '../../src/policy/resolve.ts';
import { compareVersions, type Target } from '../../src/policy/target.ts';
import { ENGINE_NAME } from '../cli.ts';
import type { Engine } from '../engine.ts';
import { releaseIn } from '../target.ts';
import { callOf } from './call.ts';
import { agrees, type Judged } from './judge.ts';

/** What is known of the engine when differences are explained. */
export interface Circumstances {
  readonly engine: Engine;
  /** The engine as it is. */
  readonly target: Target;
  /** What is expected: the profile in today's release of the engine, with the newest libseccomp. */
  readonly policy: Policy;
}

/** Explains a difference by what sets the engine apart; undefined where nothing known does. */
export type Explain = (judged: Judged) => string | undefined;

/** One thing that sets the engine apart from its current release. */
interface Part {
  /** Changes a target of today to one with this part of the engine. */
  readonly apply: (target: Target) => Target;
  readonly text: (judged: Judged) => string;
}

/** Looks for the fewest things that set the engine apart and with which a difference is as expected. */
export function explainer(circumstances: Circumstances, judged: readonly Judged[]): Explain {
  if (judged.every((each) => each.agrees)) return () => undefined;
  const { policy } = circumstances;
  const causes = combinations(partsOf(circumstances, judged)).map((parts) => ({
    world: worldOf(
      policy,
      parts.reduce((target, { apply }) => apply(target), policy.target),
    ),
    text: (call: Judged) => parts.map(({ text }) => text(call)).join('; '),
  }));
  return (call) => causes.find(({ world }) => world(call))?.text(call);
}

function partsOf(circumstances: Circumstances, judged: readonly Judged[]): readonly Part[] {
  const { engine, target } = circumstances;
  const { engine: reader, loader } = target.releases ?? {};
  const libseccomp = likelyLibseccomp(circumstances, judged);
  const library = libraryInWords(engine, libseccomp);
  return [
    {
      apply: (world) => ({ ...world, releases: { ...world.releases, ...(reader && { engine: reader }) } }),
      text: () => unread(engine, ['defaultErrnoRet']),
    },
    { apply: (world) => ({ ...world, libseccomp }), text: (call) => dropped(call, libseccomp, library) },
    {
      apply: (world) => ({ ...world, releases: { ...world.releases, ...(loader && { loader }) } }),
      text: () =>
        `runc ${loader} answers newer calls with ENOSYS only where the profile lists the machine's architecture`,
    },
  ];
}

/** Every choice of at least one, those of fewer first. */
function combinations<T>(items: readonly T[]): readonly (readonly T[])[] {
  return choices(items)
    .filter(({ length }) => length > 0)
    .toSorted((one, other) => one.length - other.length);
}

function choices<T>([first, ...rest]: readonly T[]): readonly (readonly T[])[] {
  if (first === undefined) return [[]];
  const without = choices(rest);
  return [...without.map((each) => [first, ...each]), ...without];
}

/** Whether a call that differs is as expected for a target. */
function worldOf({ profile }: Policy, target: Target): (judged: Judged) => boolean {
  const policy = policyOf(profile, target);
  return ({ tried, seen }) => policy !== undefined && agrees(evaluate(policy, callOf(policy, tried.probe))!, seen);
}

/** Why the engine does not refuse what its current release refuses. */
export function whyTaken({ rule, span }: Refusal, { engine, policy }: Circumstances): string {
  const later = policy.profile.view.members.filter(({ spec }) => spec && LATER_KEYS.includes(spec.key));
  if (rule || later.length === 0) return `${inShort(engine)} does not refuse it yet`;
  const own = later.filter(({ member: { value } }) => value && value.start <= span.start && span.end <= value.end);
  // an errno that is too large is blamed on the action
  return unread(engine, [...new Set((own.length > 0 ? own : later).map(({ spec }) => spec!.key))]);
}

const inShort = ({ kind, version }: Engine): string => `${ENGINE_NAME[kind]} ${version}`;

const unread = (engine: Engine, keys: readonly string[]): string =>
  `${inShort(engine)} does not read ${keys.map((key) => `\`${key}\``).join(', ')}`;

function libraryInWords(engine: Engine, libseccomp: string): string {
  const told = releaseIn(engine.libseccomp);
  if (told === libseccomp) return `libseccomp ${told}`;
  const measured = `older than ${after(libseccomp)}, by what was measured`;
  return told ? `libseccomp (${told} with later names, ${measured})` : `libseccomp (${measured})`;
}

function dropped({ tried: { probe }, expected }: Judged, libseccomp: string, library: string): string {
  const since = syscall(probe.name)?.libseccomp ?? '0';
  const named = isPredicted(expected) && expected.reason.kind === 'rule';
  if (named && compareVersions(since, libseccomp) > 0)
    return `the engine's ${library} does not know this name, so it is dropped`;
  return `the engine's ${library} does not know the newest names of this profile, so that runc answers ENOSYS from a lower number on`;
}

const releases = (): readonly string[] =>
  [...new Set(syscallNames().map((name) => syscall(name)!.libseccomp))].sort(compareVersions);

/** The release that follows, as far as releases brought names. */
const after = (libseccomp: string): string =>
  releases().find((release) => compareVersions(release, libseccomp) > 0) ?? libseccomp;

/**
 * The release just before one that brought a name that differs, if most of what was measured is as with that. Distributions
 * add names to the release that a library calls itself, so it may be later than what the engine tells.
 */
function likelyLibseccomp({ engine, target, policy }: Circumstances, judged: readonly Judged[]): string {
  const told = releaseIn(engine.libseccomp) ?? '0';
  const newer = new Set(
    judged.flatMap(({ agrees, tried }) => (agrees ? [] : (syscall(tried.probe.name)?.libseccomp ?? []))),
  );
  const candidates = releases().filter(
    (each, i, all) => compareVersions(each, told) > 0 && newer.has(all[i + 1] ?? ''),
  );
  const scored = [...new Set([...candidates, target.libseccomp])].map((libseccomp) => ({
    libseccomp,
    score: judged.filter(worldOf(policy, { ...target, libseccomp })).length,
  }));
  const best = Math.max(...scored.map(({ score }) => score));
  return scored.findLast(({ score }) => score === best)!.libseccomp;
}
