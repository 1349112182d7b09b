import type { OutlineSymbol } from '../features/symbols.ts';
import type { CasesDocument } from './model.ts';

/** The outline of a file of test cases: its cases by name. */
export const caseSymbols = ({ cases }: CasesDocument): readonly OutlineSymbol[] =>
  cases.map((testCase) => ({
    name: testCase.name.value.trim() || '(no name)',
    detail: testCase.image ?? '',
    kind: 'rule',
    span: testCase.span,
    selection: { start: testCase.name.start, end: testCase.name.end },
    children: [],
  }));
