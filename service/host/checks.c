/* checks.c - the checks that run: by run, by number, and each with its time.  Loop thread. */
#include "service/host/checks_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct check_way *const ways[] = {
    [CHECK_PORT] = &check_port,
    [CHECK_HTTP] = &check_http,
    [CHECK_FILE] = &check_file,
    [CHECK_COMMAND] = &check_command,
};

enum st checks_new(const struct checks_setup *setup, struct checks **ret, struct err *e)
{
    struct checks *c = calloc(1, sizeof *c);
    if (!c)
        return err_nomem(e);
    c->set = *setup;
    *ret = c;
    return ST_OK;
}

/* --- by run ------------------------------------------------------------------------- */
static struct one **bucket_of(struct checks *c, uint64_t id)
{
    return &c->bucket[(id * UINT64_C(0x9E3779B97F4A7C15) >> 32) % BUCKETS];
}

struct one *check_find(struct checks *c, uint64_t id)
{
    struct one *o = *bucket_of(c, id);
    while (o && o->id != id)
        o = o->next;
    return o;
}

static void put_in(struct one *o)
{
    struct one **head = bucket_of(o->all, o->id);
    o->next = *head;
    *head = o;
    o->used = true;
    o->all->running++;
}

static void take_out(struct one *o)
{
    struct one **at = bucket_of(o->all, o->id);
    while (*at != o)
        at = &(*at)->next;
    *at = o->next;
    o->used = false;
    o->all->running--;
}

/* --- places ------------------------------------------------------------------------- */
static struct one *add_place(struct checks *c)
{
    struct one *o = c->n < LOOK_NUMBER ? calloc(1, sizeof *o) : NULL;
    struct one **more = o ? realloc(c->one, (c->n + 1) * sizeof *more) : NULL;
    if (!more) {
        free(o);
        return NULL;
    }
    c->one = more;
    o->all = c;
    o->number = (uint32_t)c->n;
    uv_timer_init(c->set.loop, &o->timer); /* cannot fail */
    o->timer.data = o;
    c->one[c->n++] = o;
    return o;
}

static struct one *take_place(struct checks *c)
{
    struct one *o = c->unused;
    if (!o)
        return add_place(c);
    c->unused = o->next;
    return o;
}

static void give_back(struct one *o)
{
    o->next = o->all->unused;
    o->all->unused = o;
}

/* --- the life of one ---------------------------------------------------------------- */
static void end_one(struct one *o)
{
    ways[o->kind]->end(o);
    uv_timer_stop(&o->timer);
    take_out(o);
    give_back(o);
}

static void answer(struct one *o, bool good, const char *text)
{
    const struct checks_setup *set = &o->all->set;
    uint64_t id = o->id;
    uint32_t serial = o->serial;
    end_one(o); /* before: the answer may begin the next one */
    set->answer(set->ctx, id, serial, good, text);
}

void check_good(struct one *o)
{
    answer(o, true, "");
}

void check_bad(struct one *o, const char *fmt, ...)
{
    struct err e = {0};
    char text[ERR_TEXT];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    err_say(&e, ST_OS, "%s: %s", o->subject, text);
    answer(o, false, e.text);
}

/* libuv looks at the timers first.  Where the loop was held up, what came in time waits behind this
 * one, so its time is over a turn later. */
static void on_time(uv_timer_t *t)
{
    struct one *o = t->data;
    if (!o->last_turn) {
        o->last_turn = true;
        uv_timer_start(t, on_time, 0, 0);
        return;
    }
    ways[o->kind]->over(o);
}

/* A URL may be long, and must not push out what is wrong with it. */
static void name_it(struct one *o, const struct check *check)
{
    if (check->kind == CHECK_PORT)
        snprintf(o->subject, sizeof o->subject, "port %u", (unsigned)check->port);
    else if (check->kind == CHECK_COMMAND)
        snprintf(o->subject, sizeof o->subject, "health_command");
    else if (snprintf(o->subject, sizeof o->subject, "%s", check->text) >= (int)sizeof o->subject) {
        size_t n = sizeof o->subject - sizeof "...";
        while (n > 0 && ((unsigned char)o->subject[n] & 0xC0) == 0x80)
            n--;
        memcpy(o->subject + n, "...", sizeof "...");
    }
}

