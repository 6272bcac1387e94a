/* snapshot.c - asks for the list of processes and keeps the memory for it from call to call. */
#include "service/job/snapshot.h"

#include "service/job/ntdll.h"
#include "service/job/sysinfo.h"

#include <stdlib.h>

enum { SYSTEM_PROCESSES = 5 }; /* SystemProcessInformation */

/* A machine with 100,000 threads needs 8 MB. */
enum { LIST_AT_FIRST = 1 << 16, LIST_MAX = 1 << 28, LIST_TRIES = 10 };

struct snapshooter {
    void *list;
    ULONG room;
    bool judged; /* once, by our own entry: a process without commit there is would be misread */
    enum commit_in commit_in;
    struct snapshot snap;
    size_t procs_room;
};

struct snapshooter *snapshooter_new(void)
{
    return calloc(1, sizeof(struct snapshooter));
}

void snapshooter_free(struct snapshooter *s)
{
    if (!s)
        return;
    free(s->list);
    free(s->snap.proc);
    free(s);
}

/* Its bytes need not be kept, so this is no realloc. */
static enum st list_room(struct snapshooter *s, ULONG n, struct err *e)
{
    void *fresh = malloc(n);
    if (!fresh)
        return err_nomem(e);
    free(s->list);
    s->list = fresh;
    s->room = n;
    return ST_OK;
}

/* The list in s->list.  Processes and threads come and go between two calls, so there is more room
 * than was asked for; and once needed it is kept. */
static enum st list_ask(struct snapshooter *s, ULONG *ret_n, struct err *e)
{
    enum st st = s->room ? ST_OK : list_room(s, LIST_AT_FIRST, e);
    for (int i = 0; st == ST_OK && i < LIST_TRIES; i++) {
        ULONG n = 0;
        uint32_t status = nt_query_system(SYSTEM_PROCESSES, s->list, s->room, &n);
        if (status == NT_OK) {
            *ret_n = n < s->room ? n : s->room;
            return ST_OK;
        }
        if (status != NT_LENGTH_MISMATCH)
            return err_nt(e, status, "NtQuerySystemInformation (processes)");
        ULONG want = n > s->room ? n : s->room;
        if (want > LIST_MAX)
            return err_say(e, ST_OS, "the list of processes takes more than %d MB", LIST_MAX >> 20);
        st = list_room(s, want + want / 2, e);
    }
    if (st != ST_OK)
        return st;
    return err_say(e, ST_OS, "the list of processes grows faster than it can be read");
}

static enum st procs_room(struct snapshooter *s, size_t n, struct err *e)
{
    if (n <= s->procs_room)
        return ST_OK;
    struct proc *fresh = calloc(n + n / 4, sizeof *fresh);
    if (!fresh)
        return err_nomem(e);
    free(s->snap.proc);
    s->snap.proc = fresh;
    s->procs_room = n + n / 4;
    return ST_OK;
}

static int by_pid(const void *a, const void *b)
{
    uint32_t x = ((const struct proc *)a)->pid, y = ((const struct proc *)b)->pid;
    return (x > y) - (x < y);
}

enum st snapshot_take(struct snapshooter *s, uint64_t at_ms, const struct snapshot **ret,
                      struct err *e)
{
    ULONG bytes = 0;
    size_t n = 0;
    enum st st = list_ask(s, &bytes, e);
    if (st != ST_OK)
        return st;
    if (!s->judged)
        s->commit_in = sysinfo_commit_in(s->list, bytes, GetCurrentProcessId());
    s->judged = true;
    if (!sysinfo_read(s->list, bytes, s->commit_in, NULL, 0, &n))
        return err_say(e, ST_OS, "NtQuerySystemInformation gave a list of processes (%lu bytes) "
                                 "that cannot be read", bytes);
    st = procs_room(s, n, e);
    if (st != ST_OK)
        return st;
    sysinfo_read(s->list, bytes, s->commit_in, s->snap.proc, n, &s->snap.n);
    qsort(s->snap.proc, n, sizeof *s->snap.proc, by_pid);
    s->snap.at = at_ms;
    *ret = &s->snap;
    return ST_OK;
}
