const TARGET = `For whom profiles are judged:
  --runtime R           docker (default), podman, containerd, cri-o, kubernetes, runc, crun
  --arch A              architecture of the machine: x86_64 (default), SCMP_ARCH_AARCH64, ...
  --kernel V            release of its kernel, 5.15; a current one by default
  --libseccomp V        release of libseccomp, 2.5.4; 2.6.1 by default
  --cap C               a capability of the container, again for each; none for no capability;
                        those that Docker grants by default
  --no-new-privileges   the container runs with no-new-privileges
  --target T            the same in one: podman,arch=aarch64,kernel=5.15,libseccomp=2.5.4,cap=CAP_SYS_ADMIN`;

const OVERVIEW = `Says what seccomp profiles of containers do.

seccomp-profile check FILE...         find what is wrong or unsafe
seccomp-profile explain FILE [CALL]   what calls get
seccomp-profile compile FILE          the filter as a BPF program
seccomp-profile diff A B              what one profile allows or denies next to another
seccomp-profile verify FILE...        what a container engine really does with every syscall
seccomp-profile test FILE...          run the test cases of profiles in containers
seccomp-profile repair FILE           the fewest syscalls to allow so that a command passes
seccomp-profile tighten FILE          drop what a command does not need
seccomp-profile import TRACE...       a profile from what strace, perf trace, sysdig or the audit log saw
seccomp-profile record -- COMMAND...  a profile from what a command does in a container
seccomp-profile COMMAND --help        more about a command
seccomp-profile --version

A FILE of - is standard input. Exit status: 0 fine; 1 findings, or a profile that the runtime refuses;
2 wrong usage or unreadable input.`;

const CHECK = `seccomp-profile check FILE... [options]

  --format F            text (default), json, sarif, github
  --fail-on S           exit with 1 from this severity on: error (default), warning, information, hint, never
  --fix                 apply the safe fixes and write the files back; standard input goes to standard output`;

const EXPLAIN = `seccomp-profile explain FILE [CALL...] [options]

A CALL is a syscall's name, or a call as strace prints it: 'socket(AF_ALG, SOCK_SEQPACKET, 0)'.
Without one, every syscall is listed.

  --json                verdicts for programs, on all architectures of the profile. In each "verdict" the first entry
                        whose "when" holds counts; "rule" is the position in "syscalls", from 0; null where no rule decides
  --calls CALLS.json    exact verdicts in bulk: [{"arch": "x86_64", "nr": 41, "args": ["0x26", "0x5", "0x0", ...six]}, ...]
                        gives [{"action", "errno"} or {"unpredictable"}, ...] in the same order

Exit status 1 and the reason where the runtime refuses the profile.`;

const COMPILE = `seccomp-profile compile FILE [options]

Writes the program as struct sock_filter, in the byte order of the architecture.

  --output F, -o F      write to a file instead of standard output
  --disassemble         print it in words

Exit status 1 and the reason where there is no such program.`;

const DIFF = `seccomp-profile diff A B [options]

What B does with calls next to A. Each is a file, docker-default or podman-default.

  --json                for programs
  --fail-on W           exit with 1: never (default), looser (B permits what A does not, or that cannot be told), any

Exit status 2 where one of them cannot be read or is refused by the runtime.`;

