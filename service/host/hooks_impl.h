/* hooks_impl.h - shared by the files hooks*.c; nobody else includes it. */
#ifndef JW_HOST_HOOKS_IMPL_H
#define JW_HOST_HOOKS_IMPL_H

#include "service/host/hooks.h"
#include "service/host/port.h"
#include "service/process/spawn.h"

enum hooks_kind { HOOKS_WAITED, HOOKS_OTHER, HOOKS_KINDS };

/* A hook with everything that its start and its end need: what it was asked with may be gone by
 * then. */
struct task {
    struct task *next; /* in its queue */
    const char *key;
    char owner[HOOK_OWNER_SIZE];
    struct launch launch; /* until it is started */
    uint64_t timeout_ms;
    void (*done)(void *ctx, uint64_t tag, bool ok, const char *text); /* NULL: nobody waits */
    void *ctx;
    uint64_t tag;
    bool quiet;
    uint64_t skipped; /* not started because this one was there */
};

struct slot {
    struct hooks *all;
    uint32_t index;
    struct task *task;    /* NULL: nothing runs here */
    enum hooks_kind kind; /* of it */
    bool over_time;
    uint64_t started, deadline; /* of uv_now() */
    HANDLE job;                 /* of it alone, kill-on-close */
    struct child child;
    struct ender ender;
    uv_timer_t timer;
};

enum { HOOKS_SLOTS = HOOKS_MAX + HOOKS_WAITED_MAX };

struct turns {
    struct task *first, **end; /* END: where the next one is hung */
    size_t n;
};

struct hooks {
    uv_loop_t *loop;
    HANDLE port;
    struct logger *logger;
    const char *service, *config_dir;
    struct slot *slot[HOOKS_SLOTS]; /* each allocated alone: libuv and waits point into it */
    size_t running[HOOKS_KINDS];
    struct turns queue[HOOKS_KINDS];
    uv_timer_t turn; /* due at once when one of the queue may have its turn */
};

/* hooks_queue.c */
enum st task_new(const struct hooks *h, const struct hook *hook, struct task **ret, struct err *e);
void task_free(struct task *t); /* NULL is allowed */
enum hooks_kind task_kind(const struct task *t);
/* Somebody would have to wait: as many run as may, or others wait already. */
bool hooks_full(const struct hooks *h, enum hooks_kind kind);
void hooks_queue(struct hooks *h, struct task *t);
/* Of those without done(): one that KEY and OWNER have queued up already, or NULL. */
struct task *hooks_queued(const struct hooks *h, const char *key, const char *owner);
/* Takes it out, for the caller to free; NULL when there is none. */
struct task *hooks_unqueue(struct hooks *h, const char *key, uint64_t tag);
/* From now on the loop starts what may start, and not from inside the caller. */
void hooks_next_turn(struct hooks *h);
void hooks_forget_queue(struct hooks *h);

/* hooks_slot.c: on success T is the slot's. */
enum st slot_start(struct hooks *h, struct task *t, struct err *e);
/* CAUSE: why it was made to end, or NULL; TOLD: whether done() is called, which may ask for further
 * hooks.  S is free before that. */
void slot_end(struct slot *s, DWORD code, const char *cause, bool told);

#endif
