/** Test cases of profiles, run in containers. Node only; knows neither an editor nor a language server. */
export type { CaseFailure } from './judge.ts';
export { leadsOut } from './mounts.ts';
export { type CaseResult, type CasesHost, type CasesReport, type CasesRequest, leftInWords } from './report.ts';
export { type CaseRun, type RunOptions, runCase } from './run-case.ts';
export { runCases } from './run-cases.ts';
