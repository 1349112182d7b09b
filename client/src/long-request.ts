import type {
  LanguageClient,
  WorkDoneProgressBegin,
  WorkDoneProgressEnd,
  WorkDoneProgressReport,
} from 'vscode-languageclient/node';
import { showProgress } from './notify.ts';

let requests = 0;

/** Sends a request that takes long, under a notification with this title: it shows what the server tells, and can cancel. */
export const requestWithProgress = <P extends { readonly workDoneToken?: string | number }, R>(
  client: LanguageClient,
  title: string,
  name: string,
  params: P,
): Thenable<R> =>
  showProgress(title, async (tell, token) => {
    const { WorkDoneProgress } = await import('vscode-languageclient/node');
    const workDoneToken = `${name}-${++requests}`;
    const listener = client.onProgress(
      WorkDoneProgress.type,
      workDoneToken,
      (step: WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd) => {
        if (step.kind === 'report' && step.message) tell(step.message);
      },
    );
    try {
      return await client.sendRequest<R>(name, { ...params, workDoneToken }, token);
    } finally {
      listener.dispose();
    }
  });
