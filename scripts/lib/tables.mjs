import fs from 'node:fs';
import zlib from 'node:zlib';

/**
 * Bundles a data table (`server/data/`) as a function that gives its text, so that it costs nothing until a feature asks for
 * it. `packed` makes it a third as large, for Node only.
 */
export function tables({ packed = false } = {}) {
  return {
    name: 'tables',
    setup(build) {
      build.onLoad({ filter: /[\\/]server[\\/]data[\\/].*\.json$/ }, ({ path: file }) => {
        const text = fs.readFileSync(file, 'utf8').trim();
        return { loader: 'js', contents: packed ? unpacking(text) : `export default () => ${JSON.stringify(text)};` };
      });
    },
  };
}

function unpacking(text) {
  const base64 = zlib.brotliCompressSync(text).toString('base64');
  return `import { brotliDecompressSync } from 'node:zlib';
export default () => brotliDecompressSync(Buffer.from('${base64}', 'base64')).toString();`;
}
