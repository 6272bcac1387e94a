/* waiter.h - one who waits for hooks, and what he was answered. */
#ifndef JW_TESTS_HOST_WAITER_H
#define JW_TESTS_HOST_WAITER_H

#include "tests/host/hooks_world.h"

enum { ANSWERS_MAX = 128 };

struct waiter {
    struct world *w;
    bool inside; /* hooks_run() or hooks_cancel() */
    size_t n;
    struct {
        uint64_t tag;
        bool ok;
        char text[ERR_TEXT];
    } answer[ANSWERS_MAX];
    uint64_t chain; /* how many more to run, each from inside the answer to the one before */
    uint64_t drop;  /* one to cancel from there; 0: none */
};

struct waiter *waiter_new(struct world *w);
/* The world's hooks end, too. */
void waiter_free(struct waiter *v);

/* A hook_pre_start of web.TAG, COMMAND or the worker with SWITCHES; the latter must succeed. */
enum st waiter_try(struct waiter *v, uint64_t tag, const char *command, uint64_t ms, struct err *e);
void waiter_run(struct waiter *v, uint64_t tag, const char *switches, uint64_t ms);
/* As many as run at once, until the file "go" is there; their tags are from 1001. */
void waiter_fill(struct waiter *v);
void waiter_cancel(struct waiter *v, uint64_t tag);

/* For struct hook, with the waiter as its ctx: records the answer. */
void waiter_done(void *ctx, uint64_t tag, bool ok, const char *text);
/* Answer I was that, its text with TEXT in it; a good one has none. */
void waiter_expect(const struct waiter *v, size_t i, uint64_t tag, bool ok, const char *text);

#endif
