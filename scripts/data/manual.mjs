// Reads section 2 of the manual: one-line summaries, prototypes, and the table of kernel versions.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

/** Calls whose libc function has another name. */
const wrappers = {
  newfstatat: 'fstatat',
  fadvise64: 'posix_fadvise',
  fadvise64_64: 'posix_fadvise',
  arm_fadvise64_64: 'posix_fadvise',
  pread64: 'pread',
  pwrite64: 'pwrite',
  cachectl: 'cacheflush',
  timerfd: 'timerfd_create',
};

/** Pages that say of a call only that there is none. */
const empty = ['unimplemented', 'syscalls', 'syscall', 'undocumented'];

/** @param {readonly string[]} folders folders with `*.2.gz`, the first that has a page wins */
export function readManual(folders) {
  const pages = pageReader(folders);
  return {
    /** The page that documents a call, by its file's own name. @param {string} name */
    page(name) {
      for (const spelling of spellings(name)) {
        const page = pages(spelling);
        if (page && (!empty.includes(page.name) || page.name === name)) return { ...page, summary: summary(page.text) };
      }
      return undefined;
    },
    /** Names of a prototype's parameters, one list for each prototype of the page. @param {string} name */
    prototypes(name) {
      const page = this.page(name);
      return page ? parametersOf(synopsis(page.text), spellings(name)) : [];
    },
    versions: versions(pages('syscalls')?.text ?? ''),
  };
}

/** @param {string} name */
function spellings(name) {
  const bare = name.replace(/_time64$/, '');
  const libc = /** @type {Record<string, string>} */ (wrappers)[name];
  return [...new Set([name, ...(libc ? [libc] : []), bare, bare.replace(/(_64|64|32)$/, ''), bare.replace(/^_/, '')])];
}

/** @param {readonly string[]} folders */
function pageReader(folders) {
  /** @param {string} name @returns {{ name: string, text: string } | undefined} */
  function read(name) {
    const file = folders.map((folder) => path.join(folder, `${name}.2.gz`)).find((one) => fs.existsSync(one));
    if (!file) return undefined;
    const real = fs.realpathSync(file);
    const text = zlib.gunzipSync(fs.readFileSync(real)).toString('utf8');
    const other = text.match(/^\.so (?:man2\/)?([\w.]+)\.2\s*$/m)?.[1];
    if (other) return read(other);
    // pages of section 3 that are linked into section 2 keep the name by which section 2 knows them
    return { name: real.endsWith('.2.gz') ? path.basename(real, '.2.gz') : name, text };
  }
  return read;
}

/** @param {string} text @param {string} title */
function section(text, title) {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => new RegExp(`^\\.SH "?${title}"?\\s*$`).test(line));
  if (start < 0) return [];
  const end = lines.findIndex((line, index) => index > start && /^\.SH\b/.test(line));
  return lines.slice(start + 1, end < 0 ? undefined : end);
}

/** @param {string} text */
function summary(text) {
  const lines = section(text.replace(/\\\n/g, ' '), 'NAME').filter((line) => !line.startsWith('.\\"'));
  const words = lines.map(plainLine).join(' ');
  return (
    words
      .split(/ \\?-+ | — /)
      .slice(1)
      .join(' - ') || ''
  )
    .replace(/\s+/g, ' ')
    .trim();
}

/** A line without requests and fonts. @param {string} line */
function plainLine(line) {
  const macro = line.match(/^\.(BI|BR|B|RB|IR|I|RI|IB|SM)\s+(.*)$/);
  const text = macro
    ? words(macro[2] ?? '').join(/^(B|I)$/.test(macro[1] ?? '') ? ' ' : '')
    : line.startsWith('.')
      ? ''
      : line;
  return withoutEscapes(text);
}

/** @param {string} text */
const withoutEscapes = (text) =>
  text
    .replace(/\\f(\[\w*\]|\(..|.)/g, '')
    .replace(/\\-/g, '-')
    .replace(/\\(\[aq\]|\(aq)/g, "'")
    .replace(/\\~|\\ /g, ' ')
    .replace(/\\[|&:c^/]/g, '')
    .replace(/\\e/g, '\\');

/** Arguments of a macro: quoted or up to a blank. @param {string} text */
function words(text) {
  return [...text.matchAll(/"((?:[^"]|"")*)"|((?:\\ |[^\s"])(?:\\ |\S)*)/g)].map(
    ([, quoted, bare]) => quoted ?? bare ?? '',
  );
}

/** @param {string} text */
function synopsis(text) {
  const joined = section(text, 'SYNOPSIS')
    .join('\n')
    .replace(/\\\n/g, '')
    .split('\n')
    .filter((line) => !line.startsWith('.\\"'))
    .map(plainLine)
    .join(' ');
  // optional parameters stand in a comment after the dots; other comments go
  return joined.replace(/\.\.\.\s*\/\*\s*(.*?)\s*\*\//g, '$1').replace(/\/\*.*?\*\//g, ' ');
}

/** @param {string} text @param {readonly string[]} names @returns {readonly (readonly string[])[]} */
function parametersOf(text, names) {
  for (const name of names) {
    const found = [
      ...text.matchAll(new RegExp(`(?:\\bsyscall\\(SYS_${name}\\s*(?:,|(?=\\)))|[\\s*]${name}\\s*\\()`, 'g')),
    ];
    const lists = found.map((match) => parameterNames(upToClose(text, match.index + match[0].length)));
    if (lists.length) return lists;
  }
  return [];
}

/** @param {string} text @param {number} start */
function upToClose(text, start) {
  let depth = 0;
  let end = start;
  for (; end < text.length; end++) {
    if (text[end] === '(' || text[end] === '[') depth++;
    if (text[end] === ')' || text[end] === ']') {
      if (depth === 0) break;
      depth--;
    }
  }
  return text.slice(start, end);
}

/** @param {string} list */
function parameterNames(list) {
  const real = list.slice(list.lastIndexOf(';') + 1).trim();
  if (real === '' || real === 'void') return [];
  return real
    .replace(/\[[^\]]*\]/g, '')
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim().match(/(\w+)\s*$/)?.[1] ?? '');
}

/** @param {string} text the page syscalls(2) @returns {Map<string, { kernel: string, note: string }>} */
function versions(text) {
  const rows = text
    .replace(/^\.\\".*\n/gm, '')
    .replace(/T\{\n([\s\S]*?)\nT\}/g, (_, block) => block.split('\n').map(plainLine).join(' '))
    .split('\n');
  const table = new Map();
  for (const row of rows) {
    const [name, kernel, note = ''] = plainLine(row).split('\t');
    const bare = name?.match(/^\s*(\w+)\s*\(2\)\s*$/)?.[1];
    // `2.6; 2.4.18`: also in an older series; the oldest counts
    const first = kernel?.split(/;\s*/).sort(compareVersions)[0];
    if (bare && first && /^\d+\.\d+(\.\d+)*$/.test(first))
      table.set(bare, { kernel: first, note: note.replace(/\s+/g, ' ').trim() });
  }
  return table;
}

/** Orders `2.6.16` before `5.10`. @param {string} a @param {string} b */
export function compareVersions(a, b) {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference) return difference;
  }
  return 0;
}
