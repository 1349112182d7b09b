import * as vscode from 'vscode';
import { type ProfileTemplate, TEMPLATES_REQUEST } from '../../server/src/protocol.ts';
import { LANGUAGE } from './language.ts';
import type { ServerLink } from './server-link.ts';

/** Registers the command that opens a new profile, made from one of the server's templates. */
export function registerNewProfile({ subscriptions }: vscode.ExtensionContext, link: ServerLink): void {
  subscriptions.push(vscode.commands.registerCommand('seccomp.newProfile', () => newProfile(link)));
}

async function newProfile(link: ServerLink): Promise<void> {
  const client = await link.client();
  const templates = await client.sendRequest<readonly ProfileTemplate[]>(TEMPLATES_REQUEST);
  const items = templates.map(({ label, description, text }) => ({ label, description, text }));
  const chosen = await vscode.window.showQuickPick(items, { title: 'New Seccomp Profile', placeHolder: 'Start from' });
  if (!chosen) return;
  const document = await vscode.workspace.openTextDocument({ language: LANGUAGE, content: chosen.text });
  await vscode.window.showTextDocument(document);
}
