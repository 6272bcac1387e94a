/* limits.c - what limits are set, who holds them, and how much of them is used. */
#include "service/control/control_impl.h"

#include <string.h>

enum { TICKS_A_MS = 10000, LEVELS_ABOVE = 2, UPPERS_SHOWN = 512 };

/* How an amount of a limit is counted; a rate of notifications is none. */
enum measured { UNIT_NONE, UNIT_BYTES, UNIT_MS, UNIT_COUNT, UNIT_SHARE };
static const char *const units[] = {"", "bytes", "ms", "count", "share"};

struct gauge {
    enum measured unit;
    uint64_t used, peak;
};

static struct gauge bytes(uint64_t used, uint64_t peak)
{
    return (struct gauge){UNIT_BYTES, used, peak};
}

/* A total only grows, so it is its own peak. */
static struct gauge ticks(uint64_t used)
{
    return (struct gauge){UNIT_MS, used / TICKS_A_MS, used / TICKS_A_MS};
}

static struct gauge gauge_of(enum limit_id id, const struct measure *m)
{
    switch (id) {
    case LIMIT_PROCESS_MEMORY:
        return bytes(m->largest_commit, m->ever.peak_process_commit);
    case LIMIT_JOB_MEMORY:
    case LIMIT_NOTIFY_JOB_MEMORY_HIGH:
    case LIMIT_NOTIFY_JOB_MEMORY_LOW:
    case LIMIT_GUARD_COMMIT:
        return bytes(m->now.commit, m->ever.peak_commit);
    case LIMIT_PROCESS_TIME:
        return ticks(m->largest_user);
    case LIMIT_JOB_TIME:
    case LIMIT_NOTIFY_JOB_TIME:
        return ticks(m->run.user);
    case LIMIT_NOTIFY_IO_READ_BYTES:
        return bytes(m->run.io.read_bytes, m->run.io.read_bytes);
    case LIMIT_NOTIFY_IO_WRITE_BYTES:
        return bytes(m->run.io.write_bytes, m->run.io.write_bytes);
    case LIMIT_ACTIVE_PROCESS:
        return (struct gauge){UNIT_COUNT, m->now.processes, 0};
    case LIMIT_GUARD_HANDLES:
        return (struct gauge){UNIT_COUNT, m->now.handles, 0};
    case LIMIT_GUARD_THREADS:
        return (struct gauge){UNIT_COUNT, m->now.threads, 0};
    case LIMIT_GUARD_CPU:
    case LIMIT_CPU_RATE_CAP:
    case LIMIT_CPU_RATE_SOFT_CAP:
    case LIMIT_CPU_RATE_MAX:
        return (struct gauge){UNIT_SHARE, m->now.cpu, 0};
    default:
        return (struct gauge){UNIT_NONE, 0, 0};
    }
}

static uint64_t value_of(const struct level_facts *v, enum limit_id id)
{
    const struct limits *l = v->limits;
    switch (id) {
    case LIMIT_CPU_RATE_CAP:
        return cpu_share_of(&l->cpu_rate_cap, v->cpus);
    case LIMIT_CPU_RATE_SOFT_CAP:
        return cpu_share_of(&l->cpu_rate_soft_cap, v->cpus);
    case LIMIT_CPU_RATE_MAX:
        return cpu_share_of(&l->cpu_rate_max, v->cpus);
    default:
        return id < LIMIT_REACHABLE ? limits_value(l, id, v->cpus) : 0;
    }
}

/* --- one limit ------------------------------------------------------------------------ */
static bool overridden(const struct control *c, const struct level_facts *v, const char *job,
                       const char *key)
{
    const struct config *config = sup_config(c->world.sup);
    for (size_t i = 0; i < config->overrides; i++) {
        const struct override *o = &config->override[i];
        const char *name = v->kind == LEVEL_GROUP ? v->name : job;
        if (v->kind != LEVEL_FLEET && o->group == (v->kind == LEVEL_GROUP) &&
            str_ieq(str_of(o->section_name), str_of(name)) && strcmp(o->key, key) == 0)
            return true;
    }
    return false;
}

