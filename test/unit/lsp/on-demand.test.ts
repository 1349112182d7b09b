import assert from 'node:assert/strict';
import type { Connection } from 'vscode-languageserver';
import { connectionOnDemand } from '../../../server/src/lsp/on-demand.ts';

type Handler = (...args: readonly unknown[]) => unknown;

/** A connection that keeps handlers as the library does: the last one for a method answers. */
function stage() {
  const handlers = new Map<string, Handler>();
  const connection = {
    onRequest: (method: string, handler: Handler) => void handlers.set(method, handler),
    get name() {
      return 'a connection';
    },
  } as unknown as Connection;
  const ask = async (method: string, ...args: readonly unknown[]) => handlers.get(method)?.(...args);
  return { connection, ask };
}

describe('requests on demand', () => {
  it('have their handlers loaded first, and get what they were sent', async () => {
    const { connection, ask } = stage();
    let loads = 0;
    const own = connectionOnDemand(connection, ['a', 'b'], async () => {
      loads++;
      own.onRequest('a', (...args: readonly unknown[]) => args);
    });
    assert.equal(loads, 0);
    assert.deepEqual(await Promise.all([ask('a', { id: 1 }, 'token'), ask('a', 'token')]), [
      [{ id: 1 }, 'token'],
      ['token'],
    ]);
    assert.deepEqual(await ask('a', { id: 2 }, 'token'), [{ id: 2 }, 'token']);
    await assert.rejects(ask('b'), /Nothing answers b/);
  });

  it('are answered with the error when loading fails', async () => {
    const { connection, ask } = stage();
    connectionOnDemand(connection, ['a'], () => Promise.reject(new Error('gone')));
    await assert.rejects(ask('a'), /gone/);
  });

  it('leave the rest of the connection as it is', async () => {
    const { connection, ask } = stage();
    const own = connectionOnDemand(connection, ['a'], async () => {});
    assert.equal((own as unknown as { readonly name: string }).name, 'a connection');
    own.onRequest('c', () => 3);
    assert.equal(await ask('c'), 3);
  });
});
