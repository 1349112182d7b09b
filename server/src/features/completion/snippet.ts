/** A snippet with its placeholders filled in: the first choice, the default, or nothing. */
export function plainText(snippet: string): string {
  return snippet
    .replaceAll(/\$\{\d+\|([^,|]*)[^|]*\|\}/g, '$1')
    .replaceAll(/\$\{\d+:([^}]*)\}/g, '$1')
    .replaceAll(/\$\d+/g, '')
    .replaceAll(/\s*\n\s*/g, ' ');
}

/** `${1|SCMP_ACT_ALLOW,SCMP_ACT_ERRNO|}`. */
export function choice(tabstop: number, values: readonly string[]): string {
  return `\${${tabstop}|${values.join(',')}|}`;
}

/** `${1:0}`. */
export function placeholder(tabstop: number, text: string): string {
  return `\${${tabstop}:${text}}`;
}
