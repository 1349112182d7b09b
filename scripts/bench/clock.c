/*
 * The driver of the differential tests, with a clock: a case is answered with "ok LENGTH BUILD RUN", hexadecimal.
 * BUILD is nanoseconds of processor time to build and export a filter, RUN is picoseconds for a verdict of the interpreter, 0 without
 * calls. Both are measured inside of the process, so that neither the pipe nor the text of the answer counts.
 */
#define main driver_main
#include "../../test/differential/driver.c"
#undef main
#include <time.h>

#define BUILDS 10
#define VERDICTS 2000000

static uint64_t nanoseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

static scmp_filter_ctx build_filter(char **copies)
{
	scmp_filter_ctx filter = NULL;
	uint32_t host = seccomp_arch_native();
	unsigned long optimize = 1;
	for (size_t i = 0; i < line_count; i++) {
		char *text = copies[i] + 2;
		if (lines[i][0] == 'B')
			optimize = strtoul(text, NULL, 10);
		else if (lines[i][0] == 'H')
			host = token_of(text);
		else if (lines[i][0] == 'I') {
			filter = seccomp_init(strtoul(text, NULL, 16));
			use_host(filter, host);
		} else if (lines[i][0] == 'A')
			add_arch(filter, text);
		else if (lines[i][0] == 'P')
			add_rule(filter, text);
	}
	if (optimize != 1 && seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, optimize) < 0)
		give_up("optimize", 0);
	return filter;
}

/* Reading a rule cuts its line into words, so that every build has lines of its own, copied before the clock starts. */
static uint64_t time_build(struct instruction **program, size_t *length)
{
	char **copies = malloc(line_count * sizeof(*copies));
	for (size_t i = 0; i < line_count; i++)
		copies[i] = strdup(lines[i]);
	uint64_t start = nanoseconds();
	scmp_filter_ctx filter = build_filter(copies);
	*length = export_program(filter, program, 0);
	uint64_t time = nanoseconds() - start;
	seccomp_release(filter);
	for (size_t i = 0; i < line_count; i++)
		free(copies[i]);
	free(copies);
	return time;
}

static uint64_t time_verdicts(const struct instruction *program, size_t length)
{
	struct call *calls = malloc(line_count * sizeof(*calls));
	size_t count = 0, done = 0;
	for (size_t i = 0; i < line_count; i++)
		if (lines[i][0] == 'Q')
			calls[count++] = read_call(lines[i] + 2);
	if (count == 0)
		return 0;
	volatile uint32_t sum = 0;
	uint64_t start = nanoseconds();
	for (; done < VERDICTS; done += count)
		for (size_t i = 0; i < count; i++)
			sum += run(program, length, &calls[i], 0);
	return (nanoseconds() - start) * 1000 / done;
}

static void answer_times(void)
{
	struct instruction *program = NULL;
	size_t length = 0;
	uint64_t builds = 0;
	time_build(&program, &length);
	for (int i = 0; i < BUILDS; i++)
		builds += time_build(&program, &length);
	say("ok %zu %" PRIx64 " %" PRIx64 "\n", length, builds / BUILDS, time_verdicts(program, length));
	flush();
	_exit(0);
}

int main(void)
{
	char *line = NULL;
	size_t size = 0;
	seccomp_api_set(6);
	while (getline(&line, &size, stdin) > 0) {
		line[strcspn(line, "\n")] = 0;
		if (line_count == MAX_LINES)
			return 4;
		lines[line_count++] = strdup(line);
		if (line[0] != 'E')
			continue;
		/* a process for each case: libseccomp's own tables and the open files go with it */
		pid_t child = fork();
		if (child == 0)
			answer_times();
		if (child < 0 || waitpid(child, NULL, 0) < 0)
			return 3;
		while (line_count > 0)
			free(lines[--line_count]);
	}
	return 0;
}
