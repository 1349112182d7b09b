import type { CancellationToken } from 'vscode-languageserver';
import { engineLabel, execute, findEngine, targetSettings } from '../container/index.ts';
import type { Session } from '../src/lsp/session.ts';
import { type EngineTarget, READ_TARGET_REQUEST } from '../src/protocol.ts';
import { UNTRUSTED } from './engine-for.ts';

/** Lets a client ask what target the running engine is. */
export function serveTarget(session: Session): void {
  // the token comes last, behind parameters that are none of ours
  session.connection.onRequest<EngineTarget, unknown>(READ_TARGET_REQUEST, (...args: readonly unknown[]) =>
    readTarget(session, args.at(-1) as CancellationToken),
  );
}

/** Asks the engine of the settings. The target's own runtime does not count: the answer replaces it. */
async function readTarget({ trusted, settings }: Session, token: CancellationToken): Promise<EngineTarget> {
  if (!trusted) return { kind: 'refused', message: UNTRUSTED };
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort());
  const { engine: kind, program, environment: env } = settings.container;
  const found = await findEngine({ kind, ...(program && { program }), env }, execute, controller.signal);
  if (!found.ok) return { kind: 'none', problems: found.problems.map(({ message }) => message) };
  return { kind: 'target', label: engineLabel(found.engine), settings: targetSettings(found.engine) };
}
