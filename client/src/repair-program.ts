import * as vscode from 'vscode';
import { settings } from './language.ts';
import { joinWords, splitWords } from './words.ts';

/** A program in an image; without an image a container merely has to start. */
export interface Program {
  readonly image: string;
  readonly command: readonly string[];
}

const KEY = 'seccomp.repair.program';

/** Asks for image and command; begins with the last answers in this workspace, or with what tests run. */
export async function askForProgram(memory: vscode.Memento, title: string): Promise<Program | undefined> {
  const last = memory.get<Program>(KEY) ?? {
    image: settings().get('container.image', ''),
    command: settings().get<readonly string[]>('container.command', []),
  };
  const image = await vscode.window.showInputBox({
    title,
    prompt: 'Image, which must be on the engine already. Empty: a container merely has to start.',
    placeHolder: 'nginx:latest',
    value: last.image,
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
  vscode.window.showInputBox({
    title,
    prompt: `Command in ${image}; it passes with exit status 0. Empty: the image's own.`,
    placeHolder: 'nginx -t',
    value: joinWords(last.command),
    ignoreFocusOut: true,
  });
