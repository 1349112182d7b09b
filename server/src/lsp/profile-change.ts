import { TextDocument } from 'vscode-languageserver-textdocument';
import { minimalEdit } from '../features/actions/minimal-edit.ts';
import { parseProfile } from '../profile/build.ts';
import { ruleNames } from '../profile/model.ts';
import type { ProfileChange } from '../protocol.ts';
import { toRange } from './convert.ts';

/** What is to be said of a change besides its text. */
interface About {
  /** By name of a syscall that is allowed now, in a few words. */
  readonly notes?: ReadonlyMap<string, string>;
  readonly doubtful?: boolean;
}

/** A change of a profile for a client to propose; undefined where nothing changes. */
export function profileChange(
  before: string,
  after: string,
  { notes = new Map(), doubtful = false }: About = {},
): ProfileChange | undefined {
  if (before === after) return undefined;
  const old = TextDocument.create('', '', 0, before);
  const edits = minimalEdit(before, after).map((edit) => ({ range: toRange(old, edit), newText: edit.text }));
  return { before, after, edits, notes: notesIn(after, notes), doubtful };
}

/** The places of names in rules of a text. A name that is only taken out of rules has none. */
function notesIn(text: string, words: ReadonlyMap<string, string>): ProfileChange['notes'] {
  const document = TextDocument.create('', '', 0, text);
  const rules = parseProfile(text).profile?.rules ?? [];
  return rules
    .filter(({ action, conditions }) => action?.value === 'SCMP_ACT_ALLOW' && conditions.length === 0)
    .flatMap((rule) => ruleNames(rule))
    .flatMap(({ value, node }) => {
      const text = words.get(value);
      return text === undefined ? [] : [{ range: toRange(document, node), name: value, text }];
    });
}
