/** Leaves packages out of a bundle: what `packages` matches is required from `file`, a bundle beside it, when it is first needed. */
export function apart(packages, file) {
  return {
    name: 'apart',
    setup(build) {
      build.onResolve({ filter: packages }, () => ({ path: file, external: true }));
    },
  };
}
