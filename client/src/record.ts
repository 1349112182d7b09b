import * as vscode from 'vscode';
import {
  IMPORT_REQUEST,
  type ImportParams,
  RECORD_REQUEST,
  type RecordingParams,
  type RecordingResult,
  type RecordParams,
} from '../../server/src/protocol.ts';
import { activeProfile, LANGUAGE, nameOf, settings } from './language.ts';
import { requestWithProgress } from './long-request.ts';
import { askForLine, showInformation, showWarning } from './notify.ts';
import type { Pages } from './pages.ts';
import type { Propose } from './proposals.ts';
import type { ServerLink } from './server-link.ts';
import { askForTrust } from './trust.ts';
import { joinWords, splitWords } from './words.ts';

/** Where results go. */
interface Shown {
  readonly pages: Pages;
  readonly propose: Propose;
}

/** Registers the commands that make a profile of what a program did. Both yield the result, for other extensions. */
export function registerRecording(
  { subscriptions }: vscode.ExtensionContext,
  link: ServerLink,
  pages: Pages,
  propose: Propose,
): void {
  const shown: Shown = { pages, propose };
  subscriptions.push(
    vscode.commands.registerCommand('seccomp.importTrace', (given: unknown) => importTraces(link, shown, given)),
    vscode.commands.registerCommand('seccomp.recordCommand', () => recordCommand(link, shown)),
  );
}

/** The argument, where given, is a trace's address; otherwise the user chooses files. */
async function importTraces(link: ServerLink, shown: Shown, given: unknown): Promise<RecordingResult | undefined> {
  const profile = activeProfile();
  const title = 'Traces of strace, perf trace, sysdig, or the audit log';
  const chosen =
    given instanceof vscode.Uri ? [given] : await vscode.window.showOpenDialog({ title, canSelectMany: true });
  if (!chosen || chosen.length === 0) return undefined;
  const wanted = await askForUse(link, profile);
  if (!wanted) return undefined;
  const traces = await Promise.all(chosen.map(readTrace));
  const params: ImportParams = { ...wanted, traces };
  const result = await (await link.client()).sendRequest<RecordingResult>(IMPORT_REQUEST, params);
  await use(result, wanted.uri === undefined ? undefined : profile, shown);
  return result;
}

/** By the editor's file systems, so that files of other machines can be read as well. */
async function readTrace(uri: vscode.Uri): Promise<ImportParams['traces'][number]> {
  return { name: nameOf(uri), text: new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)) };
}

async function recordCommand(link: ServerLink, shown: Shown): Promise<RecordingResult | undefined> {
  if (!vscode.workspace.isTrusted) return askForTrust();
  const profile = activeProfile();
  const image = await askForImage();
  if (!image) return undefined;
  const command = await askForCommand(image);
  if (command === undefined) return undefined;
  const wanted = await askForUse(link, profile);
  if (!wanted) return undefined;
  const client = await link.client();
  const params: RecordParams = { ...wanted, image, command: splitWords(command) };
  const title = `Recording ${image}; cancel to end it`;
  const result = await requestWithProgress<RecordParams, RecordingResult>(client, title, RECORD_REQUEST, params);
  await use(result, wanted.uri === undefined ? undefined : profile, shown);
  return result;
}

const askForImage = (): Thenable<string | undefined> =>
  askForLine({
    title: 'Record a Command in a Container (1/2)',
    prompt: 'Image to run without a profile and without a network. It must be on the engine already.',
    placeHolder: 'nginx:latest',
    value: settings().get('container.image', ''),
  });

const askForCommand = (image: string): Thenable<string | undefined> =>
  askForLine({
    title: 'Record a Command in a Container (2/2)',
    prompt: `What follows the entry point of ${image}; quote arguments with blanks. Leave it empty for the image's own command.`,
    placeHolder: 'nginx -t',
    value: joinWords(settings().get<readonly string[]>('container.command', [])),
  });

interface UseItem extends vscode.QuickPickItem {
  readonly params: RecordingParams;
}

/** Asks what is to become of the calls. */
async function askForUse(
  link: ServerLink,
  profile: vscode.TextDocument | undefined,
): Promise<RecordingParams | undefined> {
  const uri = profile && (await link.client()).code2ProtocolConverter.asUri(profile.uri);
  const into = (uri: string, name: string): readonly UseItem[] => [
    { label: `Add to ${name} what it denies`, params: { uri, conditions: false } },
    { label: `Add to ${name} what it denies, with conditions on arguments`, params: { uri, conditions: true } },
  ];
  const items: readonly UseItem[] = [
    ...(profile && uri !== undefined ? into(uri, nameOf(profile.uri)) : []),
    { label: 'New profile', params: { conditions: false } },
    { label: 'New profile with conditions on arguments', params: { conditions: true } },
  ];
  const title = 'What should become of the recorded calls?';
  return (await vscode.window.showQuickPick(items, { title }))?.params;
}

async function use(
  result: RecordingResult,
  profile: vscode.TextDocument | undefined,
  { pages, propose }: Shown,
): Promise<void> {
  if (result.kind === 'refused') return void showWarning(result.message);
  const { report } = result;
  if (result.kind === 'change' && profile && result.change) {
    const { change, headline } = result;
    return propose({ profile: profile.uri, change, headline, showDetails: () => showDetails(report, pages) });
  }
  void tell(report, pages);
  if (result.kind === 'profile') await openNew(result.text);
}

async function openNew(content: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: LANGUAGE, content });
  await vscode.window.showTextDocument(document, { preview: false });
}

async function tell(report: readonly string[], pages: Pages): Promise<void> {
  const details = 'Details';
  const answer = await showInformation(report.slice(0, 2).join(' · '), details);
  if (answer === details) await showDetails(report, pages);
}

async function showDetails(report: readonly string[], pages: Pages): Promise<void> {
  const lines = report.map((line) => line.replaceAll('```', "'''"));
  await pages.showComparison('What was recorded', `\`\`\`text\n${lines.join('\n')}\n\`\`\`\n`);
}
