import { libcAlias } from '../catalog/index.ts';
import type { Analysis } from '../checks/analyse.ts';
import { dialectOf, runtimeLabel } from '../policy/target.ts';
import { capabilityDoc } from './documentation.ts';
import { code, paragraphs } from './markdown.ts';
import type { Place } from './place.ts';

/** A capability, and whether the container that the profile is judged for has it. */
export function capabilityHover({ target }: Analysis, { filter }: Place, text: string): string {
  const doc = capabilityDoc(text);
  if (!doc || !filter) return doc;
  const has = target.capabilities.has(text);
  const dropped = has === (filter.key === 'excludes');
  const container = has ? 'The container has it' : 'The container does not have it';
  const effect =
    dialectOf(target.runtime) === 'oci'
      ? `${runtimeLabel(target.runtime)} does not read \`${filter.key}\`: the rule counts always`
      : dropped
        ? 'the rule is left out'
        : 'as far as this goes the rule is kept';
  return paragraphs(doc, `${container}: ${effect}.`);
}

/** A kernel version of `minKernel`. */
export function kernelHover({ target }: Analysis, { filter }: Place, text: string): string {
  if (!filter || !/^\d+\.\d+$/.test(text)) return '';
  const effect = filter.key === 'includes' ? 'kept' : 'left out';
  const reader = dialectOf(target.runtime) === 'docker' ? '' : ` ${runtimeLabel(target.runtime)} does not read it.`;
  return `The rule is ${effect} on Linux ${text} and later.${reader}`;
}

/** A name that is no syscall but a function of the C library. */
export function otherSyscallHover(name: string): string {
  const calls = libcAlias(name);
  if (!calls) return '';
  return `${code(name)} is a function of the C library. It makes the syscall ${calls.map((call) => code(call)).join(' or ')}.`;
}
