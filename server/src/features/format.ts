import type { ProfileDocument } from '../profile/model.ts';
import { type FormatOptions, format, type WhiteSpaceEdit } from '../syntax/format.ts';
import type { Span } from '../syntax/tree.ts';

/** The edits that lay out a profile, or the lines of a range of it. Empty when it is laid out already. */
export function formatting(document: ProfileDocument, options: FormatOptions, range?: Span): readonly WhiteSpaceEdit[] {
  return format(document.text, options, range);
}
