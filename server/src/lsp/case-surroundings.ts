import type { CaseProblem, CasesDocument } from '../cases/model.ts';
import { type CaseSurroundings, problemsOf } from '../cases/problems.ts';
import { pathOfUri, uriOfPath } from '../cases/uris.ts';
import { architecture, architectures } from '../catalog/index.ts';
import type { Session } from './session.ts';

type Surroundings = Pick<Session, 'folders' | 'exists' | 'settings'>;

/** What a session knows of the surroundings of a file of test cases. */
export function surroundingsOf(session: Surroundings, uri: string): CaseSurroundings {
  const { folders, exists, settings } = session;
  return {
    architecture: architecture(settings.target.architecture) ?? architectures()[0]!,
    path: pathOfUri(uri),
    folders: folders.flatMap((folder) => pathOfUri(folder) ?? []),
    exists: (path) => exists(uriOfPath(path)),
  };
}

interface Known extends Pick<Session, 'settings' | 'exists'> {
  readonly problems: readonly CaseProblem[];
}

const KNOWN = new WeakMap<CasesDocument, Known>();

/** What is wrong in a file of test cases, found once for each version as long as its surroundings stay the same. */
export function caseProblemsOf(session: Surroundings, uri: string, document: CasesDocument): readonly CaseProblem[] {
  const { settings, exists } = session;
  const known = KNOWN.get(document);
  if (known?.settings === settings && known.exists === exists) return known.problems;
  const problems = problemsOf(document, surroundingsOf(session, uri));
  KNOWN.set(document, { settings, exists, problems });
  return problems;
}
