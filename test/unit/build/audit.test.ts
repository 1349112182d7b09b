import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

interface Audit {
  judgeAudit(text: string): { readonly status: number; readonly lines: readonly string[] };
}

const { judgeAudit }: Audit = await import(pathToFileURL(path.resolve('scripts/lib/audit.mjs')).href);
const judged = (answer: unknown) => {
  const { status, lines } = judgeAudit(typeof answer === 'string' ? answer : JSON.stringify(answer));
  return { status, text: lines.join('\n') };
};

const weakness = { name: 'jsonc-parser', severity: 'high', range: '<4', isDirect: true };
const metadata = { vulnerabilities: { total: 1 }, dependencies: { prod: 9, dev: 300 } };

describe('an audit', () => {
  it('fails where a weakness is known, whatever the sums say', () => {
    const { status, text } = judged({ vulnerabilities: { 'jsonc-parser': weakness }, metadata });
    assert.equal(status, 1);
    assert.match(text, /high: jsonc-parser <4\n1 known weaknesses in 9 packages/);
  });

  it('passes where none is known of the packages', () => {
    const { status, text } = judged({ vulnerabilities: {}, metadata });
    assert.deepEqual([status, text], [0, '0 known weaknesses in 9 packages.']);
  });

  it('says loudly that nothing was learned where the registry does not answer', () => {
    const silent = { summary: '', detail: '' };
    for (const answer of [
      { message: '405 Method Not Allowed - POST https://registry.npmjs.org/x', statusCode: 405, error: silent },
      { message: 'request to https://registry.npmjs.org/x failed, reason: connect ECONNREFUSED', error: silent },
    ]) {
      const { status, text } = judged(answer);
      assert.equal(status, 0);
      assert.match(text, /^\*{80}\nNOT AUDITED\. Nothing was learned/);
      assert.ok(text.includes(answer.message));
    }
  });

  it('fails where npm asked nothing, or audited nothing', () => {
    for (const answer of [
      '',
      'null',
      'npm crashed',
      '[]',
      { error: { code: 'ENOLOCK', summary: 'This command requires an existing lockfile.' } },
      { vulnerabilities: {}, metadata: { ...metadata, dependencies: { prod: 0 } } },
      { vulnerabilities: {} },
    ])
      assert.equal(judged(answer).status, 1, JSON.stringify(answer));
    assert.match(
      judged({ error: { code: 'ENOLOCK', summary: 'No lockfile.' } }).text,
      /npm made no audit: No lockfile/,
    );
  });
});
