/* members.c - which processes of a job still exist.
 *
 * After TerminateJobObject the kernel's list is empty before the processes are gone, and a file or
 * port of theirs is not free yet; so the handles taken just before are asked too. */
#include "service/job/job_impl.h"

#include "service/win32/oserr.h"
#include "service/win32/wide.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static bool gone(HANDLE process)
{
    return WaitForSingleObject(process, 0) == WAIT_OBJECT_0;
}

/* Forgets those of j->ending that are gone. */
static void ending_prune(struct job *j)
{
    size_t kept = 0;
    for (size_t i = 0; i < j->ending_n; i++) {
        if (gone(j->ending[i].process))
            CloseHandle(j->ending[i].process);
        else
            j->ending[kept++] = j->ending[i];
    }
    j->ending_n = kept;
}

static bool ending_has(const struct job *j, DWORD pid)
{
    for (size_t i = 0; i < j->ending_n; i++)
        if (j->ending[i].pid == pid)
            return true;
    return false;
}

/* Windows is content with the limited right; Wine's IsProcessInJob wants the full one, which
 * another account's process may refuse. */
static HANDLE open_process(DWORD pid)
{
    HANDLE h = OpenProcess(SYNCHRONIZE | PROCESS_QUERY_INFORMATION, FALSE, pid);
    if (h || GetLastError() != ERROR_ACCESS_DENIED)
        return h;
    return OpenProcess(SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, FALSE, pid);
}

HANDLE job_open_member(const struct job *j, DWORD pid)
{
    BOOL in = FALSE;
    HANDLE h = open_process(pid);
    if (h && IsProcessInJob(h, j->h, &in) && in)
        return h;
    if (h)
        CloseHandle(h);
    return NULL;
}

void ending_collect(struct job *j)
{
    const uint32_t *pid = NULL;
    size_t n = 0;
    ending_prune(j);
    if (job_pids(j, &pid, &n, NULL) != ST_OK)
        return;
    struct ending *grown = realloc(j->ending, (j->ending_n + n + 1) * sizeof *grown);
    if (grown)
        j->ending = grown;
    for (size_t i = 0; grown && i < n; i++) {
        if (ending_has(j, pid[i]))
            continue;
        HANDLE h = job_open_member(j, pid[i]);
        if (h)
            j->ending[j->ending_n++] = (struct ending){pid[i], h};
    }
}

/* Wine starts the host of a console inside the job of the program that needed the console, and it
 * ends a moment after that program.  Windows is said to start conhost.exe outside the job; were it
 * inside, the same would be right. */
static bool is_console_host(const wchar_t *image)
{
    const wchar_t *name = wcsrchr(image, L'\\');
    return _wcsicmp(name ? name + 1 : image, L"conhost.exe") == 0;
}

/* False when that process has ended: the list may be behind, and under Wine one that was terminated
 * while it started can stay in it for good. */
static bool fill_names(HANDLE job, struct member *m)
{
    wchar_t image[1024];
    DWORD n = sizeof image / sizeof *image;
    HANDLE h = open_process(m->pid);
    if (!h)
        return GetLastError() != ERROR_INVALID_PARAMETER; /* 87: no such process */
    BOOL in = TRUE; /* the pid may be somebody else's by now */
    bool alive = !gone(h) && (!IsProcessInJob(h, job, &in) || in);
    if (alive && QueryFullProcessImageNameW(h, 0, image, &n)) {
        m->image = utf8_of(image);
        m->console_host = is_console_host(image);
    }
    CloseHandle(h);
    return alive;
}

/* Fills in what was asked for and drops those that have ended. */
static size_t name_all(HANDLE job, struct member *v, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        struct member m = v[i];
        if (fill_names(job, &m))
            v[kept++] = m;
    }
    return kept;
}

enum st job_members(struct job *j, bool names, struct members *ret, struct err *e)
{
    const uint32_t *pid = NULL;
    size_t n = 0, total = 0;
    enum st st = job_pids(j, &pid, &n, e);
    if (st != ST_OK)
        return st;
    ending_prune(j);
    struct member *v = calloc(n + j->ending_n + 1, sizeof *v);
    if (!v)
        return err_nomem(e);
    for (size_t i = 0; i < n; i++)
        if (!ending_has(j, pid[i]))
            v[total++].pid = pid[i];
    for (size_t i = 0; i < j->ending_n; i++)
        v[total++].pid = j->ending[i].pid;
    *ret = (struct members){v, names ? name_all(j->h, v, total) : total};
    return ST_OK;
}

void members_free(struct members *m)
{
    for (size_t i = 0; i < m->n; i++)
        free(m->v[i].image);
    free(m->v);
    *m = (struct members){NULL, 0};
}
