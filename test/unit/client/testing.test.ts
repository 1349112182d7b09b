import assert from 'node:assert/strict';
import path from 'node:path';
import type * as Catalogue from '../../../client/src/testing-catalogue.ts';
import type * as Run from '../../../client/src/testing-run.ts';
import { RUN_TESTS_REQUEST, type RunTestsParams } from '../../../server/src/protocol.ts';
import { loadClient } from './editor.ts';

/** An address in the least that is needed of it. */
class Uri {
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }
  static parse = (text: string): Uri => new Uri(new URL(text).pathname);
  static joinPath = ({ path: from }: Uri, ...parts: readonly string[]): Uri => new Uri(path.posix.join(from, ...parts));
  toString(): string {
    return `file://${this.path}`;
  }
}

interface File {
  readonly text: string;
  /** As the file system tells it. */
  readonly size?: number;
}

/** A disk that notes what is read, and how many files at the same time. */
function disk(files: Readonly<Record<string, File>>) {
  const read: string[] = [];
  let reading = 0;
  const noted = { read, most: 0 };
  const fileAt = ({ path }: Uri): File => files[path] ?? assert.fail(`There is no ${path}.`);
  const fs = {
    stat: async (uri: Uri) => ({ size: fileAt(uri).size ?? fileAt(uri).text.length }),
    readFile: async (uri: Uri) => {
      read.push(uri.path);
      noted.most = Math.max(noted.most, ++reading);
      await new Promise((resolve) => setImmediate(resolve));
      reading--;
      return new TextEncoder().encode(fileAt(uri).text);
    },
  };
  return { fs, noted };
}

const TESTS = JSON.stringify({ profile: 'web.json', cases: [{ name: 'a', expect: { exit: 0 } }] });

/** Items of the Test Explorer by their ids. */
function items() {
  const all = new Map<string, object>();
  return {
    add: (item: { readonly id: string }) => all.set(item.id, item),
    delete: (id: string) => all.delete(id),
    get: (id: string) => all.get(id),
    replace: () => undefined,
    ids: () => [...all.keys()],
  };
}

function editor(files: Readonly<Record<string, File>>, answer: (request: string, params: unknown) => unknown) {
  const { fs, noted } = disk(files);
  const shown = items();
  const controller = {
    items: shown,
    createTestItem: (id: string, label: string, uri: Uri) => ({ id, label, uri, children: items() }),
  };
  const client = {
    code2ProtocolConverter: { asUri: String },
    onNotification: () => ({ dispose: () => undefined }),
    sendRequest: async (request: string, params: unknown) => answer(request, params),
  };
  const workspace = {
    fs,
    textDocuments: [],
    findFiles: async () => Object.keys(files).map((name) => new Uri(name)),
    asRelativePath: String,
    getWorkspaceFolder: ({ path }: Uri) => (path.startsWith('/work/') ? {} : undefined),
  };
  return { vscode: { workspace, Uri }, controller, link: { client: async () => client }, noted, shown };
}

describe('the look through the workspace for test cases', () => {
  async function refresh(files: Readonly<Record<string, File>>) {
    const { vscode, controller, link, noted, shown } = editor(files, () => ({
      profile: 'file:///work/web.json',
      cases: [],
    }));
    const { testCatalogue } = await loadClient<typeof Catalogue>('testing-catalogue.ts', { vscode });
    await testCatalogue(controller as never, link as never).refresh();
    return { noted, found: shown.ids() };
  }

  it('finds all of many files, with a few open at the same time', async () => {
    const names = Array.from({ length: 300 }, (_, i) => `/work/${i}.test.json`);
    const { noted, found } = await refresh(Object.fromEntries(names.map((name) => [name, { text: TESTS }])));
    assert.deepEqual(found.toSorted(), names.map((name) => `file://${name}`).toSorted());
    assert.ok(noted.most <= 8, `${noted.most} files were read at once`);
  });

  it('reads no file of more than a megabyte', async () => {
    const { noted, found } = await refresh({
      '/work/data.test.json': { text: TESTS, size: 2 ** 20 + 1 },
      '/work/web.test.json': { text: TESTS, size: 2 ** 20 },
    });
    assert.deepEqual(noted.read, ['/work/web.test.json']);
    assert.deepEqual(found, ['file:///work/web.test.json']);
  });
});

describe('a run of test cases', () => {
  /** Runs the cases of a file that names a profile: what was read, what went to the server, and what is shown. */
  async function runFor(profile: string, file = '/work/tests/web.test.json') {
    const sent: RunTestsParams[] = [];
    const { vscode, link, noted } = editor(
      { [file]: { text: TESTS }, [profile]: { text: '{"secret": true}' } },
      (request, params) => {
        assert.equal(request, RUN_TESTS_REQUEST);
        sent.push(params as RunTestsParams);
        return { kind: 'done' };
      },
    );
    const errors: string[] = [];
    const source = { token: { isCancellationRequested: false }, cancel: () => undefined, dispose: () => undefined };
    const run = {
      token: { onCancellationRequested: () => source },
      enqueued: () => undefined,
      appendOutput: () => undefined,
      errored: (_item: object, { message }: { readonly message: string }) => errors.push(message),
      end: () => undefined,
    };
    const parent = { id: 'file', label: 'web.test.json', uri: new Uri(file) };
    const { runTests } = await loadClient<typeof Run>('testing-run.ts', {
      vscode: {
        ...vscode,
        CancellationTokenSource: class {
          token = source.token;
          dispose = source.dispose;
        },
        TestMessage: class {
          readonly message: string;
          constructor(message: string) {
            this.message = message;
          }
        },
      },
    });
    await runTests(
      { createTestRun: () => run } as never,
      { profileOf: () => new Uri(profile) } as never,
      link as never,
      { include: [{ id: 'a', parent }] } as never,
      run.token as never,
    );
    return { read: noted.read, sent, errors };
  }

  it('does not read a profile outside of the workspace', async () => {
    for (const profile of ['/home/me/.ssh/id', '/work-of-others/web.json', '/web.json']) {
      const { read, sent, errors } = await runFor(profile);
      assert.deepEqual([read, sent], [['/work/tests/web.test.json'], []], profile);
      assert.deepEqual(errors, ['The profile lies outside of the workspace.']);
    }
  });

  it('reads one that lies in the workspace, or with its tests', async () => {
    for (const [profile, file] of [
      ['/work/web.json', '/work/tests/web.test.json'],
      ['/tmp/a/web.json', '/tmp/a/web.test.json'],
      ['/tmp/a/profiles/web.json', '/tmp/a/web.test.json'],
    ] as const) {
      const { sent, errors } = await runFor(profile, file);
      assert.deepEqual(errors, []);
      assert.deepEqual(
        sent.map(({ profile: { uri } }) => uri),
        [`file://${profile}`],
      );
    }
  });
});
