import * as vscode from 'vscode';
import type { Program } from '../../server/src/protocol.ts';
import { nameOf, settings } from './language.ts';
import { askForLine } from './notify.ts';
import { joinWords, splitWords } from './words.ts';

/** What has to pass: a program, or without an image the start of a container; or the test cases of a file. */
export interface Goal extends Program {
  readonly file?: vscode.Uri;
}

const KEY = 'seccomp.repair.program';

interface GoalItem extends vscode.QuickPickItem {
  readonly file?: vscode.Uri;
}

/** Asks what has to pass: where there are test cases they are offered, unless a program is suggested. */
export async function askForGoal(
  memory: vscode.Memento,
  title: string,
  files: readonly vscode.Uri[],
  suggested?: Program,
): Promise<Goal | undefined> {
  if (suggested || files.length === 0) return askForProgram(memory, title, suggested);
  const items: readonly GoalItem[] = [
    ...files.map((file) => ({ label: `$(beaker) The test cases in ${nameOf(file)}`, file })),
    { label: '$(terminal) A command in a container…' },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true });
  if (!chosen) return undefined;
  return chosen.file ? { file: chosen.file } : askForProgram(memory, title);
}

/** Begins with what is suggested, the last answers in this workspace, or what tests run. */
async function askForProgram(memory: vscode.Memento, title: string, suggested?: Program): Promise<Program | undefined> {
  const last = suggested ??
    memory.get<Program>(KEY) ?? {
      image: settings().get('container.image', ''),
      command: settings().get<readonly string[]>('container.command', []),
    };
  const image = await askForLine({
    title,
    prompt: 'Image, which must be on the engine already. Empty: a container merely has to start.',
    placeHolder: 'nginx:latest',
    value: last.image ?? '',
    ignoreFocusOut: true,
  });
  if (image === undefined) return undefined;
  const line = image.trim() === '' ? '' : await askForCommand(title, image.trim(), last);
  if (line === undefined) return undefined;
  const program: Program = { image: image.trim(), command: splitWords(line) };
  await memory.update(KEY, program);
  return program;
}

const askForCommand = (title: string, image: string, last: Program): Thenable<string | undefined> =>
  askForLine({
    title,
    prompt: `Command in ${image}; it passes with exit status 0. Empty: the image's own.`,
    placeHolder: 'nginx -t',
    value: joinWords(last.command ?? []),
    ignoreFocusOut: true,
  });
