import type { CaseSurroundings } from '../cases/problems.ts';
import { pathOfUri, uriOfPath } from '../cases/uris.ts';
import { architecture, architectures } from '../catalog/index.ts';
import type { Session } from './session.ts';

/** What a session knows of the surroundings of a file of test cases. */
export function surroundingsOf(
  session: Pick<Session, 'folders' | 'exists' | 'settings'>,
  uri: string,
): CaseSurroundings {
  const { folders, exists, settings } = session;
  return {
    architecture: architecture(settings.target.architecture) ?? architectures()[0]!,
    path: pathOfUri(uri),
    folders: folders.flatMap((folder) => pathOfUri(folder) ?? []),
    exists: (path) => exists(uriOfPath(path)),
  };
}
