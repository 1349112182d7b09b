/**
 * Bundles a module of Node as functions that load it when they are called, for packages that load what they hardly ever
 * need. `names` are those that the bundle calls.
 */
export function later(module, names) {
  const contents = names.map(
    (name) => `export const ${name} = (...args) => require('node:${module}').${name}(...args);`,
  );
  return {
    name: `later-${module}`,
    setup(build) {
      const own = `later-${module}`;
      build.onResolve({ filter: new RegExp(`^(?:node:)?${module}$`) }, ({ namespace }) =>
        namespace === own ? { path: `node:${module}`, external: true } : { path: module, namespace: own },
      );
      build.onLoad({ filter: /.*/, namespace: own }, () => ({ contents: contents.join('\n') }));
    },
  };
}
