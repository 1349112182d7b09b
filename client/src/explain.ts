import * as vscode from 'vscode';
import { EXPLAIN_REQUEST, type ExplainParams, type ExplainResult } from '../../server/src/protocol.ts';
import { profileFor } from './language.ts';
import { showBelow, showInformation } from './notify.ts';
import { reveal, toSelection } from './reveal.ts';
import type { ServerLink } from './server-link.ts';

const NO_PROFILE = 'Open a seccomp profile first.';
const WAIT_MS = 120;

/** Registers the command that says what happens to a call. Its argument, where given, is the call to begin with. */
export function registerExplain({ subscriptions }: vscode.ExtensionContext, link: ServerLink): void {
  subscriptions.push(
    vscode.commands.registerCommand('seccomp.explain', (call: unknown) => {
      const profile = profileFor(undefined);
      if (!profile) return void showInformation(NO_PROFILE);
      ask(profile, link, typeof call === 'string' ? call : callAtCursor());
    }),
  );
}

/** The syscall under the cursor, or what is selected. */
function callAtCursor(): string {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return '';
  const { document, selection } = editor;
  if (!selection.isEmpty && selection.isSingleLine) return document.getText(selection).replaceAll('"', '').trim();
  const range = document.getWordRangeAtPosition(selection.active, /"[a-z_][a-z0-9_]*"/);
  return range ? document.getText(range).slice(1, -1) : '';
}

/** Answers below the box while the user writes; Enter goes to the rule that decides and leaves the answer in sight. */
function ask(profile: vscode.TextDocument, link: ServerLink, call: string): void {
  const box = vscode.window.createInputBox();
  const goTo: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('go-to-file'), tooltip: 'Go to Rule' };
  let timer: NodeJS.Timeout | undefined;
  let asked = 0;
  const answer = async (): Promise<ExplainResult | undefined> => {
    const number = ++asked;
    if (box.value.trim() === '') {
      showBelow(box);
      return undefined;
    }
    const result = await request(link, profile, box.value);
    if (number === asked) showBelow(box, messageOf(result));
    return result;
  };
  const accept = async (): Promise<void> => {
    const result = await answer();
    if (result?.kind !== 'answer') return;
    box.hide();
    await show(profile, link, box.value, result);
  };
  Object.assign(box, {
    title: 'What happens to…?',
    placeholder: 'socket(AF_ALG, SOCK_SEQPACKET, 0)',
    prompt: 'A syscall by name or as strace prints it. Enter goes to the rule that decides.',
    value: call,
    buttons: [goTo],
  });
  box.onDidChangeValue(() => {
    clearTimeout(timer);
    timer = setTimeout(() => void answer(), WAIT_MS);
  });
  box.onDidAccept(accept);
  box.onDidTriggerButton(accept);
  box.onDidHide(() => {
    clearTimeout(timer);
    box.dispose();
  });
  box.show();
  void answer();
}

async function request(link: ServerLink, { uri }: vscode.TextDocument, call: string): Promise<ExplainResult> {
  const client = await link.client();
  const params: ExplainParams = { uri: client.code2ProtocolConverter.asUri(uri), call };
  return client.sendRequest<ExplainResult>(EXPLAIN_REQUEST, params);
}

function messageOf(result: ExplainResult): vscode.InputBoxValidationMessage {
  return result.kind === 'answer'
    ? { message: inLine(result.text), severity: vscode.InputBoxValidationSeverity.Info }
    : { message: result.message, severity: vscode.InputBoxValidationSeverity.Warning };
}

/** Boxes and notifications show one paragraph. */
const inLine = (text: string): string => text.replaceAll(/\n\s+/g, '; ').replaceAll('\n', '. ');

async function show(
  profile: vscode.TextDocument,
  link: ServerLink,
  call: string,
  { text, range }: ExplainResult & { readonly kind: 'answer' },
): Promise<void> {
  if (range) await reveal(profile.uri, toSelection(range));
  const again = 'Ask Again';
  // the user answers when it suits them
  void showInformation(inLine(text), again).then((answer) => {
    if (answer === again) ask(profile, link, call);
  });
}
