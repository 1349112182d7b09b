import { syscall, syscallNames } from '../../src/catalog/index.ts';
import { type Answer, evaluate, isPredicted } from '../../src/policy/evaluate.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { compareVersions, type Target } from '../../src/policy/target.ts';
import type { Profile } from '../../src/profile/model.ts';
import type { Engine } from '../engine.ts';
import { callOf } from './call.ts';
import { type Habits, hasStub, policyOn, unread } from './engine-habits.ts';
import { agrees, type Judged } from './judge.ts';

/** What is known of the engine when differences are explained. */
export interface Circumstances {
  readonly engine: Engine;
  readonly profile: Profile;
  readonly target: Target;
  readonly habits: Habits;
}

/** Explains a difference by what sets the engine apart; undefined where nothing known does. */
export type Explain = (judged: Judged) => string | undefined;

const NO_HABITS: Habits = { defaultErrno: true, stubNeedsList: false };

/** Tries the engine's known habits, one by one and then together, on each difference. */
export function explainer(circumstances: Circumstances, judged: readonly Judged[]): Explain {
  const { engine, habits, target } = circumstances;
  if (judged.every((each) => each.agrees)) return () => undefined;
  const told = /^\d+\.\d+\.\d+/.exec(engine.libseccomp ?? '')?.[0];
  const libseccomp = told ?? likelyLibseccomp(circumstances, judged);
  const old: Target = { ...target, libseccomp };
  const runc = ['runc', engine.runtime.version].filter(Boolean).join(' ');
  const library = told ? `libseccomp ${told}` : `libseccomp (older than ${after(libseccomp)}, by what was measured)`;
  const errno = unread(engine);
  const list = `${runc} answers newer calls with ENOSYS only where the profile lists the machine's architecture`;
  const causes: readonly Cause[] = [
    { world: worldOf(circumstances, target, { ...NO_HABITS, defaultErrno: habits.defaultErrno }), text: () => errno },
    { world: worldOf(circumstances, old, NO_HABITS), text: (call) => dropped(call, libseccomp, library) },
    { world: worldOf(circumstances, target, { ...NO_HABITS, stubNeedsList: habits.stubNeedsList }), text: () => list },
    {
      world: worldOf(circumstances, old, habits),
      text: (call) =>
        [!habits.defaultErrno && errno, dropped(call, libseccomp, library), habits.stubNeedsList && list]
          .filter(Boolean)
          .join('; '),
    },
  ];
  return (call) => causes.find(({ world }) => world(call))?.text(call);
}

interface Cause {
  /** Whether a call that differs is as expected where this cause is at work. */
  readonly world: (judged: Judged) => boolean;
  readonly text: (judged: Judged) => string;
}

function worldOf({ profile }: Circumstances, target: Target, habits: Habits): Cause['world'] {
  const policy = policyOn(profile, target, habits);
  return ({ tried, seen }) => {
    if (!policy) return false;
    return agrees(answer(policy, habits, callOf(policy, tried.probe)), seen);
  };
}

/** Where runc answers nothing in front, the default decides. */
function answer(policy: Policy, habits: Habits, call: ReturnType<typeof callOf>): Answer {
  const found = evaluate(policy, call)!;
  if (!isPredicted(found) || found.reason.kind !== 'stub' || hasStub(policy, habits)) return found;
  return { outcome: policy.resolved.default!, reason: { kind: 'default' } };
}

function dropped({ tried: { probe }, expected }: Judged, libseccomp: string, library: string): string {
  const since = syscall(probe.name)?.libseccomp ?? '0';
  const named = isPredicted(expected) && expected.reason.kind === 'rule';
  if (named && compareVersions(since, libseccomp) > 0)
    return `the engine's ${library} does not know \`${probe.name}\`: the name is dropped`;
  return `the engine's ${library} does not know the newest names of this profile, so that runc answers ENOSYS from a lower number on`;
}

const releases = (): readonly string[] =>
  [...new Set(syscallNames().map((name) => syscall(name)!.libseccomp))].sort(compareVersions);

/** The release that follows, as far as releases brought names. */
const after = (libseccomp: string): string =>
  releases().find((release) => compareVersions(release, libseccomp) > 0) ?? libseccomp;

/** The release just before one that brought a name that differs, if most of what was measured is as with that. */
function likelyLibseccomp(circumstances: Circumstances, judged: readonly Judged[]): string {
  const { habits, target } = circumstances;
  const newer = new Set(
    judged.flatMap(({ agrees, tried }) => (agrees ? [] : (syscall(tried.probe.name)?.libseccomp ?? []))),
  );
  const candidates = releases().filter((_, i, all) => newer.has(all[i + 1] ?? ''));
  const scored = [...new Set([...candidates, target.libseccomp])].map((release) => {
    const world = worldOf(circumstances, { ...target, libseccomp: release }, habits);
    return { release, score: judged.filter(world).length };
  });
  const best = Math.max(...scored.map(({ score }) => score));
  return scored.findLast(({ score }) => score === best)!.release;
}
