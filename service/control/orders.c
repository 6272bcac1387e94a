/* orders.c - start, stop, restart, kill; and waiting for what comes of it. */
#include "service/control/control_impl.h"

#include <stdlib.h>
#include <string.h>

enum { TELL_EVERY_MS = 1000, WAITING_SHOWN = 8 };

static bool is_up(enum command what)
{
    return what == DO_START || what == DO_RESTART;
}

/* --- giving the order --------------------------------------------------------------------- */
/* Only what runs can be killed, and only that is counted. */
static bool keep_running(const struct sup *s, struct selection *x, struct no *no)
{
    size_t n = 0;
    char one[UNIT_NAME_SIZE] = "";
    if (x->n > 0)
        memcpy(one, sup_unit(s, x->slot[0])->spec->unit, sizeof one);
    for (size_t i = 0; i < x->n; i++)
        if (sup_unit(s, x->slot[i])->spawned)
            x->slot[n++] = x->slot[i];
    if (n == 0 && x->n == 1)
        return say_no(no, REFUSAL_REFUSED, "%s is not running", one);
    if (n == 0)
        return say_no(no, REFUSAL_REFUSED, "none of these %zu instances is running", x->n);
    x->n = n;
    return true;
}

static bool give(struct sup *s, enum command what, const struct selection *x, struct no *no)
{
    if (is_up(what) && sup_stopping(s))
        return say_no(no, REFUSAL_STOPPING, "the service is being stopped; nothing is started");
    if (what == DO_RESTART)
        sup_restart(s, x->slot, x->n);
    else if (what == DO_START)
        sup_start_each(s, x->slot, x->n);
    else if (what == DO_STOP)
        sup_stop_each(s, x->slot, x->n);
    for (size_t i = 0; what == DO_KILL && i < x->n; i++)
        sup_kill(s, x->slot[i]); /* one that runs no more has what was wanted */
    return true;
}

/* --- what comes of it --------------------------------------------------------------------- */
static bool still_there(const struct sup *s, const struct ordered *o)
{
    const struct job_spec *spec = o->slot < sup_count(s) ? sup_unit(s, o->slot)->spec : NULL;
    return spec && strcmp(spec->unit, o->name) == 0;
}

static void fail(struct ordered *o, const char *state, const char *reason)
{
    o->how = FAILED;
    o->state = state;
    o->reason = reason;
}

static void judge(const struct sup *s, enum command what, struct ordered *o)
{
    if (o->how != COMES)
        return;
    if (!still_there(s, o)) {
        if (is_up(what))
            fail(o, "stopped", "it is in no definition any more");
        else
            o->how = CAME;
        return;
    }
    const struct unit *u = sup_unit(s, o->slot);
    enum sup_order order = what == DO_RESTART ? SUP_ORDER_ANEW
                           : what == DO_START ? SUP_ORDER_UP
                                              : SUP_ORDER_DOWN;
    enum sup_outcome outcome = sup_outcome_of(s, o->slot, order, o->starts);
    if (outcome == SUP_REACHED)
        o->how = CAME;
    else if (outcome == SUP_FAILED)
        fail(o, state_names[u->at], u->reason);
}

/* --- telling ---------------------------------------------------------------------------- */
/* Of what is only ordered nothing has come yet. */
static void add_meant(struct reply *out, const struct deal *d)
{
    yyjson_mut_val *all = yyjson_mut_arr(out->doc);
    for (size_t i = 0; i < d->n; i++)
        json_push(out->doc, all, d->ordered[i].name);
    yyjson_mut_obj_add_val(out->doc, out->root, "instances", all);
    yyjson_mut_obj_add_uint(out->doc, out->root, "jobs", d->jobs);
    yyjson_mut_obj_add_uint(out->doc, out->root, "of", d->n);
}

static void add_done(struct reply *out, const struct deal *d)
{
    yyjson_mut_val *failed = yyjson_mut_arr(out->doc);
    size_t done = 0;
    for (size_t i = 0; i < d->n; i++) {
        const struct ordered *o = &d->ordered[i];
        done += o->how == CAME;
        if (o->how != FAILED)
            continue;
        yyjson_mut_val *f = yyjson_mut_obj(out->doc);
        json_text(out->doc, f, "name", o->name);
        json_text(out->doc, f, "state", o->state);
        json_text(out->doc, f, "reason", o->reason);
        yyjson_mut_arr_append(failed, f);
    }
    yyjson_mut_obj_add_uint(out->doc, out->root, "done", done);
    yyjson_mut_obj_add_val(out->doc, out->root, "failed", failed);
}

