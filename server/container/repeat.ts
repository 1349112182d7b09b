import { gzipSync } from 'node:zlib';
import { imageProblem, type Limits, restrictions } from './commands.ts';
import { probeArchive, probeLimits } from './measure.ts';
import { filterStatus } from './probe/filter-status.ts';
import type { Report } from './report.ts';
import { DEFAULT_LIMITS } from './request.ts';
import { shellLine, shellQuote } from './shell.ts';

/** How to repeat a test by hand, in lines for a POSIX shell. People copy them; no code runs them. */
export interface Repeat {
  /** The line that runs the container under the profile. */
  readonly run: string;
  /** Lines that come before it: they make the probe image, which the test removed. Absent for the user's own image. */
  readonly prepare?: string;
  /** The line that removes what `prepare` made. */
  readonly remove?: string;
}

const TAG = 'localhost/seccomp-profiles-probe:by-hand';
const LINE = 120;

/** Undefined when no engine was found. A profile that has no file yet is called `profile.json`. */
export function repeatByHand({ engine, request, outcome }: Report): Repeat | undefined {
  if (!engine) return undefined;
  const { image, command = [], options = [], limits = DEFAULT_LIMITS, profile } = request;
  const env = Object.entries(engine.env).flatMap(([name, value]) =>
    // a shell cannot set others, and what stands in them would be run
    /^[A-Za-z_]\w*$/.test(name) ? `${name}=${shellQuote(value)} ` : [],
  );
  const cli = (...args: readonly string[]) => env.join('') + shellLine(engine.program, ...args);
  const seccomp = profile.path ?? 'profile.json';
  const run = (name: string, args: readonly string[], within: Limits) =>
    cli('run', '--rm', ...restrictions({ seccomp, limits: within, options }), name, ...args);
  if (image && !imageProblem(image) && (outcome.kind !== 'ran' || outcome.program))
    return { run: run(image, command, limits) };
  if (!engine.probeArch) return undefined;
  const probes = [filterStatus(engine.probeArch), ...request.plan(engine, engine.probeArch).probes];
  const archive = gzipSync(probeArchive({}, TAG, engine.probeArch, probes), { level: 9 });
  return {
    prepare: `base64 -d <<'END' | ${cli('load')}\n${lines(archive.toString('base64'))}\nEND`,
    run: run(TAG, ['isolated', '0'], probeLimits(limits, probes.length)),
    remove: cli('image', 'rm', TAG),
  };
}

const lines = (text: string) => text.match(new RegExp(`.{1,${LINE}}`, 'g'))!.join('\n');
