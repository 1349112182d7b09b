import { architecture } from '../catalog/index.ts';
import type { Target } from '../policy/target.ts';
import { IMPORT_REQUEST, type ImportParams, type RecordingParams, type RecordingResult } from '../protocol.ts';
import {
  counted,
  createdInWords,
  createProfile,
  mergedInWords,
  mergeInto,
  type Recording,
  recordingInWords,
  startRecording,
} from '../record/index.ts';
import { policyOfText } from '../repair/change.ts';
import { noteOn, riskOf } from '../repair/risk.ts';
import { safely } from './answer.ts';
import { profileChange } from './profile-change.ts';
import type { Session } from './session.ts';

/** Lines that a report shows of those that were not understood. */
const MOST_UNKNOWN = 50;

/** Serves profiles from traces, whose texts the client reads. Runs nothing. */
export function serveImport(session: Session): void {
  session.connection.onRequest<RecordingResult, unknown>(
    IMPORT_REQUEST,
    safely<ImportParams, RecordingResult>(
      session,
      IMPORT_REQUEST,
      refused('These traces cannot be read.'),
      (params) => {
        const { target } = session.analysisOptions;
        const recorder = startRecording({ format: 'auto', architecture: architecture(target.architecture)! });
        for (const { name, text } of params.traces) recorder.add(name, text.replace(/\r?\n$/, '').split(/\r?\n/));
        return profileOf(session, recorder.result(), params, target);
      },
    ),
  );
}

const refused = (message: string) => ({ kind: 'refused', message }) as const;

/** A new profile of recorded calls, or the change of an open one. The target says for which machine. */
export function profileOf(
  session: Session,
  recording: Recording,
  { uri, conditions }: RecordingParams,
  target: Target,
): RecordingResult {
  const read = recordingInWords(recording, MOST_UNKNOWN);
  if (recording.syscalls.length === 0) return refused(`No call was found: ${read.join('; ')}.`);
  const options = { target, arguments: conditions };
  if (uri !== undefined) return changeOf(session, uri, recording, options, read);
  const created = createProfile(recording, options);
  return { kind: 'profile', text: created.text, report: [...read, ...createdInWords(created)] };
}

/** What is to be thought of the syscalls that a merge adds. */
function risksIn(before: string, names: readonly string[], target: Target): ReadonlyMap<string, string> {
  const policy = policyOfText(before, target);
  return new Map(policy ? names.map((name) => [name, noteOn(riskOf(policy, name))]) : []);
}

function changeOf(
  { documents }: Session,
  uri: string,
  recording: Recording,
  options: { readonly target: Target; readonly arguments: boolean },
  read: readonly string[],
): RecordingResult {
  const document = documents.get(uri);
  if (!document?.isProfile) return refused('The profile is not open any more.');
  const before = document.text.getText();
  const merged = mergeInto(before, recording, options);
  if (merged.kind === 'refused') return merged;
  const change = profileChange(before, merged.text, { notes: risksIn(before, merged.added, options.target) });
  const headline = `${counted(merged.added.length, 'syscall')} more to allow: ${merged.added.join(', ')}`;
  return { kind: 'change', ...(change && { change }), headline, report: [...read, ...mergedInWords(merged)] };
}
