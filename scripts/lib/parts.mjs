import fs from 'node:fs';
import path from 'node:path';
import esbuild from 'esbuild';

/**
 * Bundles two programs for Node: each with what it needs alone in one file, with what both need in another, and with what the first
 * imports on demand in others beside them, which take from these what is in there already. esbuild splits ES modules only, so these
 * are made first.
 */
export async function bundleInParts(options) {
  const { entryPoints, outdir, absWorkingDir, minify, sourcemap } = options;
  const [first] = Object.values(entryPoints);
  const { outputFiles, metafile } = await esbuild.build({
    ...options,
    plugins: [startingFrom(path.join(absWorkingDir, first)), ...options.plugins],
    format: 'esm',
    splitting: true,
    metafile: true,
    write: false,
    // names that files know each other by
    minifyIdentifiers: false,
    minify: false,
    minifySyntax: minify,
    minifyWhitespace: minify,
    sourcemap: sourcemap && 'inline',
  });
  const names = namesOf(metafile, entryPoints);
  fs.mkdirSync(path.join(absWorkingDir, outdir), { recursive: true });
  await Promise.all(
    outputFiles.map(async ({ path: file, text }) => {
      const to = names.get(path.basename(file));
      if (!to) return;
      const code = [...names].reduce((all, [from, stable]) => all.replaceAll(`"./${from}"`, `"./${stable}"`), text);
      const made = await esbuild.transform(code, {
        format: 'cjs',
        platform: 'node',
        target: options.target,
        // `require` spares the loader of ES modules, which takes as long as half of the server
        supported: { 'dynamic-import': false },
        minify,
        legalComments: 'none',
        sourcefile: to,
        sourcemap: sourcemap && 'external',
      });
      const at = path.join(absWorkingDir, outdir, to);
      fs.writeFileSync(at, made.map ? `${made.code}//# sourceMappingURL=${to}.map\n` : made.code);
      if (made.map) fs.writeFileSync(`${at}.map`, made.map);
    }),
  );
}

/**
 * What is on demand begins with the program that demands it, where that is already: so nothing of the program is split off for
 * what is on demand.
 */
function startingFrom(entry) {
  return {
    name: 'starting-from',
    setup(build) {
      build.onResolve({ filter: /.*/ }, async ({ path: to, kind, importer, resolveDir, pluginData }) => {
        if (kind !== 'dynamic-import' || pluginData === 'resolved') return undefined;
        const { path: file } = await build.resolve(to, { kind, importer, resolveDir, pluginData: 'resolved' });
        return { path: file, namespace: 'on-demand' };
      });
      build.onLoad({ filter: /.*/, namespace: 'on-demand' }, ({ path: file }) => ({
        contents: `import ${JSON.stringify(entry)};\nexport * from ${JSON.stringify(file)};`,
        resolveDir: path.dirname(file),
      }));
    },
  };
}

/**
 * How files are called, by esbuild's own names, which change with their content. What is on demand takes from the first program, which
 * is a file of its own therefore; esbuild's other one only gives what that gives.
 */
function namesOf({ outputs }, entryPoints) {
  const [[name, entry]] = Object.entries(entryPoints);
  const common = `${name.split('-')[0]}.cjs`;
  const names = new Map();
  const whole = Object.values(outputs).find(({ inputs }) => inputs[entry]);
  const needed = new Set(whole.imports.map(({ path: file }) => path.basename(file)));
  for (const [file, { entryPoint, exports }] of Object.entries(outputs)) {
    const from = path.basename(file);
    const own = Object.keys(entryPoints).find((each) => entryPoints[each] === entryPoint);
    if (outputs[file] === whole) names.set(from, `${name}.cjs`);
    else if (own === name) assertGives(whole, exports);
    else if (own) names.set(from, `${own}.cjs`);
    else if (entryPoint) names.set(from, common.replace('.', `-${path.basename(entryPoint, '.ts')}.`));
    else names.set(from, needed.has(from) ? common : common.replace('.', '-shared.'));
  }
  const stable = [...names.values()];
  const twice = stable.find((each, index) => stable.indexOf(each) !== index);
  if (twice) throw new Error(`${twice} would be more than one file`);
  return names;
}

function assertGives({ exports }, wanted) {
  for (const each of wanted) if (!exports.includes(each)) throw new Error(`${each} is called otherwise in its file`);
}
