import { architecture, architectures } from '../../catalog/index.ts';
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

/** How crun reads a name: without the prefix, in any letter case (crun: `seccomp.c`). */
export function crunArchitecture(text: string): string {
  const bare = text.startsWith('SCMP_ARCH_') ? text.slice('SCMP_ARCH_'.length) : text;
  return `SCMP_ARCH_${bare.toUpperCase()}`;
}

/** Whether crun takes a name that is not in the table; a prefix in lower case stays part of it. */
export function crunReads(text: string): boolean {
  return architecture(crunArchitecture(text)) !== undefined;
}
