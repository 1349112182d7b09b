import type { Action } from './types.ts';

/** Source: seccomp(2) for what the kernel does, runc `libcontainer/seccomp/config.go` for the names. */
const table: readonly Action[] = [
  row('KILL_PROCESS', 1, 'Ends the whole process with SIGSYS, as if it had dumped core. The call is not executed.'),
  row(
    'KILL_THREAD',
    2,
    'Ends only the thread that made the call. A program with several threads usually hangs afterwards: prefer `SCMP_ACT_KILL_PROCESS`.',
  ),
  row(
    'KILL',
    2,
    'The older name of `SCMP_ACT_KILL_THREAD`: ends only the thread that made the call. Prefer `SCMP_ACT_KILL_PROCESS`.',
  ),
  row(
    'TRAP',
    3,
    'Sends SIGSYS to the thread, which a handler can catch. Without a handler the process ends. The call is not executed.',
  ),
  row(
    'ERRNO',
    4,
    'The call is not executed and fails with the error number in `errnoRet`, or EPERM where none is given.',
    { takesErrno: true },
  ),
  row(
    'NOTIFY',
    5,
    'Asks a supervisor process through a socket (`listenerPath`) what to do. Without a listener the container does not start under runc.',
  ),
  row(
    'TRACE',
    6,
    'Stops for a ptrace tracer, which gets `errnoRet` as a message. Without a tracer the call fails with ENOSYS.',
    { takesErrno: true },
  ),
  row('LOG', 7, "Executes the call and records it in the kernel's audit log.", { permits: true }),
  row('ALLOW', 8, 'Executes the call.', { permits: true }),
];

const byName = new Map(table.map((entry) => [entry.name, entry]));

/** The nine actions that runc and crun accept, most severe first. */
export function actions(): readonly Action[] {
  return table;
}

/** An action by its exact name: engines compare case and blanks too. */
export function action(name: string): Action | undefined {
  return byName.get(name);
}

function row(
  short: string,
  precedence: number,
  doc: string,
  traits: { readonly takesErrno?: boolean; readonly permits?: boolean } = {},
): Action {
  return { name: `SCMP_ACT_${short}`, precedence, doc, takesErrno: false, permits: false, ...traits };
}
