import type { PolicyRow, PolicyTable } from '../../server/src/protocol.ts';
import type { Column, FromTable, TableState, ToTable } from '../src/table-messages.ts';
import { element } from './elements.ts';
import { arrange, type Group } from './rows.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromTable): void;
  getState(): TableState | undefined;
  setState(state: TableState): void;
};

const COLUMNS: readonly (readonly [column: Column, title: string])[] = [
  ['name', 'Syscall'],
  ['verdict', 'Verdict'],
  ['condition', 'Depending on Arguments'],
  ['reason', 'Decided by'],
  ['danger', 'Danger'],
  ['family', 'Kind'],
  ['number', 'Number'],
];

const DANGERS = ['', 'breaks containment', 'large attack surface', 'worth a thought'] as const;

const editor = acquireVsCodeApi();
let state: TableState = editor.getState() ?? { filter: '', column: 'name', descending: false, grouped: false };
let shown: ToTable | undefined;

const filter = element('input', { type: 'search', placeholder: 'Filter', 'aria-label': 'Filter', value: state.filter });
const architectures = element('select', { 'aria-label': 'Architecture' });
const grouped = element('input', { type: 'checkbox' });
const summary = element('p', { role: 'status' });
const head = element('tr');
const table = element('table', {}, element('thead', {}, head));

/** Remembers what has changed, here and across restarts, and shows it. */
function change(part: Partial<TableState>): void {
  state = { ...state, ...part };
  editor.setState(state);
  render();
}

function render(): void {
  head.replaceChildren(...COLUMNS.map(heading));
  for (const body of [...table.tBodies]) body.remove();
  const content = shown?.table;
  if (!content) {
    summary.textContent = shown ? `No engine loads ${shown.file}: it has no valid defaultAction.` : '';
    return;
  }
  const groups = arrange(content.rows, state);
  table.append(...groups.map(body));
  summary.textContent = summaryOf(content, groups);
}

function summaryOf({ runtime, rows }: PolicyTable, groups: readonly Group[]): string {
  const found = groups.flatMap((group) => group.rows);
  const count = (verdict: PolicyRow['verdict']): number => found.filter((row) => row.verdict === verdict).length;
  const verdicts = (['allowed', 'conditional', 'denied', 'unpredictable'] as const)
    .filter((verdict) => verdict !== 'unpredictable' || count(verdict) > 0)
    .map((verdict) => `${verdict} ${count(verdict)}`);
  const extent =
    found.length === rows.length ? `${rows.length} syscalls` : `${found.length} of ${rows.length} syscalls`;
  return `Under ${runtime}: ${extent} · ${verdicts.join(' · ')}`;
}

function heading([column, title]: (typeof COLUMNS)[number]): HTMLElement {
  const sorted = state.column === column;
  const order = state.descending ? 'descending' : 'ascending';
  const button = element('button', { type: 'button' }, title, sorted ? (state.descending ? ' ▾' : ' ▴') : '');
  button.addEventListener('click', () => change({ column, descending: sorted && !state.descending }));
  return element('th', { scope: 'col', 'aria-sort': sorted ? order : 'none' }, button);
}

function body({ title, rows }: Group): HTMLElement {
  const made = element('tbody');
  if (title) {
    const cell = element('th', { colspan: String(COLUMNS.length), scope: 'rowgroup' }, `${title} (${rows.length})`);
    made.append(element('tr', { class: 'group' }, cell));
  }
  made.append(...rows.map(line));
  return made;
}

function line(row: PolicyRow): HTMLElement {
  const { name, number, verdict, outcome, condition, reason, family, summary: title, danger } = row;
  const cells = [
    element('td', { class: 'name', title }, row.range ? link(name) : name),
    element('td', { class: `verdict ${verdict}` }, verdict === 'unpredictable' ? 'not predictable' : outcome),
    element('td', { class: 'condition' }, condition),
    element('td', { class: 'short' }, reason),
    element('td', { class: `short danger-${danger}` }, DANGERS[danger] ?? ''),
    element('td', { class: 'short' }, family),
    element('td', { class: 'number' }, String(number)),
  ];
  const made = element('tr', {}, ...cells);
  if (row.range) made.addEventListener('dblclick', () => editor.postMessage({ kind: 'go', name }));
  return made;
}

function link(name: string): HTMLElement {
  const button = element('button', { type: 'button', class: 'link' }, name);
  button.addEventListener('click', () => editor.postMessage({ kind: 'go', name }));
  return button;
}

function receive(message: ToTable): void {
  shown = message;
  const { uri, table: content } = message;
  const options = (content?.architectures ?? []).map((name) =>
    element('option', { value: name }, name.replace('SCMP_ARCH_', '').toLowerCase()),
  );
  architectures.replaceChildren(...options);
  if (content) architectures.value = content.architecture;
  change({ uri });
}

filter.addEventListener('input', () => change({ filter: filter.value }));
grouped.checked = state.grouped;
grouped.addEventListener('change', () => change({ grouped: grouped.checked }));
architectures.addEventListener('change', () => {
  change({ architecture: architectures.value });
  editor.postMessage({ kind: 'architecture', name: architectures.value });
});
window.addEventListener('message', ({ data }: MessageEvent<ToTable>) => receive(data));

document.body.append(
  element('header', {}, filter, architectures, element('label', {}, grouped, 'Group by kind')),
  summary,
  table,
);
editor.postMessage({ kind: 'ready', ...(state.architecture && { architecture: state.architecture }) });
