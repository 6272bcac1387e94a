/* sampler.c - see sampler.h. */
#include "service/host/sampler.h"

#include "service/host/limit_events.h"
#include "service/host/runs_impl.h"
#include "service/job/snapshot.h"
#include "service/limits/weight.h"

#include <stdlib.h>

struct sampler {
    struct runs *runs;
    uv_timer_t timer;
    struct snapshooter *snapshooter;
    const struct proc **member; /* of the level at hand */
    size_t room;
    const struct snapshot *shot; /* being shared out; else NULL */
    bool had;    /* somebody ran at the last sample */
    bool blind;  /* the last snapshot failed, and it was said */
    uint64_t every; /* ms */
};

static bool level_needs(const struct sampler *s, const struct level *v)
{
    const struct levels_setup *set = levels_setup(s->runs->levels);
    return holders_need_samples(&set->probe->holders, level_limits(v));
}

static bool any_needs(const struct sampler *s)
{
    const struct levels *l = s->runs->levels;
    for (size_t i = 0; i < levels_uppers(l); i++)
        if (level_needs(s, levels_upper(l, i)->level))
            return true;
    for (size_t i = 0; i < s->runs->n; i++)
        if (level_needs(s, levels_instance(l, i)))
            return true;
    return false;
}

static bool make_room(struct sampler *s, size_t n)
{
    if (n <= s->room)
        return true;
    const struct proc **grown = realloc(s->member, 2 * n * sizeof *grown);
    if (!grown)
        return false;
    s->member = grown;
    s->room = 2 * n;
    return true;
}

/* The members of J that are in SHOT, in s->member. */
static enum st members_in(struct sampler *s, struct job *j, const struct snapshot *shot,
                          size_t *ret_n, struct err *e)
{
    const uint32_t *pid = NULL;
    size_t n = 0, found = 0;
    enum st st = job_pids(j, &pid, &n, e);
    if (st == ST_OK && !make_room(s, n))
        st = err_nomem(e);
    for (size_t i = 0; st == ST_OK && i < n; i++) {
        const struct proc *p = snapshot_find(shot, pid[i]);
        if (p)
            s->member[found++] = p;
    }
    *ret_n = found;
    return st;
}

/* Without an answer this level waits for the next sample: the slow look tells about a job that
 * cannot be asked. */
static void sample_level(struct sampler *s, const struct seat *at, struct level *v, struct job *j,
                         const struct snapshot *shot)
{
    struct reached reached[REACHED_MAX];
    size_t n = 0;
    if (members_in(s, j, shot, &n, NULL) != ST_OK)
        return;
    n = level_sample(v, s->member, n, shot->at, reached);
    for (size_t i = 0; i < n; i++)
        limits_reached(s->runs, at, &reached[i]);
}

static void sample_instances(struct sampler *s, const struct snapshot *shot)
{
    struct runs *r = s->runs;
    for (size_t i = 0; i < r->n; i++) {
        const struct seat at = {.slot = i};
        struct level *v = levels_instance(r->levels, i);
        if (r->run[i]->id && level_needs(s, v))
            sample_level(s, &at, v, r->run[i]->job, shot);
    }
}

static void sample_uppers(struct sampler *s, const struct snapshot *shot)
{
    struct levels *l = s->runs->levels;
    for (size_t i = 0; i < levels_uppers(l); i++) {
        struct upper *u = levels_upper(l, i);
        const struct seat at = {.upper = u};
        if (u->job && level_needs(s, u->level))
            sample_level(s, &at, u->level, u->job, shot);
    }
}

static void tell_blind(struct sampler *s, const struct err *e)
{
    if (!s->blind)
        log_event(&s->runs->set.logger->log, LOG_ERROR, "sampler.failed",
                  LOG_TEXT("error", e->text));
    s->blind = true;
}

static const struct snapshot *take(struct sampler *s)
{
    struct err e = {0};
    const struct snapshot *shot = NULL;
    uv_update_time(s->runs->set.loop);
    if (snapshot_take(s->snapshooter, uv_now(s->runs->set.loop), &shot, &e) != ST_OK)
        tell_blind(s, &e);
    else
        s->blind = false;
    return shot;
}

static bool anybody_runs(const struct runs *r)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->run[i]->id)
            return true;
    return false;
}

void sampler_take(struct sampler *s)
{
    bool any = anybody_runs(s->runs);
    s->shot = any || s->had ? take(s) : NULL; /* once more after the last: it is below everything */
    s->had = any;
    if (!s->shot)
        return;
    sample_instances(s, s->shot); /* the nearest level first */
    sample_uppers(s, s->shot);
    s->shot = NULL;
}

static uint64_t use_of(struct sampler *s, struct job *j, const struct snapshot *shot,
                       enum limit_id limit)
{
    size_t n = 0;
    uint64_t sum = 0;
    if (members_in(s, j, shot, &n, NULL) != ST_OK)
        return 0;
    for (size_t i = 0; i < n; i++)
        sum += s->member[i]->attendant ? 0 : weight_of(s->member[i], limit);
    return sum;
}

bool sampler_largest(struct sampler *s, const struct upper *u, enum limit_id limit,
                     size_t *ret_slot)
{
    struct runs *r = s->runs;
    const struct snapshot *shot = s->shot ? s->shot : take(s);
    uint64_t most = 0;
    bool found = false;
    for (size_t i = 0; shot && i < r->n; i++) {
        const struct unit *unit = r->run[i]->id ? sup_unit(r->sup, i) : NULL;
        if (!unit || unit->killed || !levels_below(r->levels, u, i))
            continue;
        uint64_t use = use_of(s, r->run[i]->job, shot, limit);
        if (!found || use > most) {
            *ret_slot = i;
            most = use;
            found = true;
        }
    }
    return found;
}

static void on_timer(uv_timer_t *t)
{
    sampler_take(t->data);
}

enum st sampler_new(struct runs *r, struct sampler **ret, struct err *e)
{
    struct sampler *s = calloc(1, sizeof *s);
    struct snapshooter *snapshooter = s ? snapshooter_new() : NULL;
    if (!snapshooter) {
        free(s);
        return err_nomem(e);
    }
    s->runs = r;
    s->snapshooter = snapshooter;
    uv_timer_init(r->set.loop, &s->timer); /* cannot fail */
    s->timer.data = s;
    sampler_adjust(s, r->set.sample_interval);
    *ret = s;
    return ST_OK;
}

void sampler_adjust(struct sampler *s, uint64_t every)
{
    bool active = sampler_active(s);
    if (!any_needs(s))
        uv_timer_stop(&s->timer);
    else if (!active || every != s->every)
        uv_timer_start(&s->timer, on_timer, every, every);
    s->every = every;
}

void sampler_look(struct sampler *s, const struct level *v)
{
    if (!sampler_active(s) && level_needs(s, v))
        uv_timer_start(&s->timer, on_timer, s->every, s->every);
}

void sampler_shut(struct sampler *s)
{
    if (s)
        uv_close((uv_handle_t *)&s->timer, NULL);
}

void sampler_free(struct sampler *s)
{
    if (!s)
        return;
    snapshooter_free(s->snapshooter);
    free(s->member);
    free(s);
}

bool sampler_active(const struct sampler *s)
{
    return uv_is_active((const uv_handle_t *)&s->timer) != 0;
}
