import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';

const POLL_MS = 50;

/**
 * Asks again until there is an answer: what an editor shows arrives late, and while providers register it may answer
 * with nothing at all.
 *
 * @param what for the error message
 * @param probe gives `undefined` or `false`, or throws, while it is not so yet
 * @throws after `limitMs` milliseconds, with the last error if there was one
 */
export async function poll<T>(
  what: string,
  probe: () => T | Thenable<T>,
  limitMs = 60_000,
): Promise<Exclude<T, undefined | false>> {
  const end = Date.now() + limitMs;
  let cause: unknown;
  do {
    try {
      const answer = await probe();
      if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  } while (Date.now() < end);
  throw new Error(`Waited ${limitMs / 1000} s in vain: ${what}${cause ? ` (${cause})` : ''}`);
}

/** A text without its `|`, and the offset where it was. */
export function withCursor(marked: string): { readonly text: string; readonly offset: number } {
  const offset = marked.indexOf('|');
  if (offset < 0) throw new Error('There is no | in the text.');
  return { text: marked.slice(0, offset) + marked.slice(offset + 1), offset };
}

/** Opens a file of the workspace, named by its path there. */
export async function openFile(name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(path.join(workspaceFolder(), name));
  await vscode.window.showTextDocument(document);
  return document;
}

let opened = 0;

/** Writes a text into a new file of the workspace and opens it. */
export async function openText(text: string, extension = 'json'): Promise<vscode.TextDocument> {
  const name = `text-${++opened}.${extension}`;
  fs.writeFileSync(path.join(workspaceFolder(), name), text);
  return openFile(name);
}

/** Opens a text that has its cursor marked by `|`. */
export async function openAtCursor(
  marked: string,
): Promise<{ document: vscode.TextDocument; position: vscode.Position }> {
  const { text, offset } = withCursor(marked);
  const document = await openText(text);
  return { document, position: document.positionAt(offset) };
}

export async function closeEditors(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** The open document of the same file: a change of language replaces the document object. */
export function current(document: vscode.TextDocument): vscode.TextDocument {
  const uri = document.uri.toString();
  return vscode.workspace.textDocuments.find((d) => d.uri.toString() === uri) ?? document;
}

/** Waits until a document has this language. */
export async function languageBecomes(document: vscode.TextDocument, languageId: string): Promise<void> {
  await poll(`${document.fileName} becomes ${languageId}`, () => current(document).languageId === languageId);
}

/** Waits until a document's diagnostics satisfy `enough`. */
export function diagnostics(
  document: vscode.TextDocument,
  what: string,
  enough: (found: readonly vscode.Diagnostic[]) => boolean,
): Promise<readonly vscode.Diagnostic[]> {
  return poll(`diagnostics of ${document.fileName}: ${what}`, () => {
    const found = vscode.languages.getDiagnostics(document.uri);
    if (enough(found)) return found;
    throw new Error(found.length ? found.map((d) => d.message).join(' | ') : 'there are none');
  });
}

/** Where a text first stands in a document. */
export function positionOf(document: vscode.TextDocument, text: string): vscode.Position {
  const offset = document.getText().indexOf(text);
  if (offset < 0) throw new Error(`${text} is not in ${document.fileName}.`);
  return document.positionAt(offset);
}

/** Labels of the completion list. */
export async function completionLabels(document: vscode.TextDocument, position: vscode.Position): Promise<string[]> {
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    position,
  );
  const named = list.items.map(({ label, sortText }) => ({
    name: typeof label === 'string' ? label : label.label,
    sortText,
  }));
  const key = ({ name, sortText = name }: (typeof named)[number]) => `${sortText}\0${name}`;
  return named.sort((a, b) => (key(a) < key(b) ? -1 : 1)).map(({ name }) => name);
}

/** The Markdown of all hovers at a place. */
export async function hoverText(document: vscode.TextDocument, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  return hovers.flatMap(({ contents }) => contents.map(markdownOf)).join('\n');
}

const markdownOf = (content: vscode.MarkdownString | vscode.MarkedString): string =>
  typeof content === 'string' ? content : content.value;

/** Code actions for a range, by default the whole document, with their edits resolved. */
export function codeActions(
  document: vscode.TextDocument,
  kind: vscode.CodeActionKind,
  range: vscode.Range = wholeOf(document),
): Thenable<vscode.CodeAction[]> {
  const resolveAll = 1000;
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    range,
    kind.value,
    resolveAll,
  );
}

export function wholeOf(document: vscode.TextDocument): vscode.Range {
  return new vscode.Range(new vscode.Position(0, 0), document.positionAt(document.getText().length));
}

/** Does what a code action does when it is chosen. */
export async function apply(action: vscode.CodeAction): Promise<void> {
  if (action.edit && !(await vscode.workspace.applyEdit(action.edit))) throw new Error(`${action.title} was refused.`);
  const { command } = action;
  if (command) await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
}

/** Titles of the code lenses of a document. */
export async function codeLensTitles(document: vscode.TextDocument): Promise<string[]> {
  const resolveAll = 1000;
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
    resolveAll,
  );
  return lenses.flatMap(({ command }) => (command ? [command.title] : []));
}

function workspaceFolder(): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('The tests need an open folder.');
  return folder.uri.fsPath;
}
