import * as vscode from 'vscode';
import { TESTS_LANGUAGE } from '../../server/src/protocol.ts';

export const LANGUAGE = 'seccomp';

/** Of the pages of diagnostics. The manifest lets VS Code open them as rendered Markdown. */
export const DOCUMENTATION_SCHEME = 'seccomp-documentation';

export const isProfile = (document: vscode.TextDocument): boolean => document.languageId === LANGUAGE;

export const isTestsFile = (document: vscode.TextDocument): boolean => document.languageId === TESTS_LANGUAGE;

/** The profile in the active editor. */
export function activeProfile(): vscode.TextDocument | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document && isProfile(document) ? document : undefined;
}

/** The open profile with an address, as a command's argument names it, or the active one without argument. */
export function profileFor(argument: unknown): vscode.TextDocument | undefined {
  const address = argument instanceof vscode.Uri ? argument.toString() : argument;
  if (typeof address !== 'string') return activeProfile();
  const uri = vscode.Uri.parse(address).toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri && isProfile(document));
}

/** Last part of an address: what people call the file. */
export const nameOf = (uri: vscode.Uri): string => uri.path.split('/').at(-1) || uri.toString();

export const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('seccomp');

/** Writes a setting where it has a value already, or else for the open workspace, or for the user. */
export async function writeSetting(key: string, value: unknown): Promise<void> {
  const { workspaceValue, globalValue } = settings().inspect(key) ?? {};
  const forWorkspace =
    workspaceValue !== undefined || (globalValue === undefined && vscode.workspace.workspaceFolders !== undefined);
  const target = forWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await settings().update(key, value, target);
}
