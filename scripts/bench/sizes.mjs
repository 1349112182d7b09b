import fs from 'node:fs';
import path from 'node:path';

/** Bytes of the bundles and the package in dist/, as they are there; none before a build. */
export function sizes() {
  const files = fs.existsSync('dist') ? fs.readdirSync('dist').filter((name) => !name.endsWith('.map')) : [];
  const rows = files.map((name) => {
    const { size } = fs.statSync(path.join('dist', name));
    return [`dist/${name}`, 'size', `${size.toLocaleString('en')} bytes`, '', '', ''];
  });
  const dated = files
    .map((name) => path.join('dist', name))
    .map((file) => fs.statSync(file).mtime.toISOString().slice(0, 16));
  const note =
    files.length > 0
      ? `Sizes are of the files in dist/, built between ${dated.sort()[0]} and ${dated.at(-1)}; \`npm run package\` makes the small ones.`
      : 'No sizes: `npm run package` makes dist/.';
  return { rows, notes: [note] };
}
