/** What is said of a program that was ended before it could write anything. */
export const ENDED_AT_ONCE = 'The program was ended before it could say anything';

interface Entry {
  readonly test: RegExp;
  readonly cause: string | ((match: RegExpExecArray) => string);
}

const START_NEEDS =
  'The filter is in force before the container’s program starts, so the runtime itself needs these calls.';

const INIT_KILLED =
  /cannot start a stopped process|container process is already dead|\/netns\/.*no such file|procReady not received|init process exited/i;

/** Error texts of Docker, runc, crun and Podman; the most telling first. */
const ENTRIES: readonly Entry[] = [
  {
    test: /string {2}is not a valid action|Required field 'defaultAction' not present|(?:invalid|get) (?:seccomp )?action ``/,
    cause: 'An action is missing: the profile has no `defaultAction`, or a rule has no `action`.',
  },
  {
    test: /string (\S+) is not a valid action|(?:invalid seccomp|seccomp get) action `([^`]+)`/,
    cause: (m) => `\`${m[1] ?? m[2]}\` is no action. Actions are written in capitals, like \`SCMP_ACT_ERRNO\`.`,
  },
  {
    test: /string (.*?) is not a valid operator|get_seccomp_operator/,
    cause: (m) => `\`${m[1] ?? ''}\` is no operator. Each condition in \`args\` needs an \`op\` like \`SCMP_CMP_EQ\`.`,
  },
  {
    test: /string (.*?) is not a valid arch|seccomp unknown architecture (\S+)/,
    cause: (m) =>
      `\`${m[1] ?? m[2]}\` is no architecture that this runtime knows. They are written like \`SCMP_ARCH_X86_64\`.`,
  },
  {
    test: /error adding architecture|seccomp adding architecture/,
    cause: 'An architecture of the other byte order is listed. A filter can hold only those with the machine’s own.',
  },
  {
    test: /'architectures' and 'archMap'/,
    cause: 'The profile has both `architectures` and `archMap`. Keep one of them.',
  },
  { test: /'name' and 'names'/, cause: 'A rule has both `name` and `names`. Move the name into `names`.' },
  { test: /empty string is not a valid syscall/, cause: 'A rule names the empty string as a syscall. Remove it.' },
  {
    test: /syscall (\S+?): file exists|seccomp_rule_add(?:_array)?: File exists/i,
    cause: (m) =>
      `Two rules ${m[1] ? `for \`${m[1]}\` ` : ''}have the same conditions and different actions. Keep one of them.`,
  },
  {
    test: /two checks on same syscall argument|seccomp_rule_add.*Invalid argument|could not create filter|error seccomp_init/i,
    cause: 'An `errnoRet` or `defaultErrnoRet` is too large: 4094 is the highest that works.',
  },
  {
    test: /only have up to 6 arguments|invalid seccomp index/,
    cause: 'A condition has an `index` above 5. Arguments are counted from 0.',
  },
  {
    test: /listenerPath is not set/,
    cause: 'A rule uses `SCMP_ACT_NOTIFY` and the profile has no `listenerPath` that this engine passes on.',
  },
  {
    test: /SCMP_ACT_NOTIFY cannot be used/,
    cause:
      '`SCMP_ACT_NOTIFY` cannot be the default action or the action for `write`: the runtime itself would wait for it.',
  },
  {
    test: /seccomp agent specified|open seccomp receiver/,
    cause: 'No program listens at the profile’s `listenerPath`.',
  },
  {
    test: /flag (\S+) is not known|seccomp flags are not yet supported|unknown seccomp option (\S+)/,
    cause: (m) =>
      `The runtime does not know the flag ${m[1] ?? m[2] ?? ''}. Remove it from \`flags\`, or update the runtime.`,
  },
  {
    test: /invalid kernel version: "([^"]*)"/,
    cause: (m) => `\`minKernel\` is "${m[1]}"; it must be two numbers with a dot between, like "4.8".`,
  },
  { test: /unknown errno (\S+)/, cause: (m) => `\`${m[1]}\` is no name of an errno.` },
  {
    test: /compacting json for seccomp profile|invalid character|unexpected end of JSON|after top-level value|lexical error|parse error/,
    cause: 'The file is no valid JSON: a comma is missing or too many, or it has comments. Engines take neither.',
  },
  {
    test: /cannot unmarshal (.+?) into Go struct field (\S+)(?: of type (\S+))?/,
    cause: (m) =>
      `A value has the wrong type: ${m[1]} at \`${field(m[2]!)}\`${m[3] ? `, where ${m[3]} is wanted` : ''}.`,
  },
  {
    test: /opening seccomp profile .* failed|no such file or directory.*seccomp/i,
    cause:
      'The profile’s file cannot be read. A remote Podman looks for it on the machine that runs the containers; a Docker that was installed as a snap sees files below the home folder only.',
  },
  {
    test: /error loading seccomp filter.*invalid argument|SECCOMP_SET_MODE_FILTER\): Invalid argument/i,
    cause:
      'The filter is too large: a kernel takes 4096 instructions. Rules with conditions on several arguments cost most.',
  },
  {
    test: /errno 524|unknown error 524/,
    cause: 'The kernel is out of memory for compiled filters. Raise `net.core.bpf_jit_limit`, or stop some containers.',
  },
  {
    test: INIT_KILLED,
    cause: `The runtime ended before the container’s program ran: a call of its own is denied, or a \`KILL\` or \`TRAP\` action hit it. ${START_NEEDS}`,
  },
  {
    test: /cannot start an already running container/,
    cause: `\`write\` or \`futex\` is denied. ${START_NEEDS}`,
  },
  {
    test: /SIGSYS: bad system call/,
    cause: `A \`TRAP\` action hit \`execve\`, or another call of the runtime before it. ${START_NEEDS}`,
  },
  {
    test: /runc did not terminate successfully: exit status 2|goroutine \d+ \[|fatal error: /,
    cause: `\`getppid\`, \`rt_sigreturn\` or another call that the runtime takes for granted is denied. ${START_NEEDS}`,
  },
  {
    test: /unable to apply bounding set|unable to apply caps|apply caps/,
    cause: `\`prctl\`, \`capset\` or \`capget\` is denied. ${START_NEEDS}`,
  },
  {
    test: /unable to setup user|setresuid|setresgid|setgroups/,
    cause: `\`setuid\`, \`setgid\`, \`setgroups\`, \`fstat\` or \`newfstatat\` is denied. ${START_NEEDS}`,
  },
  {
    test: /closing exec fds|\/proc\/self\/fd/,
    cause: `\`openat\`, \`fstatfs\` or \`getdents64\` is denied. ${START_NEEDS}`,
  },
  { test: /getcwd|chdir to cwd/, cause: `\`getcwd\` or \`chdir\` is denied. ${START_NEEDS}` },
  {
    test: new RegExp(ENDED_AT_ONCE),
    cause: '`execve`, or `write` to the output, ends the program: it cannot run.',
  },
  {
    test: /exec:? .*operation not permitted|exec .*: operation not permitted|exec user process caused|exec_sync|error executing/i,
    cause: '`execve` is denied, so the container’s program cannot be started.',
  },
  {
    test: /read from the init process/,
    cause: `\`write\`, \`rt_sigaction\` or \`rt_sigprocmask\` is denied, or a \`KILL\` action ended the container before its program ran. ${START_NEEDS}`,
  },
  {
    test: /no such image|unable to find image|image not known|not found locally/i,
    cause: 'The image is not on the engine. Pull it first; tests pull nothing themselves.',
  },
  {
    test: /executable file not found|no such file or directory: unknown|exec format error/i,
    cause: 'The image has no such program, or it is for another architecture.',
  },
  {
    test: /operation not permitted|permission denied/i,
    cause: `A call that is needed to start the container was denied. ${START_NEEDS}`,
  },
];

