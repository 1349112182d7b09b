import {
  attemptText,
  besides,
  doubts,
  effort,
  type RepairReport,
  recordingInWords,
  repairHeadline,
  repairProfile,
  stays,
} from '../container/repair/index.ts';
import { type Risk, riskInWords } from '../src/repair/risk.ts';
import { printJson } from './formats/json.ts';
import type { Io } from './io.ts';
import type { Arguments } from './options.ts';
import { printable, visible } from './printable.ts';
import { changeText, progressTo, readSearch, type Search, searchForJson, writeBack } from './search.ts';

/** `repair FILE --image I -- COMMAND`: 0 where the command passes with the result, 1 where there is none. */
export async function repairCommand(args: Arguments, io: Io, _version: string, signal: AbortSignal): Promise<number> {
  const search = readSearch('repair', args);
  const report = await repairProfile(search.request, { signal, progress: progressTo(io) });
  const { outcome } = report;
  if (outcome.kind === 'repaired') writeBack(search, outcome.text);
  io.out(search.format === 'json' ? printJson(repairJson(report)) : repairText(report, search, io));
  return outcome.kind === 'repaired' || outcome.kind === 'passes-already' ? 0 : 1;
}

function repairText(report: RepairReport, search: Search, io: Io): string {
  const { outcome } = report;
  if (outcome.kind !== 'repaired') return visible(attemptText(repairHeadline(report), report, printable));
  const { risks, change, narrowed, startup, text } = outcome;
  const lines = [
    repairHeadline(report),
    ...risks.map(riskLine),
    ...stays(narrowed),
    ...doubts(outcome).map((doubt) => `In doubt: ${doubt}`),
    startup.length > 0 &&
      `Denied, though the runtime makes them now and then to start a container: ${startup.join(', ')}`,
    besides(change),
    effort(report),
    recordingInWords(report),
  ];
  return changeText(lines, search, text, io);
}

const riskLine = (risk: Risk): string => `  ${risk.name} (${risk.summary}): ${riskInWords(risk)}`;

function repairJson(report: RepairReport): object {
  const { outcome } = report;
  return {
    ...searchForJson(report, repairHeadline(report)),
    ...(outcome.kind === 'repaired' && {
      allow: outcome.risks,
      narrowed: outcome.narrowed.map(({ name, flags }) => ({ name, flags: flags.map((flag) => flag.name) })),
      confirmed: outcome.needs.confirmed,
      doubts: doubts(outcome),
      besides: outcome.change.besides.map(({ name, change }) => ({ name, change })),
      profile: outcome.text,
    }),
  };
}
