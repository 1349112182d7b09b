import { defaultProfile, implementedOn, namesOn } from '../catalog/index.ts';
import { uncertainVerdict } from '../policy/certainty.ts';
import { type Policy, verdictOf } from '../policy/policy.ts';
import { permits } from '../policy/resolve.ts';
import { startupNeeds } from '../policy/startup.ts';
import { type Clues, mentioned } from './clues.ts';
import { byRisk, riskIn } from './risk.ts';
import type { Candidate } from './search.ts';

/** Calls with which C libraries, Go and Node.js start and end a program, or which nearly all programs make. */
const COMMON = new Set(
  (
    'access arch_prctl brk clock_gettime clone clone3 close dup dup2 epoll_create1 epoll_ctl epoll_pwait epoll_wait eventfd2 ' +
    'execve exit exit_group faccessat2 fcntl fork fstat futex getcwd getdents64 getegid geteuid getgid getpid getppid ' +
    'getrandom gettid getuid ioctl lseek lstat madvise mmap mprotect mremap munmap newfstatat open openat pipe2 poll ppoll ' +
    'pread64 prlimit64 read readlink readlinkat rseq rt_sigaction rt_sigprocmask rt_sigreturn sched_getaffinity ' +
    'sched_yield set_robust_list set_tid_address sigaltstack stat statx sysinfo tgkill uname vfork wait4 write writev'
  ).split(' '),
);

/** How probable it is that a syscall is needed about which only this is known. */
const LIKELIHOOD = {
  startup: 0.9,
  clue: 0.5,
  common: 0.02,
  allowedByDefault: 0.004,
  other: 0.0008,
  unseen: 0.0001,
} as const;

/**
 * The syscalls of the target's own architecture that a profile denies, or permits for some arguments only, in the order in which
 * one would rather allow them: by risk, then by how likely a program needs them. `starts` tells whether a container
 * has been seen to start under the profile. The policies are the profile's for containers of one machine.
 */
export function denied(policies: readonly Policy[], clues: Clues, starts: boolean): readonly Candidate[] {
  const table = tableOf(policies);
  const isDenied = (policy: Policy, name: string): boolean => {
    const verdict = verdictOf(policy, name)!;
    return verdict.kind !== 'allowed' || uncertainVerdict(policy, verdict) !== undefined;
  };
  const names = namesOn(table).filter(
    (name) => policies.some((policy) => isDenied(policy, name)) && implementedOn(name, table),
  );
  return inOrder(policies, names, likelihoods(policies, clues, starts ? LIKELIHOOD.other : LIKELIHOOD.startup));
}

const tableOf = (policies: readonly Policy[]) => policies[0]!.native.architecture.table;

/** What could be dropped from an allow-list, and what is kept without a trial. */
export interface Droppable {
  /** In the order in which one would rather keep them. */
  readonly candidates: readonly Candidate[];
  /** Allowed, and needed to start a container. */
  readonly startup: readonly string[];
  /** Named for other architectures only, where nothing can be measured. */
  readonly foreign: readonly string[];
}

/** Sorts what the rules of a profile permit in these containers by whether trials can tell that it is needed. */
export function droppable(policies: readonly Policy[], clues: Clues): Droppable {
  const permitting = policies.flatMap(({ resolved }) => resolved.rules.filter(({ outcome }) => permits(outcome)));
  const named = [...new Set(permitting.flatMap(({ names }) => names.map(({ value }) => value)))];
  const own = new Set(namesOn(tableOf(policies)));
  const needs = policies.map(startupNeeds);
  const startup = new Set([
    ...needs.flatMap(({ always, whenKilled, sometimes }) => [...always, ...whenKilled, ...sometimes]),
    'exit_group',
  ]);
  const isMeasured = (name: string): boolean => own.has(name) && !startup.has(name);
  const measured = named.filter(
    (name) => isMeasured(name) && policies.some((policy) => verdictOf(policy, name)!.kind !== 'denied'),
  );
  return {
    candidates: inOrder(policies, measured, likelihoods(policies, clues, LIKELIHOOD.startup, 10)),
    startup: named.filter((name) => startup.has(name)),
    foreign: named.filter((name) => !own.has(name)),
  };
}

function inOrder(
  policies: readonly Policy[],
  names: readonly string[],
  likelihood: (name: string) => number,
): readonly Candidate[] {
  const known = names.map((name) => ({
    risk: riskIn(policies, name),
    candidate: { name, likelihood: likelihood(name) },
  }));
  const order = known.sort((a, b) => byRisk(a.risk, b.risk) || b.candidate.likelihood - a.candidate.likelihood);
  return order.map(({ candidate }) => candidate);
}

/** `factor`: how much more likely a syscall is needed that nothing points to. */
function likelihoods(
  policies: readonly Policy[],
  { texts, hints, recorded = false }: Clues,
  startup: number,
  factor = 1,
): (name: string) => number {
  const toStart = new Set(policies.map(startupNeeds).flatMap(({ always, whenKilled }) => [...always, ...whenKilled]));
  const clues = new Set(recorded ? hints : [...hints, ...mentioned(texts)]);
  const { verdicts } = defaultProfile('docker');
  return (name) => {
    if (toStart.has(name)) return Math.max(startup, LIKELIHOOD.common);
    if (clues.has(name)) return LIKELIHOOD.clue;
    if (recorded) return LIKELIHOOD.unseen;
    if (COMMON.has(name)) return LIKELIHOOD.common * factor;
    return (verdicts.get(name)?.kind === 'allowed' ? LIKELIHOOD.allowedByDefault : LIKELIHOOD.other) * factor;
  };
}
