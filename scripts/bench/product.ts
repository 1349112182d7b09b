/** What is measured, in one bundle so that its tables are read once. */
export { parseTree } from 'jsonc-parser';
export {
  actions,
  architectures,
  defaultProfile,
  flags,
  namesOn,
  numberOn,
  operators,
  syscallNames,
} from '../../server/src/catalog/index.ts';
export { analyse } from '../../server/src/checks/analyse.ts';
export { callWords, compile, encode, isProgram, run } from '../../server/src/policy/bpf/index.ts';
export { evaluate } from '../../server/src/policy/evaluate.ts';
export { policyOf, verdictOf } from '../../server/src/policy/policy.ts';
export { parseProfile } from '../../server/src/profile/build.ts';
export { SCHEMA } from '../../server/src/profile/schema.ts';
export { defaultTarget } from '../../server/src/settings.ts';
