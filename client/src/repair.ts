import * as vscode from 'vscode';
import {
  REPAIR_COMMAND,
  REPAIR_REQUEST,
  type SearchParams,
  type SearchResult,
  TIGHTEN_COMMAND,
  TIGHTEN_REQUEST,
} from '../../server/src/protocol.ts';
import { nameOf, profileFor } from './language.ts';
import { requestWithProgress } from './long-request.ts';
import type { Pages } from './pages.ts';
import { askForProgram } from './repair-program.ts';
import { registerProposals } from './repair-proposal.ts';
import type { ServerLink } from './server-link.ts';
import { askForTrust } from './trust.ts';

const NO_PROFILE = 'Open a seccomp profile first.';

/** A way to change a profile until a program passes. */
interface Way {
  readonly command: string;
  readonly request: string;
  /** What the user is asked for. */
  readonly question: string;
  readonly progress: (name: string) => string;
}

const WAYS: readonly Way[] = [
  {
    command: REPAIR_COMMAND,
    request: REPAIR_REQUEST,
    question: 'What has to pass under the profile?',
    progress: (name) => `Repairing ${name}`,
  },
  {
    command: TIGHTEN_COMMAND,
    request: TIGHTEN_REQUEST,
    question: 'What has to pass still under the tightened profile?',
    progress: (name) => `Tightening ${name}`,
  },
];

/** Registers the commands that change a profile by what a program needs in a container. */
export function registerRepair(context: vscode.ExtensionContext, link: ServerLink, pages: Pages): void {
  const propose = registerProposals(context, pages);
  const running = new Set<string>();
  for (const way of WAYS)
    context.subscriptions.push(
      vscode.commands.registerCommand(way.command, async (argument: unknown) => {
        const profile = profileFor(argument);
        if (!profile) return void vscode.window.showInformationMessage(NO_PROFILE);
        if (!vscode.workspace.isTrusted) return askForTrust();
        const address = profile.uri.toString();
        if (running.has(address))
          return void vscode.window.showInformationMessage('This profile is being tried already.');
        running.add(address);
        try {
          const result = await search(context, link, way, profile);
          if (result) await propose(profile.uri, result);
          return result;
        } finally {
          running.delete(address);
        }
      }),
    );
}

/** Asks what has to pass, and lets the server search. */
async function search(
  { workspaceState }: vscode.ExtensionContext,
  link: ServerLink,
  { request, question, progress: title }: Way,
  profile: vscode.TextDocument,
): Promise<SearchResult | undefined> {
  const program = await askForProgram(workspaceState, question);
  if (!program) return undefined;
  const client = await link.client();
  const params: SearchParams = { uri: client.code2ProtocolConverter.asUri(profile.uri), ...program };
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: title(nameOf(profile.uri)), cancellable: true },
    (progress, token) => requestWithProgress<SearchParams, SearchResult>(client, request, params, progress, token),
  );
}
