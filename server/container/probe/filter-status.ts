import type { Probe } from './calls.ts';
import type { ProbeArch } from './layout.ts';

const PR_GET_SECCOMP = 21;
const PRCTL: Readonly<Record<ProbeArch, number>> = { x86_64: 157, aarch64: 167 };

/** A probe that tells whether there is a filter at all; {@link hasFilter} reads its result. */
export const filterStatus = (arch: ProbeArch): Probe => ({
  name: 'prctl',
  detail: 'PR_GET_SECCOMP',
  nr: PRCTL[arch],
  args: [PR_GET_SECCOMP, 0, 0, 0, 0, 0],
});

/** The kernel answers 0 where there is no filter and 2 where there is; a filter may deny the question. Source: prctl(2). */
export const hasFilter = (result: { readonly kind: string; readonly value?: number } | undefined): boolean =>
  !(result?.kind === 'value' && result.value === 0);
