import * as vscode from 'vscode';
import {
  type Program,
  REPAIR_COMMAND,
  REPAIR_REQUEST,
  type SearchParams,
  type SearchResult,
  TIGHTEN_COMMAND,
  TIGHTEN_REQUEST,
} from '../../server/src/protocol.ts';
import { nameOf, profileFor } from './language.ts';
import { requestWithProgress } from './long-request.ts';
import { showInformation, showWarning } from './notify.ts';
import type { Pages } from './pages.ts';
import type { Propose } from './proposals.ts';
import { askForGoal, type Goal } from './repair-goal.ts';
import { columnOf } from './reveal.ts';
import type { ServerLink } from './server-link.ts';
import type { TestFiles } from './testing.ts';
import { currentText } from './testing-catalogue.ts';
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

/** Where results go, and where test cases come from. */
interface Surroundings {
  readonly pages: Pages;
  readonly propose: Propose;
  readonly tests: TestFiles;
}

/** Registers the commands that change a profile by what a program needs in a container. Both yield the result. */
export function registerRepair(
  { subscriptions, workspaceState }: vscode.ExtensionContext,
  link: ServerLink,
  surroundings: Surroundings,
): void {
  const running = new Set<string>();
  for (const way of WAYS)
    subscriptions.push(
      vscode.commands.registerCommand(way.command, async (argument: unknown, suggested?: Program) => {
        const profile = profileFor(argument);
        if (!profile) return void showInformation(NO_PROFILE);
        if (!vscode.workspace.isTrusted) return askForTrust();
        const address = profile.uri.toString();
        if (running.has(address)) return void showInformation('This profile is being tried already.');
        running.add(address);
        try {
          const files = await surroundings.tests.filesOf(profile.uri);
          const goal = await askForGoal(workspaceState, way.question, files, suggested);
          const result = goal && (await search(link, way, profile, goal));
          if (result) await show(profile.uri, result, surroundings);
          return result;
        } finally {
          running.delete(address);
        }
      }),
    );
}

async function search(
  link: ServerLink,
  { request, progress }: Way,
  profile: vscode.TextDocument,
  goal: Goal,
): Promise<SearchResult> {
  const client = await link.client();
  const address = client.code2ProtocolConverter.asUri;
  const { file, ...program } = goal;
  const cases = file && { uri: address(file), text: (await currentText(file)) ?? '' };
  const params: SearchParams = { uri: address(profile.uri), ...program, ...(cases && { cases }) };
  return requestWithProgress<SearchParams, SearchResult>(client, progress(nameOf(profile.uri)), request, params);
}

async function show(profile: vscode.Uri, result: SearchResult, { pages, propose }: Surroundings): Promise<void> {
  if (result.kind === 'refused') return void showWarning(result.message);
  if (result.kind === 'cancelled') return;
  const { headline, markdown, change } = result;
  // the report goes to the side of the profile, not of another report that has the focus
  await vscode.window.showTextDocument(profile, { viewColumn: columnOf(profile), preview: false });
  // the diff comes last, so that it has the focus and with it the button that applies it
  await pages.showComparison(`Proposal for ${nameOf(profile)}`, markdown);
  if (change) await propose({ profile, change, headline });
  else void showWarning(`${nameOf(profile)}: ${headline}`);
}
