import assert from 'node:assert/strict';
import { arrange } from '../../../client/webview/rows.ts';
import type { PolicyRow } from '../../../server/src/protocol.ts';

const row = (name: string, more: Partial<PolicyRow> = {}): PolicyRow => ({
  name,
  number: 0,
  family: '',
  summary: '',
  verdict: 'allowed',
  outcome: 'allowed',
  condition: '',
  reason: 'defaultAction',
  danger: 0,
  ...more,
});

const ROWS = [
  row('chmod', { number: 90, family: 'change permissions', reason: 'rule 10, line 40', danger: 3 }),
  row('bpf', { number: 321, verdict: 'denied', outcome: 'fails with EPERM', reason: 'rule 2, line 9', danger: 1 }),
  row('fchmod', { number: 91, family: 'change permissions', condition: 'allowed when mode = 0' }),
];

const ORDER = { filter: '', column: 'name', descending: false, grouped: false } as const;

const names = (order: Partial<Parameters<typeof arrange>[1]>): readonly (readonly string[])[] =>
  arrange(ROWS, { ...ORDER, ...order }).map((group) => group.rows.map(({ name }) => name));

describe('the rows of the policy table', () => {
  it('are sorted by each column, both ways', () => {
    assert.deepEqual(names({}), [['bpf', 'chmod', 'fchmod']]);
    assert.deepEqual(names({ descending: true }), [['fchmod', 'chmod', 'bpf']]);
    assert.deepEqual(names({ column: 'number' }), [['chmod', 'fchmod', 'bpf']]);
    assert.deepEqual(names({ column: 'verdict', descending: true }), [['bpf', 'chmod', 'fchmod']]);
  });

  it('come with the worst first by danger, and with rules by their number', () => {
    assert.deepEqual(names({ column: 'danger' }), [['bpf', 'chmod', 'fchmod']]);
    assert.deepEqual(names({ column: 'reason' }), [['fchmod', 'bpf', 'chmod']]);
  });

  it('are those that all words of the filter occur in', () => {
    assert.deepEqual(names({ filter: 'CHMOD' }), [['chmod', 'fchmod']]);
    assert.deepEqual(names({ filter: ' chmod  mode ' }), [['fchmod']]);
    assert.deepEqual(names({ filter: 'eperm' }), [['bpf']]);
    assert.deepEqual(names({ filter: 'nothing' }), [[]]);
  });

  it('are grouped by kind, those of no kind last', () =>
    assert.deepEqual(
      arrange(ROWS, { ...ORDER, grouped: true }).map(({ title, rows }) => [title, rows.length]),
      [
        ['change permissions', 2],
        ['Others', 1],
      ],
    ));
});