static void tell_progress(struct control *c, struct deal *d, size_t done)
{
    struct reply out = reply_begin(d->request.id);
    yyjson_mut_val *waiting = yyjson_mut_arr(out.doc);
    size_t shown = 0;
    for (size_t i = 0; i < d->n && shown < WAITING_SHOWN; i++)
        if (d->ordered[i].how == COMES) {
            json_push(out.doc, waiting, d->ordered[i].name);
            shown++;
        }
    yyjson_mut_obj_add_uint(out.doc, out.root, "done", done);
    yyjson_mut_obj_add_uint(out.doc, out.root, "of", d->n);
    yyjson_mut_obj_add_val(out.doc, out.root, "waiting", waiting);
    d->unread = true;
    if (!reply_send(&c->world, d->client, &out, true))
        deal_end(c, d);
}

static void finish(struct control *c, struct deal *d)
{
    struct reply out = reply_begin(d->request.id);
    uint64_t client = d->client;
    add_meant(&out, d);
    add_done(&out, d);
    deal_end(c, d);
    reply_send(&c->world, client, &out, false);
}

static void give_up(struct control *c, struct deal *d)
{
    for (size_t i = 0; i < d->n; i++) {
        struct ordered *o = &d->ordered[i];
        if (o->how != COMES)
            continue;
        const struct unit *u =
            still_there(c->world.sup, o) ? sup_unit(c->world.sup, o->slot) : NULL;
        fail(o, u ? state_names[u->at] : "stopped", "not done when the time was over");
    }
    finish(c, d);
}

void orders_tick(struct control *c, struct deal *d)
{
    uint64_t now = c->world.now(c->world.ctx);
    size_t left = 0, done = 0;
    for (size_t i = 0; i < d->n; i++) {
        judge(c->world.sup, d->request.what, &d->ordered[i]);
        left += d->ordered[i].how == COMES;
        done += d->ordered[i].how == CAME;
    }
    if (left == 0)
        finish(c, d);
    else if (d->until != 0 && now >= d->until)
        give_up(c, d);
    else if (!d->unread && now - d->told_at >= TELL_EVERY_MS) {
        d->told_at = now;
        tell_progress(c, d, done);
    }
}

/* --- the request ------------------------------------------------------------------------- */
static void take_down(struct ordered *o, const struct unit *u)
{
    *o = (struct ordered){.slot = (uint32_t)u->id, .starts = u->starts, .how = COMES};
    memcpy(o->name, u->spec->unit, sizeof o->name);
}

/* Without a wait the reply comes at once, and tells who was meant. */
static void answer(struct asked *a, const struct deal *all)
{
    struct reply out = reply_begin(a->request->id);
    add_meant(&out, all);
    reply_send(&a->c->world, a->caller->client, &out, false);
}

static void wait_for(struct control *c, struct deal *d, struct deal *all)
{
    uint64_t now = c->world.now(c->world.ctx);
    d->ordered = all->ordered;
    d->n = all->n;
    d->jobs = all->jobs;
    d->until = d->request.timeout_ms ? now + d->request.timeout_ms : 0;
    d->told_at = now > TELL_EVERY_MS ? now - TELL_EVERY_MS : 0; /* the first one soon */
    all->ordered = NULL;
    orders_tick(c, d);
}

/* Who is meant, before anything is done: an order may free a slot. */
static bool take_all_down(const struct sup *s, const struct selection *x, struct deal *all,
                          struct no *no)
{
    all->ordered = calloc(x->n + 1, sizeof *all->ordered);
    if (!all->ordered)
        return say_no(no, REFUSAL_FAILED, "out of memory");
    for (size_t i = 0; i < x->n; i++)
        take_down(&all->ordered[i], sup_unit(s, x->slot[i]));
    all->n = x->n;
    all->jobs = x->jobs;
    return true;
}

static bool choose(struct asked *a, struct selection *x, struct no *no)
{
    const struct request *r = a->request;
    if (!select_units(a->c->world.sup, r->name, r->names, x, no))
        return false;
    if (x->n == 0)
        return say_no(no, REFUSAL_REFUSED,
                      "'%s' has no instances: its job is disabled, or instances is 0", r->name[0]);
    return r->what != DO_KILL || keep_running(a->c->world.sup, x, no);
}

/* The place of a wait is taken before the order is given: who is told that there is none would
 * give it once more. */
void do_order(struct asked *a)
{
    struct control *c = a->c;
    struct selection x = {0};
    struct deal all = {.ordered = NULL}, *d = NULL;
    struct no no;
    const enum command what = a->request->what;
    bool wait = a->request->wait;
    bool ok = choose(a, &x, &no) && take_all_down(c->world.sup, &x, &all, &no);
    if (ok && wait)
        d = deal_begin(a, DEAL_WAIT);
    if (ok && (d || !wait))
        ok = give(c->world.sup, what, &x, &no);
    if (!ok && d)
        deal_end(c, d);
    if (!ok)
        refuse(a, &no);
    else if (d)
        wait_for(c, d, &all);
    else if (!wait)
        answer(a, &all);
    free(all.ordered);
    selection_free(&x);
}
