import { ENGINE_NAME } from './cli.ts';
import type { Tried } from './compare.ts';
import { type Engine, engineLabel } from './engine.ts';
import { block, code, codes, count, prose, table } from './markdown.ts';
import { probeLabel } from './probe/calls.ts';
import { repeatByHand } from './repeat.ts';
import type { NotStarted, Outcome, ProbeReport, ProgramReport, ProgramRun, Report } from './report.ts';
import { verifiedParts } from './verify/render.ts';
import { verifiedHeadline } from './verify/summary.ts';
import type { Verification } from './verify/verify.ts';
import { resultText } from './verify/words.ts';

/** The outcome in a line: for a notification or a lens. */
export function headline({ report: { outcome, engine }, verified }: Verification): string {
  switch (outcome.kind) {
    case 'ran':
      return [
        ranHeadline(outcome.probe, verified && engine && verifiedHeadline(verified, engine)),
        ...fared(outcome),
      ].join('; ');
    case 'not-started':
      return outcome.wouldHang
        ? 'No container can start under this profile, and the engine would wait for it for ever'
        : 'No container starts under this profile';
    case 'no-engine':
      return 'No container engine to test with';
    case 'not-tried':
      return 'Not tried: this profile would make the engine hang';
    case 'timeout':
      return `Not finished within ${seconds(outcome.limitMs)}`;
    case 'cancelled':
      return 'Cancelled';
    case 'failed':
      return 'The test could not be made';
  }
}

function ranHeadline({ filtered, mute, tried }: ProbeReport, verified: string | undefined): string {
  if (!filtered) return 'The container starts, but without any filter';
  if (mute) return 'The container starts, but cannot write its results';
  if (verified) return verified;
  const denied = tried.filter(({ verdict }) => verdict !== 'same').length;
  return `The container starts; ${denied} of ${tried.length} calls tried were denied`;
}

function fared({ program }: Extract<Outcome, { kind: 'ran' }>): readonly string[] {
  return program ? [`${program.image} ${sameEnd(program) ? 'ends as without it' : 'does not end as without it'}`] : [];
}

