// Asks the registry for known weaknesses of what is shipped: npm run audit. A registry that does not answer is no finding.
import { spawnSync } from 'node:child_process';
import { root } from './lib/load.mjs';

const { stdout, error } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { cwd: root, encoding: 'utf8' });
if (error) throw error;

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

const { vulnerabilities, metadata } = read(stdout);
if (vulnerabilities === undefined) {
  console.log('The registry answered no audit, so nothing is known of weaknesses.');
} else {
  for (const { name, severity, range } of Object.values(vulnerabilities)) console.log(`${severity}: ${name} ${range}`);
  console.log(`${metadata.vulnerabilities.total} known weaknesses in ${metadata.dependencies.prod} packages.`);
  process.exitCode = metadata.vulnerabilities.total > 0 ? 1 : 0;
}
