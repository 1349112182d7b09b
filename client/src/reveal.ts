import * as vscode from 'vscode';
import type { TextRange } from '../../server/src/protocol.ts';

export function toSelection({ start, end }: TextRange): vscode.Selection {
  return new vscode.Selection(start.line, start.character, end.line, end.character);
}

/** Selects a piece of a document and brings it into view, in the editor that shows the document already where there is one. */
export async function reveal(uri: vscode.Uri, selection: vscode.Selection): Promise<void> {
  const shown = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  const editor = await vscode.window.showTextDocument(uri, {
    selection,
    preview: false,
    viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One,
  });
  editor.revealRange(selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