/** The report as Markdown. */
export function renderMarkdown(verification: Verification): string {
  const { report } = verification;
  const { outcome, engine, request, durationMs } = report;
  const facts = [
    request.profile.path && `- Profile: ${code(request.profile.path)}`,
    engine && `- Engine: ${prose(engineLabel(engine))}${engine.rootless ? ', rootless' : ''}`,
    engine?.remote && `- The engine runs elsewhere${engine.endpoint ? `: ${code(engine.endpoint)}` : ''}`,
    ...outcomeFacts(outcome),
    `- Time: ${seconds(durationMs)}`,
  ];
  const parts = [
    `# ${prose(headline(verification))}`,
    facts.filter(Boolean).join('\n'),
    ...outcomeParts(outcome, verification),
    cleanupPart(report),
    ...repeatParts(report),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function outcomeFacts(outcome: Outcome): readonly string[] {
  if (outcome.kind !== 'ran') return [];
  const { exitCode, durationMs, runs } = outcome.probe;
  const restarts = runs > 1 ? `, in ${runs} containers because calls ended the program` : '';
  return [`- Container: started, exit status ${exitCode}, ${seconds(durationMs)}${restarts}`];
}

function outcomeParts(outcome: Outcome, { verified, denied, report }: Verification): readonly string[] {
  switch (outcome.kind) {
    case 'ran':
      return [
        ...(outcome.program ? programParts(outcome.program) : []),
        ...(verified && isTold(outcome.probe) ? verifiedParts(verified, outcome.probe) : probeParts(outcome.probe)),
      ];
    case 'not-started':
      return notStartedParts(outcome, deniedText(denied, report.engine));
    case 'no-engine':
      return [outcome.problems.map(({ kind, message }) => `- ${ENGINE_NAME[kind]}: ${prose(message)}`).join('\n')];
    case 'not-tried':
      return [prose(outcome.message)];
    case 'timeout':
      return [TIMEOUT[outcome.container], ...(outcome.output ? [block(outcome.output)] : [])];
    case 'cancelled':
      return [];
    case 'failed':
      return [prose(outcome.message), ...(outcome.raw ? [block(outcome.raw.trim())] : [])];
  }
}

const TIMEOUT = {
  none: 'The engine did not answer in time.',
  'not-started':
    'The engine did not finish starting the container. A `SCMP_ACT_KILL` that ends one of the runtime’s threads does ' +
    'that, and so do conditions from which the engine cannot build a filter.',
  running: 'The container started and its program did not end.',
  unknown: 'The engine does not say whether the container was started: it may be stuck, and may need a restart.',
} as const;

function deniedText(denied: readonly string[] = [], engine: Engine | undefined): string | undefined {
  if (denied.length === 0) return undefined;
  return `The profile denies what ${prose(engine?.runtime.name ?? 'the runtime')} calls before the program: ${codes(denied)}.`;
}

function notStartedParts(
  { message, cause, wouldHang, raw }: NotStarted,
  denied: string | undefined,
): readonly string[] {
  const hang =
    'With `SCMP_ACT_KILL_PROCESS` in the place of `SCMP_ACT_KILL` the container ends before its program starts. As ' +
    'written, only a thread of the runtime would end and the engine would wait for ever, so that was not tried.';
  const told = [cause && prose(cause), denied, wouldHang && hang].filter((part) => typeof part === 'string');
  return [...told, 'The engine says:', block(message || raw.trim())];
}

/** The program ran under a filter and could say what it saw. */
const isTold = ({ filtered, mute }: ProbeReport): boolean => filtered && !mute;

function probeParts({ filtered, tried, untried, mute }: ProbeReport): readonly string[] {
  const denied = tried.filter(({ verdict }) => verdict !== 'same');
  const none = 'None of the calls tried got another answer than without a profile.';
  const unreached = untried.map(({ probe }) => probeLabel(probe));
  return [
    ...(filtered ? [] : ['The engine made no filter from this profile: it has neither `defaultAction` nor rules.']),
    ...(mute ? ['The probe could not write its results: `write` is denied.'] : []),
    ...(mute ? [] : ['## Denied', denied.length > 0 ? deniedTable(denied) : none]),
    ...(unreached.length > 0 ? ['## Not reached', `The program did not get to these: ${codes(unreached)}.`] : []),
  ];
}

function programParts({ image, command, underProfile, unconfined }: ProgramReport): readonly string[] {
  return [
    `## ${code([image, ...command].join(' '))}`,
    `| | under the profile | without |\n|---|---|---|\n| end | ${endText(underProfile)} | ${endText(unconfined)} |`,
    ...outputPart('Output under the profile', underProfile),
    ...outputPart('Output without', unconfined),
  ];
}

function outputPart(title: string, run: ProgramRun): readonly string[] {
  const written =
    run.kind === 'ended' ? run.stdout + run.stderr : `${run.cause ? `${run.cause}\n\n` : ''}${run.message}`;
  return written.trim() ? [`${title}:`, block(written.trimEnd())] : [];
}

function endText(run: ProgramRun): string {
  if (run.kind === 'refused') return 'not started';
  const why = [run.flooded && 'wrote too much', run.outOfMemory && 'out of memory'].filter(Boolean).join(', ');
  return `exit status ${run.exitCode}${why && ` (${why})`}, ${seconds(run.durationMs)}`;
}

const sameEnd = ({ underProfile: a, unconfined: b }: ProgramReport) =>
  a.kind === 'ended' && b.kind === 'ended' && a.exitCode === b.exitCode;

function repeatParts(report: Report): readonly string[] {
  const repeat = repeatByHand(report);
  if (!repeat) return [];
  const hangs = report.outcome.kind === 'not-started' && report.outcome.wouldHang;
  const careful = 'Careful: this line does not return, and the container that it leaves may resist removal.';
  const lines = [...(hangs ? [careful] : []), block(repeat.run, 'sh')];
  if (!repeat.prepare) return ['## By hand', ...lines];
  const making = 'The test removes its image. To make it again for that line, and to remove it afterwards:';
  return ['## By hand', ...lines, making, block(repeat.prepare, 'sh'), block(repeat.remove ?? '', 'sh')];
}

function cleanupPart({ cleanup, engine }: Report): string {
  if (!cleanup || !engine) return '';
  const made = `Removed: ${count(cleanup.containers, 'container')}, ${count(cleanup.images, 'image')}.`;
  if (cleanup.left.length === 0) return made;
  const left = cleanup.left.map(({ thing, id }) => `- ${thing} ${code(id)}`).join('\n');
  return `${made} **Not removed**, because the engine did not do it in time; restart it if this goes on, the next test tries again:\n\n${left}`;
}

const deniedTable = (denied: readonly Tried[]): string =>
  table(
    ['call', 'under the profile', 'without'],
    denied.map(({ probe, underProfile, unconfined }) => [
      code(probeLabel(probe)),
      resultText(underProfile),
      resultText(unconfined),
    ]),
  );

const seconds = (ms: number) => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
