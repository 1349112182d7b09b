import * as vscode from 'vscode';
import { TESTS_LANGUAGE } from '../../server/src/protocol.ts';
import { isSeccompProfile, isSeccompTests } from '../../server/src/recognise.ts';
import { isProfile, isTestsFile, LANGUAGE, settings } from './language.ts';

/** Addresses of profiles that the user wants to be plain JSON, by workspace. */
const MEMORY = 'seccomp.treatedAsJson';

/** Languages that files with unknown content have. */
const CANDIDATES = new Set(['json', 'jsonc', 'plaintext']);

/** Gives JSON documents whose content is a profile the language of profiles, and registers the commands to decide otherwise. */
export function registerRecognition({ subscriptions, workspaceState }: vscode.ExtensionContext): void {
  const asJson = (): readonly string[] => workspaceState.get<readonly string[]>(MEMORY, []);
  const isWantedAsJson = ({ uri }: vscode.TextDocument): boolean => asJson().includes(uri.toString());
  const remember = (document: vscode.TextDocument, wanted: boolean): Thenable<void> => {
    const address = document.uri.toString();
    const others = asJson().filter((each) => each !== address);
    return workspaceState.update(MEMORY, wanted ? [...others, address] : others);
  };
  const look = (document: vscode.TextDocument): void => {
    const ours = isProfile(document) || isTestsFile(document);
    if (ours && isWantedAsJson(document)) void setLanguage(document, 'json');
    const language = isWantedAsJson(document) ? undefined : recognised(document);
    if (language !== undefined) void setLanguage(document, language);
  };
  subscriptions.push(
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.workspace.onDidSaveTextDocument(look),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      // a profile that is pasted into a new file
      if (contentChanges.some(({ text }) => text.includes('SCMP_'))) look(document);
    }),
    vscode.commands.registerCommand('seccomp.treatAsProfile', () => treat(LANGUAGE, remember)),
    vscode.commands.registerCommand('seccomp.treatAsJson', () => treat('json', remember)),
  );
  vscode.workspace.textDocuments.forEach(look);
}

/** The language of a document whose content tells it; undefined for others. */
function recognised(document: vscode.TextDocument): string | undefined {
  if (!CANDIDATES.has(document.languageId) || !settings().get('recognition.enabled', true)) return undefined;
  const text = document.getText();
  if (isSeccompTests(document.uri.path, text)) return TESTS_LANGUAGE;
  return isSeccompProfile(text) ? LANGUAGE : undefined;
}

async function treat(
  language: string,
  remember: (document: vscode.TextDocument, asJson: boolean) => Thenable<void>,
): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (!document) return;
  await remember(document, language === 'json');
  await setLanguage(document, language);
}

async function setLanguage(document: vscode.TextDocument, language: string): Promise<void> {
  // the document may have been closed meanwhile
  if (!document.isClosed) await vscode.languages.setTextDocumentLanguage(document, language);
}
