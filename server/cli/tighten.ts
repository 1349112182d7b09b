import {
  attemptText,
  besides,
  doubts,
  effort,
  recordingInWords,
  type TightenReport,
  tightenHeadline,
  tightenProfile,
} from '../container/repair/index.ts';
import { printJson } from './formats/json.ts';
import type { Io } from './io.ts';
import type { Arguments } from './options.ts';
import { printable, visible } from './printable.ts';
import { changeText, progressTo, readSearch, type Search, searchForJson, writeBack } from './search.ts';

/** `tighten FILE --image I -- COMMAND`: 0 where the command passes with the result, 1 where there is none. */
export async function tightenCommand(args: Arguments, io: Io, _version: string, signal: AbortSignal): Promise<number> {
  const search = readSearch('tighten', args);
  const report = await tightenProfile(search.request, { signal, progress: progressTo(io) });
  const { outcome } = report;
  if (outcome.kind === 'tightened') writeBack(search, outcome.text);
  io.out(search.format === 'json' ? printJson(tightenJson(report)) : tightenText(report, search, io));
  return outcome.kind === 'tightened' ? 0 : 1;
}

function tightenText(report: TightenReport, search: Search, io: Io): string {
  const { outcome } = report;
  if (outcome.kind !== 'tightened') return visible(attemptText(tightenHeadline(report), report, printable));
  const { names, needs, expected, startup, foreign, change, text } = outcome;
  const lines = [
    tightenHeadline(report),
    names.length > 0 && `  dropped: ${names.join(', ')}`,
    needs.names.length > 0 && `  needed: ${needs.names.join(', ')}`,
    expected.length > 0 && `  kept, allowed by a test case: ${expected.join(', ')}`,
    startup.length > 0 && `  kept to start containers: ${startup.join(', ')}`,
    foreign.length > 0 && `  kept, not measured, of other architectures: ${foreign.join(', ')}`,
    ...doubts(outcome).map((doubt) => `In doubt: ${doubt}`),
    besides(change),
    effort(report),
    recordingInWords(report),
  ];
  return changeText(lines, search, text, io);
}

function tightenJson(report: TightenReport): object {
  const { outcome } = report;
  return {
    ...searchForJson(report, tightenHeadline(report)),
    ...(outcome.kind === 'tightened' && {
      dropped: outcome.names,
      needed: outcome.needs.names,
      expected: outcome.expected,
      startup: outcome.startup,
      foreign: outcome.foreign,
      confirmed: outcome.needs.confirmed,
      doubts: doubts(outcome),
      profile: outcome.text,
    }),
  };
}
