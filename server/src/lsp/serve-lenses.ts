import type { CodeLens } from 'vscode-languageserver';
import { type Lens, lenses } from '../features/lens.ts';
import { ruleLensSpans, ruleLensTitle } from '../features/rule-lens.ts';
import { TEST_COMMAND } from '../protocol.ts';
import { safely, served } from './answer.ts';
import { toCodeLens, toRange } from './convert.ts';
import type { OpenDocument } from './documents.ts';
import type { HostExtension, Session } from './session.ts';

/** What a lens that is still without title is about: the rule with this number. */
interface RuleLensData {
  readonly uri: string;
  readonly rule: number;
}

/** Serves the lenses above a profile, and those above its rules, which are worked out when they come into view. */
export function serveLenses(session: Session, extension: HostExtension | undefined): void {
  const { connection, documents } = session;
  session.onSettings(session.refreshLenses);
  connection.onCodeLens(
    served(session, 'codeLens', [], (_params, document, analysis) => {
      if (!session.settings.codeLens) return [];
      const [test, ...facts] = lenses(analysis, document.uri);
      // what came of the last test stands beside the way to make one
      const shown = [...(test ? [test] : []), ...(extension?.lenses(document) ?? []), ...facts]
        .flatMap((lens) => runnable(session, lens))
        .map((lens) => toCodeLens(document.text, lens));
      return session.settings.ruleLenses ? [...shown, ...ruleLenses(document, ruleLensSpans(analysis))] : shown;
    }),
  );
  connection.onCodeLensResolve((lens) =>
    safely(session, 'codeLens/resolve', lens, () => {
      const data = ruleLensData(lens.data);
      const document = data && documents.get(data.uri);
      const title = data && document && ruleLensTitle(session.analysis(document), data.rule);
      return { ...lens, command: { title: title ?? '', command: '' } };
    })(lens),
  );
}

/** A client that cannot run a lens's command still gets what it tells; a test is nothing but its command. */
function runnable(session: Session, lens: Lens): readonly Lens[] {
  if (session.canRun(lens.command)) return [lens];
  return lens.command === TEST_COMMAND ? [] : [{ ...lens, command: '' }];
}

function ruleLenses({ text, uri }: OpenDocument, spans: ReturnType<typeof ruleLensSpans>): CodeLens[] {
  return spans.map(({ rule, span }) => {
    const data: RuleLensData = { uri, rule };
    return { range: toRange(text, span), data };
  });
}

function ruleLensData(data: unknown): RuleLensData | undefined {
  if (typeof data !== 'object' || data === null || !('uri' in data) || !('rule' in data)) return undefined;
  const { uri, rule } = data;
  return typeof uri === 'string' && typeof rule === 'number' ? { uri, rule } : undefined;
}
