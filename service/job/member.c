/* member.c - one process of a job. */
#include "service/job/job.h"

#include "service/win32/wide.h"

char *job_image(const struct job *j, DWORD pid)
{
    wchar_t image[1024];
    DWORD n = sizeof image / sizeof *image;
    HANDLE h = job_open_member(j, pid);
    char *text = NULL;
    if (h && QueryFullProcessImageNameW(h, 0, image, &n))
        text = utf8_of(image);
    if (h)
        CloseHandle(h);
    return text;
}

HANDLE job_open_to_end(const struct job *j, DWORD pid)
{
    BOOL in = FALSE;
    /* The first handle keeps the pid that process' while the second is opened. */
    HANDLE known = job_open_member(j, pid);
    const DWORD rights = PROCESS_TERMINATE | PROCESS_QUERY_INFORMATION;
    HANDLE h = known ? OpenProcess(rights, FALSE, pid) : NULL;
    if (known)
        CloseHandle(known);
    if (h && (!IsProcessInJob(h, job_handle(j), &in) || !in)) {
        CloseHandle(h);
        h = NULL;
    }
    return h;
}
