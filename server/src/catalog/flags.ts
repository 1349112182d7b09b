import type { Term } from './types.ts';

/** A filter flag, with the first runc release that takes it; before 1.2.0 runc refused any flag. */
export interface Flag extends Term {
  readonly runc: string;
}

/** Source: seccomp(2); runc `libcontainer/seccomp/config.go` and its changelog. */
const table: readonly Flag[] = [
  {
    name: 'SECCOMP_FILTER_FLAG_TSYNC',
    runc: '1.2.0',
    doc: 'Applies the filter to all threads of the process at once. Runtimes do that anyway: the flag is accepted and changes nothing.',
  },
  {
    name: 'SECCOMP_FILTER_FLAG_LOG',
    runc: '1.2.0',
    doc: "Records every action but `SCMP_ACT_ALLOW` in the kernel's audit log, as far as the host's `actions_logged` lets it.",
  },
  {
    name: 'SECCOMP_FILTER_FLAG_SPEC_ALLOW',
    runc: '1.2.0',
    doc: "Leaves the processor's speculative store bypass on, which is faster and less safe. runc from 1.2.0 and crun set it when the profile has no `flags` at all.",
  },
  {
    name: 'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV',
    runc: '1.5.0',
    doc: 'While a supervisor handles a notification, only fatal signals interrupt the waiting call (kernel 5.19).',
  },
];

const byName = new Map(table.map((flag) => [flag.name, flag]));

/** The four flags that runtimes know. */
export function flags(): readonly Flag[] {
  return table;
}

/** A flag by its exact name. */
export function flag(name: string): Flag | undefined {
  return byName.get(name);
}
