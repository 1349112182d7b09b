import { type Architecture, architectureOfMachine, nameOf } from '../catalog/index.ts';
import { architectureOfToken, catalogueName } from './names.ts';
import { NO_CALL, type ReaderOptions, type Reading, type TraceReader, understood } from './recording.ts';
import { onlyValued } from './valued.ts';

/** SECCOMP (1326), SYSCALL (1300), and 1701 as kernels before 3.x told of a filter's kill (`linux/audit.h`). */
const WITH_CALL = /\b(?:type=(?:SECCOMP|SYSCALL|1326|1300|1701)|audit(?:\[\d+\])?: (?:SECCOMP|SYSCALL))\b/;
/** Other records of the audit log: paths, programs, users. */
const RECORD = /\b(?:type=\w+ (?:msg=)?audit\(|audit(?:\[\d+\])?: [A-Z_]+ \w+=)/;
const SUPPRESSED = /\b(?:\d+ callbacks suppressed|audit: (?:rate limit|backlog limit|lost)|audit_lost=)/;

/**
 * Reads the kernel's audit records about syscalls as dmesg, the journal, `audit.log` and `ausearch -i` show them. Source:
 * linux `kernel/auditsc.c: audit_seccomp, audit_log_exit`.
 */
export function auditReader(options: ReaderOptions): TraceReader {
  return {
    read(line) {
      if (WITH_CALL.test(line) && /\bsyscall=/.test(line)) return readRecord(line, options);
      if (RECORD.test(line) || /^(?:----|time->.*)$/.test(line)) return NO_CALL;
      return SUPPRESSED.test(line) ? { kind: 'unknown', why: 'the kernel left records out here' } : undefined;
    },
    end: () => [],
  };
}

const FIELD = /[\s"](arch|syscall|success|code|pid|a[0-3])="?([^\s",]+)/g;

function readRecord(line: string, { architecture: base }: ReaderOptions): Reading {
  const fields = new Map([...line.matchAll(FIELD)].reverse().map(([, key = '', value = '']) => [key, value]));
  const field = (name: string): string | undefined => fields.get(name);
  const written = field('syscall') ?? '';
  const number = /^\d+$/.test(written) ? Number(written) : undefined;
  const architecture = architectureOf(field('arch'), number ?? 0, base);
  if (!architecture) return { kind: 'unknown', why: `"${field('arch')}" is no known architecture` };
  const name = number === undefined ? catalogueName(written, architecture) : nameOf(number, architecture.table);
  if (!name) return { kind: 'unknown', why: `${architecture.name} has no syscall ${written}` };
  const args = ['a0', 'a1', 'a2', 'a3'].map((key) => hexadecimal(field(key), architecture));
  const pid = field('pid');
  return understood({
    name,
    architecture,
    args: onlyValued(name, architecture, args),
    count: 1,
    failed: field('success') === 'no' || stopped(field('code')),
    ...(pid !== undefined && { pid: Number(pid) }),
  });
}

function architectureOf(text: string | undefined, number: number, base: Architecture): Architecture | undefined {
  if (text === undefined) return base;
  if (/^[0-9a-f]{1,8}$/i.test(text) && !/^i\d86$/.test(text))
    return architectureOfToken(Number.parseInt(text, 16), number);
  return architectureOfMachine(text);
}

/** The kernel cuts nothing: a 32-bit argument can have more bits in its register. */
function hexadecimal(text: string | undefined, { bits }: Architecture): bigint | undefined {
  if (text === undefined || !/^(?:0x)?[0-9a-f]{1,16}$/i.test(text)) return undefined;
  const value = BigInt(text.startsWith('0x') ? text : `0x${text}`);
  return bits === 32 ? BigInt.asUintN(32, value) : value;
}

/** The actions after which a call is made all the same: ALLOW, LOG, and TRACE, which asks a tracer (`linux/seccomp.h`). */
const LETS_THROUGH: ReadonlySet<number> = new Set([0x7fff0000, 0x7ffc0000, 0x7ff00000]);

function stopped(code: string | undefined): boolean {
  if (code === undefined) return false;
  return !LETS_THROUGH.has((Number(code) & 0xffff0000) >>> 0);
}
