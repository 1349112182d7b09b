import { type Architecture, architecture, architectures } from '../../catalog/index.ts';
import { lackOf } from '../../policy/refuse-architectures.ts';
import type { CheckContext } from '../check.ts';
import { loadedByRunc } from '../text/words.ts';
import type { Vocabulary } from './guesses.ts';

/** Other names of the architectures, without `SCMP_ARCH_`. */
const NAMES: Readonly<Record<string, string>> = {
  AMD64: 'X86_64',
  X64: 'X86_64',
  X86_64: 'X86_64',
  '386': 'X86',
  I386: 'X86',
  I686: 'X86',
  IA32: 'X86',
  ARM64: 'AARCH64',
  AARCH32: 'ARM',
  ARM32: 'ARM',
  ARMHF: 'ARM',
  ARMV7: 'ARM',
  ARMV7L: 'ARM',
  PPC64EL: 'PPC64LE',
  POWERPC64LE: 'PPC64LE',
  MIPS64LE: 'MIPSEL64',
  MIPSLE: 'MIPSEL',
  RISCV: 'RISCV64',
  LOONG64: 'LOONGARCH64',
};

export const ARCHITECTURE_WORDS: Vocabulary = {
  terms: architectures().map((term) => term.name),
  prefix: 'SCMP_ARCH_',
  synonyms: NAMES,
  exactSynonyms: true,
};

/** Whether a filter of the target can cover an architecture: one of its byte order, which its loader knows. */
export function isCoverable(context: CheckContext, known: Architecture): boolean {
  const host = architecture(context.target.architecture);
  const isLoaded = known.runc !== undefined || !loadedByRunc(context);
  return isLoaded && !lackOf(known, context.target) && (!host || known.endian === host.endian);
}

/** How crun reads a name: without the prefix, in any letter case (crun: `seccomp.c`). */
export function crunArchitecture(text: string): string {
  const bare = text.startsWith('SCMP_ARCH_') ? text.slice('SCMP_ARCH_'.length) : text;
  return `SCMP_ARCH_${bare.toUpperCase()}`;
}

/** Whether crun takes a name that is not in the table; a prefix in lower case stays part of it. */
export function crunReads(text: string): boolean {
  return architecture(crunArchitecture(text)) !== undefined;
}
