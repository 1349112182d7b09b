/*
 * Loads seccomp programs into the kernel and makes calls under them.
 *
 * Reads lines from standard input, answers on standard output:
 *   P BYTES                   begins a case: the program as struct sock_filter in hexadecimal
 *   C MODE NUMBER A0 .. A5    a call, all numbers hexadecimal; mode n: syscall instruction, i: int 0x80
 *   E                         ends the case -> "refused ERRNO", or a word for each call:
 *                             rVALUE returned, tDATA raised SIGSYS that a handler caught, kSIGNAL killed
 * Calls are made in a child that has the filter; one that a call kills is replaced for those that follow.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_CALLS 4096
#define MAX_LINE (1 << 20)

struct call {
	char mode;
	unsigned long number, args[6];
};

enum state { PENDING, RETURNED, TRAPPED, KILLED };

struct result {
	enum state state;
	long value;
};

/* Shared by the parent and its children. */
struct report {
	int refused;
	unsigned int current;
	struct result results[MAX_CALLS];
};

static struct sock_filter program[8192];
static unsigned short program_length;
static struct call calls[MAX_CALLS];
static unsigned int call_count;
static struct report *report;

static long call_native(const struct call *call)
{
	register unsigned long r10 __asm__("r10") = call->args[3];
	register unsigned long r8 __asm__("r8") = call->args[4];
	register unsigned long r9 __asm__("r9") = call->args[5];
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(call->number), "D"(call->args[0]), "S"(call->args[1]), "d"(call->args[2]), "r"(r10), "r"(r8),
			   "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

/* The sixth argument goes in ebp, which the compiler may be using. */
static long call_int80(const struct call *call)
{
	register unsigned long r12 __asm__("r12") = call->args[5];
	long result;

	__asm__ volatile("push %%rbp\n\tmov %%r12, %%rbp\n\tint $0x80\n\tpop %%rbp"
			 : "=a"(result)
			 : "a"(call->number), "b"(call->args[0]), "c"(call->args[1]), "d"(call->args[2]), "S"(call->args[3]),
			   "D"(call->args[4]), "r"(r12)
			 : "r8", "r9", "r10", "r11", "memory");
	return (int)result;
}

/* Ends the process without a system call, which the filter could deny. */
static void __attribute__((noreturn)) die(void)
{
	for (;;)
		__asm__ volatile("ud2");
}

static void trapped(int signal, siginfo_t *info, void *context)
{
	struct result *result = &report->results[report->current];

	(void)signal;
	(void)context;
	result->value = info->si_errno;
	result->state = TRAPPED;
	die();
}

static void __attribute__((noreturn)) child(void)
{
	struct sock_fprog filter = {.len = program_length, .filter = program};
	struct sigaction action = {.sa_sigaction = trapped, .sa_flags = SA_SIGINFO};

	sigaction(SIGSYS, &action, NULL);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter)) {
		report->refused = errno;
		die();
	}
	for (; report->current < call_count; report->current++) {
		const struct call *call = &calls[report->current];
		struct result *result = &report->results[report->current];

		result->value = call->mode == 'i' ? call_int80(call) : call_native(call);
		result->state = RETURNED;
	}
	die();
}

static void make_calls(void)
{
	memset(report, 0, sizeof(*report));
	do {
		int status;
		pid_t pid = fork();

		if (pid < 0)
			exit(3);
		if (pid == 0)
			child();
		if (waitpid(pid, &status, 0) != pid)
			exit(3);
		struct result *result = &report->results[report->current];
		if (report->refused || report->current >= call_count)
			return;
		if (result->state == PENDING) {
			result->state = KILLED;
			result->value = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
		}
		report->current++;
	} while (report->current < call_count);
}

static void answer(void)
{
	static const char letters[] = {[RETURNED] = 'r', [TRAPPED] = 't', [KILLED] = 'k'};

	if (report->refused)
		printf("refused %d", report->refused);
	for (unsigned int i = 0; !report->refused && i < call_count; i++)
		printf("%s%c%ld", i ? " " : "", letters[report->results[i].state], report->results[i].value);
	putchar('\n');
	fflush(stdout);
}

static void read_program(const char *text)
{
	unsigned char *bytes = (unsigned char *)program;
	size_t length = 0;

	for (; length < sizeof(program) && sscanf(text, "%2hhx", &bytes[length]) == 1; text += 2)
		length++;
	program_length = length / sizeof(program[0]);
	call_count = 0;
}

static void read_call(const char *text)
{
	struct call *call = &calls[call_count];
	unsigned long *a = call->args;

	if (call_count + 1 < MAX_CALLS && sscanf(text, "%c %lx %lx %lx %lx %lx %lx %lx", &call->mode, &call->number, a, a + 1,
						 a + 2, a + 3, a + 4, a + 5) == 8)
		call_count++;
}

int main(void)
{
	static char line[MAX_LINE];

	report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (report == MAP_FAILED)
		return 3;
	while (fgets(line, sizeof(line), stdin)) {
		if (line[0] == 'P')
			read_program(line + 2);
		else if (line[0] == 'C')
			read_call(line + 2);
		else if (line[0] == 'E') {
			make_calls();
			answer();
		}
	}
	return 0;
}
