/** Signals that ask a program to end, with the exit status that a shell gives for each: 128 and its number. */
const ENDING = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Waits for a command; a signal to end aborts `interruption` once, so that the command can remove what it made, and decides
 * the exit status. A second signal of the kind ends the process at once, as it would without this.
 */
export async function interruptible(status: Promise<number>, interruption: AbortController): Promise<number> {
  let interrupted: number | undefined;
  const listeners = Object.entries(ENDING).map(([name, code]) => {
    const listener = () => {
      interrupted = code;
      interruption.abort();
    };
    process.once(name, listener);
    return [name, listener] as const;
  });
  const code = await status;
  for (const [name, listener] of listeners) process.removeListener(name, listener);
  return interrupted ?? code;
}