const VERIFY = `seccomp-profile verify FILE... [options]

Makes every syscall in a container of your engine, with the profile and without, and compares with what the profile says.
Everything that is made is removed. No image is pulled, and the container has no network.

  --engine E            auto (default: the first that answers), docker, podman, nerdctl
  --image I             run this image's own command as well; it must be on the engine
  --option O            an option of docker create for every container, again for each: --option=--cap-add=SYS_ADMIN
  --time-limit S        seconds for each FILE; 60 by default
  --format F            text (default), json

The target is the engine itself. Exit status: 0 every call as written; 1 differences, or no container starts;
2 nothing could be run.`;
const TEST = `seccomp-profile test FILE... [options]

Runs the cases of profile.test.json in containers, each under the profile and without one. A FILE is a file of test
cases, or a profile that has one beside it.

  --filter TEXT         only cases whose name has this in it
  --format F            text (default), json, junit
  --output F, -o F      write to a file instead of standard output
  --engine E            auto (default: the first that answers), docker, podman, nerdctl
  --option O            an option of docker create for every container, again for each: --option=--cap-add=SYS_ADMIN

Exit status 1 where a case failed or could not be run.`;
const SEARCH = `  --cases FILE          all test cases of FILE have to pass, instead of a COMMAND
  --image I             the image to run, which is on the engine already; without one a container has to start
  --expect-status N     the exit status of success; 0 by default
  --expect-stdout RE    what standard output must match as well; --expect-stderr RE for standard error
  --engine E            docker, podman, nerdctl; the first that answers by default
  --option WORD         a further word for docker create, again for each: --option=--cap-add=SYS_ADMIN
  --hint NAME,...       syscalls that the program was seen to make: they are tried first
  --no-record           do not record COMMAND with strace first, which saves runs where it can be done
  --max-runs N          runs in all; 200 by default
  --time-limit S        seconds for everything; 600 by default
  --write               write FILE instead of printing a diff
  --format F            text (default), json

Containers have no network unless --option says so. All that is made is removed.`;

const REPAIR = `seccomp-profile repair FILE [options] -- COMMAND...

Finds the smallest set of syscalls to allow so that COMMAND passes under the profile, by running it again and again with parts
of what the profile denies allowed. Prints the set with the risk of each syscall, and the change.

${SEARCH}

Exit status 1 where nothing was found: it fails without a profile too, or a limit was reached.`;

const TIGHTEN = `seccomp-profile tighten FILE [options] -- COMMAND...

Drops from an allow-list what COMMAND does not need to pass. What containers need to start is kept.

${SEARCH}

Exit status 1 where nothing could be measured: it fails with the profile as it is, or a limit was reached.`;
const IMPORT = `seccomp-profile import TRACE... [options]

Makes a profile that allows what was recorded. A TRACE of - is standard input. The profile goes to standard output, what was
read to standard error; lines that are not understood are counted and shown there.

  --format F            auto (default), strace, audit (also dmesg and the journal), perf, sysdig
  --into PROFILE        add to this profile what it denies, and nothing else
  --output F, -o F      write to a file instead of standard output
  --arguments           make conditions of arguments that tell what a call does, such as the domain of a socket
  --only-pid N          only calls of this process, again for each
  --only-succeeded      leave calls out that failed each time
  --unknown N           lines to show that are not understood: 5 by default

Exit status 1 where no call was found, or where PROFILE is refused by the runtime or cannot be extended.`;

const RECORD = `seccomp-profile record --image I [options] [-- COMMAND...]

Runs a command in a container without a profile, records its calls with strace, and makes a profile that allows them. The
strace is the image's own where it has one, otherwise this machine's, which is copied into the container. The command is what
follows the image's entry point, as with docker run. A server is recorded until the time limit, or until Ctrl-C.

  --image I             the image to run, which is on the engine already
  --network N           none (default), bridge
  --time-limit S        seconds that the command may run; 60 by default
  --engine E            auto (default: the first that answers), docker, podman
  --option O            a further option of docker create, again for each word
  --into PROFILE        add to this profile what it denies, and nothing else
  --output F, -o F      write to a file instead of standard output
  --arguments           make conditions of arguments that tell what a call does, such as the domain of a socket
  --only-succeeded      leave calls out that failed each time
  --unknown N           lines of the trace to show that are not understood: 5 by default

Exit status 1 where nothing was recorded, 2 where no engine answers.`;

/** The help of each command. */
export const HELP = {
  check: `${CHECK}\n\n${TARGET}`,
  explain: `${EXPLAIN}\n\n${TARGET}`,
  compile: `${COMPILE}\n\n${TARGET}`,
  diff: `${DIFF}\n\n${TARGET}`,
  verify: VERIFY,
  test: TEST,
  repair: REPAIR,
  tighten: TIGHTEN,
  import: `${IMPORT}\n\n${TARGET}`,
  record: `${RECORD}\n\n${TARGET}`,
};

/** The help of the program. */
export const USAGE = `${OVERVIEW}\n\n${TARGET}`;
