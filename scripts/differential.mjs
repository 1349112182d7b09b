// The long comparison of the policy engine with libseccomp: `npm run test:differential -- --cases N [--seed S]`.
import { loadModule } from './lib/load.mjs';

const { main } = await loadModule('test/differential/run.ts');
process.exitCode = await main(process.argv.slice(2));
