import * as vscode from 'vscode';
import type { TextRange } from '../../server/src/protocol.ts';

export function toSelection({ start, end }: TextRange): vscode.Selection {
  return new vscode.Selection(start.line, start.character, end.line, end.character);
}

/** The column in which a document is shown already, or the first. */
export const columnOf = (uri: vscode.Uri): vscode.ViewColumn =>
  vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString())?.viewColumn ??
  vscode.ViewColumn.One;

/** Selects a piece of a document and brings it into view, in the editor that shows the document already where there is one. */
export async function reveal(uri: vscode.Uri, selection: vscode.Selection): Promise<void> {
  const editor = await vscode.window.showTextDocument(uri, {
    selection,
    preview: false,
    viewColumn: columnOf(uri),
  });
  editor.revealRange(selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
