/* nest.c - see nest.h. */
#include "tests/job/nest.h"

#include "service/win32/security.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int nest_setup(void **state)
{
    struct nest *t = calloc(1, sizeof *t);
    void *lab = NULL;
    assert_non_null(t);
    lab_setup(&lab);
    t->lab = lab;
    assert_int_equal(security_for_objects(&t->sa, NULL), ST_OK);
    t->port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    assert_non_null(t->port);
    *state = t;
    return 0;
}

int nest_teardown(void **state)
{
    struct nest *t = *state;
    void *lab = t->lab;
    for (size_t i = 0; i < t->n; i++)
        job_close(t->job[i]);
    CloseHandle(t->port);
    security_free(&t->sa);
    free(t);
    return lab_teardown(&lab);
}

struct job *nest_job(struct nest *t, ULONG_PTR key, DWORD flags)
{
    static unsigned count;
    char name[64];
    struct kernel_limits limits = {
        .extended.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | flags};
    struct err e = {0};
    snprintf(name, sizeof name, "Local\\jwnest.%lu.%u", GetCurrentProcessId(), ++count);
    const struct job_request r = {
        .name = name, .security = &t->sa, .port = t->port, .key = key, .limits = &limits};
    assert_true(t->n < NEST_JOBS);
    if (job_create(&r, &t->job[t->n], &e) != ST_OK)
        fail_msg("%s", e.text);
    return t->job[t->n++];
}

void nest_close(struct nest *t, struct job *j)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->job[i] == j)
            t->job[i] = NULL;
    job_close(j);
}

size_t nest_handles(const struct chain *chain, HANDLE ret[3])
{
    struct job *const level[3] = {chain->root, chain->group, chain->instance};
    size_t n = 0;
    for (size_t i = 0; i < 3; i++)
        if (level[i])
            ret[n++] = job_handle(level[i]);
    return n;
}

void nest_start(struct nest *t, const struct chain *chain, enum spawn_way way,
                const char *switches, struct child *ret)
{
    HANDLE h[3];
    struct spawn s = {.jobs = h, .way = way, .console = CONSOLE_NONE};
    s.jobs_n = nest_handles(chain, h);
    scratch_write(t->lab->out, "", 0);
    *ret = (struct child){0};
    lab_start_worker(t->lab, switches, &s, ret);
}

DWORD nest_said(const struct nest *t, const char *word)
{
    unsigned long number = 0;
    lab_wait_text(t->lab->out, "\n");
    char *text = scratch_read(t->lab->out);
    size_t n = strlen(word);
    if (strncmp(text, word, n) != 0 || sscanf(text + n, "%lu", &number) != 1)
        fail_msg("not '%s': %s", word, text);
    free(text);
    return number;
}

void nest_family(struct nest *t, const struct chain *chain, enum spawn_way way, struct family *ret)
{
    nest_start(t, chain, way, "--detach-child --hold", &ret->parent);
    ret->child = nest_said(t, "child ");
    ret->child_process = OpenProcess(SYNCHRONIZE | PROCESS_TERMINATE, FALSE, ret->child);
    assert_non_null(ret->child_process);
}

bool family_alive(const struct family *f)
{
    return WaitForSingleObject(f->parent.process, 0) == WAIT_TIMEOUT &&
           WaitForSingleObject(f->child_process, 0) == WAIT_TIMEOUT;
}

void family_wait_gone(const struct family *f)
{
    assert_int_equal(WaitForSingleObject(f->parent.process, LAB_LIMIT_MS), WAIT_OBJECT_0);
    assert_int_equal(WaitForSingleObject(f->child_process, LAB_LIMIT_MS), WAIT_OBJECT_0);
}

void family_close(struct family *f)
{
    child_close(&f->parent);
    CloseHandle(f->child_process);
}

bool nest_has(struct job *j, DWORD pid)
{
    const uint32_t *v = NULL;
    size_t n = 0;
    assert_int_equal(job_pids(j, &v, &n, NULL), ST_OK);
    for (size_t i = 0; i < n; i++)
        if (v[i] == pid)
            return true;
    return false;
}

bool nest_has_family(struct job *j, const struct family *f)
{
    return nest_has(j, f->parent.pid) && nest_has(j, f->child);
}

size_t nest_count(struct job *j)
{
    const uint32_t *v = NULL;
    size_t n = 0;
    assert_int_equal(job_pids(j, &v, &n, NULL), ST_OK);
    return n;
}

void nest_end_process(DWORD pid)
{
    HANDLE h = OpenProcess(SYNCHRONIZE | PROCESS_TERMINATE, FALSE, pid);
    assert_non_null(h);
    assert_true(TerminateProcess(h, 1));
    assert_int_equal(WaitForSingleObject(h, LAB_LIMIT_MS), WAIT_OBJECT_0);
    CloseHandle(h);
}
