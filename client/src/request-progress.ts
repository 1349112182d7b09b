import * as vscode from 'vscode';
import type {
  LanguageClient,
  WorkDoneProgressBegin,
  WorkDoneProgressEnd,
  WorkDoneProgressReport,
} from 'vscode-languageclient/node';

let requests = 0;

/** Makes a request whose progress is shown as a notification; its Cancel button cancels the request. */
export function withProgress<T>(
  client: LanguageClient,
  title: string,
  request: (workDoneToken: string, token: vscode.CancellationToken) => Promise<T>,
): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const { WorkDoneProgress } = await import('vscode-languageclient/node');
    const workDoneToken = `seccomp-progress-${++requests}`;
    const listener = client.onProgress(
      WorkDoneProgress.type,
      workDoneToken,
      (step: WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd) => {
        if (step.kind === 'report' && step.message) progress.report({ message: step.message });
      },
    );
    try {
      return await request(workDoneToken, token);
    } finally {
      listener.dispose();
    }
  });
}
