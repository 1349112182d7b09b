/** Ends the command: the message goes to standard error. */
export class Failure extends Error {
  /** 1 = what was asked has a bad answer, 2 = wrong usage or unreadable input. */
  readonly status: 1 | 2;

  constructor(message: string, status: 1 | 2 = 2) {
    super(message);
    this.status = status;
  }
}
