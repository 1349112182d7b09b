import type * as vscode from 'vscode';
import { registerCommands } from './commands.ts';
import { registerCompare } from './compare.ts';
import { registerExplain } from './explain.ts';
import { registerNewProfile } from './new-profile.ts';
import { registerPages } from './pages.ts';
import { registerPolicyTable } from './policy-table.ts';
import { registerProposals } from './proposals.ts';
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
  registerCommands(context, link, pages);
  registerExplain(context, link);
  registerPolicyTable(context, link);
  registerCompare(context, link, pages);
  const propose = registerProposals(context);
  registerRecording(context, link, pages, propose);
  registerTarget(context, link);
  const tests = registerTesting(context, link);
  registerRepair(context, link, { pages, propose, tests });
  registerStatus(context);
}

export async function deactivate(): Promise<void> {
  await link?.stop();
  link = undefined;
}
