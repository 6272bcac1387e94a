/* control.c - who asks, whether they may, and what is still owed to them. */
#include "service/control/control_impl.h"

#include "config/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum st control_new(const struct world *world, struct journal *j, struct control **ret,
                    struct err *e)
{
    struct control *c = calloc(1, sizeof *c);
    if (!c)
        return err_nomem(e);
    c->world = *world;
    c->journal = j;
    *ret = c;
    return ST_OK;
}

/* --- deals -------------------------------------------------------------------------- */
static bool ticks(const struct deal *d)
{
    return d->kind == DEAL_WAIT || d->kind == DEAL_STATUS;
}

static struct deal *deal_of(struct control *c, uint64_t client)
{
    for (size_t i = 0; i < DEALS_MAX; i++)
        if (c->deal[i].kind != DEAL_NONE && c->deal[i].client == client)
            return &c->deal[i];
    return NULL;
}

struct deal *deal_find(struct control *c, uint64_t client, enum deal_kind kind)
{
    struct deal *d = deal_of(c, client);
    return d && d->kind == kind ? d : NULL;
}

struct deal *deal_begin(struct asked *a, enum deal_kind kind)
{
    struct control *c = a->c;
    struct no no;
    size_t i = 0;
    while (i < DEALS_MAX && c->deal[i].kind != DEAL_NONE)
        i++;
    if (i == DEALS_MAX) {
        say_no(&no, REFUSAL_BUSY, "%d clients are waiting already; try again", (int)DEALS_MAX);
        refuse(a, &no);
        return NULL;
    }
    struct deal *d = &c->deal[i];
    *d = (struct deal){.kind = kind,
                       .client = a->caller->client,
                       .may_command = a->caller->may_command,
                       .request = *a->request};
    *a->request = (struct request){.id = d->request.id};
    c->deals++;
    c->ticking += ticks(d);
    return d;
}

void deal_end(struct control *c, struct deal *d)
{
    if (d->kind == DEAL_LOGS)
        c->world.untail(c->world.ctx, d->client);
    c->deals--;
    c->ticking -= ticks(d);
    request_free(&d->request);
    free(d->ordered);
    free(d->seen);
    *d = (struct deal){.kind = DEAL_NONE};
}

void control_free(struct control *c)
{
    for (size_t i = 0; c && i < DEALS_MAX; i++)
        if (c->deal[i].kind != DEAL_NONE)
            deal_end(c, &c->deal[i]);
    free(c);
}

void control_gone(struct control *c, uint64_t client)
{
    struct deal *d = deal_of(c, client);
    if (d)
        deal_end(c, d);
}

/* --- time goes on ------------------------------------------------------------------- */
void control_sent(struct control *c, uint64_t client)
{
    struct deal *d = deal_of(c, client);
    if (!d)
        return;
    d->unread = false;
    if (d->kind == DEAL_EVENTS)
        events_go_on(c, d);
    else if (d->kind == DEAL_LOGS)
        c->world.tail_more(c->world.ctx, client);
}

void control_tick(struct control *c)
{
    for (size_t i = 0; c->ticking > 0 && i < DEALS_MAX; i++) {
        if (c->deal[i].kind == DEAL_WAIT)
            orders_tick(c, &c->deal[i]);
        else if (c->deal[i].kind == DEAL_STATUS)
            status_tick(c, &c->deal[i]);
    }
}

void control_end(struct control *c, enum refusal code, const char *why)
{
    struct no no;
    say_no(&no, code, "%s", why);
    for (size_t i = 0; i < DEALS_MAX; i++) {
        struct deal *d = &c->deal[i];
        struct reply none = {.doc = NULL};
        if (d->kind == DEAL_WAIT)
            orders_tick(c, d);
        if (d->kind == DEAL_NONE)
            continue;
        uint64_t client = d->client, id = d->request.id;
        deal_end(c, d);
        reply_refuse(&c->world, client, id, &no, &none);
    }
}

bool control_busy(const struct control *c)
{
    return c->ticking > 0;
}

