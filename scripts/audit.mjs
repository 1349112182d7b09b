// Asks the registry for known weaknesses of what is shipped: npm run audit. A registry that does not answer is no finding, but
// it is said loudly: it is no clean bill either.
import { spawnSync } from 'node:child_process';
import { judgeAudit } from './lib/audit.mjs';
import { root } from './lib/load.mjs';

const { stdout, error } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { cwd: root, encoding: 'utf8' });
if (error) throw error;
const { status, lines } = judgeAudit(stdout);
console.error(lines.join('\n'));
process.exitCode = status;
