import type { Architecture } from '../catalog/index.ts';
import { architectureWith, catalogueName } from './names.ts';
import { NO_CALL, type ReaderOptions, type RecordedCall, type TraceReader, understood } from './recording.ts';

/** Behind the thread, or alone where the output has nothing else: `> openat fd=3`. */
const EVENT = /^(?:\s*|.*\((\d+)(?:[:.]\d+)?\) )([<>]) ([a-z_]\w*)(?:\s(.*))?$/;
/** As an alert of Falco tells of it. */
const ALERT = /\bevt[._]type"?[=:]\s*"?([a-z_]\w*)/;

/** Events that are no calls (falcosecurity/libs `driver/event_table.c`). */
const NO_SYSCALL: ReadonlySet<string> = new Set(
  (
    'switch procexit procinfo signaldeliver page_fault drop scapevent container tracer notification infra k8s mesos ' +
    'cpu_hotplug pluginevent asyncevent sysdigevent group_added user_added group_deleted user_deleted'
  ).split(' '),
);

/** sysdig's names that are no other tool's. */
const SPELLINGS: Readonly<Record<string, string>> = {
  prlimit: 'prlimit64',
  sendfile64: 'sendfile',
  sigreturn: 'rt_sigreturn',
};

/**
 * Reads the events of sysdig and Falco. Their numbers are sysdig's own, not the kernel's, so that no argument is taken from
 * them. A call has an event for its begin (`>`) and one for its end (`<`), which counts where there is no other.
 */
export function sysdigReader({ architecture }: ReaderOptions): TraceReader {
  const open = new Map<string, RecordedCall>();
  return {
    read(line) {
      const found = EVENT.exec(line);
      const written = found?.[3] ?? ALERT.exec(line)?.[1];
      if (!written) return undefined;
      if (NO_SYSCALL.has(written)) return NO_CALL;
      const name = nameOfEvent(written, architecture);
      if (!name) return found?.[1] ? { kind: 'unknown', why: `"${written}" is not a syscall` } : undefined;
      const call = callOf(name, architecture, found?.[1], found?.[4] ?? '');
      if (!found) return understood(call);
      return pair(open, found[1] ?? '', found[2] === '>', call);
    },
    end() {
      const calls = [...open.values()];
      open.clear();
      return calls;
    },
  };
}

/** A begin waits for its end, which tells whether the call failed. */
function pair(open: Map<string, RecordedCall>, thread: string, begins: boolean, call: RecordedCall) {
  const before = open.get(thread);
  if (begins) {
    open.set(thread, call);
    return before ? understood(before) : NO_CALL;
  }
  if (before?.name !== call.name) return understood(call);
  open.delete(thread);
  return understood(call);
}

function callOf(name: string, base: Architecture, thread: string | undefined, info: string): RecordedCall {
  return {
    name,
    architecture: architectureWith(name, base),
    args: [],
    count: 1,
    failed: /(?:^|\s)(?:res|fd)=-\d+\(E[A-Z0-9]+\)/.test(info),
    ...(thread !== undefined && { pid: Number(thread) }),
  };
}

function nameOfEvent(written: string, architecture: Architecture): string | undefined {
  return catalogueName(SPELLINGS[written] ?? written, architecture);
}
