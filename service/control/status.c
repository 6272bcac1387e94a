/* status.c - the state of instances, once or again and again. */
#include "service/control/control_impl.h"

#include "common/exit_code.h"

#include <stdlib.h>
#include <string.h>

/* All streams together take at most a twentieth of the loop's time, however large the fleet is. */
enum { TICKS_A_MS = 10000, COST_SHARE = 20 };

struct row {
    struct control *c;
    yyjson_mut_doc *doc;
    yyjson_mut_val *o;
    const struct unit *u;
    const struct measure *m;
    uint64_t now;
    uint32_t cpus;
    struct seen *seen; /* NULL: once only */
};

static void add(const struct row *r, const char *key, uint64_t v)
{
    yyjson_mut_obj_add_uint(r->doc, r->o, key, v);
}

/* --- measured ----------------------------------------------------------------------- */
/* TICKS of 100 ns within MS on CPUS processors, in hundredths of a percent of the machine. */
static uint64_t share(uint64_t ticks, uint64_t ms, uint32_t cpus)
{
    uint64_t whole = ms * (cpus ? cpus : 1);
    uint64_t v = whole ? ticks / whole : 0;
    return v > 10000 ? 10000 : v;
}

/* Since the frame before, where there was one of the same run; else of the whole run. */
static void add_cpu(const struct row *r)
{
    uint64_t cpu = r->m->run.user + r->m->run.kernel, at = r->m->now.at;
    struct seen now = {r->u->id, cpu, at, 0};
    const struct seen *s = r->seen && r->seen->id == r->u->id ? r->seen : NULL;
    add(r, "cpu_ms", cpu / TICKS_A_MS);
    if (s && s->at == at) /* the same measurement once more */
        now.share = s->share;
    else if (s && cpu >= s->cpu && at > s->at)
        now.share = share(cpu - s->cpu, at - s->at, r->cpus);
    else if (at > r->u->spawned_at)
        now.share = share(cpu, at - r->u->spawned_at, r->cpus);
    add(r, "cpu", now.share);
    if (r->seen)
        *r->seen = now;
}

static void add_measured(const struct row *r)
{
    const struct usage *now = &r->m->now;
    if (!r->m->known)
        return;
    add(r, "processes", now->processes);
    add(r, "threads", now->threads);
    add(r, "handles", now->handles);
    add(r, "commit", now->commit);
    add_cpu(r);
}

/* --- limits ------------------------------------------------------------------------- */
static void lowest(const struct limits *l, uint32_t cpus, const enum limit_id *id, size_t n,
                   uint64_t *ret, enum limit_id *ret_id)
{
    *ret_id = LIMIT_NONE;
    for (size_t i = 0; i < n; i++) {
        uint64_t v = limits_have(l, id[i]) ? limits_value(l, id[i], cpus) : 0;
        if (v != 0 && (*ret_id == LIMIT_NONE || v < *ret)) {
            *ret = v;
            *ret_id = id[i];
        }
    }
}

static void add_limits(const struct row *r)
{
    static const enum limit_id commit[] = {LIMIT_JOB_MEMORY, LIMIT_GUARD_COMMIT,
                                           LIMIT_NOTIFY_JOB_MEMORY_HIGH};
    const struct limits *l = &r->u->spec->limits;
    uint64_t v = 0, cap = cpu_share_of(&l->cpu_rate_cap, r->cpus),
             most = cpu_share_of(&l->cpu_rate_max, r->cpus),
             guard = cpu_share_of(&l->guard_cpu.share, r->cpus);
    enum limit_id id;
    lowest(l, r->cpus, commit, sizeof commit / sizeof *commit, &v, &id);
    if (id != LIMIT_NONE) {
        add(r, "commit_limit", v);
        yyjson_mut_obj_add_str(r->doc, r->o, "commit_limit_key", schema_limit(id)->key);
    }
    cap = cap == 0 || (most != 0 && most < cap) ? most : cap;
    cap = cap == 0 || (guard != 0 && guard < cap) ? guard : cap;
    if (cap)
        add(r, "cpu_limit", cap);
}

