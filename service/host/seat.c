/* seat.c - where a limit was reached: the job, the limits and the name of that place. */
#include "service/host/seat.h"

#include "service/host/runs_impl.h"

struct job *seat_job(const struct runs *r, const struct seat *at)
{
    return at->upper ? at->upper->job : r->run[at->slot]->job;
}

struct level *seat_level(const struct runs *r, const struct seat *at)
{
    return at->upper ? at->upper->level : levels_instance(r->levels, at->slot);
}

struct rearm *seat_rearm(struct runs *r, const struct seat *at)
{
    return at->upper ? &at->upper->rearm : &r->run[at->slot]->rearm;
}

const char *seat_name(const struct runs *r, const struct seat *at)
{
    const struct job_spec *spec = at->upper ? NULL : r->run[at->slot]->spec;
    return at->upper ? at->upper->name : spec ? spec->unit : "?";
}

const char *seat_kind(const struct seat *at)
{
    return level_names[at->upper ? at->upper->kind : LEVEL_INSTANCE];
}

static bool is_below(const struct runs *r, const struct seat *at, size_t slot)
{
    if (!r->run[slot]->id)
        return false;
    return at->upper ? levels_below(r->levels, at->upper, slot) : at->slot == slot;
}

/* That of a main process, which is held open, so that the pid is its own even when it has ended. */
static bool slot_of_main(const struct runs *r, const struct seat *at, uint32_t pid, size_t *ret)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->run[i]->child.pid == pid && is_below(r, at, i)) {
            *ret = i;
            return true;
        }
    return false;
}

/* Opens the process once, for there may be a thousand jobs to ask about it. */
bool seat_slot_of(struct runs *r, const struct seat *at, uint32_t pid, size_t *ret)
{
    struct job *j = seat_job(r, at);
    if (pid == 0 || !j)
        return false;
    if (slot_of_main(r, at, pid, ret))
        return true;
    HANDLE h = job_open_member(j, pid);
    bool found = false;
    for (size_t i = 0; h && !found && i < r->n; i++) {
        BOOL in = FALSE;
        found = is_below(r, at, i) && IsProcessInJob(h, job_handle(r->run[i]->job), &in) && in;
        if (found)
            *ret = i;
    }
    if (h)
        CloseHandle(h);
    return found;
}
