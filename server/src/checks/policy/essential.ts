/**
 * Calls that hardly any program does without: a gap through them is worth knowing, but denying them would end more than
 * the effect that was meant.
 */
export const ESSENTIAL: ReadonlySet<string> = new Set(
  'clone clone3 execve prctl ioctl fcntl fcntl64 openat read write mmap mmap2 arch_prctl epoll_wait epoll_pwait'.split(
    ' ',
  ),
);
