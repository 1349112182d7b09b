import * as vscode from 'vscode';
import { showWarning } from './notify.ts';

/** Says why nothing is run in a workspace without trust, and offers to change that. */
export async function askForTrust(): Promise<undefined> {
  const manage = 'Manage Workspace Trust';
  const answer = await showWarning('Profiles are tested in containers only in trusted workspaces.', manage);
  if (answer === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return undefined;
}
