import assert from 'node:assert/strict';
import type { Connection, PublishDiagnosticsParams } from 'vscode-languageserver';
import { waitForCost } from '../../server/src/lsp/costs.ts';
import { documentsConfiguration, type OpenDocument } from '../../server/src/lsp/documents.ts';
import { pushDiagnostics } from '../../server/src/lsp/push-diagnostics.ts';
import { readSettings } from '../../server/src/settings.ts';

/** A clock that moves when told. */
function clock() {
  const waiting = new Map<() => void, number>();
  return {
    delays: [] as number[],
    defer(milliseconds: number, run: () => void) {
      this.delays.push(milliseconds);
      waiting.set(run, milliseconds);
      return () => void waiting.delete(run);
    },
    tick() {
      const due = [...waiting.keys()];
      waiting.clear();
      for (const run of due) run();
    },
  };
}

function stage() {
  const documents = documentsConfiguration((error) => {
    throw error;
  });
  const open = new Map<string, OpenDocument>();
  const sent: PublishDiagnosticsParams[] = [];
  const time = clock();
  let computed = 0;
  // the one method of a connection that is used here
  const connection = { sendDiagnostics: async (params: PublishDiagnosticsParams) => void sent.push(params) };
  const push = pushDiagnostics(
    connection as Pick<Connection, 'sendDiagnostics'> as Connection,
    (milliseconds, run) => time.defer(milliseconds, run),
    (uri) => open.get(uri),
    () => {
      computed++;
      return [];
    },
  );
  return {
    time,
    sent,
    computed: () => computed,
    show(version: number, text = '{ "defaultAction": "SCMP_ACT_ALLOW" }', languageId = 'seccomp') {
      const document = documents.create('file:///a.json', languageId, version, text);
      open.set(document.uri, document);
      push.changed(document);
    },
    hide() {
      const [document] = open.values();
      open.clear();
      push.closed(document!);
    },
  };
}

describe('pushing diagnostics', () => {
  it('computes once for many changes in a row, and for the last of them', () => {
    const { show, time, sent, computed } = stage();
    for (let version = 1; version <= 10; version++) show(version);
    time.tick();
    assert.equal(computed(), 1);
    assert.deepEqual(
      sent.map(({ version }) => version),
      [10],
    );
  });

  it('does nothing for a document that was closed while it waited', () => {
    const { show, hide, time, sent, computed } = stage();
    show(1);
    hide();
    time.tick();
    assert.deepEqual([computed(), sent], [0, []]);
  });

  it('says nothing of documents that are no profiles', () => {
    const { show, time, sent } = stage();
    show(1, '{ "a": 1 }', 'json');
    time.tick();
    assert.deepEqual(sent, []);
  });

  it('tells of files of test cases, which are no profiles', () => {
    const { show, time, sent } = stage();
    show(1, '{ "cases": [] }', 'seccomp-tests');
    time.tick();
    assert.deepEqual(sent, [{ uri: 'file:///a.json', version: 1, diagnostics: [] }]);
  });

  it('waits by cost, and never long', () => {
    assert.equal(waitForCost(0), 0);
    assert.equal(waitForCost(4), 0);
    assert.ok(waitForCost(50) >= 50);
    assert.ok(waitForCost(60_000) <= 500);
  });
});

describe('an open document', () => {
  const { target, severities } = readSettings(undefined);
  const options = { target, severities };
  const documents = documentsConfiguration((error) => {
    throw error;
  });

  it('is analysed once for the same options', () => {
    const document = documents.create('file:///a', 'seccomp', 1, '{}');
    assert.equal(document.analysis(options), document.analysis(options));
    const other = document.analysis({ ...options });
    assert.notEqual(other, document.analysis(options));
    assert.equal(other.document, document.analysis(options).document, 'the text is not parsed again');
  });

  it('is another one after each change', () => {
    const first = documents.create('file:///a', 'seccomp', 1, '{}');
    const before = first.analysis(options);
    const second = documents.update(first, [{ text: '[]' }], 2);
    assert.notEqual(first.serial, second.serial);
    assert.equal(second.version, 2);
    assert.equal(second.analysis(options).document.text, '[]');
    assert.equal(before.document.text, '{}');
  });

  it('is served by language, or by content where the language is JSON', () => {
    const isServed = (languageId: string, text: string) => documents.create('file:///a', languageId, 1, text).isProfile;
    const profile = '{ "defaultAction": "SCMP_ACT_ALLOW" }';
    assert.equal(isServed('seccomp', ''), true);
    assert.equal(isServed('json', profile), true);
    assert.equal(isServed('jsonc', profile), true);
    assert.equal(isServed('json', '{}'), false);
    assert.equal(isServed('yaml', profile), false);
  });
});
