/** What has to pass under a profile: a command, or any other trial in containers. */
export interface Criterion {
  /** In a few words, for progress and reports. */
  readonly label: string;
  /**
   * Tries once. `seccomp` is `unconfined`, or the path of a profile. Several tries may run at the same time. Throws
   * `Stopped` when `signal` fires; what it made is removed by then, or left to the one who removes the run.
   */
  passes(seccomp: string, signal: AbortSignal): Promise<Attempt>;
  /** The users' programs that a try runs, so that they can be recorded; none where it runs our own alone. */
  readonly programs: readonly Program[];
}

/** A program in an image of the engine. */
export interface Program {
  readonly image: string;
  /** The image's own when empty. */
  readonly command: readonly string[];
  /** Options of `docker create` besides those for every container. */
  readonly options?: readonly string[];
  /** `none` when absent. */
  readonly network?: 'none' | 'bridge';
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
