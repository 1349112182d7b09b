import { type Risk, riskInWords } from '../../src/repair/risk.ts';
import { engineLabel } from '../engine.ts';
import { block, code, codes, prose, table } from '../markdown.ts';
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
            `The runtime makes these now and then to start a container, and they are denied: ${codes(outcome.startup)}. Some starts may fail.`,
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
          `Needed to pass: ${codes(outcome.needs.names) || 'nothing'}.`,
          outcome.expected.length > 0 &&
            `Kept because test cases say that they are allowed: ${codes(outcome.expected)}.`,
          `Kept because containers need them to start: ${codes(outcome.startup) || 'nothing'}.`,
          outcome.foreign.length > 0 &&
            `Kept because the engine's architecture does not have them, so nothing was measured: ${codes(outcome.foreign)}.`,
          'What the program makes without caring for the result is dropped too. Run everything that it has to do before you rely on it.',
          confirmation(outcome.needs.confirmed.of, doubts(outcome)),
          besides(outcome.change),
          outcome.names.length > 0 && `Dropped: ${codes(outcome.names)}.`,
        ]
      : attemptParts(report);
  return page(tightenHeadline(report), report, parts);
}

/** How text from elsewhere is written. */
interface Style {
  readonly title: string;
  readonly prose: (text: string) => string;
  readonly code: (text: string) => string;
}

const MARKDOWN: Style = { title: '# ', prose, code };

/** The report of what came to nothing as plain text; `shown` makes one line of text from elsewhere. */
export function attemptText(
  headline: string,
  report: RepairReport | TightenReport,
  shown: (text: string) => string,
): string {
  const style: Style = { title: '', prose: shown, code: shown };
  return page(headline, report, attemptParts(report, style), style);
}

function page(
  headline: string,
  report: RepairReport | TightenReport,
  parts: readonly (string | false)[],
  style = MARKDOWN,
) {
  const { engine, cleanup } = report;
  const left = cleanup?.left ?? [];
  const facts = [
    report.label && `- Must pass: ${style.code(report.label)}`,
    engine && `- Engine: ${style.prose(engineLabel(engine))}`,
    report.runs > 0 && `- Effort: ${effort(report)}`,
    recordingInWords(report) && `- ${style.prose(recordingInWords(report))}`,
    left.length > 0 && `- **Not removed**: ${left.map(({ thing, id }) => `${thing} ${style.code(id)}`).join(', ')}`,
  ];
  const title = style.title + style.prose(headline);
  return `${[title, facts.filter(Boolean).join('\n'), ...parts].filter(Boolean).join('\n\n')}\n`;
}

/** What was said, where something failed. */
function attemptParts({ outcome }: RepairReport | TightenReport, style = MARKDOWN): readonly string[] {
  if (outcome.kind === 'no-engine')
    return [outcome.problems.map(({ message }) => `- ${style.prose(message)}`).join('\n')];
  const said = 'attempt' in outcome ? outcome.attempt.output : outcome.kind === 'failed' ? outcome.raw : '';
  return said.trim() ? ['It said:', block(said.trim())] : [];
}

const riskTable = (risks: readonly Risk[]): string =>
  table(
    ['Allowed', 'What it does', 'Risk'],
    risks.map((risk) => [code(risk.name), risk.summary, riskInWords(risk)]),
  );

function confirmation(times: number, found: readonly string[]): string {
  if (found.length > 0) return `**In doubt**\n\n${found.map((doubt) => `- ${prose(doubt)}`).join('\n')}`;
  return `Confirmed by ${times} runs of the result; without any one of them a run failed.`;
}
