import type { Check } from '../check.ts';
import { byteOrderMark } from './byte-order-mark.ts';
import { commentInJson } from './comment-in-json.ts';
import { extraComma } from './extra-comma.ts';
import { jsonSyntax } from './json-syntax.ts';
import { missingComma } from './missing-comma.ts';
import { trailingComma } from './trailing-comma.ts';

/** Where the text departs from JSON. */
export const textChecks: readonly Check[] = [
  jsonSyntax,
  missingComma,
  trailingComma,
  extraComma,
  commentInJson,
  byteOrderMark,
];
