/** What has to pass under a profile: a command, or any other trial in containers. */
export interface Criterion {
  /** In a few words, for progress and reports. */
  readonly label: string;
  /**
   * Tries once. `seccomp` is `unconfined`, or the path of a profile. Several tries may run at the same time. Throws
   * `Stopped` when `signal` fires; what it made is removed by then, or left to the one who removes the run.
   */
  passes(seccomp: string, signal: AbortSignal): Promise<Attempt>;
}

/** How one try ended. */
export interface Attempt {
  readonly passed: boolean;
  /** Whether a container was started. */
  readonly started: boolean;
  /** What happened, in a few words. */
  readonly what: string;
  /** What the program, or the engine, said. */
  readonly output: string;
  readonly durationMs: number;
}

/** A criterion that passes where all of several do; they are tried in turn until one fails. */
export const allOf = (criteria: readonly Criterion[]): Criterion => ({
  label: criteria.map(({ label }) => label).join(', '),
  async passes(seccomp, signal) {
    const attempts: Attempt[] = [];
    for (const { label, passes } of criteria) {
      const attempt = await passes(seccomp, signal);
      attempts.push(attempt);
      if (!attempt.passed) return { ...attempt, what: `${label}: ${attempt.what}`, durationMs: total(attempts) };
    }
    return { passed: true, started: true, what: 'all passed', output: '', durationMs: total(attempts) };
  },
});

const total = (attempts: readonly Attempt[]): number => attempts.reduce((sum, { durationMs }) => sum + durationMs, 0);
