import { operators } from '../../catalog/index.ts';
import type { Vocabulary } from './guesses.ts';

/** How the operators are called elsewhere. */
export const OPERATOR_WORDS: Vocabulary = {
  terms: operators().map((term) => term.name),
  prefix: 'SCMP_CMP_',
  exactSynonyms: true,
  synonyms: {
    '==': 'EQ',
    '=': 'EQ',
    EQUAL: 'EQ',
    EQUALS: 'EQ',
    '!=': 'NE',
    '<>': 'NE',
    NEQ: 'NE',
    NOT_EQUAL: 'NE',
    '<': 'LT',
    '<=': 'LE',
    LTE: 'LE',
    '>': 'GT',
    '>=': 'GE',
    GTE: 'GE',
    MASKED_EQUAL: 'MASKED_EQ',
    MASKEDEQ: 'MASKED_EQ',
    MASK_EQ: 'MASKED_EQ',
  },
};
