import { namesOn, numberOn } from '../../src/catalog/index.ts';
import { type Lines, linesOf } from '../../src/features/lines.ts';
import { isPredicted } from '../../src/policy/evaluate.ts';
import { outcomeInWords } from '../../src/policy/words.ts';
import { code, codes, count, prose, table } from '../markdown.ts';
import { probeLabel } from '../probe/calls.ts';
import { NEVER_PROBED } from '../probe/unsafe.ts';
import type { ProbeReport } from '../report.ts';
import { type Decider, deciderOf, type Judged } from './judge.ts';
import { tallyOf } from './summary.ts';
import type { Verified } from './verify.ts';
import { deciderInWords, groupDifferences, refusalInWords, resultText, seenInWords } from './words.ts';

/** The parts of the report that compare what was seen with what is written, differences first. */
export function verifiedParts(verified: Verified, probe: ProbeReport): readonly string[] {
  const lines = linesOf(verified.text);
  return [
    summary(verified, probe),
    ...copyPart(probe),
    ...copyOnlyPart(verified),
    ...refusalPart(verified),
    ...differencesPart(verified, lines),
    ...measuredPart(verified),
    '## What decided',
    decidersTable(verified, lines),
    ...hiddenPart(verified),
    ...unseenPart(verified),
    ...notTriedPart(verified),
    ...deniedPart(verified, lines),
  ];
}

function summary(verified: Verified, { tried, untried }: ProbeReport): string {
  const { seen, asWritten, different } = tallyOf(verified);
  const { name } = verified.policy.native.architecture;
  const rest = different.length > 0 ? ` ${count(different.length, 'syscall')} got something else.` : '';
  return (
    `${asWritten} of ${seen} syscalls get what the profile says, by ${count(tried.length + untried.length, 'call')} on ${name}.${rest} ` +
    'Calls of other architectures of the profile (32 bits, x32) were not made.'
  );
}

function copyPart({ copyRefused }: ProbeReport): readonly string[] {
  if (copyRefused === undefined) return [];
  return [
    'No container started under the copy of the profile that marks each denial, so denials are told by comparison with a container without a profile alone.',
  ];
}

/** Where no child can be made, each kill costs a container: after a few the copy's word is taken. */
function copyOnlyPart({ judged }: Verified): readonly string[] {
  const { length } = judged.filter(({ tried, seen }) => !('underProfile' in tried) && seen.kind === 'denied');
  if (length === 0) return [];
  return [
    `What decides ${count(length, 'call')} is known from the copy alone: under the profile itself each would end the program.`,
  ];
}

function refusalPart({ refusal }: Verified): readonly string[] {
  return refusal ? [prose(refusalInWords(refusal))] : [];
}

function differencesPart(verified: Verified, lines: Lines): readonly string[] {
  const groups = groupDifferences(verified, lines);
  if (groups.length === 0) return [];
  const rows = new Map<string, { readonly words: readonly string[]; readonly calls: string[] }>();
  for (const { calls, seen, expected, expectedBy, decidedBy, explanation } of groups) {
    const by = decidedBy ? ` (${decidedBy})` : '';
    const words = [`${seen}${by}`, `${expected} (${expectedBy})`, explanation ?? 'unknown'];
    const row = rows.get(words.join()) ?? { words, calls: [] };
    rows.set(words.join(), row);
    row.calls.push(...calls);
  }
  const cells = [...rows.values()].map(({ words, calls }) => [codes(calls), ...words.map(prose)]);
  return ['## Different', table(['call', 'seen', 'as written', 'why'], cells)];
}

/** Measured answers where the policy engine gives none. */
function measuredPart({ judged }: Verified): readonly string[] {
  const open = judged.filter(({ expected, seen }) => !isPredicted(expected) && seen.kind !== 'unseen');
  if (open.length === 0) return [];
  const rows = open.map(({ tried, seen }) => [code(probeLabel(tried.probe)), seenInWords(seen)]);
  const text = 'What libseccomp makes of these rules cannot be foretold. This is what it made of them here:';
  return ['## Not predictable, measured', text, table(['call', 'seen'], rows)];
}

interface Row {
  readonly decider: Decider;
  readonly names: Set<string>;
  calls: number;
}

function decidersTable({ judged, policy }: Verified, lines: Lines): string {
  const rows = new Map<string, Row>();
  for (const each of judged) {
    const decider = deciderOf(each);
    if (!decider) continue;
    const key = decider.rule ? String(decider.rule.rule.position) : decider.kind;
    const row = rows.get(key) ?? { decider, names: new Set<string>(), calls: 0 };
    rows.set(key, row);
    row.names.add(each.tried.probe.name);
    row.calls++;
  }
  const order = ({ decider }: Row): number => decider.rule?.rule.position ?? Number.POSITIVE_INFINITY;
  const sorted = [...rows.values()].sort((a, b) => order(a) - order(b));
  return table(
    ['decided by', 'does', 'calls', 'syscalls'],
    sorted.map(({ decider, names, calls }) => [
      deciderInWords(decider, lines),
      doesInWords(decider, policy),
      String(calls),
      codes([...names]),
    ]),
  );
}

function doesInWords({ kind, rule }: Decider, { resolved }: Verified['policy']): string {
  if (kind === 'runc') return 'fails with ENOSYS';
  return outcomeInWords(rule?.outcome ?? resolved.default!);
}

function hiddenPart({ judged }: Verified): readonly string[] {
  const hidden = labels(judged.filter(({ seen }) => seen.kind === 'hidden'));
  if (hidden.length === 0) return [];
  const text =
    'These get the same error with the profile and without, mostly ENOSYS because this kernel does not have them, and nothing tells which of the two gave it:';
  return ['## Denied or not: cannot be seen here', `${text} ${codes(hidden)}.`];
}

/** With what the calls get without a profile: where that is the same error, the copy told that it was the profile's. */
function deniedPart({ judged }: Verified, lines: Lines): readonly string[] {
  const rows = judged.flatMap((each) => {
    const { tried, seen } = each;
    if (!('underProfile' in tried) || !['denied', 'answered', 'contradiction'].includes(seen.kind)) return [];
    const decider = deciderOf(each);
    const by = decider ? deciderInWords(decider, lines) : '';
    return [[code(probeLabel(tried.probe)), resultText(tried.underProfile), resultText(tried.unconfined), by]];
  });
  if (rows.length === 0) return ['## Denied', 'Every call reached the kernel.'];
  return ['## Denied', table(['call', 'under the profile', 'without', 'decided by'], rows)];
}

function unseenPart({ judged }: Verified): readonly string[] {
  const unseen = labels(judged.filter(({ seen }) => seen.kind === 'unseen'));
  return unseen.length === 0 ? [] : ['## Not reached', `The program did not get to these: ${codes(unseen)}.`];
}

const labels = (judged: readonly Judged[]): readonly string[] => judged.map(({ tried }) => probeLabel(tried.probe));

function notTriedPart({ spared, policy }: Verified): readonly string[] {
  const { table: arch } = policy.native.architecture;
  const here = namesOn(arch).filter((name) => NEVER_PROBED.has(name) && numberOn(name, arch)! >= 0);
  const reasons = here.map((name) => `- ${code(name)}: ${NEVER_PROBED.get(name)}`);
  const left = [...spared].map(
    ([name, n]) =>
      `- ${code(name)}: ${count(n, 'call')} with other arguments, which would have an effect or are too many`,
  );
  return ['## Not tried', [...reasons, ...left].join('\n')];
}
