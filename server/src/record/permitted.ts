import type { Policy } from '../policy/policy.ts';
import { possibleFor } from '../policy/possible.ts';
import { permits } from '../policy/resolve.ts';
import type { RecordedSyscall } from './recording.ts';

/**
 * The recorded syscalls of which the policy stops a call, or of which that cannot be told. Calls with an argument that the
 * trace did not tell must be let through whatever it was.
 */
export function notPermitted(policy: Policy, syscalls: readonly RecordedSyscall[]): readonly RecordedSyscall[] {
  return syscalls.filter((syscall) => !isPermitted(policy, syscall));
}

function isPermitted(policy: Policy, { name, architecture, variants }: RecordedSyscall): boolean {
  return variants.every((args) => {
    const possible = possibleFor(policy, { name, args }, architecture);
    if (!possible) return true;
    return !('why' in possible) && possible.every(({ decision }) => permits(decision.outcome));
  });
}
