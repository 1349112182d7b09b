/** A signal with a time limit of its own. */
export interface Limited {
  readonly signal: AbortSignal;
  /** Disarms the limit. */
  release(): void;
}

/**
 * A signal that fires with another one, and at the latest after `limitMs` milliseconds. Not made with `AbortSignal.any` and
 * `AbortSignal.timeout`: Node may collect a timeout that nothing else refers to, and it never fires then (nodejs/node issue 57736).
 */
export function limited(outer: AbortSignal | undefined, limitMs: number): Limited {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const timer = setTimeout(abort, limitMs);
  if (outer?.aborted) abort();
  else outer?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    release: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', abort);
    },
  };
}
