import type { TestCase } from '../../src/cases/model.ts';
import { architecture } from '../../src/catalog/index.ts';
import { type Policy, policyOf } from '../../src/policy/policy.ts';
import { parseProfile } from '../../src/profile/build.ts';
import { type Bench, Stopped } from '../bench.ts';
import { removeRun } from '../cleanup.ts';
import { wasLost } from '../engine-problem.ts';
import type { WriteFile } from '../folder.ts';
import { limited } from '../limited.ts';
import { addProbeImage, measure, startOnly } from '../measure.ts';
import { newRunId } from '../owner.ts';
import type { Probe } from '../probe/calls.ts';
import { filterStatus } from '../probe/filter-status.ts';
import type { ProbeArch } from '../probe/layout.ts';
import { DEFAULT_TIME_LIMIT_MS } from '../request.ts';
import { containerTarget } from '../target.ts';
import { probeReport, together, tryGently } from '../trial.ts';
import { type Judged, judge } from '../verify/judge.ts';
import { markedCopy } from '../verify/marked-copy.ts';
import { type AskedCall, questionsOf } from './calls.ts';
import { capabilityOptions } from './options.ts';
import { refusal } from './run-case.ts';

/** What the tries of calls gave under a profile, for containers with certain capabilities. */
export interface Measured {
  readonly kind: 'measured';
  readonly policy: Policy;
  readonly asked: ReadonlyMap<string, AskedCall>;
  readonly judged: readonly Judged[];
}

/** Why nothing can be run under the profile. */
export interface Unusable {
  readonly kind: 'unusable';
  readonly message: string;
}

/** What a measurement is made with. */
export interface Laboratory {
  readonly bench: Bench;
  readonly arch: ProbeArch;
  /** Calls that any of the cases asks about, as written. */
  readonly calls: readonly string[];
  readonly write: WriteFile;
  readonly profile: { readonly path: string; readonly text: string };
}

/** Which capabilities a container has decides what its filter is: containers with the same ones share a measurement. */
export const filterKey = ({ capabilities: { add, drop } }: TestCase): string =>
  [add, drop].map((names) => names.toSorted().join(' ')).join('/');

/**
 * Sees whether containers start under the profile with the capabilities of a case, and makes the calls under the profile,
 * under its marked copy, and without a profile, within a minute. Removes what it made. `id` sets its files apart.
 */
export async function measureCalls(lab: Laboratory, testCase: TestCase, id: string): Promise<Measured | Unusable> {
  const { engine, execute, options, signal: outer } = lab.bench;
  const { signal, release } = limited(outer, DEFAULT_TIME_LIMIT_MS);
  const own = [...options, ...capabilityOptions(testCase)];
  const bench: Bench = { ...lab.bench, runId: newRunId(), options: own, signal };
  const write: WriteFile = (name, text) => lab.write(`${id}-${name}`, text);
  try {
    return await measureOn({ ...lab, bench, write });
  } catch (error) {
    if (!(error instanceof Stopped) || outer.aborted) throw error;
    return unusable(`The engine did not finish the calls within ${DEFAULT_TIME_LIMIT_MS / 1000} s.`);
  } finally {
    release();
    await removeRun(engine, bench.runId, execute);
  }
}

async function measureOn(lab: Laboratory): Promise<Measured | Unusable> {
  const { bench, arch, profile, write } = lab;
  const target = containerTarget(bench.engine, bench.options);
  const asked = questionsOf(lab.calls, architecture(target.architecture)!);
  const probes = [filterStatus(arch), ...[...asked.values()].flatMap((each) => each.probes)];
  const trouble = await addProbeImage(bench, arch, probes);
  if (trouble !== undefined) return unusable(`The engine did not take the image of the tests: ${trouble.trim()}`);
  const gentle = await tryGently(bench, { profile }, probes.length, write, () => undefined);
  if (gentle) return unusable(notStarted(gentle.raw));
  const parsed = parseProfile(profile.text).profile;
  const policy = parsed && policyOf(parsed, target);
  if (!policy || asked.size === 0) {
    const ran = await startOnly(bench, 'start', profile.path, probes.length);
    if (ran.kind === 'refused') return unusable(notStarted(ran.raw));
    if (!policy) return unusable('The engine takes this file, but it is no profile with a valid defaultAction.');
    return { kind: 'measured', policy, asked, judged: [] };
  }
  return measureAsked(lab, probes, asked, policy);
}

async function measureAsked(
  { bench, profile, write }: Laboratory,
  probes: readonly Probe[],
  asked: Measured['asked'],
  policy: Policy,
): Promise<Measured | Unusable> {
  const copy = markedCopy(policy);
  const copyFile = copy && (await write('copy.json', copy.text));
  const [mine, natural, marked] = await together(
    measure(bench, 'profile', profile.path, probes.length),
    measure(bench, 'unconfined', 'unconfined', probes.length),
    copyFile === undefined ? undefined : measure(bench, 'copy', copyFile, probes.length),
  );
  if (mine.kind === 'refused') return unusable(notStarted(mine.raw));
  if (natural.kind === 'refused')
    return unusable(`Even a container without a profile does not start. ${refusal(natural.raw)}`);
  const report = await probeReport(bench, probes, mine, natural, marked);
  if (report.kind !== 'probed') return unusable(report.message);
  return { kind: 'measured', policy, asked, judged: judge(policy, copy, report.probe) };
}

const unusable = (message: string): Unusable => ({ kind: 'unusable', message });

const notStarted = (raw: string): string =>
  wasLost(raw) ? refusal(raw) : `No container starts under this profile. ${refusal(raw)}`;
