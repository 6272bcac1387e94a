/* isolate.c - fork, and what has become of the child. */
#define _DEFAULT_SOURCE
#include "tests/simulate/isolate.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SCRIPT_SECONDS = 60, BROKEN = 3 };

struct outcome *isolate_memory(void)
{
    void *p = mmap(NULL, sizeof(struct outcome), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                   -1, 0);
    if (p == MAP_FAILED) {
        perror("simulate: mmap");
        exit(2);
    }
    return p;
}

static pid_t forked(void)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0) {
        perror("simulate: fork");
        exit(2);
    }
    return pid;
}

static void be_quiet(void)
{
    int null = open("/dev/null", O_WRONLY);
    if (null >= 0)
        dup2(null, STDERR_FILENO);
}

static bool outcome_of(pid_t pid, struct outcome *v)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGTERM || WTERMSIG(status) == SIGINT)) {
        fputs("simulate: ended from outside\n", stderr);
        exit(2);
    }
    if (v->failed)
        return false;
    v->failed = true;
    bool hangs = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
    snprintf(v->invariant, sizeof v->invariant, "%s", hangs ? "no-end" : "crash");
    snprintf(v->text, sizeof v->text, "%s %d",
             WIFSIGNALED(status) ? "the supervisor was ended by signal" : "it ended with code",
             WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    return false;
}

bool isolate_script(const struct script *s, struct outcome *v, bool quiet, bool chatty)
{
    *v = (struct outcome){.seed = v->seed};
    pid_t pid = forked();
    if (pid == 0) {
        if (quiet)
            be_quiet();
        alarm(SCRIPT_SECONDS);
        bool ok = script_run(s, v, chatty);
        fflush(NULL);
        _exit(ok ? 0 : BROKEN);
    }
    return outcome_of(pid, v);
}

bool isolate_seeds(const struct seeds *seeds, struct outcome *v)
{
    v->failed = false;
    pid_t pid = forked();
    if (pid == 0) {
        struct script s = {0};
        bool ok = true;
        for (uint64_t i = 0; ok && i < seeds->count && v->events < seeds->events; i++) {
            v->seed = seeds->from + i;
            script_generate(v->seed, seeds->steps, &s);
            alarm(SCRIPT_SECONDS);
            ok = script_run(&s, v, false);
        }
        alarm(0);
        script_free(&s);
        if (!ok)
            _exit(BROKEN);
        exit(0); /* which looks for leaks */
    }
    return outcome_of(pid, v);
}
