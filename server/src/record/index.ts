/** Profiles from traces: what strace, the kernel's audit log, perf trace and sysdig tell of a program. */
export { type Created, createProfile, nativeOf } from './create.ts';
export { type Merged, mergeInto } from './merge.ts';
export { type Recorder, type RecorderOptions, startRecording, TRACE_FORMATS, type TraceFormat } from './recorder.ts';
export type { RecordedSyscall, Recording, SourceTotals, UnknownLine } from './recording.ts';
export { counted, createdInWords, mergedInWords, recordingInWords } from './words.ts';
