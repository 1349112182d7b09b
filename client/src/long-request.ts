import type * as vscode from 'vscode';
import type {
  LanguageClient,
  WorkDoneProgressBegin,
  WorkDoneProgressEnd,
  WorkDoneProgressReport,
} from 'vscode-languageclient/node';

let requests = 0;

/** Sends a request that takes long: shows what the server tells of its progress, and ends with the token. */
export async function requestWithProgress<P extends { readonly workDoneToken?: string | number }, R>(
  client: LanguageClient,
  name: string,
  params: P,
  progress: vscode.Progress<{ readonly message?: string }>,
  token: vscode.CancellationToken,
): Promise<R> {
  const { WorkDoneProgress } = await import('vscode-languageclient/node');
  const workDoneToken = `${name}-${++requests}`;
  const listener = client.onProgress(
    WorkDoneProgress.type,
    workDoneToken,
    (step: WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd) => {
      if (step.kind === 'report' && step.message) progress.report({ message: step.message });
    },
  );
  try {
    return await client.sendRequest<R>(name, { ...params, workDoneToken }, token);
  } finally {
    listener.dispose();
  }
}
