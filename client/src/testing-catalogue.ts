import * as vscode from 'vscode';
import { DISCOVER_TESTS_REQUEST, type DiscoveredTests, type TestsFile } from '../../server/src/protocol.ts';
import { isSeccompTests } from '../../server/src/recognise.ts';
import { toSelection } from './reveal.ts';
import type { ServerLink } from './server-link.ts';

const PATTERN = '**/*.test.json';
/** Packages bring tests of their own along. */
const FOREIGN = '**/node_modules/**';
const MOST_FILES = 1000;
/** What is bigger holds no test cases that somebody wrote: generated data often has such a name. */
const MOST_BYTES = 1 << 20;
const AT_ONCE = 8;
const PAUSE_MS = 300;

/** The test cases of the workspace, as items of the Test Explorer: a file, and its cases in it. */
export interface TestCatalogue {
  /** Looks through the workspace. */
  refresh(): Promise<void>;
  /** A file was made, changed or removed, on disk or in an editor. */
  changed(uri: vscode.Uri): Promise<void>;
  /** Files of test cases that are about a profile. */
  filesOf(profile: vscode.Uri): vscode.TestItem[];
  profileOf(file: vscode.TestItem): vscode.Uri | undefined;
}

export function testCatalogue(controller: vscode.TestController, link: ServerLink): TestCatalogue {
  const profiles = new Map<string, vscode.Uri>();
  const waiting = new Map<string, NodeJS.Timeout>();
  const forget = (uri: vscode.Uri): void => {
    controller.items.delete(uri.toString());
    profiles.delete(uri.toString());
  };
  const look = async (uri: vscode.Uri): Promise<void> => {
    const text = await currentText(uri, MOST_BYTES);
    const found = text !== undefined && isSeccompTests(uri.path, text) ? await discover(link, uri, text) : undefined;
    if (!found) return forget(uri);
    profiles.set(uri.toString(), vscode.Uri.parse(found.profile));
    show(controller, uri, found);
  };
  const filesOf = (profile: vscode.Uri): vscode.TestItem[] => {
    const files = [...profiles].filter(([, each]) => each.toString() === profile.toString());
    return files.flatMap(([file]) => controller.items.get(file) ?? []);
  };
  return {
    refresh: async () => {
      const files = await vscode.workspace.findFiles(PATTERN, FOREIGN, MOST_FILES);
      const there = new Set(files.map((uri) => uri.toString()));
      for (const file of [...profiles.keys()]) if (!there.has(file)) forget(vscode.Uri.parse(file));
      const left = files.values();
      const lookOn = async (): Promise<void> => {
        for (const file of left) await look(file);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, lookOn));
    },
    changed: async (uri) => {
      const stale = [controller.items.get(uri.toString()) ?? [], filesOf(uri)].flat();
      if (stale.length > 0) controller.invalidateTestResults(stale);
      if (!uri.path.endsWith('.test.json') || uri.path.includes('/node_modules/')) return;
      clearTimeout(waiting.get(uri.toString()));
      waiting.set(
        uri.toString(),
        setTimeout(() => void look(uri), PAUSE_MS),
      );
    },
    filesOf,
    profileOf: ({ id }) => profiles.get(id),
  };
}

/** As it is in an editor, or on disk; undefined where there is no such file, or only one of more than `most` bytes. */
export async function currentText(uri: vscode.Uri, most = Number.POSITIVE_INFINITY): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) return open.getText();
  try {
    if ((await vscode.workspace.fs.stat(uri)).size > most) return undefined;
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}

async function discover(link: ServerLink, uri: vscode.Uri, text: string): Promise<DiscoveredTests | undefined> {
  const client = await link.client();
  const params: TestsFile = { uri: client.code2ProtocolConverter.asUri(uri), text };
  return (await client.sendRequest<DiscoveredTests | null>(DISCOVER_TESTS_REQUEST, params)) ?? undefined;
}

/** Items that stay keep their results. */
function show(controller: vscode.TestController, uri: vscode.Uri, { cases }: DiscoveredTests): void {
  const file =
    controller.items.get(uri.toString()) ??
    controller.createTestItem(uri.toString(), vscode.workspace.asRelativePath(uri), uri);
  const items = cases.map(({ id, name, range, error }) => {
    const item = file.children.get(id) ?? controller.createTestItem(id, name, uri);
    item.label = name;
    item.range = toSelection(range);
    item.error = error;
    return item;
  });
  file.children.replace(items);
  controller.items.add(file);
}
