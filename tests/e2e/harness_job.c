/* harness_job.c - see the header. */
#include "harness.h"

#include <psapi.h>
#include <stdlib.h>

static HANDLE open_by_name(const char *name)
{
    wchar_t *w = wide_or_fail(name);
    HANDLE h = OpenJobObjectW(JOB_OBJECT_QUERY, FALSE, w);
    free(w);
    return h;
}

HANDLE job_open(const char *name)
{
    HANDLE h = open_by_name(name);
    if (!h)
        fail_msg("there is no job %s: Windows error %lu", name, GetLastError());
    return h;
}

bool job_exists(const char *name)
{
    HANDLE h = open_by_name(name);
    if (h)
        CloseHandle(h);
    return h != NULL;
}

static bool is_console_host(HANDLE process)
{
    wchar_t image[MAX_PATH * 2];
    DWORD n = MAX_PATH * 2;
    if (!QueryFullProcessImageNameW(process, 0, image, &n))
        return false;
    const wchar_t *base = wcsrchr(image, L'\\');
    return _wcsicmp(base ? base + 1 : image, L"conhost.exe") == 0;
}

/* Every member that still runs, console hosts too. */
static void members(HANDLE job, struct people *add)
{
    size_t bytes = sizeof(JOBOBJECT_BASIC_PROCESS_ID_LIST) + PEOPLE_MAX * sizeof(ULONG_PTR);
    JOBOBJECT_BASIC_PROCESS_ID_LIST *list = calloc(1, bytes);
    assert_non_null(list);
    bool known =
        QueryInformationJobObject(job, JobObjectBasicProcessIdList, list, (DWORD)bytes, NULL);
    /* Through a pointer of its own: the struct declares one element. */
    const ULONG_PTR *pid = list->ProcessIdList;
    for (DWORD i = 0; known && i < list->NumberOfProcessIdsInList; i++) {
        HANDLE h = OpenProcess(PROCESS_ASKED, FALSE, (DWORD)pid[i]);
        if (h && (process_gone(h) || add->n == PEOPLE_MAX))
            CloseHandle(h);
        else if (h)
            add->process[add->n++] = h;
    }
    free(list);
    assert_true(known);
}

void job_people(HANDLE job, struct people *add)
{
    struct people all = {0};
    members(job, &all);
    for (size_t i = 0; i < all.n; i++) {
        if (is_console_host(all.process[i]) || add->n == PEOPLE_MAX)
            CloseHandle(all.process[i]);
        else
            add->process[add->n++] = all.process[i];
    }
}

/* Its program and the two libraries that every process has are loaded. */
static bool grown_up(HANDLE process)
{
    HMODULE module[4];
    DWORD bytes = 0;
    return process_gone(process) || (EnumProcessModules(process, module, sizeof module, &bytes) &&
                                     bytes >= 3 * sizeof *module);
}

void job_settle(HANDLE job)
{
    bool young = true;
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS; young && GetTickCount64() < end;) {
        struct people all = {0};
        members(job, &all);
        young = false;
        for (size_t i = 0; i < all.n; i++)
            young = young || !grown_up(all.process[i]);
        people_close(&all);
        if (young)
            Sleep(POLL_MS);
    }
}

bool job_has(HANDLE job, HANDLE process)
{
    BOOL in = FALSE;
    assert_true(IsProcessInJob(process, job, &in));
    return in;
}

bool people_all_gone(const struct people *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (!process_gone(p->process[i]))
            return false;
    return true;
}

bool people_all_alive(const struct people *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (process_gone(p->process[i]))
            return false;
    return true;
}

void people_wait_gone(const struct people *p)
{
    for (size_t i = 0; i < p->n; i++)
        process_wait(p->process[i]);
}

void people_close(struct people *p)
{
    for (size_t i = 0; i < p->n; i++)
        CloseHandle(p->process[i]);
    p->n = 0;
}
