import { type Architecture, architecture, namesOn, numberOn } from '../src/catalog/index.ts';
import { explain } from '../src/features/explain.ts';
import { type TableRow, tableRows } from '../src/features/table.ts';
import { totalsInWords, totalsOf } from '../src/features/totals.ts';
import type { Policy } from '../src/policy/policy.ts';
import { type Possible, possibleFor } from '../src/policy/possible.ts';
import { type GivenCall, parseCall } from '../src/policy/strace.ts';
import { runtimeLabel, type Target } from '../src/policy/target.ts';
import { testInWords } from '../src/policy/words.ts';
import { answerCalls, readCalls } from './calls.ts';
import { Failure } from './failure.ts';
import { printJson } from './formats/json.ts';
import { type Io, readSource } from './io.ts';
import { type Arguments, textOf } from './options.ts';
import { visible } from './printable.ts';
import { type Loaded, load } from './profile.ts';
import { targetForJson, targetFrom } from './target.ts';
import { actionForJson, ruleForJson } from './verdicts.ts';

export const EXPLAIN_OPTIONS = { calls: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `explain FILE [CALL...]`: 0, or 1 for a profile that the runtime refuses. */
export function explainCommand({ values, positionals }: Arguments, io: Io): number {
  const [file, ...queries] = positionals;
  if (file === undefined) throw new Failure('explain takes a FILE; - is standard input.');
  const target = targetFrom(values);
  const bulk = textOf(values, 'calls');
  if (bulk === '-' && file === '-') throw new Failure('Standard input cannot be both the profile and the calls.');
  if (bulk !== undefined && queries.length > 0) throw new Failure('Give calls either by --calls or as arguments.');
  const source = readSource(file);
  const calls = bulk === undefined ? undefined : readCalls(readSource(bulk));
  for (const query of queries) readQuery(query, architecture(target.architecture)!);
  const loaded = load(source, target);
  if (calls) io.out(printList(answerCalls(loaded.policy, calls)));
  else if (values.json === true) io.out(printJson(explainJson(loaded.policy, target, queries)));
  else io.out(visible(queries.length > 0 ? answers(loaded, queries) : table(loaded, target)));
  return 0;
}

/** One entry a line: lists are long. */
function printList(list: readonly unknown[]): string {
  return list.length === 0 ? '[]\n' : `[\n${list.map((entry) => JSON.stringify(entry)).join(',\n')}\n]\n`;
}

function readQuery(query: string, arch: Architecture): GivenCall {
  const call = parseCall(query, arch);
  if ('error' in call) throw new Failure(call.error.replace(/([^.?])$/, '$1.'));
  return call;
}

function answers({ analysis }: Loaded, queries: readonly string[]): string {
  const texts = queries.map((query) => {
    const answer = explain(analysis, query);
    if ('error' in answer) throw new Failure(answer.error);
    return answer.text;
  });
  return `${texts.join('\n')}\n`;
}

/** Every syscall of the native architecture. */
function table({ analysis, policy }: Loaded, target: Target): string {
  const rows = tableRows(analysis);
  const width = Math.max(...rows.map(({ name }) => name.length));
  const title = `Under ${runtimeLabel(target.runtime)} on ${target.architecture}: ${totalsInWords(totalsOf(policy))}`;
  return `${[title, '', ...rows.map((row) => rowLine(row, width))].join('\n')}\n`;
}

function rowLine({ name, verdict, outcome, condition, reason }: TableRow, width: number): string {
  const words = verdict === 'unpredictable' ? `cannot be foretold: ${condition}` : wordsOf(outcome, condition);
  return `${name.padEnd(width)}  ${words} (${reason})`;
}

const wordsOf = (outcome: string, condition: string): string =>
  condition ? `${condition}; otherwise ${outcome}` : outcome;

/** All syscalls, or those asked for, on every architecture that the filter covers, the native one first. */
function explainJson(policy: Policy, target: Target, queries: readonly string[]): object {
  const syscalls = policy.resolved.architectures.flatMap((arch) => {
    const calls: readonly GivenCall[] =
      queries.length > 0
        ? queries.flatMap((query) => given(query, arch) ?? [])
        : namesOn(arch.table).map((name) => ({ name, args: [] }));
    return calls.flatMap((call) => entryFor(policy, call, arch) ?? []);
  });
  return { target: targetForJson(target), syscalls };
}

/** Names and positions of arguments differ between architectures, so a call may make no sense on one. */
function given(query: string, arch: Architecture): GivenCall | undefined {
  const call = parseCall(query, arch);
  return 'error' in call ? undefined : call;
}

function entryFor(policy: Policy, call: GivenCall, arch: Architecture): object | undefined {
  const possible = possibleFor(policy, call, arch);
  if (!possible) return undefined;
  const head = { name: call.name, number: numberOn(call.name, arch.table)!, arch: arch.name };
  if ('why' in possible) return { ...head, verdict: [], unpredictable: possible.why };
  return { ...head, verdict: possible.map((one) => verdictForJson(policy, one, call.name)) };
}

function verdictForJson(policy: Policy, { decision, tests }: Possible, name: string): object {
  return {
    ...actionForJson(policy, decision),
    when: tests.length > 0 ? tests.map((test) => testInWords(test, name)).join(' and ') : null,
    rule: ruleForJson(decision),
  };
}
