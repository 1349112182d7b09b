/** A snippet as VS Code reads it from a contributed file. */
export interface Snippet {
  readonly prefix: string | readonly string[];
  readonly description: string;
  readonly body: readonly string[];
}

const stop = /\\([\\$}])|\$(\d+)|\$\{(\d+)(?::([^}]*)|\|([^|]*)\|)?\}/g;

/**
 * The text that a snippet leaves when every default is accepted: the first of a choice, and at further places of the
 * same number what its first place has.
 */
export function expand(body: readonly string[]): string {
  const defaults = new Map<string, string>();
  return body.join('\n').replace(stop, (_all, escaped, bare, braced, text, choice) => {
    if (escaped) return escaped;
    const number: string = bare ?? braced;
    const own: string | undefined = text ?? choice?.split(',')[0];
    if (own !== undefined && !defaults.has(number)) defaults.set(number, own);
    return own ?? defaults.get(number) ?? '';
  });
}

/** Every value that a choice of the snippet offers. */
export function choices(body: readonly string[]): string[] {
  return [...body.join('\n').matchAll(/\$\{\d+\|([^|]*)\|\}/g)].flatMap(([, list = '']) => list.split(','));
}
