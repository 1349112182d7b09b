import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/**
 * @returns {string} the packaged extension of this checkout's version
 * @throws when it has not been built
 */
export function packagedExtension() {
  const { name, version } = JSON.parse(fs.readFileSync(path.join(projectRoot, 'package.json'), 'utf8'));
  const vsix = path.join(projectRoot, 'dist', `${name}-${version}.vsix`);
  if (!fs.existsSync(vsix))
    throw new Error(`${path.relative(process.cwd(), vsix)} does not exist. Make it by "npm run package".`);
  return vsix;
}
