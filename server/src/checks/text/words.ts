import { loaderOf, runtimeLabel } from '../../policy/target.ts';
import type { CheckContext } from '../check.ts';

const LONGEST = 60;

/** A piece of the file for a message: quoted, on one line, cut when long. */
export function quote(text: string): string {
  return `"${shorten(text)}"`;
}

/** A piece of the file on one line, cut when it is longer than `most` UTF-16 code units, never within a character. */
export function shorten(text: string, most = LONGEST): string {
  const line = text.replace(/\s+/g, ' ');
  if (line.length <= most) return line;
  const isHighSurrogate = /[\uD800-\uDBFF]/.test(line[most - 1]!);
  return `${line.slice(0, isHighSurrogate ? most - 1 : most)}…`;
}

/** `Docker`, as messages name the target's runtime. */
export function engine({ target }: CheckContext): string {
  return runtimeLabel(target.runtime);
}

/** Profiles are read by Go's `encoding/json`, except where crun gets them as they are. */
export function readByGo({ target }: CheckContext): boolean {
  return target.runtime !== 'crun';
}

/** Whether runc loads the filter; crun does otherwise. */
export function loadedByRunc({ target }: CheckContext): boolean {
  return loaderOf(target) === 'runc';
}
