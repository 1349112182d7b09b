import { errnoByNumber } from '../src/catalog/errnos.ts';
import { ENGINE_NAME } from './cli.ts';
import type { Tried } from './compare.ts';
import { engineLabel } from './engine.ts';
import type { Result } from './measure.ts';
import { probeLabel } from './probe/calls.ts';
import { NEVER_PROBED } from './probe/unsafe.ts';
import { repeatByHand } from './repeat.ts';
import type { NotStarted, Outcome, ProbeReport, ProgramReport, ProgramRun, Report } from './report.ts';

/** The outcome in a line: for a notification or a lens. */
export function headline({ outcome }: Report): string {
  switch (outcome.kind) {
    case 'ran':
      return ranHeadline(outcome.probe, outcome.program);
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

function ranHeadline(probe: ProbeReport, program: ProgramReport | undefined): string {
  if (!probe.filtered) return 'The container starts, but without any filter';
  const denied = probe.tried.filter(({ verdict }) => verdict !== 'same').length;
  const calls = probe.mute
    ? 'but cannot write its results'
    : `${denied} of ${probe.tried.length} calls tried were denied`;
  const fared = program
    ? `; ${program.image} ${sameEnd(program) ? 'ends as without it' : 'does not end as without it'}`
    : '';
  return `The container starts; ${calls}${fared}`;
}

/** The report as Markdown. */
export function renderMarkdown(report: Report): string {
  const { outcome, engine, request, durationMs } = report;
  const facts = [
    request.profile.path && `- Profile: \`${request.profile.path}\``,
    engine && `- Engine: ${engineLabel(engine)}${engine.rootless ? ', rootless' : ''}`,
    engine?.remote && `- The engine runs elsewhere${engine.endpoint ? `: ${engine.endpoint}` : ''}`,
    ...outcomeFacts(outcome),
    `- Time: ${seconds(durationMs)}`,
  ];
  const parts = [
    `# ${headline(report)}`,
    facts.filter(Boolean).join('\n'),
    ...outcomeParts(outcome),
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

function outcomeParts(outcome: Outcome): readonly string[] {
  switch (outcome.kind) {
    case 'ran':
      return [...probeParts(outcome.probe), ...(outcome.program ? programParts(outcome.program) : [])];
    case 'not-started':
      return notStartedParts(outcome);
    case 'no-engine':
      return [outcome.problems.map(({ kind, message }) => `- ${ENGINE_NAME[kind]}: ${message}`).join('\n')];
    case 'not-tried':
      return [outcome.message];
    case 'timeout':
      return [TIMEOUT[outcome.container], ...(outcome.output ? [block(outcome.output)] : [])];
    case 'cancelled':
      return [];
    case 'failed':
      return [outcome.message, ...(outcome.raw ? [block(outcome.raw.trim())] : [])];
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

function notStartedParts({ message, cause, wouldHang, raw }: NotStarted): readonly string[] {
  const hang =
    'With `SCMP_ACT_KILL_PROCESS` in the place of `SCMP_ACT_KILL` the container ends before its program starts. As ' +
    'written, only a thread of the runtime would end and the engine would wait for ever, so that was not tried.';
  return [...(cause ? [cause] : []), ...(wouldHang ? [hang] : []), 'The engine says:', block(message || raw.trim())];
}

function probeParts({ filtered, tried, untried, mute }: ProbeReport): readonly string[] {
  const denied = tried.filter(({ verdict }) => verdict !== 'same');
  const hidden = tried.filter(({ verdict, unconfined }) => verdict === 'same' && looksDenied(unconfined));
  const none = 'None of the calls tried got another answer than without a profile.';
  return [
    ...(filtered ? [] : ['The engine made no filter from this profile: it has neither `defaultAction` nor rules.']),
    ...(mute ? ['The probe could not write its results: `write` is denied.'] : []),
    ...(mute ? [] : ['## Denied', denied.length > 0 ? table(denied) : none]),
    ...section('## Denied or not: cannot be seen here', hidden.map(hiddenName), HIDDEN),
    ...section('## Not reached', untried.map(probeLabel), 'The program did not get to these.'),
    ...(mute ? [] : ['## Tried', names(tried.map(({ probe }) => probeLabel(probe)))]),
    `Never tried: ${[...NEVER_PROBED.keys()].map(code).join(', ')}: they end or stop the program, or have an effect whatever they are given.`,
  ];
}

const HIDDEN =
  'These give the same error without a profile, because of missing capabilities or an older kernel, so it makes no ' +
  'difference here whether the profile denies them.';

const looksDenied = (result: Result) => result.kind === 'errno' && [1, 13, 38].includes(result.errno);
const hiddenName = ({ probe, unconfined }: Tried) => `${probeLabel(probe)} ${resultText(unconfined)}`;

function programParts({ image, command, underProfile, unconfined }: ProgramReport): readonly string[] {
  return [
    `## ${[image, ...command].join(' ')}`,
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
  const left = cleanup.left.map(({ thing, id }) => `- ${thing} \`${id}\``).join('\n');
  return `${made} **Not removed**, because the engine did not do it in time; restart it if this goes on, the next test tries again:\n\n${left}`;
}

function table(tried: readonly Tried[]): string {
  const rows = tried.map(
    ({ probe, underProfile, unconfined }) =>
      `| ${code(probeLabel(probe))} | ${resultText(underProfile)} | ${resultText(unconfined)} |`,
  );
  return ['| call | under the profile | without |', '|---|---|---|', ...rows].join('\n');
}

/** A result in words: `EPERM`, `killed`, `success`. */
export function resultText(result: Result): string {
  if (result.kind === 'killed') return 'killed';
  if (result.kind === 'value') return 'success';
  return errnoByNumber(result.errno)?.name ?? `errno ${result.errno}`;
}

const section = (title: string, items: readonly string[], text: string) =>
  items.length > 0 ? [title, text, names(items)] : [];
const names = (items: readonly string[]) => items.map(code).join(', ');
const code = (text: string) => `\`${text}\``;
const count = (n: number, thing: string) => `${n} ${thing}${n === 1 ? '' : 's'}`;
const seconds = (ms: number) => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;

/** A fence longer than any in the text, which comes from the engine or the user's program. */
function block(text: string, language = ''): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
