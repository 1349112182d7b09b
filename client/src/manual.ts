import { execFile } from 'node:child_process';
import * as vscode from 'vscode';
import { askForLine, showInformation, showWarning } from './notify.ts';
import type { Pages } from './pages.ts';

const PAGE = /^[a-z_][a-z0-9_]*$/;
const LIMIT_MS = 10_000;
const WIDTH = 100;

/** Shows the manual's page of the syscall under the cursor, or of one that the user names, from the machine's own `man`. */
export async function openManualPage(pages: Pages): Promise<void> {
  if (!vscode.workspace.isTrusted)
    return void showWarning('Programs such as `man` are run only in trusted workspaces.');
  const name = wordAtCursor() ?? (await askForName());
  if (name === undefined) return;
  const text = await readPage(name);
  if (text) await pages.showManual(`${name}(2)`, text);
  else offerOnline(name);
}

function wordAtCursor(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  const range = editor?.document.getWordRangeAtPosition(editor.selection.active, /[a-z_][a-z0-9_]*/);
  const word = range && editor?.document.getText(range);
  return word && PAGE.test(word) ? word : undefined;
}

const askForName = (): Thenable<string | undefined> =>
  askForLine({
    title: 'Manual page of a syscall',
    placeHolder: 'mkdirat',
    validateInput: (text) => (PAGE.test(text) ? undefined : 'Names of syscalls have small letters, digits and _.'),
  });

/** The page as plain text; undefined when `man` or the page is not there. */
function readPage(name: string): Promise<string | undefined> {
  const env = { ...process.env, MANPAGER: 'cat', PAGER: 'cat', MANWIDTH: String(WIDTH), LC_ALL: 'C.UTF-8' };
  return new Promise((resolve) => {
    execFile('man', ['2', name], { env, timeout: LIMIT_MS, maxBuffer: 4 << 20 }, (error, stdout) => {
      resolve(error || stdout.trim() === '' ? undefined : withoutOverstrikes(stdout));
    });
  });
}

/** Some programs write bold and underlined text over itself by backspaces. */
function withoutOverstrikes(text: string): string {
  const pieces = text.split('\b');
  return pieces.map((piece, i) => (i < pieces.length - 1 ? [...piece].slice(0, -1).join('') : piece)).join('');
}

async function offerOnline(name: string): Promise<void> {
  const open = 'Open man7.org';
  const answer = await showInformation(
    `\`man\` has no page ${name}(2) on this machine. Debian has the pages in the package manpages-dev.`,
    open,
  );
  if (answer !== open) return;
  await vscode.env.openExternal(vscode.Uri.parse(`https://man7.org/linux/man-pages/man2/${name}.2.html`));
}
