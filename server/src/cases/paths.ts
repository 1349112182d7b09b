const SUFFIX = '.test.json';

/** Whether a file's name is one of a file of test cases. */
export const isTestsName = (path: string): boolean => path.endsWith(SUFFIX);

/** The tests of `web.json` stand in `web.test.json`. */
export const testsPathOf = (profile: string): string => profile.replace(/(\.json)?$/, SUFFIX);

/** The profile that a file of test cases is about: the one that it names, or the one beside it of the same name. */
export function profilePathOf(tests: string, written?: string): string {
  if (written !== undefined) return resolvePath(folderOf(tests), written);
  return tests.endsWith(SUFFIX) ? `${tests.slice(0, -SUFFIX.length)}.json` : tests;
}

/** `/` for what lies in the root, `.` for a bare name. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash > 0 ? path.slice(0, slash) : slash === 0 ? '/' : '.';
}

/** A path from a folder, without `.` and `..`; separators are slashes, and a drive begins a path like any folder. */
export function resolvePath(folder: string, path: string): string {
  const given = path.replaceAll('\\', '/');
  const whole = isAbsolute(given) ? given : `${folder}/${given}`;
  const parts: string[] = [];
  for (const part of whole.split('/')) {
    const within = parts.length > 0 && parts.at(-1) !== '..';
    if (part === '..' && (within || isAbsolute(whole))) parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `${whole.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}

const isAbsolute = (path: string): boolean => path.startsWith('/') || /^[A-Za-z]:\//.test(path);

/** Whether a resolved path is one of the folders or lies in one. */
export const isInside = (path: string, folders: readonly string[]): boolean =>
  folders.some((folder) => path === folder || path.startsWith(`${folder.replace(/\/$/, '')}/`));
