import assert from 'node:assert/strict';
import { architecture, defaultProfile, namesOn } from '../../../server/src/catalog/index.ts';
import { tableRows } from '../../../server/src/features/table.ts';
import { totalsOf } from '../../../server/src/features/totals.ts';
import { analysed } from './marker.ts';

const docker = defaultProfile('docker').text;

describe('the policy table', () => {
  const rows = tableRows(analysed(docker));
  const row = (name: string) => rows.find((one) => one.name === name)!;

  it('has every syscall of the architecture', () => {
    assert.deepEqual(
      rows.map(({ name }) => name),
      namesOn('x86_64'),
    );
    const x86 = tableRows(analysed(docker), architecture('SCMP_ARCH_X86'));
    assert.ok(x86.some(({ name }) => name === 'socketcall'));
  });

  it('agrees with the totals', () => {
    const count = (kind: string) => rows.filter(({ verdict }) => verdict === kind).length;
    const { allowed, conditional, denied } = totalsOf(analysed(docker).policy!);
    assert.deepEqual([count('allowed'), count('conditional'), count('denied')], [allowed, conditional, denied]);
  });

  it('tells verdict, reason and place', () => {
    const { verdict, outcome, condition, reason, span, danger, family } = row('mkdir');
    assert.deepEqual(
      [verdict, outcome, condition, danger, family],
      ['allowed', 'allowed', '', 0, 'create a directory'],
    );
    assert.match(reason, /^rule 1, line \d+$/);
    assert.equal(docker.slice(span!.start, span!.end), '"mkdir"');
    const bpf = row('bpf');
    assert.deepEqual(
      [bpf.verdict, bpf.outcome, bpf.reason, bpf.danger],
      ['denied', 'fails with EPERM', 'defaultAction', 1],
    );
  });

  it('tells conditions in words', () => {
    const { verdict, outcome, condition, reason } = row('clone');
    assert.deepEqual([verdict, outcome], ['conditional', 'fails with EPERM']);
    assert.match(condition, /^allowed when flags has none of CLONE_NEWNS/);
    assert.match(reason, /^rule \d+, line \d+$/);
    assert.match(row('personality').condition, /^allowed when persona = 0 .*, or persona = 8/);
  });

  it('is empty where no engine loads the profile', () => {
    assert.deepEqual(tableRows(analysed('{}')), []);
    assert.deepEqual(tableRows(analysed('')), []);
  });
});
