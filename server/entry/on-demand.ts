import { connectionOnDemand } from '../src/lsp/on-demand.ts';
import type { HostExtension, Session } from '../src/lsp/session.ts';
import {
  COMPARE_REQUEST,
  ENGINE_REQUEST,
  IMPORT_REQUEST,
  READ_TARGET_REQUEST,
  RECORD_REQUEST,
  REPAIR_REQUEST,
  RUN_TESTS_REQUEST,
  TEST_COMMAND,
  TEST_REQUEST,
  TIGHTEN_REQUEST,
} from '../src/protocol.ts';

/** What is asked for by a command, and mostly of containers. */
const REQUESTS = [
  COMPARE_REQUEST,
  ENGINE_REQUEST,
  IMPORT_REQUEST,
  READ_TARGET_REQUEST,
  RECORD_REQUEST,
  REPAIR_REQUEST,
  RUN_TESTS_REQUEST,
  TEST_REQUEST,
  TIGHTEN_REQUEST,
];

/** What the server does from the first request for it on: most sessions never make one. */
export function onDemand(session: Session): HostExtension {
  let loading: Promise<HostExtension> | undefined;
  let loaded: HostExtension | undefined;
  let ending = false;
  const load = async (): Promise<HostExtension> => {
    loading ??= import('./demanded.ts').then(({ demanded }) => demanded(own));
    const extension = await loading;
    loaded = extension;
    if (ending) throw new Error('the server is about to end');
    return extension;
  };
  const own: Session = Object.create(session, {
    connection: { value: connectionOnDemand(session.connection, REQUESTS, load) },
  });
  return {
    commands: { [TEST_COMMAND]: async (args) => (await load()).commands[TEST_COMMAND]!(args) },
    lenses: (document) => loaded?.lenses(document) ?? [],
    diagnostics: (document) => loaded?.diagnostics?.(document) ?? [],
    shutdown: async () => {
      ending = true;
      const extension = await loading?.catch(() => undefined);
      await extension?.shutdown?.();
    },
  };
}
