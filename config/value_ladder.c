/* value_ladder.c - the rungs by which a job is asked to stop. */
#include "config/value.h"

#include <string.h>

const char *const rung_names[RUNG_KINDS] = {[RUNG_CTRL_C] = "ctrl-c",
                                            [RUNG_CTRL_BREAK] = "ctrl-break",
                                            [RUNG_CLOSE_WINDOW] = "close-window",
                                            [RUNG_STDIN_EOF] = "stdin-eof",
                                            [RUNG_EVENT] = "event",
                                            [RUNG_COMMAND] = "command",
                                            [RUNG_TERMINATE] = "terminate"};

static enum st unknown_rung(struct str name, struct err *e)
{
    char c[CLIP];
    const char *near = nearest_word(name, rung_names, RUNG_KINDS);
    if (near)
        return err_say(e, ST_SYNTAX, "'%s' is not a rung; did you mean '%s'?", clip(name, c), near);
    return err_say(e, ST_SYNTAX, "'%s' is not a rung; write %s, such as 'ctrl-c:10s, command:30s'",
                   clip(name, c), "ctrl-c, ctrl-break, close-window, stdin-eof, event or command");
}

static enum st read_rung(const struct field *f, struct str item, struct rung *ret, struct err *e)
{
    struct str time = item, name = str_trim(str_cut(&time, ':'));
    bool timed = time.p;
    uint32_t kind = 0;
    while (kind < RUNG_KINDS && !str_is(name, rung_names[kind]))
        kind++;
    if (item.n == 0)
        return err_say(e, ST_SYNTAX, "a rung is missing between two commas");
    if (kind == RUNG_KINDS)
        return unknown_rung(name, e);
    ret->kind = (enum rung_kind)kind;
    if (kind == RUNG_TERMINATE)
        return timed ? err_say(e, ST_SYNTAX, "'terminate' acts at once; leave its time out")
                     : ST_OK;
    if (!timed)
        return err_say(e, ST_SYNTAX, "the rung '%s' has no time; write '%s:10s'", rung_names[kind],
                       rung_names[kind]);
    enum st st = duration_parse(f, str_trim(time), &ret->ms, e);
    if (st == ST_SYNTAX)
        err_say(e, st, "the rung '%s' has no valid time; write '%s:10s'", rung_names[kind],
                rung_names[kind]);
    return st;
}

static enum st ladder_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                            struct err *e)
{
    (void)a;
    struct ladder l = {0};
    if (text.n == 0)
        return value_missing(e);
    for (struct str rest = text; rest.p;) {
        struct rung rung = {0};
        enum st st = read_rung(f, list_next(&rest), &rung, e);
        if (st != ST_OK)
            return st;
        if (rung.kind == RUNG_TERMINATE && rest.p)
            return err_say(e, ST_SYNTAX, "'terminate' is always the last rung; leave out the rest");
        if (rung.kind == RUNG_TERMINATE)
            break;
        if (l.n == LADDER_MAX)
            return err_say(e, ST_RANGE, "more than %d rungs", (int)LADDER_MAX);
        l.rung[l.n++] = rung;
    }
    memcpy(dst, &l, sizeof l);
    return ST_OK;
}

static void ladder_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    const struct ladder *l = src;
    for (uint32_t i = 0; i < l->n; i++) {
        buf_f(out, "%s%s:", i ? ", " : "", rung_names[l->rung[i].kind]);
        duration_print(l->rung[i].ms, out);
    }
    if (l->n == 0)
        buf_z(out, rung_names[RUNG_TERMINATE]);
}

static bool ladder_equal(const void *pa, const void *pb)
{
    const struct ladder *a = pa, *b = pb;
    bool same = a->n == b->n;
    for (uint32_t i = 0; same && i < a->n; i++)
        same = a->rung[i].kind == b->rung[i].kind && a->rung[i].ms == b->rung[i].ms;
    return same;
}

static bool has_rung(const struct ladder *l, enum rung_kind kind)
{
    for (uint32_t i = 0; i < l->n; i++)
        if (l->rung[i].kind == kind)
            return true;
    return false;
}

/* The event's name is in the environment of a run, and the pipe is its standard input: a run that
 * was born without them cannot be asked so.  One that has them and needs them no more is well. */
static bool ladder_respawns(const void *was, const void *is)
{
    return (has_rung(is, RUNG_EVENT) && !has_rung(was, RUNG_EVENT)) ||
           (has_rung(is, RUNG_STDIN_EOF) && !has_rung(was, RUNG_STDIN_EOF));
}

const struct value_type ty_ladder = {
    .name = "stop ladder",
    .syntax = "rungs separated by commas, each with the time it has: ctrl-c:10s, ctrl-break:5s, "
              "close-window:10s, stdin-eof:10s, event:10s, command:30s; or terminate alone",
    .parse = ladder_parse,
    .print = ladder_print,
    .print_number = duration_print,
    .equal = ladder_equal,
    .respawns = ladder_respawns,
};
