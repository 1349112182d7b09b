import * as vscode from 'vscode';
import { activeProfile } from './language.ts';
import { targetLabel } from './target.ts';

/** Shows in the status bar for which target the active profile is judged and what was found. */
export function registerStatus({ subscriptions }: vscode.ExtensionContext): void {
  const item = vscode.window.createStatusBarItem('seccomp.target', vscode.StatusBarAlignment.Right, 100);
  item.name = 'Seccomp Profile';
  item.command = 'seccomp.selectTarget';
  const update = (): void => {
    const profile = activeProfile();
    if (!profile) {
      item.hide();
      return;
    }
    const counted = countFindings(profile.uri);
    item.text = `$(shield) ${targetLabel()}: ${counted}`;
    item.tooltip = `This seccomp profile is judged for ${targetLabel()}: ${counted}. Click to change the target.`;
    item.show();
  };
  subscriptions.push(
    item,
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.workspace.onDidOpenTextDocument(update),
    vscode.languages.onDidChangeDiagnostics(update),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('seccomp')) update();
    }),
  );
  update();
}

function countFindings(uri: vscode.Uri): string {
  const found = vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'seccomp');
  const count = (severity: vscode.DiagnosticSeverity): number =>
    found.filter((each) => each.severity === severity).length;
  const errors = count(vscode.DiagnosticSeverity.Error);
  const warnings = count(vscode.DiagnosticSeverity.Warning);
  const parts = [plural(errors, 'error'), plural(warnings, 'warning')].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : 'no problems';
}

const plural = (count: number, thing: string): string =>
  count === 0 ? '' : `${count} ${thing}${count === 1 ? '' : 's'}`;
