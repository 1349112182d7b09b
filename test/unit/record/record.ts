import { architecture } from '../../../server/src/catalog/index.ts';
import { type RecorderOptions, type Recording, startRecording } from '../../../server/src/record/index.ts';
import { defaultTarget } from '../../../server/src/settings.ts';

export const arch = (short: string) => architecture(`SCMP_ARCH_${short}`)!;
export const TARGET = defaultTarget();

/** Records texts as if each were a file, named `a`, `b` and so on. */
export function record(texts: string | readonly string[], options: Partial<RecorderOptions> = {}): Recording {
  const recorder = startRecording({ format: 'auto', architecture: arch('X86_64'), ...options });
  for (const [i, text] of [texts].flat().entries()) recorder.add('abcdef'[i]!, text.split('\n'));
  return recorder.result();
}

/** The syscalls in a line each: `read 2`, with failures as `read 2 (1)`, and the architecture unless it is x86_64. */
export function calls(texts: string | readonly string[], options: Partial<RecorderOptions> = {}): readonly string[] {
  return record(texts, options).syscalls.map(({ name, architecture: where, calls: count, failed }) =>
    [name, count, ...(failed ? [`(${failed})`] : []), ...(where === arch('X86_64') ? [] : [where.name])].join(' '),
  );
}

/** The distinct values of the arguments that matter, as texts. */
export function variants(text: string, options: Partial<RecorderOptions> = {}): readonly string[] {
  return record(text, options).syscalls.flatMap(({ name, variants: all }) =>
    all.map((args) => `${name}(${args.map((value) => value ?? '').join()})`),
  );
}

/** The lines that were not understood, with their numbers. */
export const unknown = (text: string, options: Partial<RecorderOptions> = {}): readonly string[] =>
  record(text, options).unknown.map(({ line, text: shown, why }) => `${line}: ${shown}${why ? ` (${why})` : ''}`);
