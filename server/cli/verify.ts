import {
  differenceInWords,
  execute,
  groupDifferences,
  headline,
  refusalInWords,
  sweep,
  tallyOf,
  type Verification,
  type VerifyRequest,
  verifyProfile,
} from '../container/index.ts';
import { linesOf } from '../src/features/lines.ts';
import { ENGINE_OPTIONS, engineFrom, engineOptions, timeLimit } from './engine.ts';
import { Failure } from './failure.ts';
import { printJson } from './formats/json.ts';
import { type Io, readSource, type Source } from './io.ts';
import { type Arguments, choiceOf, textOf, type Values } from './options.ts';
import { type Place, placesIn } from './places.ts';
import { printable } from './printable.ts';
import { TARGET_OPTIONS } from './target.ts';

const FORMATS = ['text', 'json'] as const;

export const VERIFY_OPTIONS = {
  ...ENGINE_OPTIONS,
  image: { type: 'string' },
  format: { type: 'string' },
} as const;

/**
 * `verify FILE...`: 0 where every call got what the profile says, 1 where one did not or no container starts, 2 where
 * nothing could be run.
 */
export async function verifyCommand(
  { values, positionals }: Arguments,
  io: Io,
  version: string,
  signal: AbortSignal,
): Promise<number> {
  if (positionals.length === 0) throw new Failure('verify takes at least one FILE; - is standard input.');
  const judged = Object.keys(TARGET_OPTIONS).find((name) => values[name] !== undefined);
  if (judged) throw new Failure(`verify takes no --${judged}: the engine itself is the target.`);
  const format = choiceOf(values, 'format', FORMATS, 'text');
  const request = requestFrom(values);
  const results: Result[] = [];
  for (const source of [...new Set(positionals)].map(readSource)) {
    if (signal.aborted) break;
    const profile = { text: source.text, path: source.name };
    const result = { source, verification: await verifyProfile({ ...request, profile }, { signal }) };
    results.push(result);
    if (format === 'text') io.out(textOfResult(result));
  }
  if (format === 'json') io.out(printJson({ version, files: results.map(jsonOfResult) }));
  const found = results.at(-1)?.verification.report.engine;
  if (found) await sweep(found, execute);
  return Math.max(...results.map(({ verification }) => statusOf(verification)), 0);
}

interface Result {
  readonly source: Source;
  readonly verification: Verification;
}

/** How each of the files is verified. */
function requestFrom(values: Values): Omit<VerifyRequest, 'profile'> {
  const image = textOf(values, 'image');
  const timeLimitMs = timeLimit(values);
  return {
    engine: engineFrom(values),
    options: engineOptions(values),
    ...(image !== undefined && { image }),
    ...(timeLimitMs !== undefined && { timeLimitMs }),
  };
}

function statusOf({ report: { outcome }, verified }: Verification): 0 | 1 | 2 {
  switch (outcome.kind) {
    case 'ran':
      return verified && verified.differences.length === 0 && !verified.refusal && !outcome.probe.mute ? 0 : 1;
    case 'not-started':
    case 'not-tried':
      return 1;
    default:
      return 2;
  }
}

interface Problem {
  readonly place: Place;
  readonly message: string;
}

/** What is otherwise than written, in the order of the text. */
function problemsOf({ verified, report: { engine } }: Verification): readonly Problem[] {
  if (!verified || !engine) return [];
  const place = placesIn(verified.text);
  const { refusal } = verified;
  const groups = groupDifferences(verified, linesOf(verified.text));
  return [
    ...(refusal ? [{ place: place(refusal.span), message: refusalInWords(refusal) }] : []),
    ...groups.map((group) => ({ place: place(group.span), message: differenceInWords(group, engine) })),
  ];
}

function textOfResult({ source: { name }, verification }: Result): string {
  const problems = problemsOf(verification).map(
    ({ place, message }) => `${name}:${place.line}:${place.column}: ${message}`,
  );
  const why = troubleOf(verification).map((line) => `  ${line}`);
  return `${[`${name}: ${headline(verification)}`, ...why, ...problems].map(printable).join('\n')}\n`;
}

/** Why nothing could be verified, and what could not be removed. */
function troubleOf({ report: { outcome, cleanup } }: Verification): readonly string[] {
  const left = (cleanup?.left ?? []).map(({ thing, id }) => `Not removed: ${thing} ${id}`);
  switch (outcome.kind) {
    case 'no-engine':
      return [...outcome.problems.map(({ message }) => message), ...left];
    case 'not-started':
      return [...(outcome.cause ? [outcome.cause] : []), outcome.message, ...left];
    case 'not-tried':
      return [outcome.message, ...left];
    case 'failed':
      return [outcome.message, outcome.raw.trim(), ...left].filter(Boolean);
    default:
      return left;
  }
}

function jsonOfResult({ source: { name }, verification }: Result): object {
  const { report, verified } = verification;
  const { engine, outcome, durationMs } = report;
  const tally = verified && tallyOf(verified);
  return {
    file: name,
    outcome: outcome.kind,
    headline: headline(verification),
    trouble: troubleOf(verification),
    engine: engine && { kind: engine.kind, version: engine.version, runtime: engine.runtime, kernel: engine.kernel },
    milliseconds: durationMs,
    syscalls: tally && { tried: tally.seen, asWritten: tally.asWritten, notPredictable: tally.measuredOnly },
    differences: verified && differencesForJson(verified),
  };
}

function differencesForJson(verified: NonNullable<Verification['verified']>): readonly object[] {
  const place = placesIn(verified.text);
  return groupDifferences(verified, linesOf(verified.text)).map(({ span, decidedBy, explanation, ...group }) => ({
    ...group,
    decidedBy: decidedBy ?? null,
    explanation: explanation ?? null,
    ...place(span),
  }));
}
