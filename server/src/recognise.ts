/** How much of a text is looked at: a profile shows what it is long before. */
const LIMIT = 64 * 1024;

/** Keys at the root that only a profile has, without regard to case as Go reads them. */
const PROFILE_KEYS: ReadonlySet<string> = new Set(['defaultaction', 'syscalls', 'archmap']);

/** Keys at the root of what contains a profile or describes one: OCI configurations, JSON schemas. */
const FOREIGN_KEYS: ReadonlySet<string> = new Set(['ociversion', 'definitions']);

/** Without one of these words no key and no schema can speak against a profile. */
const FOREIGN = /ociversion|definitions|json-schema\.org/i;

/** What the first level of a text says about it. */
interface Outline {
  /** Keys of the root object, or of the first object in a root array, in lower case. */
  readonly keys: ReadonlySet<string>;
  readonly root: 'object' | 'array' | 'other';
  readonly isSchema: boolean;
}

/**
 * Whether a text is a seccomp profile, or a rule or a list of rules that stand alone, judged by content. Reads the first
 * 64 KiB once and survives broken JSON. Imports nothing, so that a client can ask it for every JSON document.
 */
export function isSeccompProfile(text: string): boolean {
  const head = text.slice(0, LIMIT);
  if (!head.includes('SCMP_')) return false;
  const { keys, root, isSchema } = outline(head, FOREIGN.test(head) ? undefined : PROFILE_KEYS);
  if (isSchema || has(keys, FOREIGN_KEYS)) return false;
  if (root === 'object' && has(keys, PROFILE_KEYS)) return true;
  return (keys.has('names') || keys.has('name')) && keys.has('action') && head.includes('SCMP_ACT_');
}

/** Keys at the root of a file of test cases. */
const TESTS_KEYS: ReadonlySet<string> = new Set(['cases', 'profile', 'comment', '$schema']);

/**
 * Whether a file holds test cases for a profile: `NAME.test.json` with nothing at its root but the keys of the format, and
 * with cases that expect something, or that are about a profile. Many projects have other files of that name.
 */
export function isSeccompTests(path: string, text: string): boolean {
  if (!path.endsWith('.test.json')) return false;
  const head = text.slice(0, LIMIT);
  const { keys, root } = outline(head);
  if (root !== 'object' || !keys.has('cases') || [...keys].some((key) => !TESTS_KEYS.has(key))) return false;
  return keys.has('profile') || /"expect"\s*:\s*\{/.test(head);
}

function has(keys: ReadonlySet<string>, wanted: ReadonlySet<string>): boolean {
  return [...wanted].some((key) => keys.has(key));
}

/**
 * A string that ends at its quote or, where that is missing, at its line; a comment of any kind, since the file is meant
 * as a profile all the same; or a bracket. Each ends in one way only, so that no text makes it slow.
 */
const TOKEN = /"((?:[^"\\\r\n]|\\.)*)"?(\s*:)?|\/\/[^\r\n]*|#[^\r\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?|[[\]{}]/g;

/**
 * Reads the keys of the first level without a parser: commas don't matter, nor what stands between. One of the keys that are
 * `enough` ends it where the root is an object: this is done for each keystroke.
 */
function outline(text: string, enough?: ReadonlySet<string>): Outline {
  const keys = new Set<string>();
  const root = rootOf(text);
  const level = root === 'array' ? 2 : 1;
  let depth = 0;
  let key = '';
  let isSchema = false;
  for (const [token, content, colon] of root === 'other' ? [] : text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    // the first element of an array speaks for all
    if (depth < level && keys.size > 0) break;
    if (content === undefined || depth !== level) continue;
    if (colon !== undefined) {
      key = content.toLowerCase();
      keys.add(key);
      if (root === 'object' && enough?.has(key)) break;
    } else if (key === '$schema' && content.includes('json-schema.org')) isSchema = true;
  }
  return { keys, root, isSchema };
}

/** What the text begins with behind comments. Two braces at once are a template's, not JSON's. */
function rootOf(text: string): Outline['root'] {
  let end = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (text.slice(end, index).trim() !== '') return 'other';
    if (token === '[') return 'array';
    if (token === '{') return text[index + 1] === '{' ? 'other' : 'object';
    if (!/^[/#]/.test(token)) return 'other';
    end = index + token.length;
  }
  return 'other';
}
