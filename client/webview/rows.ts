import type { PolicyRow } from '../../server/src/protocol.ts';
import type { Column, TableState } from '../src/table-messages.ts';

/** Rows under a heading; the heading is empty where rows are not grouped. */
export interface Group {
  readonly title: string;
  readonly rows: readonly PolicyRow[];
}

type Order = Pick<TableState, 'filter' | 'column' | 'descending' | 'grouped'>;

const ALONE = 'Others';

/** The rows that all words of the filter occur in, sorted by a column, by name where that is equal, and grouped if wanted. */
export function arrange(rows: readonly PolicyRow[], { filter, column, descending, grouped }: Order): readonly Group[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter((row) => words.every((word) => textOf(row).includes(word)));
  const sign = descending ? -1 : 1;
  const sorted = found.toSorted((a, b) => sign * compareBy(column, a, b) || compareTexts(a.name, b.name));
  return grouped ? groupsOf(sorted) : [{ title: '', rows: sorted }];
}

function textOf({ name, verdict, outcome, condition, reason, family, summary }: PolicyRow): string {
  return [name, verdict, outcome, condition, reason, family, summary].join('\n').toLowerCase();
}

function compareBy(column: Column, a: PolicyRow, b: PolicyRow): number {
  if (column === 'number') return a.number - b.number;
  // the worst first, which is the lowest number but 0
  if (column === 'danger') return (a.danger || 9) - (b.danger || 9);
  if (column === 'verdict') return compareTexts(a.verdict + a.outcome, b.verdict + b.outcome);
  return column === 'reason' ? compareReasons(a.reason, b.reason) : compareTexts(a[column], b[column]);
}

/** `rule 2` comes before `rule 10`. */
function compareReasons(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** In the order in which the rows have them; those that are like no other come last. */
function groupsOf(rows: readonly PolicyRow[]): readonly Group[] {
  const groups = new Map<string, PolicyRow[]>();
  for (const row of rows) {
    const title = row.family || ALONE;
    groups.set(title, [...(groups.get(title) ?? []), row]);
  }
  const all = [...groups].map(([title, members]) => ({ title, rows: members }));
  return [...all.filter(({ title }) => title !== ALONE), ...all.filter(({ title }) => title === ALONE)];
}
