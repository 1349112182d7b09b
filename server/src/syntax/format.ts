import { format as formatText } from 'jsonc-parser';
import type { Span } from './tree.ts';

export interface FormatOptions {
  /** Width of an indentation level, in columns. */
  readonly tabSize: number;
  readonly insertSpaces: boolean;
  /** End the text with a line break. */
  readonly finalNewline?: boolean;
}

/** White space to put in place of other white space. */
export interface WhiteSpaceEdit extends Span {
  readonly text: string;
}

/** An edit of jsonc-parser 3.3.1, which has no text for an indentation of exactly as many characters as it keeps ready. */
interface JsoncEdit {
  readonly offset: number;
  readonly length: number;
  readonly content?: string;
}

const DEEPEST_KEPT = 200;

/** Deeper text is left as it is: every line of it would take as many blanks, which is more than memory holds. */
const DEEPEST_LAID_OUT = 300;

/**
 * The edits that lay out JSON text as VS Code does, for the whole of it or for the lines of a range. They touch nothing but
 * white space between tokens: broken text keeps its every other character.
 */
export function format(text: string, options: FormatOptions, range?: Span): readonly WhiteSpaceEdit[] {
  if (!canBeLaidOut(text, options, range)) return [];
  const part = range && { offset: range.start, length: range.end - range.start };
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const edits: readonly JsoncEdit[] = formatText(text, part, {
    tabSize: options.tabSize,
    insertSpaces: options.insertSpaces,
    insertFinalNewline: options.finalNewline ?? false,
    eol,
  });
  const deepest = eol + (options.insertSpaces ? ' ' : '\t').repeat(DEEPEST_KEPT);
  return edits
    .map(({ offset, length, content = deepest }) => ({ start: offset, end: offset + length, text: content }))
    .filter((edit) => isBlank(text.slice(edit.start, edit.end)) && isBlank(edit.text));
}

/** Where a range starts, its line tells how deep it is. */
function canBeLaidOut(text: string, { tabSize }: FormatOptions, range: Span | undefined): boolean {
  const line =
    range && text.slice(Math.max(text.lastIndexOf('\n', range.start - 1), text.lastIndexOf('\r', range.start - 1)) + 1);
  const indented = line === undefined ? 0 : /^[ \t]*/.exec(line)![0].length / (line.startsWith('\t') ? 1 : tabSize);
  return indented <= DEEPEST_LAID_OUT && !isDeeper(text, DEEPEST_LAID_OUT);
}

/** Whether brackets that are not closed again are ever more than so many, whatever their kind. */
function isDeeper(text: string, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length && depth <= most; at++) {
    // a loop over codes: with the scanner it takes as long as the layout itself
    const code = text.charCodeAt(at);
    if (code === CODE['{'] || code === CODE['[']) depth++;
    else if (code === CODE['}'] || code === CODE[']']) depth--;
    else if (code === CODE['"']) at = stringEnd(text, at);
    else if (code === CODE['/']) at = commentEnd(text, at);
  }
  return depth > most;
}

const CODE = { '{': 0x7b, '}': 0x7d, '[': 0x5b, ']': 0x5d, '"': 0x22, '/': 0x2f, '\\': 0x5c, '\n': 0x0a, '\r': 0x0d };

/** Where a string ends: at its quote, else with its line. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === CODE['"'] || code === CODE['\n'] || code === CODE['\r']) return at;
    if (code === CODE['\\']) at++;
  }
  return text.length;
}

/** Where the comment ends that may start at this slash. */
function commentEnd(text: string, start: number): number {
  const mark = text[start + 1];
  if (mark === '/') return endOf(/[\r\n]/g, text, start);
  return mark === '*' ? endOf(/\*\//g, text, start + 2) : start;
}

function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex - 1 : text.length;
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
