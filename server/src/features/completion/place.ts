import type { Edit } from '../../checks/check.ts';
import type { Span, StringNode } from '../../syntax/tree.ts';
import type { Cursor } from '../context.ts';
import { isString, nextSignificant, type Scanned } from '../gaps.ts';

/** How an item gets into the text: what it replaces, and what has to stand around it. */
export interface Place {
  /** On one line, with the cursor inside. */
  readonly replace: Span;
  /** What the user has typed of it: the text from the start of `replace` to the cursor. */
  readonly typed: string;
  /** Put before and behind the item: the quotes that are not there yet and a comma where an element follows. */
  readonly open: string;
  readonly close: string;
  /** A key whose colon is there already, so that it needs no value. */
  readonly colon: boolean;
  /** The comma that is missing behind the element before. */
  readonly additional: Edit | undefined;
}

/** The cursor as far as it matters to what is put in. */
type At = Pick<Cursor, 'offset' | 'token' | 'missingComma'> & { readonly slot: { readonly kind: string } };

const LINE_BREAK = /[\r\n]/;

/** What is put in: the content of a string, with quotes around it, or JSON as it is. */
export type Insertion = 'string' | 'bare';

/** The place of the cursor for one kind of insertion. */
export function placeAt(document: Scanned, cursor: At, insertion: Insertion): Place {
  const { token, offset } = cursor;
  // an escaped line break does not end a string, but what is replaced must be on one line
  if (!token || LINE_BREAK.test(document.text.slice(token.start, offset)))
    return around(document, cursor, { start: offset, end: offset }, insertion);
  if (!isString(document, token)) return around(document, cursor, token, insertion);
  const content = contentOf(document, token, offset);
  if (insertion === 'bare') {
    const end = content.closed ? token.end : content.end;
    return around(document, cursor, { start: token.start, end }, insertion);
  }
  const follow = following(document, content.closed ? token.end : content.end);
  const within = content.closed && follow.comma === '' && (cursor.slot.kind !== 'key' || follow.colon);
  return {
    ...place(document, cursor, { start: token.start + 1, end: within || !content.closed ? content.end : token.end }),
    open: '',
    close: within ? '' : `"${follow.comma}`,
    colon: follow.colon,
  };
}

function around(document: Scanned, cursor: At, replace: Span, insertion: Insertion): Place {
  const quote = insertion === 'string' ? '"' : '';
  const { comma, colon } = following(document, replace.end);
  return { ...place(document, cursor, replace), open: quote, close: quote + comma, colon };
}

function place(document: Scanned, cursor: At, replace: Span): Pick<Place, 'replace' | 'typed' | 'additional'> {
  const { missingComma: at } = cursor;
  return {
    replace,
    typed: document.text.slice(replace.start, cursor.offset),
    additional: at === undefined ? undefined : { start: at, end: at, text: ',' },
  };
}

/** What follows an insertion: a colon, or an element that must be kept apart by a comma. */
function following(document: Scanned, end: number): { readonly comma: '' | ','; readonly colon: boolean } {
  const sign = document.text[nextSignificant(document, end)];
  const colon = sign === ':';
  return { comma: colon || sign === undefined || ',]}'.includes(sign) ? '' : ',', colon };
}

interface Content extends Span {
  /** The closing quote is there, and is this string's. */
  readonly closed: boolean;
}

/**
 * The inside of a string. One whose closing quote was not typed yet swallows the text up to the next quote or the end of
 * the line: then only the word before the first sign of JSON belongs to it.
 */
function contentOf(document: Scanned, token: StringNode, offset: number): Content {
  const { text } = document;
  const start = token.start + 1;
  const end = token.closed ? token.end - 1 : token.end;
  const sign = /[,:[\]{}\s]/.exec(text.slice(offset, end));
  const broken = LINE_BREAK.test(text.slice(offset, end));
  const swallowed = sign !== null && (!token.closed || broken || oddQuotes(text, token.start));
  if (token.closed && !swallowed) return { start, end, closed: true };
  return { start, end: sign ? offset + sign.index : end, closed: false };
}

/** Whether the line holds an odd number of quotes: one of its strings lacks its end. */
function oddQuotes(text: string, offset: number): boolean {
  const from = text.lastIndexOf('\n', offset) + 1;
  const to = text.indexOf('\n', offset);
  const line = text.slice(from, to === -1 ? text.length : to);
  return ((line.match(/(?<!\\)"/g)?.length ?? 0) & 1) === 1;
}