void control_happened(struct control *c)
{
    for (size_t i = 0; c->deals > 0 && i < DEALS_MAX; i++)
        if (c->deal[i].kind == DEAL_EVENTS)
            events_go_on(c, &c->deal[i]);
}

/* --- requests ----------------------------------------------------------------------- */
void refuse(struct asked *a, const struct no *no)
{
    struct reply none = {.doc = NULL};
    reply_refuse(&a->c->world, a->caller->client, a->request->id, no, &none);
}

/* Who has changed something is to be found in the log afterwards. */
static void note_names(const struct request *r, struct buf *out)
{
    enum { ENOUGH = 200 };
    for (size_t i = 0; i < r->names && out->n < ENOUGH; i++)
        buf_f(out, "%s%s", i ? " " : "", r->name[i]);
    if (r->target)
        buf_z(out, r->target);
    for (size_t i = 0; i < r->settings && out->n < ENOUGH; i++) {
        /* Other values may be secrets, and the log is for more eyes than a command. */
        const char *value = r->setting[i].value;
        bool shown = value && schema_limit_id(str_of(r->setting[i].key)) != LIMIT_NONE;
        buf_f(out, " %s%s%s", r->setting[i].key, value ? "=" : "",
              shown   ? value
              : value ? "..."
                      : "");
    }
    if (out->n >= ENOUGH)
        buf_z(out, " ...");
}

static void audit(const struct asked *a)
{
    const struct request *r = a->request;
    struct buf names = {0};
    note_names(r, &names);
    log_event(a->c->world.log, LOG_INFO, "control.command",
              LOG_TEXT("command", command_names[r->what]),
              LOG_TEXT("names", names.n ? buf_text(&names) : NULL), LOG_TEXT("by", a->caller->who),
              log_count("pid", a->caller->pid));
    buf_free(&names);
}

/* Whoever may only look must not be able to fill the log. */
static void audit_denied(const struct asked *a)
{
    enum { DENIED_AGAIN_MS = 10000 };
    struct control *c = a->c;
    uint64_t now = c->world.now(c->world.ctx);
    if (c->denied_at != 0 && now - c->denied_at < DENIED_AGAIN_MS) {
        c->denied++;
        return;
    }
    log_event(c->world.log, LOG_WARNING, "control.denied",
              LOG_TEXT("command", command_names[a->request->what]), LOG_TEXT("by", a->caller->who),
              log_count("pid", a->caller->pid), log_count("repeats", c->denied));
    c->denied_at = now;
    c->denied = 0;
}

static void (*const doers[COMMANDS])(struct asked *a) = {
    [DO_CHECK] = do_check,   [DO_EVENTS] = do_events, [DO_KILL] = do_order,
    [DO_LIMITS] = do_limits, [DO_LOGS] = do_logs,     [DO_PS] = do_ps,
    [DO_RELOAD] = do_change, [DO_RESTART] = do_order, [DO_SET] = do_change,
    [DO_START] = do_order,   [DO_STATUS] = do_status, [DO_STOP] = do_order};

static void do_it(struct asked *a)
{
    const enum command what = a->request->what;
    struct no no;
    if (command_commands(what) && !a->caller->may_command) {
        say_no(&no, REFUSAL_DENIED,
               "'%s' needs the right to command this service, which %s has not; use an elevated "
               "prompt, or an account that control_access names",
               command_names[what], a->caller->who ? a->caller->who : "this account");
        audit_denied(a);
        refuse(a, &no);
        return;
    }
    if (command_commands(what) && what != DO_LOGS && !a->request->dry_run)
        audit(a);
    doers[what](a);
}

void control_request(struct control *c, const struct caller *caller, struct str bytes)
{
    struct request r;
    struct no no;
    struct asked a = {c, caller, &r};
    struct deal *before = deal_of(c, caller->client);
    if (before) /* the pipe does not let it come to that */
        deal_end(c, before);
    if (!request_parse(bytes, &r, &no))
        refuse(&a, &no);
    else
        do_it(&a);
    request_free(&r);
}
