/* waiter.c - see waiter.h. */
#include "tests/host/waiter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum st waiter_try(struct waiter *v, uint64_t tag, const char *command, uint64_t ms, struct err *e)
{
    char owner[24];
    snprintf(owner, sizeof owner, "web.%u", (unsigned)tag);
    const struct hook hook = {.key = "hook_pre_start",
                              .owner = owner,
                              .command = command,
                              .timeout_ms = ms,
                              .done = waiter_done,
                              .ctx = v,
                              .tag = tag};
    v->inside = true;
    enum st st = hooks_run(v->w->hooks, &hook, e);
    v->inside = false;
    return st;
}

void waiter_run(struct waiter *v, uint64_t tag, const char *switches, uint64_t ms)
{
    struct err e = {0};
    char *command = lab_command(v->w->lab, switches);
    if (waiter_try(v, tag, command, ms, &e) != ST_OK)
        fail_msg("%s", e.text);
    memset(command, '!', strlen(command)); /* nobody needs it any more */
    free(command);
}

void waiter_cancel(struct waiter *v, uint64_t tag)
{
    v->inside = true;
    hooks_cancel(v->w->hooks, "hook_pre_start", tag);
    v->inside = false;
}

void waiter_done(void *ctx, uint64_t tag, bool ok, const char *text)
{
    struct waiter *v = ctx;
    assert_false(v->inside);
    assert_in_range(v->n, 0, ANSWERS_MAX - 1);
    v->answer[v->n].tag = tag;
    v->answer[v->n].ok = ok;
    snprintf(v->answer[v->n++].text, ERR_TEXT, "%s", text);
    if (v->chain > 0) {
        v->chain--;
        waiter_run(v, tag + 1, "--exit 0", LAB_LIMIT_MS);
    }
    if (v->drop) {
        waiter_cancel(v, v->drop);
        v->drop = 0;
    }
}

struct waiter *waiter_new(struct world *w)
{
    struct waiter *v = calloc(1, sizeof *v);
    assert_non_null(v);
    v->w = w;
    return v;
}

void waiter_free(struct waiter *v)
{
    hooks_shut(v->w->hooks); /* while V is still there to be told */
    uv_run(&v->w->loop, UV_RUN_NOWAIT);
    hooks_free(v->w->hooks);
    v->w->hooks = NULL;
    free(v);
}

void waiter_expect(const struct waiter *v, size_t i, uint64_t tag, bool ok, const char *text)
{
    assert_in_range(i, 0, v->n - 1);
    assert_int_equal(v->answer[i].tag, tag);
    assert_int_equal(v->answer[i].ok, ok);
    if (!strstr(v->answer[i].text, text) || (ok && v->answer[i].text[0]))
        fail_msg("there is no '%s' in: %s", text, v->answer[i].text);
}

void waiter_fill(struct waiter *v)
{
    for (uint64_t i = 1; i <= HOOKS_WAITED_MAX; i++)
        waiter_run(v, 1000 + i, "--wait-file go", LAB_LIMIT_MS);
}
