import { editDistance, similar } from '../../catalog/index.ts';
import type { Text } from '../../profile/model.ts';
import type { Finding, Fix } from '../check.ts';
import { replaceNode } from '../edits.ts';

/** What a text that is no term of a vocabulary was probably meant to be. */
export interface Guess {
  readonly value: string;
  /** Only letter case, blanks or a missing prefix differ, or it is another name of the same thing. */
  readonly certain: boolean;
}

/** A vocabulary with the ways in which people miss it. */
export interface Vocabulary {
  readonly terms: readonly string[];
  /** `SCMP_ACT_`, which is often left out. */
  readonly prefix: string;
  /** Other words, upper case and without prefix, for a term without prefix. */
  readonly synonyms?: Readonly<Record<string, string>>;
  /** The synonyms name exactly the same thing. */
  readonly exactSynonyms?: boolean;
}

/** The terms that a text may stand for, best first; a certain one stands alone. Empty when nothing is near. */
export function guess(text: string, vocabulary: Vocabulary): readonly Guess[] {
  const { terms, prefix, synonyms = {} } = vocabulary;
  const word = text
    .trim()
    .toUpperCase()
    .replace(/[\s-]+/g, '_');
  const bare = word.startsWith(prefix) ? word.slice(prefix.length) : word;
  const exact = terms.find((term) => term === prefix + bare);
  if (exact) return [{ value: exact, certain: true }];
  if (Object.hasOwn(synonyms, bare))
    return [{ value: prefix + synonyms[bare]!, certain: vocabulary.exactSynonyms === true }];
  return nearest(bare, prefix, similar(prefix + bare, terms)).map((value) => ({ value, certain: false }));
}

/** The prefix makes all terms look alike: what follows it must agree for half at least. One slip away beats all others. */
function nearest(word: string, prefix: string, terms: readonly string[]): readonly string[] {
  const limit = Math.max(1, Math.floor(word.length / 2));
  const distance = (term: string): number => editDistance(word, term.slice(prefix.length), limit);
  const near = terms.filter((term) => distance(term) <= limit);
  const best = near.filter((term) => distance(term) === 1);
  return best.length > 0 ? best : near;
}

/** The same guess where to follow it is not sure to be right: what engines make of the text then is another matter. */
export function uncertain(candidate: Guess): Guess {
  return { ...candidate, certain: false };
}

/** Fixes that put a guess in place of a text. */
export function guessFixes({ node }: Text, guesses: readonly Guess[]): readonly Fix[] {
  return guesses.map(({ value, certain }) => ({
    title: `Replace with "${value}"`,
    edits: [replaceNode(node, JSON.stringify(value))],
    safe: certain,
  }));
}

/** `Did you mean "x"?` for the best guess; otherwise what to write instead. */
export function didYouMean(guesses: readonly Guess[], otherwise: string): string {
  return guesses[0] ? `Did you mean "${guesses[0].value}"?` : otherwise;
}

/** The part of a finding that guesses make. */
export function withGuesses(text: Text, guesses: readonly Guess[]): Pick<Finding, 'fixes'> {
  return { fixes: () => guessFixes(text, guesses) };
}
