/**
 * Syscalls that the probe never makes, and why: no argument makes them harmless, or the program could not go on. The
 * reasons are shown to the user.
 */
export const NEVER_PROBED: ReadonlyMap<string, string> = new Map([
  ['exit', 'ends the program'],
  ['exit_group', 'ends the program'],
  ['fork', 'takes no argument that would make it fail, and starts a second copy of the program'],
  ['vfork', 'takes no argument that would make it fail, and starts a second copy of the program'],
  ['pause', 'waits for a signal that never comes'],
  ['sigsuspend', 'waits for a signal that never comes'],
  ['rt_sigreturn', 'takes its state from the stack and would end the program'],
  ['sigreturn', 'takes its state from the stack and would end the program'],
  ['uretprobe', 'may be made from one place of the kernel’s own only; anywhere else it ends the program'],
  ['uprobe', 'may be made from one place of the kernel’s own only; anywhere else it ends the program'],
  ['sync', 'writes out every file system of the host, which can take long'],
  ['vhangup', 'takes no argument that would make it fail, and hangs up the terminal'],
  ['reboot', 'is not something to try'],
  ['idle', 'is not something to try'],
]);