static void add_overridden(const struct row *r)
{
    const struct config *c = sup_config(r->c->world.sup);
    yyjson_mut_val *list = NULL;
    for (size_t i = 0; i < c->overrides; i++) {
        const struct override *o = &c->override[i];
        if (o->group || !str_ieq(str_of(o->section_name), str_of(r->u->spec->job)))
            continue;
        list = list ? list : yyjson_mut_arr(r->doc);
        json_push(r->doc, list, o->key);
    }
    if (list)
        yyjson_mut_obj_add_val(r->doc, r->o, "overridden", list);
}

/* --- what has been, and what comes --------------------------------------------------- */
static void add_last(const struct row *r)
{
    const struct ending *e = &r->u->last;
    yyjson_mut_val *o = yyjson_mut_obj(r->doc);
    if (e->cause == CAUSE_NONE)
        return;
    yyjson_mut_obj_add_str(r->doc, o, "cause", cause_names[e->cause]);
    if (e->cause == CAUSE_LIMIT && e->limit < LIMITS)
        yyjson_mut_obj_add_str(r->doc, o, "limit", schema_limit(e->limit)->key);
    if (e->cause != CAUSE_NOT_STARTED && e->cause != CAUSE_HOOK) {
        yyjson_mut_obj_add_uint(r->doc, o, "code", e->code);
        json_text(r->doc, o, "code_name", exit_code_name(e->code));
        yyjson_mut_obj_add_uint(r->doc, o, "ran_ms", e->ran_ms);
    }
    if (!r->u->spawned && r->u->ended_at != 0 && r->now >= r->u->ended_at)
        yyjson_mut_obj_add_uint(r->doc, o, "ago_ms", r->now - r->u->ended_at);
    yyjson_mut_obj_add_val(r->doc, r->o, "last", o);
}

static void add_prospect(const struct row *r)
{
    const struct sup *s = r->c->world.sup;
    const struct unit *u = r->u;
    size_t slot = (uint32_t)u->id;
    const char *whom = sup_waits_for(s, slot);
    uint64_t next = sup_next_start(s, slot);
    if (whom) {
        struct buf b = {0};
        buf_f(&b, "waits for %s", whom);
        json_buf(r->doc, r->o, "reason", &b);
    } else if (u->at == S_WAITING && u->waits != WAIT_NOTHING) {
        yyjson_mut_obj_add_str(r->doc, r->o, "reason", wait_names[u->waits]);
    } else if (u->at == S_STOPPING && u->cause != CAUSE_NONE) {
        yyjson_mut_obj_add_str(r->doc, r->o, "reason", cause_names[u->cause]);
    } else if (u->at == S_BACKOFF || u->at == S_FAILED || u->at == S_EXITED) {
        json_text(r->doc, r->o, "reason", u->reason);
    }
    if (next > r->now)
        add(r, "next_ms", next - r->now);
    if (u->next)
        yyjson_mut_obj_add_bool(r->doc, r->o, "changed", true);
}

/* --- one instance, and all -------------------------------------------------------------- */
static void add_instance(const struct row *r)
{
    const struct unit *u = r->u;
    yyjson_mut_obj_add_strcpy(r->doc, r->o, "name", u->spec->unit);
    yyjson_mut_obj_add_strcpy(r->doc, r->o, "job", u->spec->job);
    add(r, "instance", u->spec->instance);
    if (u->spec->group)
        yyjson_mut_obj_add_strcpy(r->doc, r->o, "group", u->spec->group->name);
    yyjson_mut_obj_add_str(r->doc, r->o, "state", state_names[u->at]);
    add(r, "since_ms", r->now > u->since ? r->now - u->since : 0);
    if (u->spawned && u->pid)
        add(r, "pid", u->pid);
    if (u->spawned)
        add(r, "uptime_ms", r->now > u->spawned_at ? r->now - u->spawned_at : 0);
    add(r, "starts", u->starts);
    add(r, "restarts", u->starts > 0 ? u->starts - 1 : 0);
    add_measured(r);
    add_limits(r);
    add_prospect(r);
    add_last(r);
    add_overridden(r);
}

struct sums {
    uint64_t running, commit, cpu;
};

