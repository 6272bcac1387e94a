/* pids.c - the kernel's list of a job's processes, in memory that the job keeps from call to call.
 *
 * A list that was long once is soon long again, so the memory does not shrink. */
#include "service/job/job_impl.h"

#include "service/win32/oserr.h"

#include <stdlib.h>
#include <string.h>

enum { IDS_AT_FIRST = 16, IDS_TRIES = 8 };

static const size_t head = offsetof(JOBOBJECT_BASIC_PROCESS_ID_LIST, ProcessIdList);

static enum st make_room(struct job *j, size_t n, struct err *e)
{
    void *grown = realloc(j->ids, head + n * sizeof(ULONG_PTR));
    if (!grown)
        return err_nomem(e);
    j->ids = grown;
    j->ids_room = n;
    return ST_OK;
}

/* Moves the N ids to the front, as 32-bit numbers.  Through the struct's own one-element array GCC
 * would read one only. */
static const uint32_t *pack(char *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ULONG_PTR id;
        memcpy(&id, list + head + i * sizeof id, sizeof id);
        uint32_t pid = (uint32_t)id;
        memcpy(list + i * sizeof pid, &pid, sizeof pid);
    }
    return (const uint32_t *)(const void *)list;
}

enum st job_pids(struct job *j, const uint32_t **ret, size_t *ret_n, struct err *e)
{
    size_t want = j->ids_room ? j->ids_room : IDS_AT_FIRST;
    for (int i = 0; i < IDS_TRIES; i++) {
        if (want > j->ids_room && make_room(j, want, e) != ST_OK)
            return ST_NOMEM;
        JOBOBJECT_BASIC_PROCESS_ID_LIST *l = j->ids;
        DWORD cb = (DWORD)(head + j->ids_room * sizeof(ULONG_PTR));
        memset(l, 0, head);
        BOOL ok = QueryInformationJobObject(j->h, JobObjectBasicProcessIdList, l, cb, NULL);
        DWORD code = GetLastError();
        if (ok) {
            *ret_n = l->NumberOfProcessIdsInList;
            *ret = pack(j->ids, *ret_n);
            return ST_OK;
        }
        if (code != ERROR_MORE_DATA)
            return err_os(e, code, "QueryInformationJobObject (process list)");
        want =
            l->NumberOfAssignedProcesses > j->ids_room ? l->NumberOfAssignedProcesses : j->ids_room;
        want *= 2; /* it may have grown again by the next call */
    }
    return err_say(e, ST_BUSY, "the list of processes grows faster than it can be read");
}
