import * as vscode from 'vscode';
import { DOCUMENTATION_COMMAND } from '../../server/src/protocol.ts';
import { settings, writeSetting } from './language.ts';
import { openManualPage } from './manual.ts';
import { askForLine } from './notify.ts';
import type { Pages } from './pages.ts';
import type { ServerLink } from './server-link.ts';
import { joinWords, splitWords } from './words.ts';

/** Registers the commands that are no tests. */
export function registerCommands({ subscriptions }: vscode.ExtensionContext, link: ServerLink, pages: Pages): void {
  const register = (name: string, run: (...args: unknown[]) => unknown): void => {
    subscriptions.push(vscode.commands.registerCommand(name, run));
  };
  register('seccomp.selectImage', selectImage);
  register('seccomp.openManPage', () => openManualPage(pages));
  register('seccomp.restartServer', () => link.restart());
  register('seccomp.showOutput', () => link.output.show());
  register('seccomp.fixAll', () => vscode.commands.executeCommand('editor.action.fixAll'));
  register(DOCUMENTATION_COMMAND, (code) => (typeof code === 'string' ? pages.showDocumentation(code) : undefined));
}

/** Asks for the image and the command that tests run besides the probe. An empty image takes both away. */
async function selectImage(): Promise<void> {
  const image = await askForLine({
    title: 'Image to run under the profile',
    prompt: 'It must be on the engine already. Leave it empty to test with the small probe program alone.',
    placeHolder: 'nginx:latest',
    value: settings().get('container.image', ''),
  });
  if (image === undefined) return;
  const command = image.trim() === '' ? '' : await askForCommand(image);
  if (command === undefined) return;
  await writeSetting('container.image', image.trim() || undefined);
  await writeSetting('container.command', command.trim() === '' ? undefined : splitWords(command));
}

const askForCommand = (image: string): Thenable<string | undefined> =>
  askForLine({
    title: `Command to run in ${image}`,
    prompt: "Program and arguments; quote those with blanks. Leave it empty for the image's own command.",
    placeHolder: 'nginx -t',
    value: joinWords(settings().get<readonly string[]>('container.command', [])),
  });
