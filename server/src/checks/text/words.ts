import { loaderOf, runtimeLabel } from '../../policy/target.ts';
import type { CheckContext } from '../check.ts';

const LONGEST = 60;

/** A piece of the file for a message: quoted, on one line, cut when long. */
export function quote(text: string): string {
  return `"${shorten(text)}"`;
}

/** A piece of the file on one line, cut when long. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
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
