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

/**
 * The edits that lay out JSON text as VS Code does, for the whole of it or for the lines of a range. They touch nothing but
 * white space between tokens: broken text keeps its every other character.
 */
export function format(text: string, options: FormatOptions, range?: Span): readonly WhiteSpaceEdit[] {
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

function isBlank(text: string): boolean {
  return text.trim() === '';
}
