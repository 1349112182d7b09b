import type { HostExtension } from '../src/lsp/session.ts';

/** What several parts of this host add, as one. */
export function joined(...parts: readonly HostExtension[]): HostExtension {
  return {
    commands: Object.assign({}, ...parts.map(({ commands }) => commands)),
    lenses: (document) => parts.flatMap(({ lenses }) => lenses(document)),
    diagnostics: (document) => parts.flatMap(({ diagnostics }) => diagnostics?.(document) ?? []),
    shutdown: async () => void (await Promise.all(parts.map(({ shutdown }) => shutdown?.()))),
  };
}
