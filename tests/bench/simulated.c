/* simulated.c - see simulated.h. */
#include "tests/bench/simulated.h"

#include "tests/bench/bench.h"

#include <stdio.h>

/* --- definitions ---------------------------------------------------------------------- */
static enum st read_text(void *ctx, const char *path, struct arena *a, struct str *ret,
                         struct err *e)
{
    const struct buf *text = ctx;
    (void)path;
    (void)a;
    (void)e;
    *ret = buf_view(text);
    return ST_OK;
}

static enum st find_none(void *ctx, const char *pattern, struct arena *a, struct texts *ret,
                         struct err *e)
{
    (void)ctx;
    (void)pattern;
    (void)a;
    (void)e;
    *ret = (struct texts){0};
    return ST_OK;
}

static const char *no_variable(void *ctx, const char *name)
{
    (void)ctx;
    (void)name;
    return NULL;
}

static const char *same_path(void *ctx, const char *path, struct arena *a)
{
    (void)ctx;
    return arena_str(a, str_of(path));
}

struct simulated_load simulated_load(const struct buf *text)
{
    const struct source memory = {(void *)(uintptr_t)text, read_text, find_none, no_variable,
                                  same_path, NULL, NULL};
    struct simulated_load l = {NULL, recording_new()};
    struct diags *d = diags_new();
    if (!l.recording || !d)
        die("out of memory");
    const struct source source = recording_source(l.recording, &memory);
    if (config_load("C:\\bench\\fleet.ini", &source, &l.config, d) != ST_OK) {
        struct buf said = {0};
        diags_print(d, &said);
        die(buf_text(&said));
    }
    diags_free(d);
    return l;
}

void simulated_unload(struct simulated_load *l)
{
    config_free(l->config);
    recording_free(l->recording);
    *l = (struct simulated_load){NULL, NULL};
}

/* --- the fleet ----------------------------------------------------------------------------- */
static enum st room(void *ctx, size_t n, struct err *e)
{
    (void)ctx;
    (void)n;
    (void)e;
    return ST_OK;
}

static void adopt(void *ctx, uint32_t slot, const struct job_spec *spec)
{
    (void)ctx;
    (void)slot;
    (void)spec;
}

static enum st spawn(void *ctx, uint64_t id, const struct job_spec *spec, uint32_t *ret_pid,
                     struct err *e)
{
    (void)ctx;
    (void)spec;
    (void)e;
    *ret_pid = 1000 + 4 * (uint32_t)id;
    return ST_OK;
}

static enum st look(void *ctx, uint64_t id, struct look *ret, struct err *e)
{
    (void)ctx;
    (void)id;
    (void)e;
    *ret = (struct look){.main_alive = true};
    return ST_OK;
}

static void alarm_at(void *ctx, uint32_t slot, uint64_t at_ms)
{
    struct simulated *f = ctx;
    if (slot == SLOT_FLEET)
        f->due = at_ms != 0;
}

static uint64_t now(void *ctx)
{
    (void)ctx;
    return GetTickCount64();
}

static uint32_t middle(void *ctx)
{
    (void)ctx;
    return UINT32_C(1) << 31;
}

static int64_t wall(void *ctx)
{
    return (int64_t)now(ctx);
}

static void tell(void *ctx, const struct tale *t)
{
    (void)ctx;
    (void)t;
}

void simulated_start(struct simulated *f, const struct config *c)
{
    /* What is left out is for hooks, checks and ends, of which there are none. */
    const struct hands h = {.ctx = f,
                            .room = room,
                            .adopt = adopt,
                            .spawn = spawn,
                            .look = look,
                            .alarm = alarm_at,
                            .now = now,
                            .wall = wall,
                            .random = middle,
                            .tell = tell};
    struct err e = {0};
    *f = (struct simulated){.sup = NULL};
    if (sup_new(c, &h, &f->sup, &e) != ST_OK)
        die(e.text);
    sup_start_all(f->sup);
    while (f->due) {
        f->due = false;
        sup_alarm(f->sup, SLOT_FLEET);
    }
    for (size_t i = 0; i < sup_count(f->sup); i++)
        if (sup_unit(f->sup, i)->at != S_RUNNING)
            die("an instance of the simulated fleet does not run");
}
