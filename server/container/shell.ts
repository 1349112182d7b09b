/** An argument as a POSIX shell reads it back: quoted where it must be. For people to copy, never to run by us. */
export function shellQuote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** A command as one line of a POSIX shell. */
export const shellLine = (...args: readonly string[]): string => args.map(shellQuote).join(' ');
