// The long comparison of the policy engine with runc, crun and Docker: `npm run test:runtimes -- --cases N [--seed S]`.
import { loadModule } from './lib/load.mjs';

const { main } = await loadModule('test/runtimes/run.ts');
process.exitCode = await main(process.argv.slice(2));
