import { addImage, imageTag, type Ran, runContainer } from '../bench.ts';
import { explain, innermost } from '../explain.ts';
import { probeArchive } from '../measure.ts';
import { labelsOf } from '../owner.ts';
import { filterStatus } from '../probe/filter-status.ts';
import { shellLine } from '../shell.ts';
import type { Attempt, Criterion } from './criterion.ts';
import type { Stand } from './stand.ts';

/** What a command has to do to pass. */
export interface Expectation {
  /** Exit status; 0 when absent. */
  readonly status?: number;
  /** What standard output must match. */
  readonly stdout?: RegExp;
  /** What standard error must match. */
  readonly stderr?: RegExp;
}

/** A criterion that runs a program in an image of the engine; the image's own where the command is empty. */
export function commandCriterion(
  stand: Stand,
  image: string,
  command: readonly string[],
  expectation: Expectation = {},
): Criterion {
  const judge = (ran: Ran): Attempt => (ran.kind === 'ended' ? judged(ran, expectation) : refused(ran.raw));
  return {
    label: command.length > 0 ? shellLine(...command) : image,
    programs: [{ image, command }],
    passes: async (seccomp, signal) => {
      const id = `try-${stand.next()}`;
      try {
        return judge(await runContainer({ ...stand.bench, signal }, { id, image, command, seccomp }));
      } finally {
        stand.discard(id);
      }
    },
  };
}

/** A criterion that a container starts, by the smallest program there is. Yields what the engine said when it takes no image. */
export async function startCriterion(stand: Stand): Promise<Criterion | string> {
  const { bench } = stand;
  const { probeArch } = bench.engine;
  if (!probeArch) return `There is no probe program for a machine of type ${bench.engine.machine}.`;
  const archive = probeArchive(labelsOf(bench.runId), imageTag(bench.runId), probeArch, [filterStatus(probeArch)]);
  const trouble = await addImage(bench, archive);
  if (trouble !== undefined) return trouble;
  const criterion = commandCriterion(stand, imageTag(bench.runId), ['direct', '1']);
  return { ...criterion, label: 'a container starts', programs: [] };
}

function judged(ran: Extract<Ran, { kind: 'ended' }>, { status = 0, stdout, stderr }: Expectation): Attempt {
  const wrong = [
    ran.exitCode !== status && `exit status ${ran.exitCode}`,
    ran.outOfMemory && 'out of memory',
    ran.flooded && 'too much output',
    stdout && !stdout.test(ran.stdout) && `standard output does not match ${stdout}`,
    stderr && !stderr.test(ran.stderr) && `standard error does not match ${stderr}`,
  ].filter((each) => typeof each === 'string');
  const what = wrong.length > 0 ? wrong.join(', ') : `exit status ${status}`;
  const output = [ran.stdout, ran.stderr].filter(Boolean).join('\n');
  return { passed: wrong.length === 0, started: true, what, output, durationMs: ran.durationMs };
}

const refused = (raw: string): Attempt => ({
  passed: false,
  started: false,
  what: explain(raw) ?? innermost(raw),
  output: raw,
  durationMs: 0,
});
