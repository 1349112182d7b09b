// Renders the extension's icon with 256 colours, which takes less than half of the bytes and looks the same:
// client/icons/extension.svg -> extension.png. Needs rsvg-convert and pngquant (Debian: librsvg2-bin, pngquant).
import { execFileSync } from 'node:child_process';
import path from 'node:path';

const cwd = path.join(import.meta.dirname, '../client/icons');
const rsvg = process.env.RSVG_CONVERT ?? 'rsvg-convert';
const pngquant = process.env.PNGQUANT ?? 'pngquant';
const colours = execFileSync(rsvg, ['--width=256', '--height=256', 'extension.svg'], { cwd });
execFileSync(pngquant, ['--strip', '--speed=1', '--force', '--output=extension.png', '-'], {
  cwd,
  input: colours,
  stdio: ['pipe', 'inherit', 'inherit'],
});
