import * as vscode from 'vscode';
import type { ProfileChange } from '../../server/src/protocol.ts';
import { LANGUAGE, nameOf } from './language.ts';
import { showInformation, showWarning } from './notify.ts';
import { columnOf, toSelection } from './reveal.ts';

const SCHEME = 'seccomp-proposal';

/** A change of a profile that the user may take. */
export interface Proposal {
  readonly profile: vscode.Uri;
  readonly change: ProfileChange;
  /** What it brings, in a line without its end. */
  readonly headline: string;
  /** Shows more about it; absent where that is shown already. */
  readonly showDetails?: () => unknown;
}

/** Shows a change as a diff to apply, with what is to be thought of each syscall behind its name. */
export type Propose = (proposal: Proposal) => Promise<void>;

/** Lets changes of profiles be proposed. They are applied from the notification, or from the diff editor's title. */
export function registerProposals({ subscriptions }: vscode.ExtensionContext): Propose {
  const proposals = new Map<string, Proposal>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const note = vscode.window.createTextEditorDecorationType({
    after: { color: new vscode.ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 2em', fontStyle: 'italic' },
  });
  const decorate = (): void => {
    for (const editor of vscode.window.visibleTextEditors) {
      const proposal = proposals.get(editor.document.uri.toString());
      if (proposal) editor.setDecorations(note, notesOf(proposal.change));
    }
  };
  subscriptions.push(
    changed,
    note,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => proposals.get(uri.toString())?.change.after ?? '',
    }),
    vscode.window.onDidChangeVisibleTextEditors(decorate),
    vscode.commands.registerCommand('seccomp.applyProposal', async (uri: unknown) => {
      const proposal = uri instanceof vscode.Uri ? proposals.get(uri.toString()) : undefined;
      if (proposal) await apply(proposal, uri as vscode.Uri);
    }),
  );
  return async (proposal) => {
    const { profile } = proposal;
    const uri = vscode.Uri.from({ scheme: SCHEME, path: profile.path, query: profile.toString() });
    proposals.set(uri.toString(), proposal);
    changed.fire(uri);
    await showDiff(profile, uri);
    decorate();
    void offer(proposal, uri);
  };
}

async function showDiff(profile: vscode.Uri, uri: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.languages.setTextDocumentLanguage(document, LANGUAGE);
  const viewColumn = columnOf(profile);
  await vscode.commands.executeCommand('vscode.diff', profile, uri, `${nameOf(profile)} ↔ Proposal`, { viewColumn });
}

/** One line can hold many names: what is said of them follows the last of the line. */
function notesOf({ notes }: ProfileChange): vscode.DecorationOptions[] {
  const lines = new Set(notes.map(({ range }) => range.end.line));
  return [...lines].map((line) => {
    const on = notes.filter(({ range }) => range.end.line === line);
    const texts = on.length === 1 ? on.map(({ text }) => text) : on.map(({ name, text }) => `${name}: ${text}`);
    const contentText = texts.slice(0, 3).join(' · ') + (texts.length > 3 ? ' · …' : '');
    const range = new vscode.Range(line, 0, line, Number.MAX_SAFE_INTEGER);
    return { range, hoverMessage: texts, renderOptions: { after: { contentText } } };
  });
}

async function offer(proposal: Proposal, uri: vscode.Uri): Promise<void> {
  const { profile, change, headline, showDetails } = proposal;
  const [take, more] = ['Apply', 'Details'];
  const ask = change.doubtful ? showWarning : showInformation;
  const doubt = change.doubtful ? ' The result is in doubt: read the report.' : '';
  const answer = await ask(`${nameOf(profile)}: ${headline}.${doubt}`, take, ...(showDetails ? [more] : []));
  if (answer === take) await apply(proposal, uri);
  else if (answer === more) await showDetails?.();
}

/** Takes the change over as one edit, unless the profile is another one meanwhile. */
async function apply({ profile, change }: Proposal, uri: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(profile);
  if (document.getText() !== change.before)
    return void showWarning(`${nameOf(profile)} has changed meanwhile, so it was left alone. Try it again.`);
  const edit = new vscode.WorkspaceEdit();
  for (const { range, newText } of change.edits) edit.replace(profile, toSelection(range), newText);
  await vscode.workspace.applyEdit(edit);
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const shown = tabs.filter(
    ({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.toString() === uri.toString(),
  );
  await vscode.window.tabGroups.close(shown);
  await vscode.window.showTextDocument(document);
}
