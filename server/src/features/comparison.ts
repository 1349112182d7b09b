import { type Architecture, dangerOf, numberOn } from '../catalog/index.ts';
import type { Change, Comparison, Difference, SyscallDifference } from '../policy/compare.ts';
import type { Decision } from '../policy/policy.ts';
import { callInWords } from '../policy/strace.ts';
import { runtimeLabel, type Target } from '../policy/target.ts';
import { outcomeInWords } from '../policy/words.ts';
import type { Lines } from './lines.ts';
import { code, escapeMarkdown, paragraphs } from './markdown.ts';
import { reasonInWords } from './reasons.ts';

/** One of two profiles that were compared. */
export interface Side {
  /** `profile.json`, `Docker's default`. */
  readonly label: string;
  readonly lines: Lines;
}

/** What a report on a comparison is made of. */
export interface Compared {
  readonly before: Side;
  readonly after: Side;
  readonly comparison: Comparison;
  /** The architectures that were compared. */
  readonly covered: readonly Architecture[];
  readonly target: Target;
}

const CHANGES: readonly Change[] = ['looser', 'changed', 'unpredictable', 'tighter'];

/** `a.json next to Docker's default: 3 looser, 12 tighter`; `a.json does the same as …` where nothing differs. */
export function comparisonHeadline(compared: Compared): string {
  const { comparison, before, after } = compared;
  const counts = countsInWords(comparison);
  if (counts) return `${after.label} next to ${before.label}: ${counts}`;
  const only = comparison.unnamed ? ' for every syscall that has a name' : '';
  return `${after.label} does the same as ${before.label}${only}`;
}

function countsInWords({ syscalls }: Comparison): string {
  const counts = CHANGES.flatMap((change) => {
    const count = syscalls.filter((each) => each.change === change).length;
    return count > 0 ? [`${count} ${change === 'unpredictable' ? 'not predictable' : change}`] : [];
  });
  return counts.join(', ');
}

/** The report in Markdown: looser calls first, in each part the dangerous ones first, each with a call that shows it. */
export function comparisonMarkdown(compared: Compared): string {
  const { before, after, comparison, target } = compared;
  return paragraphs(
    `# ${escapeMarkdown(after.label)} next to ${escapeMarkdown(before.label)}`,
    `**${countsInWords(comparison) || escapeMarkdown(comparisonHeadline(compared))}**`,
    `Decided by what both do with every call, not by how they are written. ${targetInWords(target)}`,
    ...CHANGES.map((change) => section(compared, change)),
    unnamed(compared, comparison.unnamed),
  );
}

function targetInWords({ runtime, architecture, libseccomp, kernel, capabilities }: Target): string {
  const release = kernel ? `Linux ${kernel.join('.')}` : 'a current kernel';
  return `Judged for ${runtimeLabel(runtime)} on ${code(architecture)} with libseccomp ${libseccomp}, ${release} and ${capabilities.size} capabilities.`;
}

const TITLES: Readonly<Record<Change, string>> = {
  looser: 'Looser',
  changed: 'Changed',
  unpredictable: 'Not predictable',
  tighter: 'Tighter',
};

const MEANINGS: Readonly<Record<Change, string>> = {
  looser: 'These calls get through that were stopped before.',
  changed: 'These calls fail in another way, or some are looser and some are tighter.',
  unpredictable: 'What libseccomp makes of the rules for these cannot be foretold. Test them in a container.',
  tighter: 'These calls are stopped that got through before.',
};

function section(compared: Compared, change: Change): string | undefined {
  const found = compared.comparison.syscalls.filter((each) => each.change === change);
  if (found.length === 0) return undefined;
  const rows = change === 'unpredictable' ? found.map((each) => untold(compared, each)) : rowsOf(compared, found);
  return paragraphs(`## ${TITLES[change]}: ${found.length}`, MEANINGS[change], table(compared, rows));
}

interface Row {
  readonly call: string;
  readonly before: string;
  readonly after: string;
  readonly note: string;
}

function table({ before, after }: Compared, rows: readonly Row[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(['Call', escapeMarkdown(before.label), escapeMarkdown(after.label), 'Note']),
    line(['---', '---', '---', '---']),
    ...rows.map((row) => line([row.call, row.before, row.after, row.note])),
  ].join('\n');
}

const untold = (compared: Compared, found: SyscallDifference): Row => ({
  call: cell(found.name),
  before: '',
  after: '',
  note: [escapeMarkdown(found.why ?? ''), extent(compared, found)].filter(Boolean).join('; '),
});

/** Ordinary syscalls that change alike as a whole share a row; all others have one for each pair of outcomes. */
function rowsOf(compared: Compared, found: readonly SyscallDifference[]): readonly Row[] {
  const groups = new Map<string, readonly SyscallDifference[]>();
  for (const each of found) {
    const key = isPlain(each) ? rowKey(compared, each) : each.name + rowKey(compared, each);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].flatMap((group) =>
    group.length > 1
      ? [sharedRow(compared, group)]
      : group[0]!.differences.map((one) => rowOf(compared, group[0]!, one)),
  );
}

const isPlain = ({ name, whole, differences }: SyscallDifference): boolean =>
  whole && differences.length === 1 && !dangerOf(name);

function rowKey(compared: Compared, found: SyscallDifference): string {
  const outcomes = found.differences.map(
    ({ before, after }) => `${outcomeInWords(before.outcome)}>${outcomeInWords(after.outcome)}`,
  );
  return [extent(compared, found), ...outcomes].join();
}

function sharedRow(compared: Compared, group: readonly SyscallDifference[]): Row {
  const first = group[0]!;
  const { before, after } = first.differences[0]!;
  return {
    call: group.map(({ name }) => cell(name)).join(', '),
    before: outcomeInWords(before.outcome),
    after: outcomeInWords(after.outcome),
    note: extent(compared, first),
  };
}

function rowOf(compared: Compared, found: SyscallDifference, { args, before, after }: Difference): Row {
  const { name, architectures, whole, complete } = found;
  const shown = whole && found.differences.length === 1 ? name : callInWords(name, args, architectures[0]!.table);
  const notes = [
    dangerOf(name)?.why,
    extent(compared, found),
    complete ? '' : 'not all combinations of arguments were looked at',
  ];
  return {
    call: cell(shown),
    before: decision(before, compared.before),
    after: decision(after, compared.after),
    note: notes.filter(Boolean).join('; '),
  };
}

/** On which architectures; empty where it is so on all that have the syscall. */
function extent({ covered }: Compared, { name, architectures }: SyscallDifference): string {
  const has = covered.filter(({ table }) => numberOn(name, table) !== undefined);
  if (has.every((one) => architectures.some(({ table }) => table === one.table))) return '';
  return `on ${architectures.map((one) => one.name.replace('SCMP_ARCH_', '')).join(', ')}`;
}

function decision(one: Decision, { lines }: Side): string {
  return `${outcomeInWords(one.outcome)} (${escapeMarkdown(reasonInWords(one, lines))})`;
}

/** Inline code that ends no cell of a table. */
const cell = (text: string): string => code(text, 160).replaceAll('|', '\\|');

function unnamed({ before, after }: Compared, found: Difference | undefined): string | undefined {
  if (!found) return undefined;
  return paragraphs(
    '## Syscalls to come',
    `Calls of newer kernels, which have no name here yet: ${decision(found.before, before)} before, ${decision(found.after, after)} now.`,
  );
}
