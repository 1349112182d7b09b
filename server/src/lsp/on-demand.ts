import type { Connection } from 'vscode-languageserver';

type Handler = (...args: readonly unknown[]) => unknown;

/**
 * The connection for a part of the server that is loaded when somebody needs it. Requests of `methods` call `load` first, which
 * registers their handlers on this connection.
 */
export function connectionOnDemand(
  connection: Connection,
  methods: readonly string[],
  load: () => Promise<unknown>,
): Connection {
  const handlers = new Map<unknown, Handler>();
  for (const method of methods)
    connection.onRequest(method, async (...args: readonly unknown[]) => {
      await load();
      const handler = handlers.get(method);
      if (!handler) throw new Error(`Nothing answers ${method}`);
      return handler(...args);
    });
  const onRequest = (method: string, handler: Handler): unknown =>
    methods.includes(method) ? handlers.set(method, handler) : connection.onRequest(method, handler);
  return Object.create(connection, { onRequest: { value: onRequest } });
}