static yyjson_mut_val *limit_json(struct control *c, yyjson_mut_doc *doc,
                                  const struct level_facts *v, const struct measure *m,
                                  const char *job, enum limit_id id)
{
    const struct field *f = schema_limit(id);
    const struct gauge g = gauge_of(id, m);
    yyjson_mut_val *o = yyjson_mut_obj(doc);
    struct buf text = {0};
    f->type->print(f, (const char *)v->limits + f->offset, &text);
    yyjson_mut_obj_add_str(doc, o, "key", f->key);
    json_buf(doc, o, "configured", &text);
    yyjson_mut_obj_add_str(doc, o, "held_by", holder_names[v->holders->of[id]]);
    if (g.unit != UNIT_NONE) {
        yyjson_mut_obj_add_str(doc, o, "unit", units[g.unit]);
        yyjson_mut_obj_add_uint(doc, o, "value", value_of(v, id));
    }
    if (g.unit != UNIT_NONE && m->known)
        yyjson_mut_obj_add_uint(doc, o, "used", g.used);
    if (g.peak)
        yyjson_mut_obj_add_uint(doc, o, "peak", g.peak > g.used ? g.peak : g.used);
    if (id < LIMIT_REACHABLE)
        yyjson_mut_obj_add_str(doc, o, "reaction", reaction_names[limits_reaction(v->limits, id)]);
    if (overridden(c, v, job, f->key))
        yyjson_mut_obj_add_bool(doc, o, "overridden", true);
    return o;
}

/* What everybody has by default is nobody's configuration. */
static bool is_set(const struct level_facts *v, enum limit_id id)
{
    return limits_have(v->limits, id) &&
           !(id == LIMIT_KILL_ON_JOB_CLOSE && v->limits->kill_on_job_close == YES);
}

static void add_level(struct control *c, struct reply *out, yyjson_mut_val *list,
                      const struct level_facts *v, const struct measure *m, const char *job)
{
    yyjson_mut_val *o = yyjson_mut_obj(out->doc), *limits = yyjson_mut_arr(out->doc);
    yyjson_mut_obj_add_str(out->doc, o, "level", level_names[v->kind]);
    json_text(out->doc, o, "name", v->name);
    yyjson_mut_obj_add_bool(out->doc, o, "running", v->open);
    for (int i = 0; i < LIMITS; i++)
        if (is_set(v, (enum limit_id)i))
            yyjson_mut_arr_append(limits, limit_json(c, out->doc, v, m, job, (enum limit_id)i));
    yyjson_mut_obj_add_val(out->doc, o, "limits", limits);
    yyjson_mut_arr_append(list, o);
}

/* --- all levels ------------------------------------------------------------------------ */
/* Those above are shown once, however many instances are below. */
struct uppers {
    struct {
        enum level_kind kind;
        const char *name;
        size_t slot;
        uint32_t upper;
    } of[UPPERS_SHOWN];
    size_t n;
};

static void note_upper(struct uppers *u, const struct level_facts *v, size_t slot, uint32_t upper)
{
    for (size_t i = 0; i < u->n; i++)
        if (u->of[i].kind == v->kind && strcmp(u->of[i].name, v->name) == 0)
            return;
    if (u->n == UPPERS_SHOWN)
        return;
    u->of[u->n].kind = v->kind;
    u->of[u->n].name = v->name;
    u->of[u->n].slot = slot;
    u->of[u->n++].upper = upper;
}

static void add_uppers(struct control *c, struct reply *out, yyjson_mut_val *list,
                       const struct uppers *u, enum level_kind kind)
{
    for (size_t i = 0; i < u->n; i++) {
        struct level_facts v;
        struct measure m = {.known = false};
        if (u->of[i].kind == kind &&
            c->world.level(c->world.ctx, u->of[i].slot, u->of[i].upper, &v, &m))
            add_level(c, out, list, &v, &m, "");
    }
}

static void add_all(struct control *c, const struct selection *x, struct reply *out)
{
    yyjson_mut_val *list = yyjson_mut_arr(out->doc);
    struct uppers uppers = {.n = 0};
    for (size_t i = 0; i < x->n; i++) {
        struct level_facts v;
        struct measure m = {.known = false};
        if (c->world.level(c->world.ctx, x->slot[i], 0, &v, &m))
            add_level(c, out, list, &v, &m, sup_unit(c->world.sup, x->slot[i])->spec->job);
        for (uint32_t k = 1; k <= LEVELS_ABOVE; k++)
            if (c->world.level(c->world.ctx, x->slot[i], k, &v, NULL))
                note_upper(&uppers, &v, x->slot[i], k);
    }
    add_uppers(c, out, list, &uppers, LEVEL_GROUP);
    add_uppers(c, out, list, &uppers, LEVEL_FLEET);
    yyjson_mut_obj_add_val(out->doc, out->root, "levels", list);
}

void do_limits(struct asked *a)
{
    struct selection x = {0};
    struct no no;
    if (!select_units(a->c->world.sup, a->request->name, a->request->names, &x, &no)) {
        refuse(a, &no);
        return;
    }
    struct reply out = reply_begin(a->request->id);
    add_all(a->c, &x, &out);
    reply_send(&a->c->world, a->caller->client, &out, false);
    selection_free(&x);
}
