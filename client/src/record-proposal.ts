import * as vscode from 'vscode';
import { nameOf } from './language.ts';

const SCHEME = 'seccomp-recorded';
const APPLY = 'Apply';

/** Shows how a document would change, and changes it when the user agrees. */
export interface Proposals {
  /** True when the edits were applied, as one. They are not where the document has changed meanwhile. */
  offer(document: vscode.TextDocument, title: string, edits: readonly vscode.TextEdit[]): Promise<boolean>;
}

export function registerProposals({ subscriptions }: vscode.ExtensionContext): Proposals {
  const texts = new Map<string, string>();
  subscriptions.push(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '',
    }),
  );
  let count = 0;
  return {
    offer: async (document, title, edits) => {
      const { version } = document;
      const proposed = vscode.Uri.from({ scheme: SCHEME, path: document.uri.path, query: String(++count) });
      texts.set(proposed.toString(), textWith(document, edits));
      try {
        const label = `${nameOf(document.uri)}: ${title}`;
        await vscode.commands.executeCommand('vscode.diff', document.uri, proposed, label);
        // a notification would go away while the change is read
        const asked = { title: `Apply the change to ${nameOf(document.uri)}?`, ignoreFocusOut: true };
        if ((await vscode.window.showQuickPick([APPLY, 'Discard'], asked)) !== APPLY) return false;
        if (document.version === version) return await applied(document, edits);
        void vscode.window.showWarningMessage(`${nameOf(document.uri)} has changed meanwhile, so it was left alone.`);
        return false;
      } finally {
        await closeDiff(proposed);
        texts.delete(proposed.toString());
      }
    },
  };
}

function applied({ uri }: vscode.TextDocument, edits: readonly vscode.TextEdit[]): Thenable<boolean> {
  const edit = new vscode.WorkspaceEdit();
  edit.set(uri, [...edits]);
  return vscode.workspace.applyEdit(edit);
}

/** The edits do not overlap. */
function textWith(document: vscode.TextDocument, edits: readonly vscode.TextEdit[]): string {
  const text = document.getText();
  const ordered = edits.toSorted((a, b) => b.range.start.compareTo(a.range.start));
  return ordered.reduce(
    (result, { range, newText }) =>
      result.slice(0, document.offsetAt(range.start)) + newText + result.slice(document.offsetAt(range.end)),
    text,
  );
}

async function closeDiff(proposed: vscode.Uri): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const own = tabs.filter(
    ({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.toString() === proposed.toString(),
  );
  await vscode.window.tabGroups.close(own);
}
