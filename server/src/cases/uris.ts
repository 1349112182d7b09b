/** The path of a file's address, with slashes; undefined for addresses that are no files. */
export function pathOfUri(uri: string): string | undefined {
  const found = /^file:\/\/[^/]*(\/.*)$/.exec(uri);
  if (!found) return undefined;
  try {
    return decodeURIComponent(found[1]!);
  } catch {
    return undefined;
  }
}

/** The address of a path, as editors spell it. */
export const uriOfPath = (path: string): string =>
  `file://${path.startsWith('/') ? '' : '/'}${path.split('/').map(encodeURIComponent).join('/')}`;
