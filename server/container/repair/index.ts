/** Profiles changed by what programs need in containers. Node only; knows neither an editor nor a language server. */

export { casesSearch } from './cases.ts';
export type { Attempt, Criterion } from './criterion.ts';
export { attemptText, repairMarkdown, tightenMarkdown } from './render.ts';
export { repairProfile } from './repair.ts';
export type { RepairReport, TightenReport } from './report.ts';
export type { SearchRequest } from './request.ts';
export { tightenProfile } from './tighten.ts';
export { besides, doubts, effort, recordingInWords, repairHeadline, stays, tightenHeadline } from './words.ts';
