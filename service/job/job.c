/* job.c - makes, ends and closes one Job Object.  Who is in it: members.c. */
#include "service/job/job_impl.h"

#include "service/win32/oserr.h"
#include "service/win32/wide.h"

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

static enum st create(const char *name, const SECURITY_ATTRIBUTES *sa, HANDLE *ret, struct err *e)
{
    wchar_t *wide = wide_z(name);
    if (!wide)
        return err_nomem(e);
    SetLastError(ERROR_SUCCESS);
    HANDLE h = CreateJobObjectW((SECURITY_ATTRIBUTES *)sa, wide);
    DWORD code = GetLastError(); /* set even on success: new, or already there */
    free(wide);
    if (h && code != ERROR_ALREADY_EXISTS) {
        *ret = h;
        return ST_OK;
    }
    if (h)
        CloseHandle(h);
    if (h || code == ERROR_INVALID_HANDLE || code == ERROR_ACCESS_DENIED)
        return err_say(e, ST_EXISTS,
                       "the name %s is already taken by another program's object; a job is never "
                       "adopted: end that program, or give this service another name",
                       name);
    return err_os(e, code, "CreateJobObject %s", name);
}

enum st job_create(const char *name, const SECURITY_ATTRIBUTES *sa, HANDLE port, ULONG_PTR key,
                   struct job **ret, struct err *e)
{
    struct job *j = calloc(1, sizeof *j);
    if (!j)
        return err_nomem(e);
    enum st st = create(name, sa, &j->h, e);
    if (st == ST_OK)
        st = set_limits(j->h, e);
    if (st == ST_OK)
        st = associate(j->h, port, key, e);
    if (st != ST_OK) {
        job_close(j);
        return st;
    }
    *ret = j;
    return ST_OK;
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
    ending_collect(j); /* without their handles we would only know less, so a failure is no reason to stop */
    if (!TerminateJobObject(j->h, JOB_EXIT_CODE))
        return err_os(e, GetLastError(), "TerminateJobObject");
    return ST_OK;
}
