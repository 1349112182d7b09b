import { linesIn } from '../cli/lines.ts';
import { type RecordOutcome, recordCommand } from '../container/index.ts';
import { architecture, architectureOfMachine } from '../src/catalog/index.ts';
import { profileOf } from '../src/lsp/serve-record.ts';
import type { Session } from '../src/lsp/session.ts';
import { RECORD_REQUEST, type RecordingResult, type RecordParams } from '../src/protocol.ts';
import { type Recording, startRecording } from '../src/record/index.ts';
import { engineFor, UNTRUSTED } from './engine-for.ts';
import { type LongHost, type Running, serveLong } from './long-request.ts';

/** Lets a session record commands in containers of this machine's engine. What runs is kept in `running`. */
export function serveRecording(session: Session, running: Running): void {
  serveLong<RecordParams, RecordingResult>(
    session,
    running,
    RECORD_REQUEST,
    'Recording a command in a container',
    async (params, host) => {
      if (!session.trusted) return refused(UNTRUSTED);
      return params ? record(session, params, host) : refused('No image was given.');
    },
  );
}

const refused = (message: string) => ({ kind: 'refused', message }) as const;

/** A machine that the engine names, as the target and as what strace's lines are of. */
interface Read {
  readonly recording: Recording;
  readonly native: string;
}

async function record(session: Session, params: RecordParams, host: LongHost): Promise<RecordingResult> {
  const { settings } = session;
  const { target, container } = settings;
  const outcome = await recordCommand<Read>(
    {
      engine: await engineFor(settings, host.signal),
      image: params.image,
      command: params.command,
      options: container.options,
      limits: { memory: container.memory, pids: container.pids },
      timeLimitMs: container.timeLimitMs,
    },
    (trace, { machine }) => {
      const native = architectureOfMachine(machine) ?? architecture(target.architecture)!;
      const recorder = startRecording({ format: 'strace', architecture: native });
      recorder.add(params.image, linesIn(trace));
      return { recording: recorder.result(), native: native.name };
    },
    host,
  );
  return resultOf(session, outcome, params);
}

function resultOf(session: Session, outcome: RecordOutcome<Read>, params: RecordParams): RecordingResult {
  switch (outcome.kind) {
    case 'no-engine':
      return refused(outcome.problems.map(({ message }) => message).join(' '));
    case 'failed':
      return refused([outcome.message, outcome.raw.trim()].filter(Boolean).join(' '));
    case 'cancelled':
      return refused('The recording was cancelled before the command ran.');
    case 'recorded': {
      const { recording, native } = outcome.value;
      const target = { ...session.settings.target, architecture: native };
      const result = profileOf(session, recording, params, target);
      if (result.kind === 'refused') return refused([result.message, outcome.stderr.trim()].filter(Boolean).join(' '));
      return { ...result, report: [`${outcome.command.join(' ')}, traced by ${outcome.way}`, ...result.report] };
    }
  }
}
