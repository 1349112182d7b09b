import { dangerOf } from '../catalog/index.ts';
import type { Created } from './create.ts';
import type { Merged } from './merge.ts';
import type { Recording, UnknownLine } from './recording.ts';

/** What was read, in lines of plain text: totals, calls left out, and the first lines that could not be read. */
export function recordingInWords(recording: Recording, mostUnknown: number): readonly string[] {
  const { sources, syscalls, leftOut } = recording;
  const sum = (key: 'lines' | 'calls' | 'unknown'): number => sources.reduce((total, source) => total + source[key], 0);
  const unknown = sum('unknown');
  const names = [...new Set(syscalls.map(({ name }) => name))];
  const dangerous = names.filter((name) => dangerOf(name)?.tier === 1);
  return [
    `${counted(sources.length, 'trace')}, ${counted(sum('lines'), 'line')}: ${counted(sum('calls'), 'call')} of ${counted(names.length, 'syscall')}`,
    ...(dangerous.length > 0 ? [`dangerous to allow: ${dangerous.join(', ')}`] : []),
    ...(leftOut > 0 ? [`${counted(leftOut, 'call')} left out, as asked for`] : []),
    ...(unknown > 0
      ? [`${counted(unknown, 'line')} not understood:`, ...unknownInWords(recording, mostUnknown, unknown)]
      : []),
  ];
}

function unknownInWords({ unknown }: Recording, most: number, all: number): readonly string[] {
  const shown = unknown.slice(0, most);
  return [...shown.map(lineInWords), ...(all > shown.length ? [`  and ${all - shown.length} more`] : [])];
}

const lineInWords = ({ source, line, text, why }: UnknownLine): string =>
  `  ${source}:${line}: ${text.trim().slice(0, 100)}${why ? ` (${why})` : ''}`;

/** What became of a new profile. */
export function createdInWords({ startup, absent, stopped, target }: Created): readonly string[] {
  return [
    ...(startup.length > 0
      ? [`${counted(startup.length, 'syscall')} more to start and to end, in a rule of their own`]
      : []),
    ...(absent.length > 0 ? [`not in the profile, since no architecture of it has them: ${absent.join(', ')}`] : []),
    ...(stopped.length > 0 ? [`allowed, but libseccomp ${target.libseccomp} drops them: ${stopped.join(', ')}`] : []),
  ];
}

/** What became of a profile that was there. */
export function mergedInWords({ added, covered, changed }: Extract<Merged, { kind: 'merged' }>): readonly string[] {
  if (added.length === 0) return ['the profile permits all of them already'];
  return [
    `${counted(added.length, 'syscall')} allowed now: ${added.join(', ')}`,
    ...(covered.length > 0 ? [`the profile counts for ${covered.join(', ')} as well now`] : []),
    ...(changed.length > 0
      ? [`${counted(changed.length, 'other')} still stopped, with another errno than before`]
      : []),
  ];
}

/** `1 line`, `3 lines`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
