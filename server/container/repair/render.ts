import { type Risk, riskInWords } from '../../src/repair/risk.ts';
import { engineLabel } from '../engine.ts';
import type { RepairReport, TightenReport } from './report.ts';
import { besides, doubts, effort, recordingInWords, repairHeadline, stays, tightenHeadline } from './words.ts';

/** The report of a repair as Markdown: the risk of each syscall stands in a table. */
export function repairMarkdown(report: RepairReport): string {
  const { outcome } = report;
  const parts =
    outcome.kind === 'repaired'
      ? [
          riskTable(outcome.risks),
          ...stays(outcome.narrowed),
          confirmation(outcome.needs.confirmed.of, doubts(outcome)),
          outcome.startup.length > 0 &&
            `The runtime makes these now and then to start a container, and they are denied: ${names(outcome.startup)}. Some starts may fail.`,
          besides(outcome.change),
        ]
      : attemptParts(report);
  return page(repairHeadline(report), report, parts);
}

/** The report of a tightening as Markdown. */
export function tightenMarkdown(report: TightenReport): string {
  const { outcome } = report;
  const parts =
    outcome.kind === 'tightened'
      ? [
          `Needed to pass: ${names(outcome.needs.names) || 'nothing'}.`,
          outcome.expected.length > 0 &&
            `Kept because test cases say that they are allowed: ${names(outcome.expected)}.`,
          `Kept because containers need them to start: ${names(outcome.startup) || 'nothing'}.`,
          outcome.foreign.length > 0 &&
            `Kept because the engine's architecture does not have them, so nothing was measured: ${names(outcome.foreign)}.`,
          'What the program makes without caring for the result is dropped too. Run everything that it has to do before you rely on it.',
          confirmation(outcome.needs.confirmed.of, doubts(outcome)),
          besides(outcome.change),
          outcome.names.length > 0 && `Dropped: ${names(outcome.names)}.`,
        ]
      : attemptParts(report);
  return page(tightenHeadline(report), report, parts);
}

function page(headline: string, report: RepairReport | TightenReport, parts: readonly (string | false)[]) {
  const { engine, cleanup } = report;
  const left = cleanup?.left ?? [];
  const facts = [
    report.label && `- Must pass: \`${report.label}\``,
    engine && `- Engine: ${engineLabel(engine)}`,
    report.runs > 0 && `- Effort: ${effort(report)}`,
    recordingInWords(report) && `- ${recordingInWords(report)}`,
    left.length > 0 && `- **Not removed**: ${left.map(({ thing, id }) => `${thing} \`${id}\``).join(', ')}`,
  ];
  return `${[`# ${headline}`, facts.filter(Boolean).join('\n'), ...parts].filter(Boolean).join('\n\n')}\n`;
}

/** What was said, where something failed. */
function attemptParts({ outcome }: RepairReport | TightenReport): readonly string[] {
  if (outcome.kind === 'no-engine') return [outcome.problems.map(({ message }) => `- ${message}`).join('\n')];
  const said = 'attempt' in outcome ? outcome.attempt.output : outcome.kind === 'failed' ? outcome.raw : '';
  return said.trim() ? ['It said:', fenced(said.trim())] : [];
}

/** A fence longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

function riskTable(risks: readonly Risk[]): string {
  const rows = risks.map((risk) => `| \`${risk.name}\` | ${cell(risk.summary)} | ${cell(riskInWords(risk))} |`);
  return ['| Allowed | What it does | Risk |', '| --- | --- | --- |', ...rows].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

function confirmation(times: number, found: readonly string[]): string {
  if (found.length > 0) return `**In doubt**\n\n${found.map((doubt) => `- ${doubt}`).join('\n')}`;
  return `Confirmed by ${times} runs of the result; without any one of them a run failed.`;
}

const names = (list: readonly string[]): string => list.map((name) => `\`${name}\``).join(', ');
