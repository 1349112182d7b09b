import { testsPathOf } from '../src/cases/paths.ts';
import type { Lens } from '../src/features/lens.ts';
import type { OpenDocument } from '../src/lsp/documents.ts';
import type { HostExtension, Session } from '../src/lsp/session.ts';
import { CREATE_TESTS_COMMAND, RUN_TESTS_COMMAND } from '../src/protocol.ts';

/** Offers to run or to write the tests of a profile. */
export function testsLenses(session: Session): HostExtension {
  session.documents.onDidOpen(({ document }) => {
    // the lens of a profile says whether it has tests
    if (document.cases) session.refreshLenses();
  });
  return { commands: {}, lenses: (document) => testsLens(session, document) };
}

/** Tests of a profile stand beside it: they are written, or run. */
function testsLens(session: Session, document: OpenDocument): readonly Lens[] {
  const { root } = session.analysis(document).document.tree;
  // what was never saved has no place beside it
  if (!root || session.exists(document.uri) !== true) return [];
  const there = session.exists(testsPathOf(document.uri));
  const span = { start: root.start, end: root.start + 1 };
  const command = there ? RUN_TESTS_COMMAND : CREATE_TESTS_COMMAND;
  if (!session.canRun(command)) return [];
  return [{ span, title: there ? 'Run Tests' : 'Create Tests', command, arguments: [document.uri] }];
}
