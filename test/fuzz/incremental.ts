import { isDeepStrictEqual } from 'node:util';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Random } from '../differential/random.ts';
import { damaged } from './damage.ts';
import { Defect } from './defect.ts';
import { type Language, type Subject, URI } from './subject.ts';

const textDocument = { uri: URI };

async function answers(subject: Subject, text: string, offset: number): Promise<Record<string, unknown>> {
  const document = TextDocument.create(URI, 'seccomp', 1, text);
  const position = document.positionAt(offset);
  const all = { start: document.positionAt(0), end: document.positionAt(text.length) };
  const { items } = (await subject.call('diagnostics', { textDocument })) as { items: unknown };
  const at = { textDocument, position };
  return {
    items,
    hover: await subject.call('hover', at),
    completion: await subject.call('completion', at),
    symbols: await subject.call('documentSymbol', at),
    folding: await subject.call('foldingRanges', at),
    selection: await subject.call('selectionRanges', { textDocument, positions: [position] }),
    formatting: await subject.call('documentFormatting', { textDocument, options: { tabSize: 2, insertSpaces: true } }),
    lenses: await subject.call('codeLens', { textDocument }),
    hints: await subject.call('inlayHint', { textDocument, range: all }),
    actions: await subject.call('codeAction', { textDocument, range: all, context: { diagnostics: [] } }),
    table: await subject.call('seccomp/policyTable', { uri: URI }),
  };
}

/** The change events that turn one text into another: the differing middle, or now and then the whole. */
function changesTo(before: string, after: string, random: Random): readonly unknown[] {
  if (random.chance(0.05)) return [{ text: after }];
  let head = 0;
  while (head < Math.min(before.length, after.length) && before[head] === after[head]) head++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  // an editor has no positions inside of a line break
  if (before[head - 1] === '\r') head--;
  if (tail > 0 && before.at(-tail) === '\n') tail--;
  const document = TextDocument.create(URI, 'seccomp', 1, before);
  const range = { start: document.positionAt(head), end: document.positionAt(before.length - tail) };
  const text = after.slice(head, after.length - tail);
  // sometimes with superfluous changes in the same message
  return random.chance(0.2)
    ? [{ range: { start: range.start, end: range.start }, text: 'x' }, ...removal(range.start), { range, text }]
    : [{ range, text }];
}

const removal = (at: { readonly line: number; readonly character: number }): readonly unknown[] => [
  { range: { start: at, end: { line: at.line, character: at.character + 1 } }, text: '' },
];

/** Changes a text bit by bit; after each change every answer must be that of a server which opened the text as it is now. */
export async function changedBitByBit(
  [edited, fresh]: readonly [Subject, Subject],
  base: string,
  random: Random,
  language: Language = 'seccomp',
): Promise<{ readonly requests: number; readonly text: string }> {
  let text = base;
  let requests = 0;
  edited.open(text, language);
  try {
    for (let step = 0; step < 6; step++) {
      const next = damaged(text, random);
      edited.change(changesTo(text, next, random));
      text = next;
      fresh.open(text, language);
      const offset = random.below(text.length + 1);
      const [changed, opened] = [await answers(edited, text, offset), await answers(fresh, text, offset)];
      fresh.close();
      for (const [what, answer] of Object.entries(opened)) {
        requests += 2;
        if (!isDeepStrictEqual(changed[what], answer))
          throw new Defect(`${what} differs after incremental changes, step ${step}`);
      }
      const complaints = [...edited.complaints(), ...fresh.complaints()];
      if (complaints.length > 0) throw new Defect(complaints.join('; '));
    }
    return { requests, text };
  } finally {
    edited.close();
  }
}
