import type * as vscode from 'vscode';
import { registerCommands } from './commands.ts';
import { registerCompare } from './compare.ts';
import { registerExplain } from './explain.ts';
import { registerNewProfile } from './new-profile.ts';
import { registerPages } from './pages.ts';
import { registerPolicyTable } from './policy-table.ts';
import { registerRecognition } from './recognition.ts';
import { registerRecording } from './record.ts';
import { registerRepair } from './repair.ts';
import { type ServerLink, serverLink } from './server-link.ts';
import { registerStatus } from './status.ts';
import { registerTarget } from './target.ts';
import { registerTests } from './test-in-container.ts';
import { registerTesting } from './testing.ts';

let link: ServerLink | undefined;

/** Activated by any JSON file, so it must be cheap: the server starts with the first profile. */
export function activate(context: vscode.ExtensionContext): void {
  link = serverLink(context);
  const pages = registerPages(context, link);
  registerRecognition(context);
  registerNewProfile(context, link);
  registerTests(context, link, pages);
  registerRepair(context, link, pages);
  registerCommands(context, link, pages);
  registerExplain(context, link);
  registerPolicyTable(context, link);
  registerCompare(context, link, pages);
  registerRecording(context, link, pages);
  registerTarget(context, link);
  registerTesting(context, link);
  registerStatus(context);
}

export async function deactivate(): Promise<void> {
  await link?.stop();
  link = undefined;
}
