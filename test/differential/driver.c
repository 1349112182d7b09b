/*
 * Builds filters with libseccomp as a container runtime does and runs the exported program.
 *
 * Reads lines from standard input, answers on standard output:
 *   R ARCH NAME            -> number of the syscall there, or "none"
 *   M ARCH NUMBER          -> name of the syscall of that number there, or "none"
 *   K NAME                 -> "yes" or "no": whether libseccomp knows the name
 *   V                      -> libseccomp's release
 *   B OPTIMIZE             begins a case
 *   H ARCH                 the machine's own architecture, when it is not the one of this machine
 *   I ACTION               default action, hexadecimal as libseccomp encodes it
 *   A ARCH                 adds an architecture
 *   P ACTION NAME N {INDEX OPERATOR A B}xN
 *                          adds a rule; a name that libseccomp does not know is left out
 *   Q ARCH NUMBER A0 .. A5 asks for the verdict of a call, all numbers hexadecimal
 *   E                      ends the case -> "ok LENGTH VERDICT...", "error STEP ERRNO", "timeout" or "crash SIGNAL"
 * The argument of the program is the time limit of a case in milliseconds of processor time.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <seccomp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_LINES 20000
#define AUDIT_LITTLE_ENDIAN 0x40000000u
#define X32_TOKEN 0x4000003eu

struct instruction {
	uint16_t code;
	uint8_t jt, jf;
	uint32_t k;
};

struct call {
	uint32_t arch, number;
	uint64_t args[6];
};

static char *lines[MAX_LINES];
static size_t line_count;
static char answer[1 << 20];
static size_t answer_length;

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *format, ...)
{
	va_list list;
	va_start(list, format);
	answer_length += vsnprintf(answer + answer_length, sizeof(answer) - answer_length, format, list);
	va_end(list);
}

static void flush(void)
{
	size_t done = 0;
	while (done < answer_length) {
		ssize_t written = write(STDOUT_FILENO, answer + done, answer_length - done);
		if (written < 0)
			exit(3);
		done += written;
	}
	answer_length = 0;
}

static void give_up(const char *step, int code)
{
	say("error %s %d\n", step, code);
	flush();
	_exit(0);
}

/* A word of struct seccomp_data as the kernel of that byte order lays it out. */
static uint32_t load_word(const struct call *call, uint32_t offset, int big)
{
	if (offset == 0)
		return call->number;
	if (offset == 4)
		return call->arch;
	if (offset < 16 || offset >= 64 || offset % 4)
		return 0;
	int high = ((offset - 16) % 8 == 4) != big;
	uint64_t value = call->args[(offset - 16) / 8];
	return high ? value >> 32 : (uint32_t)value;
}

static uint32_t jump(const struct instruction *i, uint32_t accumulator)
{
	switch (i->code) {
	case 0x05:
		return i->k;
	case 0x15:
		return accumulator == i->k ? i->jt : i->jf;
	case 0x25:
		return accumulator > i->k ? i->jt : i->jf;
	case 0x35:
		return accumulator >= i->k ? i->jt : i->jf;
	case 0x45:
		return accumulator & i->k ? i->jt : i->jf;
	default:
		give_up("opcode", i->code);
		return 0;
	}
}

static uint32_t run(const struct instruction *program, size_t length, const struct call *call, int big)
{
	uint32_t accumulator = 0;
	for (size_t at = 0; at < length; at++) {
		const struct instruction *i = &program[at];
		if (i->code == 0x06)
			return i->k;
		else if (i->code == 0x20)
			accumulator = load_word(call, i->k, big);
		else if (i->code == 0x54)
			accumulator &= i->k;
		else
			at += jump(i, accumulator);
	}
	give_up("end", 0);
	return 0;
}

static uint32_t token_of(const char *arch)
{
	uint32_t token = seccomp_arch_resolve_name(arch);
	if (token == 0)
		give_up("unknown-arch", 0);
	return token;
}

/*
 * A return that libseccomp repeats to shorten jumps has its bytes turned twice when the filter is for a machine of the
 * other byte order; on such a machine itself nothing is turned.
 */
static uint32_t action_of(uint32_t k)
{
	switch (k & 0xffff0000u) {
	case SCMP_ACT_KILL_PROCESS:
	case SCMP_ACT_TRAP:
	case SCMP_ACT_ERRNO(0):
	case SCMP_ACT_NOTIFY:
	case SCMP_ACT_TRACE(0):
	case SCMP_ACT_LOG:
	case SCMP_ACT_ALLOW:
		return k;
	default:
		return __builtin_bswap32(k);
	}
}

static size_t export_program(scmp_filter_ctx filter, struct instruction **program, int big)
{
	int file = memfd_create("program", 0);
	int code = seccomp_export_bpf(filter, file);
	if (code < 0)
		give_up("export", -code);
	off_t size = lseek(file, 0, SEEK_END);
	*program = malloc(size);
	if (pread(file, *program, size, 0) != size)
		give_up("read", errno);
	size_t length = size / sizeof(**program);
	for (size_t i = 0; big && i < length; i++) {
		(*program)[i].code = __builtin_bswap16((*program)[i].code);
		(*program)[i].k = __builtin_bswap32((*program)[i].k);
		if ((*program)[i].code == 0x06)
			(*program)[i].k = action_of((*program)[i].k);
	}
	return length;
}

