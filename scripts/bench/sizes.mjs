import fs from 'node:fs';
import { VSCODE_JSON } from './servers/aims.mjs';
import { verdict } from './servers/report.mjs';
import { table } from './table.mjs';

const KIB = 1024;
const kib = (bytes) => (bytes / KIB).toFixed(0);

/** Uncompressed bytes of the extension's own files in a package, as its directory lists them: what the other's folder has. */
function unpackedSize(file) {
  const zip = fs.readFileSync(file);
  let sum = 0;
  const signature = Buffer.from('PK\x01\x02');
  for (let at = zip.indexOf(signature); at >= 0; at = zip.indexOf(signature, at + 1)) {
    const name = zip.toString('utf8', at + 46, at + 46 + zip.readUInt16LE(at + 28));
    if (name.startsWith('extension/')) sum += zip.readUInt32LE(at + 24);
  }
  return sum;
}

/** What a server loads for all that it does by itself: its launcher is nothing without the others. */
const SERVER = ['server.cjs', 'program-server.cjs', 'program.cjs', 'protocol.cjs', 'tables.br', 'checks.br'];
/** Where the server’s bytes are, beside its own code. */
const LIBRARIES =
  'Of the server, 140 KiB are the protocol’s libraries without what is not used of them, and 57 KiB tables and texts, packed.';

/** What is loaded when somebody asks for it. */
const ON_DEMAND = {
  'for containers, imports and comparisons, on demand': ['program-demanded.cjs', 'program-shared.cjs'],
  'for the command line': ['cli.cjs', 'program-cli.cjs', 'program-shared.cjs', 'program.cjs', 'tables.br', 'checks.br'],
};

/** Sizes of the bundles and the package in dist/, beside what VS Code ships for JSON. */
export function sizes() {
  const size = (name) => fs.statSync(`dist/${name}`).size;
  const total = (names) => names.map(size).reduce((sum, each) => sum + each);
  const vsix = fs.readdirSync('dist').find((name) => name.endsWith('.vsix'));
  const row = (what, ours, theirs) => {
    const ratio = theirs && ours / theirs;
    const beside = theirs ? [kib(theirs), ratio.toFixed(2), verdict(ratio, 1)] : ['', '', ''];
    return [what, kib(ours), ...beside];
  };
  const bundles = fs.readdirSync('dist').filter((name) => /\.(cjs|js|css|br)$/.test(name) && name !== 'server.cjs');
  const sizes = table(
    ['size in KiB', 'ours', 'VS Code’s JSON features', 'ratio', 'aim'],
    [
      row('server with all tables and texts', total(SERVER), VSCODE_JSON.server),
      ...Object.entries(ON_DEMAND).map(([what, names]) => row(`  ${what}`, total(names))),
      ...bundles.map((name) => row(`dist/${name}`, size(name))),
      ...(vsix
        ? [row('.vsix', size(vsix)), row('extension, unpacked', unpackedSize(`dist/${vsix}`), VSCODE_JSON.unpacked)]
        : []),
    ],
  );
  return `${sizes}\n\n${LIBRARIES}`;
}
