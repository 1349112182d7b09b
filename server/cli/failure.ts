import { printable } from './printable.ts';

/** Ends the command: the message goes to standard error. */
export class Failure extends Error {
  /** 1 = what was asked has a bad answer, 2 = wrong usage or unreadable input. */
  readonly status: 1 | 2;

  /** The message is one line, or a list of them. */
  constructor(message: string | readonly string[], status: 1 | 2 = 2) {
    super([message].flat().map(printable).join('\n'));
    this.status = status;
  }
}
