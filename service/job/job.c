/* job.c - makes, limits, ends and closes one Job Object.  Who is in it: members.c. */
#include "service/job/job_impl.h"

#include "service/win32/oserr.h"
#include "service/win32/wide.h"
#include "service/win32/wine.h"

#include <stdlib.h>
#include <string.h>

/* What a job has whose caller sets nothing. */
static void kill_on_close(struct kernel_limits *ret)
{
    memset(ret, 0, sizeof *ret);
    ret->extended.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
}

static enum st set_limits(struct job *j, const struct kernel_limits *limits, struct err *e)
{
    struct kernel_limits plain;
    kill_on_close(&plain);
    limits = limits ? limits : &plain;
    enum st st = kernel_limits_set(j->h, limits, NULL, 0, e);
    if (st == ST_OK)
        j->limits = *limits;
    return st;
}

static enum st associate(HANDLE h, HANDLE port, ULONG_PTR key, struct err *e)
{
    JOBOBJECT_ASSOCIATE_COMPLETION_PORT a = {(PVOID)key, port};
    if (!SetInformationJobObject(h, JobObjectAssociateCompletionPortInformation, &a, sizeof a))
        return err_os(e, GetLastError(), "SetInformationJobObject (completion port)");
    return ST_OK;
}

static enum st taken(const char *name, struct err *e)
{
    return err_say(e, ST_EXISTS,
                   "the name %s is already taken by another program's object; a job is never "
                   "adopted: end that program (a viewer may hold an old job open), or give this "
                   "service another name",
                   name);
}

/* On Windows a job's name goes with its last handle.  Wine keeps the object for up to half a
 * second, as long as it keeps the processes that ended in it.  A job that has been ours is known by
 * its association: a second one is refused with 87.  Its messages carry the key of the earlier run,
 * so they find nobody, which any message may. */
static bool lingers(struct job *j, const struct job_request *r)
{
    const uint32_t *pid = NULL;
    size_t n = 0;
    struct err e = {0};
    return r->again && on_wine() && job_pids(j, &pid, &n, NULL) == ST_OK && n == 0 &&
           associate(j->h, r->port, r->key, &e) != ST_OK && e.os == ERROR_INVALID_PARAMETER;
}

static enum st set_up(struct job *j, const struct job_request *r, bool existed, struct err *e)
{
    if (existed)
        return lingers(j, r) ? set_limits(j, r->limits, e) : taken(r->name, e);
    enum st st = set_limits(j, r->limits, e);
    return st == ST_OK ? associate(j->h, r->port, r->key, e) : st;
}

static enum st open_named(const struct job_request *r, HANDLE *ret, bool *ret_existed,
                          struct err *e)
{
    wchar_t *wide = wide_z(r->name);
    if (!wide)
        return err_nomem(e);
    SetLastError(ERROR_SUCCESS);
    HANDLE h = CreateJobObjectW((SECURITY_ATTRIBUTES *)r->security, wide);
    DWORD code = GetLastError(); /* set even on success: new, or already there */
    free(wide);
    if (!h && (code == ERROR_INVALID_HANDLE || code == ERROR_ACCESS_DENIED))
        return taken(r->name, e); /* another kind of object, or another account's */
    if (!h)
        return err_os(e, code, "CreateJobObject %s", r->name);
    *ret = h;
    *ret_existed = code == ERROR_ALREADY_EXISTS;
    return ST_OK;
}

enum st job_create(const struct job_request *r, struct job **ret, struct err *e)
{
    struct job *j = calloc(1, sizeof *j);
    bool existed = false;
    if (!j)
        return err_nomem(e);
    enum st st = open_named(r, &j->h, &existed, e);
    if (st == ST_OK)
        st = set_up(j, r, existed, e);
    if (st != ST_OK) {
        job_close(j);
        return st;
    }
    *ret = j;
    return ST_OK;
}

enum st job_create_unnamed(HANDLE *ret, struct err *e)
{
    HANDLE h = CreateJobObjectW(NULL, NULL);
    if (!h)
        return err_os(e, GetLastError(), "CreateJobObject");
    struct kernel_limits plain;
    kill_on_close(&plain);
    enum st st = kernel_limits_set(h, &plain, NULL, 0, e);
    if (st == ST_OK)
        *ret = h;
    else
        CloseHandle(h);
    return st;
}

void job_close(struct job *j)
{
    if (!j)
        return;
    for (size_t i = 0; i < j->ending_n; i++)
        CloseHandle(j->ending[i].process);
    free(j->ending);
    free(j->ids);
    if (j->h)
        CloseHandle(j->h);
    free(j);
}

HANDLE job_handle(const struct job *j)
{
    return j->h;
}

/* The CPU time in user mode that the job has used, those who ended included. */
static enum st used_time(HANDLE h, uint64_t *ret, struct err *e)
{
    JOBOBJECT_BASIC_ACCOUNTING_INFORMATION a = {0};
    if (!QueryInformationJobObject(h, JobObjectBasicAccountingInformation, &a, sizeof a, NULL))
        return err_os(e, GetLastError(), "QueryInformationJobObject (accounting)");
    *ret = (uint64_t)a.TotalUserTime.QuadPart;
    return ST_OK;
}

enum st job_relimit(struct job *j, const struct kernel_limits *limits, struct err *e)
{
    uint64_t used = 0;
    enum st st = used_time(j->h, &used, e);
    if (st == ST_OK)
        st = kernel_limits_set(j->h, limits, &j->limits, used, e);
    if (st == ST_OK)
        j->limits = *limits;
    return st;
}

enum st job_terminate(struct job *j, struct err *e)
{
    ending_collect(j); /* without them we only know less, so a failure is no reason to stop */
    if (!TerminateJobObject(j->h, JOB_EXIT_CODE))
        return err_os(e, GetLastError(), "TerminateJobObject");
    return ST_OK;
}
