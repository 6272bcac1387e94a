/* job.c - makes, ends and closes one Job Object.  Who is in it: members.c. */
#include "service/job/job_impl.h"

#include "service/win32/oserr.h"
#include "service/win32/wide.h"
#include "service/win32/wine.h"

#include <stdlib.h>

/* All limits of a job are written whole, never read, changed and written back: Wine's query gives
 * zeros, and a flag left out of a write is a limit removed. */
static enum st set_limits(HANDLE h, struct err *e)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION x = {0};
    x.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    if (!SetInformationJobObject(h, JobObjectExtendedLimitInformation, &x, sizeof x))
        return err_os(e, GetLastError(), "SetInformationJobObject (kill on close)");
    return ST_OK;
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
static bool lingers(HANDLE h, const struct job_request *r)
{
    struct job j = {.h = h};
    struct members m = {0};
    struct err e = {0};
    if (!r->again || !on_wine() || job_members(&j, false, &m, NULL) != ST_OK)
        return false;
    bool empty = m.n == 0;
    members_free(&m);
    return empty && associate(h, r->port, r->key, &e) != ST_OK &&
           e.os == ERROR_INVALID_PARAMETER;
}

static enum st set_up(HANDLE h, const struct job_request *r, bool existed, struct err *e)
{
    if (existed)
        return lingers(h, r) ? set_limits(h, e) : taken(r->name, e);
    enum st st = set_limits(h, e);
    return st == ST_OK ? associate(h, r->port, r->key, e) : st;
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
        st = set_up(j->h, r, existed, e);
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
    enum st st = set_limits(h, e);
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
    if (j->h)
        CloseHandle(j->h);
    free(j);
}

HANDLE job_handle(const struct job *j)
{
    return j->h;
}

enum st job_terminate(struct job *j, struct err *e)
{
    ending_collect(j); /* without them we only know less, so a failure is no reason to stop */
    if (!TerminateJobObject(j->h, JOB_EXIT_CODE))
        return err_os(e, GetLastError(), "TerminateJobObject");
    return ST_OK;
}