/** What in the profile leads to the engine's error text, and what to do; undefined when nothing is known of it. */
export function explain(errorText: string): string | undefined {
  for (const { test, cause } of ENTRIES) {
    const match = test.exec(errorText);
    if (match) return typeof cause === 'string' ? cause : cause(match);
  }
  return undefined;
}

/** Whether the text is what runc and Docker say when the container's first process was killed before its program ran. */
export const wasKilledBeforeStart = (errorText: string): boolean => INIT_KILLED.test(errorText);

/** The engine's message without what its layers wrap around it. */
export function innermost(errorText: string): string {
  return errorText
    .trim()
    .replace(/^Error response from daemon: /, '')
    .replace(/^Error: /, '')
    .replace(/failed to create (shim )?task(?: for container)?: /g, '')
    .replace(/OCI runtime create failed: |runc create failed: |unable to start container process: /g, '')
    .replace(/error during container init: /g, '')
    .replace(/: unknown\.?(\nError: failed to start containers: .*)?$/s, '')
    .replace(/\nError: failed to start containers: .*$/s, '');
}

/** `Seccomp.syscalls.0.names` and `Syscall.syscalls.names` are both `syscalls.names` to a reader of the file. */
const field = (path: string) => path.replace(/^[A-Z]\w*\./, '').replace(/\.\d+/g, '');
