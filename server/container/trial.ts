import { type Bench, type Ran, runContainer } from './bench.ts';
import { compareResults } from './compare.ts';
import { wasLost } from './engine-problem.ts';
import { explain, innermost, wasKilledBeforeStart } from './explain.ts';
import type { WriteFile } from './folder.ts';
import { gentleFor } from './hazard.ts';
import { addProbeImage, type Measured, measure, measureDirectly, startOnly } from './measure.ts';
import type { Probe } from './probe/calls.ts';
import { filterStatus, hasFilter } from './probe/filter-status.ts';
import type { Outcome, ProbeReport, ProgramReport } from './report.ts';
import type { TestRequest } from './request.ts';

type Progress = (message: string) => void;
type MeasuredOnce = Extract<Measured, { kind: 'measured' }>;

/** The part of a test that makes containers. Throws {@link Stopped}; what it made is left for the caller to remove. */
export async function trial(
  bench: Bench,
  request: TestRequest,
  write: WriteFile,
  progress: Progress,
): Promise<Outcome> {
  const { engine } = bench;
  if (!engine.seccomp)
    return failed('This engine cannot filter syscalls: it, or its kernel, was built without seccomp.', '');
  if (!engine.probeArch) return failed(`There is no probe program for a machine of type ${engine.machine}.`, '');
  const profile = await write('profile.json', request.profile.text);
  const plan = request.plan(engine, engine.probeArch);
  const probes = [filterStatus(engine.probeArch), ...plan.probes];
  progress('Making a container image');
  const trouble = await addProbeImage(bench, engine.probeArch, probes);
  if (trouble !== undefined)
    return failed(wasLost(trouble) ? LOST : 'The engine did not take the probe image.', trouble);

  const obstacle = await tryGently(bench, request, probes.length, write, progress);
  if (obstacle) return obstacle;
  progress('Starting containers with the profile and without');
  const copyFile = plan.copy === undefined ? undefined : await write('copy.json', plan.copy);
  const [mine, natural, copy] = await together(
    measure(bench, 'profile', profile, probes.length),
    measure(bench, 'unconfined', 'unconfined', probes.length),
    copyFile === undefined ? undefined : measure(bench, 'copy', copyFile, probes.length),
  );
  if (natural.kind === 'refused') return nothingStarts(natural.raw);
  if (mine.kind === 'refused') return notStarted(mine.raw);
  const report = await probeReport(bench, probes, mine, natural, copy);
  if (report.kind !== 'probed') return report;
  return finish(bench, request, profile, report.probe, progress);
}

/**
 * A call of the runtime that ends one of its threads makes the engine wait for ever; one that ends its process does not.
 * So a profile with `SCMP_ACT_KILL` first has to start with `SCMP_ACT_KILL_PROCESS` in its place.
 */
export async function tryGently(
  bench: Bench,
  { profile }: Pick<TestRequest, 'profile'>,
  count: number,
  write: WriteFile,
  progress: Progress,
) {
  const gentle = gentleFor(bench, profile.text);
  if (gentle === profile.text) return undefined;
  progress('Checking that the container can start');
  const ran = await startOnly(bench, 'check', await write('check.json', gentle), count);
  if (ran.kind === 'ended') return undefined;
  if (wasLost(ran.raw)) return failed(LOST, ran.raw);
  return { ...notStarted(ran.raw), wouldHang: wasKilledBeforeStart(ran.raw) };
}

export async function probeReport(
  bench: Bench,
  probes: readonly Probe[],
  mine: MeasuredOnce,
  first: MeasuredOnce,
  copy: Measured | undefined,
) {
  // a child process and a first process have different parents and rights: like is compared with like
  const base =
    mine.mode === first.mode ? first : await measureDirectly(bench, 'unconfined-direct', 'unconfined', probes.length);
  if (base.kind === 'refused') return nothingStarts(base.raw);
  const [filter, ...results] = mine.results;
  const natural = base.results.slice(1);
  const inCopy = copy?.kind === 'measured' ? copy.results.slice(1) : [];
  const tried = compareResults(probes.slice(1), results, natural, inCopy);
  const untried = probes
    .slice(1)
    .flatMap((probe, i) => (results[i] && natural[i] ? [] : [{ probe, inCopy: inCopy[i] }]));
  const { exitCode, mute, runs, durationMs } = mine;
  const found: ProbeReport = { filtered: hasFilter(filter), tried, untried, exitCode, mute, runs, durationMs };
  return { kind: 'probed', probe: copy?.kind === 'refused' ? { ...found, copyRefused: copy.raw } : found } as const;
}

async function finish(bench: Bench, request: TestRequest, profile: string, probe: ProbeReport, progress: Progress) {
  const { image, command = [] } = request;
  if (!image) return { kind: 'ran', probe } as const;
  progress(`Running ${image}`);
  const [mine, natural] = await together(
    runContainer(bench, { id: 'program', image, command, seccomp: profile }),
    runContainer(bench, { id: 'program-unconfined', image, command, seccomp: 'unconfined' }),
  );
  const program: ProgramReport = { image, command, underProfile: programRun(mine), unconfined: programRun(natural) };
  return { kind: 'ran', probe, program } as const;
}

function programRun(ran: Ran): ProgramReport['underProfile'] {
  if (ran.kind === 'ended') return ran;
  const cause = explain(ran.raw);
  return { kind: 'refused', message: innermost(ran.raw), raw: ran.raw, ...(cause && { cause }) };
}

function notStarted(raw: string) {
  const cause = explain(raw);
  return { kind: 'not-started', message: innermost(raw), raw, ...(cause && { cause }) } as const;
}

const LOST = 'The engine stopped answering while the test ran.';

const nothingStarts = (raw: string) =>
  failed(wasLost(raw) ? LOST : 'Even a container without a profile does not start.', raw);

const failed = (message: string, raw: string) => ({ kind: 'failed', message, raw }) as const;

/** Waits for all even when one is stopped, so that nothing is made after the removal began. */
export async function together<T extends readonly unknown[]>(
  ...runs: T
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(runs);
  return Promise.all(runs);
}
