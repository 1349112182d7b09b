import * as vscode from 'vscode';
import type { ProfileChange, SearchResult } from '../../server/src/protocol.ts';
import { LANGUAGE, nameOf } from './language.ts';
import type { Pages } from './pages.ts';
import { toSelection } from './reveal.ts';

const SCHEME = 'seccomp-proposal';

/** A change that the user may take. */
interface Proposal {
  readonly profile: vscode.Uri;
  readonly change: ProfileChange;
}

/**
 * Lets changes of profiles be proposed: in a diff editor with what is to be thought of each syscall behind its name, and with
 * the report beside it.
 */
export function registerProposals(
  { subscriptions }: vscode.ExtensionContext,
  pages: Pages,
): (profile: vscode.Uri, result: SearchResult) => Promise<void> {
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
  return async (profile, result) => {
    if (result.kind === 'refused') return void vscode.window.showWarningMessage(result.message);
    if (result.kind === 'cancelled') return;
    if (!result.change) return showReport(profile, result, pages);
    const uri = vscode.Uri.from({ scheme: SCHEME, path: profile.path, query: profile.toString() });
    const proposal = { profile, change: result.change };
    proposals.set(uri.toString(), proposal);
    changed.fire(uri);
    // the diff comes last, so that it has the focus and with it the button that applies it
    await pages.showComparison(`Proposal for ${nameOf(profile)}`, result.markdown);
    await showDiff(profile, uri);
    decorate();
    void offer(result.headline, proposal, uri);
  };
}

async function showReport(
  profile: vscode.Uri,
  { headline, markdown }: Extract<SearchResult, { readonly kind: 'report' }>,
  pages: Pages,
): Promise<void> {
  void vscode.window.showWarningMessage(`${nameOf(profile)}: ${headline}`);
  await pages.showComparison(`Proposal for ${nameOf(profile)}`, markdown);
}

async function showDiff(profile: vscode.Uri, uri: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.languages.setTextDocumentLanguage(document, LANGUAGE);
  const shown = vscode.window.visibleTextEditors.find(
    (editor) => editor.document.uri.toString() === profile.toString(),
  );
  const viewColumn = shown?.viewColumn ?? vscode.ViewColumn.One;
  await vscode.commands.executeCommand('vscode.diff', profile, uri, `${nameOf(profile)} ↔ Proposal`, { viewColumn });
}

/** One line can hold many names: what is said of them follows the last of the line. */
function notesOf({ notes }: ProfileChange): vscode.DecorationOptions[] {
  const lines = new Map<number, { readonly range: vscode.Range; readonly texts: string[] }>();
  for (const { range, text } of notes) {
    const line = lines.get(range.end.line) ?? { range: toSelection(range), texts: [] };
    line.texts.push(text);
    lines.set(range.end.line, line);
  }
  return [...lines].map(([line, { texts }]) => {
    const end = new vscode.Position(line, Number.MAX_SAFE_INTEGER);
    const contentText = texts.slice(0, 3).join(' · ') + (texts.length > 3 ? ' · …' : '');
    return { range: new vscode.Range(end, end), renderOptions: { after: { contentText } } };
  });
}

async function offer(headline: string, proposal: Proposal, uri: vscode.Uri): Promise<void> {
  const take = 'Apply';
  const ask = proposal.change.doubtful ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  const doubt = proposal.change.doubtful ? ' The result is in doubt: read the report.' : '';
  if ((await ask(`${nameOf(proposal.profile)}: ${headline}.${doubt}`, take)) === take) await apply(proposal, uri);
}

/** Takes the change over as one edit, unless the profile is another one meanwhile. */
async function apply({ profile, change }: Proposal, uri: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(profile);
  if (document.getText() !== change.before)
    return void vscode.window.showWarningMessage(`${nameOf(profile)} has changed since it was tried. Try it again.`);
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
