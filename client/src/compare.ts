import * as vscode from 'vscode';
import {
  COMPARE_COMMAND,
  COMPARE_REQUEST,
  type ComparedProfile,
  type CompareParams,
  type CompareResult,
} from '../../server/src/protocol.ts';
import { textInHead } from './git.ts';
import { activeProfile, isProfile, nameOf } from './language.ts';
import { showInformation, showWarning } from './notify.ts';
import type { Pages } from './pages.ts';
import type { ServerLink } from './server-link.ts';

const NO_PROFILE = 'Open a seccomp profile first, or choose one in the explorer.';

/** Registers the commands that compare a profile with another one. All yield the result, for other extensions. */
export function registerCompare({ subscriptions }: vscode.ExtensionContext, link: ServerLink, pages: Pages): void {
  const compare = (before: ComparedProfile, after: ComparedProfile) => show(link, pages, { before, after });
  const register = (name: string, run: (uri: vscode.Uri, ...more: readonly unknown[]) => unknown): void => {
    const withProfile = (given: unknown, ...more: readonly unknown[]): unknown => {
      const uri = uriOf(given);
      return uri ? run(uri, ...more) : void showInformation(NO_PROFILE);
    };
    subscriptions.push(vscode.commands.registerCommand(name, withProfile));
  };
  const withDefault = async (uri: vscode.Uri, engine: 'docker' | 'podman') =>
    compare({ kind: 'default', engine }, await profileAt(link, uri));
  register('seccomp.compareWithDocker', (uri) => withDefault(uri, 'docker'));
  register('seccomp.compareWithPodman', (uri) => withDefault(uri, 'podman'));
  register(COMPARE_COMMAND, (uri, engine) => withDefault(uri, engine === 'podman' ? 'podman' : 'docker'));
  register('seccomp.compareWithHead', async (uri) => {
    const text = await committed(uri);
    if (text === undefined) return undefined;
    return compare({ kind: 'text', text, label: `${nameOf(uri)} in HEAD` }, await profileAt(link, uri));
  });
  register('seccomp.compareProfiles', async (uri, selected) => {
    const pair = pairOf(selected) ?? (await pickOther(uri));
    return pair && compare(await profileAt(link, pair[0]), await profileAt(link, pair[1]));
  });
}

/** A lens gives an address, a menu a Uri, the palette nothing: then it is about the active profile. */
function uriOf(given: unknown): vscode.Uri | undefined {
  if (given instanceof vscode.Uri) return given;
  return typeof given === 'string' ? vscode.Uri.parse(given) : activeProfile()?.uri;
}

/** The two files that are selected in the explorer. */
function pairOf(selected: unknown): readonly [vscode.Uri, vscode.Uri] | undefined {
  if (!Array.isArray(selected) || selected.length !== 2) return undefined;
  const [first, second]: readonly unknown[] = selected;
  return first instanceof vscode.Uri && second instanceof vscode.Uri ? [first, second] : undefined;
}

interface OtherItem extends vscode.QuickPickItem {
  readonly uri?: vscode.Uri;
}

/** Asks for the profile to compare with: an open one, or any file. */
async function pickOther(uri: vscode.Uri): Promise<readonly [vscode.Uri, vscode.Uri] | undefined> {
  const others = vscode.workspace.textDocuments.filter(
    (document) => isProfile(document) && document.uri.toString() !== uri.toString(),
  );
  const items: OtherItem[] = others.map((document) => ({
    label: nameOf(document.uri),
    description: vscode.workspace.asRelativePath(document.uri),
    uri: document.uri,
  }));
  const file: OtherItem = { label: '$(folder-opened) Choose a File…' };
  const title = `Compare ${nameOf(uri)} with which profile?`;
  const chosen = items.length > 0 ? await vscode.window.showQuickPick([...items, file], { title }) : file;
  const other = chosen === file ? (await vscode.window.showOpenDialog({ title }))?.[0] : chosen?.uri;
  return other && [other, uri];
}

/** Open profiles are compared as they are in the editor, saved or not. */
async function profileAt(link: ServerLink, uri: vscode.Uri): Promise<ComparedProfile> {
  const document = await vscode.workspace.openTextDocument(uri);
  const label = nameOf(uri);
  if (!isProfile(document)) return { kind: 'text', text: document.getText(), label };
  const client = await link.client();
  return { kind: 'document', uri: client.code2ProtocolConverter.asUri(uri), label };
}

async function committed(uri: vscode.Uri): Promise<string | undefined> {
  if (!vscode.workspace.isTrusted)
    return void showWarning('Programs such as `git` are run only in trusted workspaces.');
  const text = await textInHead(uri);
  if (text === undefined) void showWarning(`Git has no version of ${nameOf(uri)} in HEAD.`);
  return text;
}

async function show(link: ServerLink, pages: Pages, params: CompareParams): Promise<CompareResult> {
  const client = await link.client();
  const result = await client.sendRequest<CompareResult>(COMPARE_REQUEST, params);
  if (result.kind === 'refused') void showWarning(result.message);
  else await pages.showComparison(result.title, result.markdown);
  return result;
}
