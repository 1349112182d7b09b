import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Labels on all that a test makes: which test it belongs to, and which process made it. */
export const LABEL = { run: 'seccomp-profiles.run', owner: 'seccomp-profiles.owner' } as const;

/** A name for one test, unlike any other's: 12 hexadecimal digits. */
export const newRunId = (): string => randomBytes(6).toString('hex');

/** The labels for what this process makes in the test. */
export const labelsOf = (runId: string): Readonly<Record<string, string>> => ({
  [LABEL.run]: runId,
  [LABEL.owner]: ownerOf(process.pid),
});

/** Host, process id and start of the process, so that a later process with the same id is not taken for it. */
export const ownerOf = (pid: number): string => [hostname(), pid, startOf(pid) ?? ''].join(' ');

/**
 * Whether the process that an owner label names is gone for certain. False for processes of other hosts, and for a
 * label that is not ours.
 */
export function isOwnerDead(owner: string): boolean {
  const [host, pid, started] = owner.split(' ');
  if (host !== hostname() || !/^\d+$/.test(pid ?? '')) return false;
  return !isAlive(Number(pid)) || (started !== '' && started !== startOf(Number(pid)));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When the process started, in clock ticks since boot; known on Linux alone. Source: proc_pid_stat(5), field 22. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
