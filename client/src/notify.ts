import * as vscode from 'vscode';

/**
 * A text as notifications, progress and input boxes are to show it: VS Code makes a link of `[text](address)` there, also one that
 * runs a command, and most texts have something from a file in them.
 */
export const inert = (text: string): string => text.replaceAll('](', '] (');

type Answer = Thenable<string | undefined>;

export const showInformation = (text: string, ...answers: readonly string[]): Answer =>
  vscode.window.showInformationMessage(inert(text), ...answers);

export const showWarning = (text: string, ...answers: readonly string[]): Answer =>
  vscode.window.showWarningMessage(inert(text), ...answers);

export const showError = (text: string, ...answers: readonly string[]): Answer =>
  vscode.window.showErrorMessage(inert(text), ...answers);

/** Shows that something goes on until it ends, in a notification that can cancel it. What is run can tell how far it is. */
export const showProgress = <R>(
  title: string,
  run: (tell: (step: string) => void, token: vscode.CancellationToken) => Thenable<R>,
): Thenable<R> =>
  vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: inert(title), cancellable: true },
    (progress, token) => run((step) => progress.report({ message: inert(step) }), token),
  );

/** Asks for a line of text; undefined when the user gives up. */
export const askForLine = ({ prompt = '', ...options }: vscode.InputBoxOptions): Answer =>
  vscode.window.showInputBox({ ...options, prompt: inert(prompt) });

/** Says something below a box's line, or nothing any more. */
export function showBelow(box: vscode.InputBox, said?: vscode.InputBoxValidationMessage): void {
  box.validationMessage = said && { ...said, message: inert(said.message) };
}