enum st checks_begin(struct checks *c, uint64_t id, const struct job_spec *spec,
                     const struct check *check, struct err *e)
{
    if (c->shut)
        return err_say(e, ST_BUSY, "%s: no checks any more, the service stops", spec->unit);
    if (check_find(c, id))
        return err_say(e, ST_BUSY, "%s: its check before this one is not over", spec->unit);
    struct one *o = take_place(c);
    if (!o)
        return err_nomem(e);
    o->id = id;
    o->serial = check->serial;
    o->kind = check->kind;
    o->timeout_ms = check->timeout_ms;
    o->last_turn = false;
    name_it(o, check);
    enum st st = ways[o->kind]->begin(o, spec, check, e);
    if (st != ST_OK) {
        if (o->kind != CHECK_COMMAND) /* the hooks have named that one */
            err_in(e, "%s", o->subject);
        give_back(o);
        return st;
    }
    put_in(o);
    if (o->kind != CHECK_COMMAND) { /* the hooks time those, from their start */
        uv_update_time(c->set.loop);
        uv_timer_start(&o->timer, on_time, o->timeout_ms, 0);
    }
    return ST_OK;
}

void checks_end(struct checks *c, uint64_t id)
{
    struct one *o = check_find(c, id);
    if (o)
        end_one(o);
}

size_t checks_running(const struct checks *c)
{
    return c->running;
}

void checks_packet(struct checks *c, uint32_t number)
{
    if (number & LOOK_NUMBER)
        look_told(c, number & ~(uint32_t)LOOK_NUMBER);
    else if (number < c->n && c->one[number]->used)
        ways[c->one[number]->kind]->step(c->one[number]);
}

void checks_look(struct checks *c)
{
    for (uint32_t i = 0; i < LOOKS_MAX; i++)
        look_told(c, i);
    for (uint32_t i = 0; i < c->n; i++)
        checks_packet(c, i);
}

/* --- the end of all ----------------------------------------------------------------- */
void checks_shut(struct checks *c)
{
    if (!c || c->shut)
        return;
    c->shut = true;
    for (size_t i = 0; i < c->n; i++) {
        if (c->one[i]->used)
            end_one(c->one[i]);
        uv_close((uv_handle_t *)&c->one[i]->timer, NULL);
    }
    looks_shut(c);
    http_shut(c);
}

void checks_free(struct checks *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->n; i++)
        free(c->one[i]);
    free(c->one);
    free(c);
}

/* --- commands ----------------------------------------------------------------------- */
static const char command_key[] = "health_command";

static void command_done(void *ctx, uint64_t tag, bool ok, const char *text)
{
    struct one *o = check_find(ctx, tag);
    if (!o || o->kind != CHECK_COMMAND)
        return;
    o->hooked = false;
    if (ok)
        check_good(o);
    else
        check_bad(o, "%s", text);
}

static enum st command_begin(struct one *o, const struct job_spec *spec, const struct check *check,
                             struct err *e)
{
    const struct hook hook = {.key = command_key,
                              .owner = spec->unit,
                              .command = check->text,
                              .spec = spec,
                              .timeout_ms = check->timeout_ms,
                              .done = command_done,
                              .ctx = o->all,
                              .tag = o->id,
                              .quiet = true};
    enum st st = hooks_run(o->all->set.hooks, &hook, e);
    o->hooked = st == ST_OK;
    return st;
}

static void command_step(struct one *o)
{
    (void)o; /* the hooks have their own packets */
}

static void command_end(struct one *o)
{
    if (o->hooked)
        hooks_cancel(o->all->set.hooks, command_key, o->id);
}

/* No time of ours runs. */
const struct check_way check_command = {command_begin, command_step, command_step, command_end};
