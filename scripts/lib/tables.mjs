import fs from 'node:fs';
import path from 'node:path';
import { pack, unpacking } from './packed.mjs';

const TABLE = /[\\/]server[\\/]data[\\/].*\.json$/;

/** Bundles a data table (`server/data/`) as a function that gives its text, so that it costs nothing until a feature asks for it. */
export function tables() {
  return {
    name: 'tables',
    setup(build) {
      build.onLoad({ filter: TABLE }, ({ path: file }) => ({
        loader: 'js',
        contents: `export default () => ${JSON.stringify(textOf(file))};`,
      }));
    },
  };
}

/**
 * The same for Node, with the tables in one packed file beside the bundle: a fifth of their size, since what one says another
 * says too. The first that is asked for unpacks them all, in a millisecond.
 */
export function packedTables(folder, packed) {
  return {
    name: 'packed-tables',
    setup(build) {
      const places = layOut(folder);
      build.onResolve({ filter: /^packed:tables$/ }, ({ path: name }) => ({ path: name, namespace: 'packed' }));
      build.onLoad({ filter: /^packed:tables$/, namespace: 'packed' }, () => ({ contents: unpacking(packed) }));
      build.onLoad({ filter: TABLE }, ({ path: file }) => ({
        loader: 'js',
        contents: `import { unpacked } from 'packed:tables';
export default () => unpacked().toString('utf8', ${places.get(file).start}, ${places.get(file).end});`,
      }));
      build.onEnd(() => pack(packed, [...places.keys()].map(textOf).join('')));
    },
  };
}

const textOf = (file) => fs.readFileSync(file, 'utf8').trim();

/** Where the text of each table begins and ends, in bytes, when they stand one behind the other. */
function layOut(folder) {
  const files = fs
    .readdirSync(folder, { recursive: true })
    .map((name) => path.join(folder, name))
    // where a table comes from is told nowhere in the product
    .filter((file) => TABLE.test(file) && path.basename(file) !== 'PROVENANCE.json')
    .sort();
  let start = 0;
  return new Map(
    files.map((file) => {
      const end = start + Buffer.byteLength(textOf(file));
      const place = { start, end };
      start = end;
      return [file, place];
    }),
  );
}