static void add_rule(scmp_filter_ctx filter, char *text)
{
	char *rest, *word = strtok_r(text, " ", &rest);
	uint32_t action = strtoul(word, NULL, 16);
	int number = seccomp_syscall_resolve_name(strtok_r(NULL, " ", &rest));
	unsigned count = strtoul(strtok_r(NULL, " ", &rest), NULL, 10);
	struct scmp_arg_cmp conditions[6];
	if (number == __NR_SCMP_ERROR)
		return;
	for (unsigned i = 0; i < count && i < 6; i++) {
		conditions[i].arg = strtoul(strtok_r(NULL, " ", &rest), NULL, 16);
		conditions[i].op = strtoul(strtok_r(NULL, " ", &rest), NULL, 16);
		conditions[i].datum_a = strtoull(strtok_r(NULL, " ", &rest), NULL, 16);
		conditions[i].datum_b = strtoull(strtok_r(NULL, " ", &rest), NULL, 16);
	}
	int code = seccomp_rule_add_array(filter, action, number, count, conditions);
	if (code < 0)
		give_up("rule", -code);
}

static struct call read_call(char *text)
{
	char *rest, *word = strtok_r(text, " ", &rest);
	struct call call = { .arch = token_of(word) };
	if (call.arch == X32_TOKEN)
		call.arch = token_of("x86_64");
	call.number = strtoul(strtok_r(NULL, " ", &rest), NULL, 16);
	for (int i = 0; i < 6; i++)
		call.args[i] = strtoull(strtok_r(NULL, " ", &rest), NULL, 16);
	return call;
}

static void use_host(scmp_filter_ctx filter, uint32_t host)
{
	if (host == seccomp_arch_native())
		return;
	int code = seccomp_arch_remove(filter, SCMP_ARCH_NATIVE);
	if (code == 0)
		code = seccomp_arch_add(filter, host);
	if (code < 0)
		give_up("host", -code);
}

static void add_arch(scmp_filter_ctx filter, const char *name)
{
	int code = seccomp_arch_add(filter, token_of(name));
	if (code < 0 && code != -EEXIST)
		give_up("arch", -code);
}

static void answer_calls(scmp_filter_ctx filter, int big)
{
	struct instruction *program;
	size_t length = export_program(filter, &program, big);
	say("ok %zu", length);
	for (size_t i = 0; i < line_count; i++) {
		if (lines[i][0] != 'Q')
			continue;
		struct call call = read_call(lines[i] + 2);
		say(" %x", run(program, length, &call, big));
	}
	say("\n");
	flush();
	_exit(0);
}

static void run_case(void)
{
	scmp_filter_ctx filter = NULL;
	uint32_t host = seccomp_arch_native();
	unsigned long optimize = 1;
	for (size_t i = 0; i < line_count; i++) {
		char *text = lines[i] + 2;
		switch (lines[i][0]) {
		case 'B':
			optimize = strtoul(text, NULL, 10);
			break;
		case 'H':
			host = token_of(text);
			break;
		case 'I':
			filter = seccomp_init(strtoul(text, NULL, 16));
			if (!filter)
				give_up("init", EINVAL);
			use_host(filter, host);
			break;
		case 'A':
			add_arch(filter, text);
			break;
		case 'P':
			add_rule(filter, text);
			break;
		}
	}
	if (optimize != 1 && seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, optimize) < 0)
		give_up("optimize", 0);
	answer_calls(filter, !(host & AUDIT_LITTLE_ENDIAN));
}

/* libseccomp does not finish some rule sets, so that each case runs in a process of its own with a time limit. */
static void guard_case(long limit)
{
	pid_t child = fork();
	if (child == 0) {
		struct itimerval timer = { .it_value = { limit / 1000, limit % 1000 * 1000 } };
		setitimer(ITIMER_PROF, &timer, NULL);
		run_case();
	}
	int status;
	if (child < 0 || waitpid(child, &status, 0) < 0)
		exit(3);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF)
		say("timeout\n");
	else if (WIFSIGNALED(status))
		say("crash %d\n", WTERMSIG(status));
	flush();
}

static void resolve(char *text)
{
	char *rest, *arch = strtok_r(text, " ", &rest);
	int number = seccomp_syscall_resolve_name_arch(seccomp_arch_resolve_name(arch), strtok_r(NULL, " ", &rest));
	if (number < 0)
		say("none\n");
	else
		say("%d\n", number);
	flush();
}

static void know(const char *name)
{
	say("%s\n", seccomp_syscall_resolve_name(name) == __NR_SCMP_ERROR ? "no" : "yes");
	flush();
}

static void name_number(char *text)
{
	char *rest, *arch = strtok_r(text, " ", &rest);
	int number = strtol(strtok_r(NULL, " ", &rest), NULL, 10);
	char *name = seccomp_syscall_resolve_num_arch(seccomp_arch_resolve_name(arch), number);
	say("%s\n", name ? name : "none");
	free(name);
	flush();
}

static void release(void)
{
	const struct scmp_version *version = seccomp_version();
	say("%u.%u.%u\n", version->major, version->minor, version->micro);
	flush();
}

static int answer_directly(char *line)
{
	if (line[0] == 'R')
		resolve(line + 2);
	else if (line[0] == 'K')
		know(line + 2);
	else if (line[0] == 'M')
		name_number(line + 2);
	else if (line[0] == 'V')
		release();
	else
		return 0;
	return 1;
}

int main(int argc, char **argv)
{
	long limit = argc > 1 ? atol(argv[1]) : 2000;
	char *line = NULL;
	size_t size = 0;
	ssize_t length;
	seccomp_api_set(6);
	while ((length = getline(&line, &size, stdin)) > 0) {
		line[strcspn(line, "\n")] = 0;
		if (answer_directly(line))
			continue;
		if (line_count == MAX_LINES)
			return 4;
		lines[line_count++] = strdup(line);
		if (line[0] != 'E')
			continue;
		guard_case(limit);
		while (line_count > 0)
			free(lines[--line_count]);
	}
	return 0;
}