static yyjson_mut_val *instances(const struct row *all, const struct selection *x,
                                 const struct measure *m, struct deal *d, struct sums *sum)
{
    yyjson_mut_val *list = yyjson_mut_arr(all->doc);
    for (size_t i = 0; i < x->n; i++) {
        struct row r = *all;
        r.u = sup_unit(r.c->world.sup, x->slot[i]);
        r.m = &m[i];
        r.o = yyjson_mut_obj(r.doc);
        r.seen = d && x->slot[i] < d->seens ? &d->seen[x->slot[i]] : NULL;
        add_instance(&r);
        yyjson_mut_arr_append(list, r.o);
        sum->running += r.u->at == S_RUNNING;
        sum->commit += m[i].now.commit;
        sum->cpu += yyjson_mut_get_uint(yyjson_mut_obj_get(r.o, "cpu"));
    }
    return list;
}

static void add_all(struct control *c, const struct selection *x, const struct measure *m,
                    struct deal *d, struct reply *out)
{
    struct facts f = {0};
    struct sums sum = {0};
    c->world.facts(c->world.ctx, &f);
    const struct row all = {
        .c = c, .doc = out->doc, .now = c->world.now(c->world.ctx), .cpus = f.processors};
    yyjson_mut_val *service = service_json(c, out->doc);
    yyjson_mut_val *list = instances(&all, x, m, d, &sum);
    yyjson_mut_val *summary = yyjson_mut_obj(out->doc);
    yyjson_mut_obj_add_uint(out->doc, service, "cpu", sum.cpu > 10000 ? 10000 : sum.cpu);
    yyjson_mut_obj_add_uint(out->doc, service, "commit", sum.commit);
    yyjson_mut_obj_add_uint(out->doc, summary, "instances", x->n);
    yyjson_mut_obj_add_uint(out->doc, summary, "running", sum.running);
    yyjson_mut_obj_add_val(out->doc, out->root, "service", service);
    yyjson_mut_obj_add_val(out->doc, out->root, "summary", summary);
    yyjson_mut_obj_add_val(out->doc, out->root, "instances", list);
}

/* False: NO says why. */
static bool make(struct control *c, const struct request *r, struct deal *d, struct reply *out,
                 struct no *no)
{
    struct selection x = {0};
    if (!select_units(c->world.sup, r->name, r->names, &x, no))
        return false;
    struct measure *m = calloc(x.n + 1, sizeof *m);
    if (!m) {
        selection_free(&x);
        return say_no(no, REFUSAL_FAILED, "out of memory");
    }
    c->world.measure(c->world.ctx, x.slot, x.n, m);
    *out = reply_begin(r->id);
    add_all(c, &x, m, d, out);
    if (d && r->events)
        events_add(c, &(struct request){.name = NULL}, &d->cursor, out);
    free(m);
    selection_free(&x);
    return true;
}

/* --- streams ---------------------------------------------------------------------------- */
/* Memory for new slots; without it their CPU is that of their whole run. */
static void make_room(struct deal *d, size_t n)
{
    if (n <= d->seens)
        return;
    struct seen *grown = realloc(d->seen, n * sizeof *grown);
    if (!grown)
        return;
    memset(grown + d->seens, 0, (n - d->seens) * sizeof *grown);
    d->seen = grown;
    d->seens = n;
}

void status_tick(struct control *c, struct deal *d)
{
    uint64_t now = c->world.now(c->world.ctx);
    struct reply out = {.doc = NULL};
    struct no no;
    if (d->unread || now < d->due_at)
        return;
    make_room(d, sup_count(c->world.sup));
    bool made = make(c, &d->request, d, &out, &no);
    uint64_t cost = (c->world.now(c->world.ctx) - now) * COST_SHARE * (c->ticking ? c->ticking : 1);
    d->due_at = now + (cost > d->request.every_ms ? cost : d->request.every_ms);
    if (!made) {
        uint64_t client = d->client, id = d->request.id;
        deal_end(c, d);
        reply_refuse(&c->world, client, id, &no, &out);
        return;
    }
    d->unread = true;
    if (!reply_send(&c->world, d->client, &out, true))
        deal_end(c, d);
}

void do_status(struct asked *a)
{
    struct control *c = a->c;
    struct reply out = {.doc = NULL};
    struct no no;
    if (a->request->every_ms) {
        struct deal *d = deal_begin(a, DEAL_STATUS);
        if (d) {
            uint64_t next = journal_next(c->journal), first = journal_first(c->journal);
            d->cursor = next - first > 20 ? next - 20 : first;
            status_tick(c, d);
        }
        return;
    }
    if (make(c, a->request, NULL, &out, &no))
        reply_send(&c->world, a->caller->client, &out, false);
    else
        refuse(a, &no);
}
