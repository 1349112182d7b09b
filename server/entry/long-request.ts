import type { CancellationToken } from 'vscode-languageserver';
import type { Session } from '../src/lsp/session.ts';

/** What runs, so that it can be ended with the server. */
export type Running = Map<AbortController, Promise<unknown>>;

/** What a request that takes long is carried out with. */
export interface LongHost {
  /** Fires when the client cancels, and when the server ends. */
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
}

/** Answers a request that takes long: tells the client how far it is, ends when it is cancelled, and is kept in `running`. */
export function serveLong<P extends { readonly workDoneToken?: string | number }, R>(
  { connection }: Session,
  running: Running,
  name: string,
  title: string,
  answer: (params: P | undefined, host: LongHost) => Promise<R>,
): void {
  connection.onRequest(name, (params: P | undefined, token: CancellationToken): Promise<unknown> => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    const progress = connection.window.attachWorkDoneProgress(params?.workDoneToken);
    progress.begin(title, undefined, undefined, true);
    const result = answer(params, { signal: controller.signal, progress: (message) => progress.report(message) });
    running.set(controller, result);
    return result.finally(() => {
      running.delete(controller);
      progress.done();
    });
  });
}

/** Ends all that runs, and waits until it has removed what it made. */
export async function endAll(running: Running): Promise<void> {
  for (const controller of running.keys()) controller.abort();
  await Promise.allSettled(running.values());
}
