import { serveRarely } from '../src/lsp/serve-rarely.ts';
import type { HostExtension, Session } from '../src/lsp/session.ts';
import { caseTests } from './cases.ts';
import { containerTests } from './containers.ts';
import { joined } from './joined.ts';

/** All that a session does on demand: with containers of this machine's engine, and what it serves rarely. */
export function demanded(session: Session): HostExtension {
  serveRarely(session);
  return joined(containerTests(session), caseTests(session));
}
