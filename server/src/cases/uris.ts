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

/** The address of a path, as editors spell it. Half of a surrogate pair, which no address can hold, is replaced. */
export const uriOfPath = (path: string): string => {
  const parts = path.replace(/\p{Surrogate}/gu, '\ufffd').split('/');
  return `file://${path.startsWith('/') ? '' : '/'}${parts.map(encodeURIComponent).join('/')}`;
};
