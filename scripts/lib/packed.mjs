import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

const { BROTLI_PARAM_LGWIN, BROTLI_PARAM_MODE, BROTLI_PARAM_SIZE_HINT, BROTLI_MODE_TEXT } = zlib.constants;

/** Writes a text beside the bundles, as small as it gets. */
export function pack(file, text) {
  const params = {
    [BROTLI_PARAM_LGWIN]: 20,
    [BROTLI_PARAM_MODE]: BROTLI_MODE_TEXT,
    [BROTLI_PARAM_SIZE_HINT]: text.length,
  };
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, zlib.brotliCompressSync(text, { params }));
}

/** A module that gives the bytes of a packed file. They are read at first use, as is Node's unpacker; a failure is not kept. */
export function unpacking(file) {
  return `let bytes;
const node = (name) => process.getBuiltinModule(name);
export const unpacked = () =>
  (bytes ??= node('node:zlib').brotliDecompressSync(
    node('node:fs').readFileSync(node('node:path').join(__dirname, ${JSON.stringify(path.basename(file))})),
  ));`;
}
