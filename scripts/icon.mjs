// Renders the extension's icon: client/icons/extension.svg -> extension.png. Needs rsvg-convert (Debian: librsvg2-bin).
import { execFileSync } from 'node:child_process';
import path from 'node:path';

const folder = path.join(import.meta.dirname, '../client/icons');
const program = process.env.RSVG_CONVERT ?? 'rsvg-convert';
execFileSync(program, ['--width=256', '--height=256', '--output=extension.png', 'extension.svg'], {
  cwd: folder,
  stdio: 'inherit',
});
