/** Tests of profiles in containers of a real engine. Node only; knows neither an editor nor a language server. */
export { type Cleanup, sweep } from './cleanup.ts';
export { type Cli, ENGINE_NAME, type EngineKind } from './cli.ts';
export type { Tried } from './compare.ts';
export { type Engine, type EngineSettings, engineLabel, type Found, findEngine } from './engine.ts';
export type { EngineProblem } from './engine-problem.ts';
export { type Command, type Execute, execute, type Invocation, type Output } from './execute.ts';
export { explain } from './explain.ts';
export type { Result } from './measure.ts';
export { type Probe, probeLabel, probesFor } from './probe/calls.ts';
export type { ProbeArch } from './probe/layout.ts';
export { NEVER_PROBED } from './probe/unsafe.ts';
export { recordCommand } from './record/record.ts';
export type { RecordedRun, RecordOutcome, RecordRequest } from './record/request.ts';
export { headline, renderMarkdown } from './render.ts';
export { type Repeat, repeatByHand } from './repeat.ts';
export type { Outcome, ProbeReport, ProgramReport, ProgramRun, Report } from './report.ts';
export type { TestHost, TestRequest } from './request.ts';
export { testProfile } from './runner.ts';
export { containerTarget, targetSettings } from './target.ts';
export { tallyOf } from './verify/summary.ts';
export { type Verification, type Verified, type VerifyRequest, verifyProfile } from './verify/verify.ts';
export {
  type DifferenceGroup,
  differenceInWords,
  groupDifferences,
  refusalInWords,
  resultText,
} from './verify/words.ts';
