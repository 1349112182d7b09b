import type { TestCase } from '../../src/cases/model.ts';
import { type Policy, policyOf } from '../../src/policy/policy.ts';
import type { Target } from '../../src/policy/target.ts';
import { parseProfile } from '../../src/profile/build.ts';
import type { Bench } from '../bench.ts';
import { type Measured as Measurement, measure, measureDirectly, startOnly } from '../measure.ts';
import { both, tryGently, type WriteFile } from '../trial.ts';
import type { Measurements, Questions } from './calls.ts';
import { instrumented } from './instrument.ts';
import { capabilityOptions } from './options.ts';
import { refusal } from './run-case.ts';
import { caseTarget } from './target.ts';

/** What the tries of calls gave under a profile, for containers with certain capabilities. */
export interface Measured {
  readonly kind: 'measured';
  readonly policy: Policy;
  readonly questions: Questions;
  readonly results: Measurements;
}

/** Why nothing can be run under the profile. */
export interface Unusable {
  readonly kind: 'unusable';
  readonly message: string;
}

/** What a measurement is made with. */
export interface Laboratory {
  readonly bench: Bench;
  readonly target: Target;
  readonly questions: Questions;
  readonly write: WriteFile;
  readonly profile: { readonly path: string; readonly text: string };
}

/** Which capabilities a container has decides what its filter is: containers with the same ones share a measurement. */
export const filterKey = ({ capabilities: { add, drop } }: TestCase): string =>
  [add, drop].map((names) => names.toSorted().join(' ')).join('/');

/**
 * Sees whether containers start under the profile with the capabilities of a case, and makes the calls in one under the
 * instrumented copy and in one without a profile. `id` sets its containers apart.
 */
export async function measureCalls(lab: Laboratory, testCase: TestCase, id: string): Promise<Measured | Unusable> {
  const { questions, target, write, profile } = lab;
  const parsed = parseProfile(profile.text).profile;
  const policy = parsed && policyOf(parsed, caseTarget(target, testCase));
  const bench: Bench = { ...lab.bench, options: [...lab.bench.options, ...capabilityOptions(testCase)] };
  const count = questions.probes.length;
  const refused = await startProblem(lab, bench, id, count);
  if (refused !== undefined) return unusable(refused);
  if (!policy) return unusable('The engine takes this profile, but it is none: it has no valid defaultAction.');
  if (count === 0) return { kind: 'measured', policy, questions, results: { underProfile: [], unconfined: [] } };
  const copy = await write(`${id}-instrumented.json`, instrumented(profile.text, policy));
  const [mine, natural] = await both(
    measure(bench, `${id}-profile`, copy, count),
    measure(bench, `${id}-unconfined`, 'unconfined', count),
  );
  if (natural.kind === 'refused')
    return unusable(`Even a container without a profile does not start. ${refusal(natural.raw)}`);
  const results = await comparable(bench, id, mine, natural, count);
  return { kind: 'measured', policy, questions, results };
}

const unusable = (message: string): Unusable => ({ kind: 'unusable', message });

/** Why the test's own program does not start under the profile as it is written. */
async function startProblem({ profile, write }: Laboratory, bench: Bench, id: string, count: number) {
  const gentle = await tryGently(
    bench,
    { profile },
    count,
    (name, text) => write(`${id}-${name}`, text),
    () => undefined,
  );
  if (gentle)
    return `No container starts under this profile. ${gentle.cause ? `${gentle.cause} ` : ''}The engine says: ${gentle.message}`;
  const ran = await startOnly(bench, `${id}-start`, profile.path, count);
  return ran.kind === 'refused' ? `No container starts under this profile. ${refusal(ran.raw)}` : undefined;
}

/**
 * A child process and a first process have different parents and rights, so like is compared with like. A copy under
 * which nothing starts tells nothing: its errnos are not those that a runtime may rely on.
 */
async function comparable(
  bench: Bench,
  id: string,
  mine: Measurement,
  natural: Measurement,
  count: number,
): Promise<Measurements> {
  if (mine.kind === 'refused' || natural.kind === 'refused') return { underProfile: [], unconfined: [] };
  if (mine.mode === natural.mode) return { underProfile: mine.results, unconfined: natural.results };
  const base = await measureDirectly(bench, `${id}-direct`, 'unconfined', count);
  return { underProfile: mine.results, unconfined: base.kind === 'refused' ? [] : base.results };
}
