import type { Diagnostic } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { differenceInWords, groupDifferences, refusalInWords, type Verification } from '../container/index.ts';
import { linesOf } from '../src/features/lines.ts';
import { toRange } from '../src/lsp/convert.ts';
import { DiagnosticSeverity } from '../src/lsp/values.ts';

/** What an engine does otherwise than the profile says, on the rules concerned; the source is the engine. */
export function verifiedDiagnostics(
  text: TextDocument,
  { verified, report: { engine } }: Verification,
): readonly Diagnostic[] {
  if (!verified || !engine) return [];
  const refusal = verified.refusal && { span: verified.refusal.span, message: refusalInWords(verified.refusal) };
  const groups = groupDifferences(verified, linesOf(verified.text));
  const differences = groups.map((group) => ({ span: group.span, message: differenceInWords(group, engine) }));
  return [...(refusal ? [refusal] : []), ...differences].map(({ span, message }) => ({
    range: toRange(text, span),
    severity: DiagnosticSeverity.Warning,
    source: engine.kind,
    message,
  }));
}
