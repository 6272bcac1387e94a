/* slots.c - which job an instance's slot is for, and what happens to it when that changes while a
 * run goes on.  Slots outlive definitions, and no slot ever moves. */
#include "service/host/runs_impl.h"

#include <stdlib.h>

/* --- hands -------------------------------------------------------------------------- */
static struct run *run_new(struct runs *r, size_t slot)
{
    struct run *run = calloc(1, sizeof *run);
    if (!run)
        return NULL;
    run->all = r;
    run->slot = (uint32_t)slot;
    return run;
}

enum st slots_room(void *ctx, size_t n, struct err *e)
{
    struct runs *r = ctx;
    if (n <= r->n)
        return ST_OK;
    struct run **grown = realloc(r->run, n * sizeof *grown);
    if (!grown)
        return err_nomem(e);
    r->run = grown;
    size_t i = r->n;
    while (i < n && (r->run[i] = run_new(r, i)) != NULL)
        i++;
    enum st st = i == n ? levels_room(r->levels, n, e) : err_nomem(e);
    if (st != ST_OK) {
        while (i-- > r->n)
            free(r->run[i]);
        return st;
    }
    for (i = r->n; i < n; i++) {
        uv_timer_init(r->set.loop, &r->run[i]->alarm); /* cannot fail */
        r->run[i]->alarm.data = r->run[i];
    }
    r->n = n;
    return ST_OK;
}

static void say_unapplied(struct runs *r, const struct seat *at, const struct err *e)
{
    log_event(&r->set.logger->log, LOG_ERROR, "limit.not_applied", LOG_TEXT("level", seat_kind(at)),
              LOG_TEXT(at->upper ? "name" : "job", seat_name(r, at)), LOG_TEXT("error", e->text));
}

static void slot_free(struct runs *r, struct run *run)
{
    uv_timer_stop(&run->alarm);
    signals_close(&run->signals);
    run->again = false;
    r->any_gone = true;
}

void slots_adopt(void *ctx, uint32_t slot, const struct job_spec *spec)
{
    struct runs *r = ctx;
    struct run *run = r->run[slot];
    const struct seat at = {.slot = slot};
    struct err e = {0};
    if (spec && !run->spec)
        run->again = r->any_gone; /* it may have been in another slot */
    run->spec = spec;
    bool watched = levels_adopt(r->levels, slot, spec) == ST_OK;
    if (!spec) {
        slot_free(r, run);
        return;
    }
    if (!watched) {
        err_nomem(&e);
        say_unapplied(r, &at, &e);
    }
    if (r->sampler)
        sampler_look(r->sampler, levels_instance(r->levels, slot));
    if (run->job)
        seat_relimit(r, &at);
}

void slots_shut(struct runs *r)
{
    for (size_t i = 0; i < r->n; i++) {
        if (r->run[i]->id)
            run_end(r, r->run[i]); /* an early end of the program; kill-on-close ends the worker */
        signals_close(&r->run[i]->signals);
        uv_close((uv_handle_t *)&r->run[i]->alarm, NULL);
    }
}

/* --- a job that is open --------------------------------------------------------------- */

/* What was reached of a total is not told again by setting it anew: its next threshold is set. */
static enum st relimit(struct runs *r, const struct seat *at, struct err *e)
{
    struct limits next;
    struct kernel_limits kernel;
    level_thresholds(seat_level(r, at), &next);
    levels_kernel(r->levels, at->upper, at->slot, &next, &kernel);
    return job_relimit(seat_job(r, at), &kernel, e);
}

bool seat_relimit(struct runs *r, const struct seat *at)
{
    struct err e = {0};
    if (relimit(r, at, &e) == ST_OK)
        return true;
    say_unapplied(r, at, &e);
    return false;
}

void slots_apply_uppers(struct runs *r, size_t slot)
{
    struct level *level[UPPERS_MAX + 1];
    struct upper *upper[UPPERS_MAX + 1];
    size_t n = levels_chain(r->levels, slot, level, upper);
    for (size_t i = 1; i < n; i++)
        if (upper[i]->unapplied && upper[i]->job)
            upper[i]->unapplied =
                relimit(r, &(struct seat){.upper = upper[i]}, &(struct err){0}) != ST_OK;
}

/* --- a take-over -------------------------------------------------------------------- */
enum st runs_stage(struct runs *r, const struct config *next, struct stage **ret, struct err *e)
{
    return levels_stage(r->levels, next, ret, e);
}

void runs_unstage(struct runs *r, struct stage *s)
{
    levels_unstage(r->levels, s);
}

static bool is_below_any(const struct runs *r, size_t slot)
{
    struct level *level[UPPERS_MAX + 1];
    struct upper *upper[UPPERS_MAX + 1];
    return levels_chain(r->levels, slot, level, upper) > 1;
}

void runs_commit(struct runs *r, struct stage *s, const struct service_spec *service)
{
    levels_commit(r->levels, s);
    for (size_t i = levels_uppers(r->levels); i-- > 0;) { /* the fleet first */
        struct upper *u = levels_upper(r->levels, i);
        if (u->unapplied && u->job)
            u->unapplied = !seat_relimit(r, &(struct seat){.upper = u});
    }
    for (size_t i = 0; i < r->n; i++)
        if (r->run[i]->job && is_below_any(r, i))
            seat_relimit(r, &(struct seat){.slot = i}); /* its share of what is above */
    levels_tell(r->levels, &r->set.logger->log);
    sampler_adjust(r->sampler, service->sample_interval);
    levels_sweep(r->levels);
}

void runs_sweep(struct runs *r)
{
    levels_sweep(r->levels);
}
