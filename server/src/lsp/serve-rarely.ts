import { serveComparison } from './serve-comparison.ts';
import { serveImport } from './serve-record.ts';
import type { Session } from './session.ts';

/** Serves what users ask for by a command, now and then. A host may call this when the first of these requests comes. */
export function serveRarely(session: Session): void {
  serveComparison(session);
  serveImport(session);
}
