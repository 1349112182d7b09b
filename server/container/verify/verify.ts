import { architecture } from '../../src/catalog/index.ts';
import { type Policy, policyOf } from '../../src/policy/policy.ts';
import { refusals } from '../../src/policy/refuse.ts';
import { predictStartup } from '../../src/policy/startup.ts';
import { type Target, today } from '../../src/policy/target.ts';
import { parseProfile } from '../../src/profile/build.ts';
import type { Profile, ProfileDocument } from '../../src/profile/model.ts';
import { readSettings } from '../../src/settings.ts';
import type { Span } from '../../src/syntax/tree.ts';
import type { Engine } from '../engine.ts';
import type { Report } from '../report.ts';
import type { Plan, TestHost, TestRequest } from '../request.ts';
import { testProfile } from '../runner.ts';
import { containerTarget } from '../target.ts';
import { type Choice, chooseCalls } from './choose.ts';
import { type Judged, judge } from './judge.ts';
import { type MarkedCopy, markedCopy } from './marked-copy.ts';
import { type Circumstances, explainer, whyTaken } from './reasons.ts';

export type VerifyRequest = Omit<TestRequest, 'plan'>;

/** A test of every syscall, and how it compares with what the profile says. */
export interface Verification {
  readonly report: Report;
  readonly document: ProfileDocument;
  /** Absent where no container ran under the profile, or it makes no filter. */
  readonly verified?: Verified;
  /** Where no container starts: calls that the runtime needs before the program, which the profile denies. */
  readonly denied?: readonly string[];
}

export interface Verified {
  /** The profile's text. */
  readonly text: string;
  /** The profile as the engine would read it in its current release, with the newest libseccomp. */
  readonly policy: Policy;
  readonly judged: readonly Judged[];
  readonly differences: readonly Difference[];
  /** Why the engine should have refused the profile, which it did not. */
  readonly refusal?: Refused;
  /** Calls that were left out for their effect or their number, by name. */
  readonly spared: Choice['spared'];
}

export interface Refused {
  readonly message: string;
  readonly span: Span;
  /** Why it was not refused, where that is known. */
  readonly explanation?: string;
}

/** A call that got something else than the profile says. */
export interface Difference {
  readonly judged: Judged;
  /** Why, where it is known. */
  readonly explanation?: string;
}

interface Subject {
  /** The engine as it is. */
  readonly target: Target;
  /** For the engine in its current release. */
  readonly policy: Policy | undefined;
  /** For the engine as it is. */
  readonly own: Policy | undefined;
  readonly copy: MarkedCopy | undefined;
  readonly choice: Choice;
}

/**
 * Runs every syscall that can be made without harm under the profile, without it, and under a copy that marks each denial,
 * and compares what the calls got with what the policy engine says. Never rejects, as {@link testProfile}.
 */
export async function verifyProfile(request: VerifyRequest, host: TestHost = {}): Promise<Verification> {
  const document = parseProfile(request.profile.text);
  const { options = [] } = request;
  let subject: Subject | undefined;
  const plan = (engine: Engine): Plan => {
    subject ??= subjectFor(document.profile, engine, options);
    return { probes: subject.choice.probes, copy: subject.copy?.text };
  };
  const report = await testProfile({ ...request, plan }, host);
  const verified = subject && verifiedBy(report, subject, document.text);
  const denied = report.outcome.kind === 'not-started' && subject?.own ? deniedAtStart(subject.own) : [];
  return { report, document, ...(verified && { verified }), ...(denied.length > 0 && { denied }) };
}

function deniedAtStart(own: Policy): readonly string[] {
  const { fatal, risky } = predictStartup(own);
  return [...fatal, ...risky].map(({ name }) => name);
}

function subjectFor(profile: Profile | undefined, engine: Engine, options: readonly string[]): Subject {
  const target = containerTarget(engine, options);
  const policy = profile && policyOf(profile, { ...today(target), libseccomp: NEWEST });
  const own = profile && policyOf(profile, target);
  const copy = own && markedCopy(own);
  const choice = chooseCalls(policy, architecture(target.architecture)!);
  return { target, policy: policy?.resolved.unconfined ? undefined : policy, own, copy, choice };
}

const NEWEST = readSettings(undefined).target.libseccomp;

function verifiedBy({ outcome, engine }: Report, subject: Subject, text: string): Verified | undefined {
  const { target, policy, copy, choice } = subject;
  if (outcome.kind !== 'ran' || !policy || !engine) return undefined;
  const judged = judge(policy, copy, outcome.probe);
  const circumstances: Circumstances = { engine, target, policy };
  const explain = explainer(circumstances, judged);
  const differences = judged
    .filter(({ agrees }) => !agrees)
    .map((each): Difference => {
      const explanation = explain(each);
      return { judged: each, ...(explanation && { explanation }) };
    });
  const refusal = missedRefusal(circumstances);
  return { text, policy, judged, differences, ...(refusal && { refusal }), spared: choice.spared };
}

function missedRefusal(circumstances: Circumstances): Refused | undefined {
  const { target, policy } = circumstances;
  const { profile } = policy;
  const [first] = refusals(profile, policy.target);
  if (!first) return undefined;
  const explanation = refusals(profile, target).length === 0 ? whyTaken(first, circumstances) : undefined;
  return { message: first.message, span: first.span, ...(explanation && { explanation }) };
}
