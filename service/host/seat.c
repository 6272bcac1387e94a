/* seat.c - where a limit was reached: the job, the limits and the name of that place. */
#include "service/host/seat.h"

#include "service/host/runs_impl.h"

struct job *seat_job(const struct runs *r, const struct seat *at)
{
    return at->upper ? at->upper->job : r->run[at->slot].job;
}

struct level *seat_level(const struct runs *r, const struct seat *at)
{
    return at->upper ? at->upper->level : levels_instance(r->levels, at->slot);
}

struct rearm *seat_rearm(struct runs *r, const struct seat *at)
{
    return at->upper ? &at->upper->rearm : &r->run[at->slot].rearm;
}

const char *seat_name(const struct runs *r, const struct seat *at)
{
    return at->upper ? at->upper->name : r->set.config->job[at->slot].unit;
}

const char *seat_kind(const struct seat *at)
{
    return level_names[at->upper ? at->upper->kind : LEVEL_INSTANCE];
}

bool seat_slot_of(struct runs *r, const struct seat *at, uint32_t pid, size_t *ret)
{
    for (size_t i = 0; pid != 0 && i < r->n; i++) {
        if (!r->run[i].id || (at->upper ? !levels_below(r->levels, at->upper, i) : at->slot != i))
            continue;
        HANDLE h = job_open_member(r->run[i].job, pid);
        if (!h)
            continue;
        CloseHandle(h);
        *ret = i;
        return true;
    }
    return false;
}
