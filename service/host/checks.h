/* checks.h - looks at workers from outside: a TCP port that accepts, a URL that answers, a file
 * that is there, a command that succeeds.  Loop thread only; nothing here blocks it.
 *
 *   CHECK_PORT     connects to 127.0.0.1, and where nobody accepts there to ::1; good: connected
 *   CHECK_HTTP     GET by WinHTTP without a proxy, redirects followed, each over a connection of
 *                  its own, which is closed again: a worker that serves one at a time is not kept
 *                  busy in between, and its accepting is looked at too.  Good: a status of 200-399
 *   CHECK_FILE     good: it is there, whatever it is
 *   CHECK_COMMAND  runs in a small job of its own (hooks.h); good: exit code 0
 *
 * A run has one check at a time, and each has its own time: one that hangs holds up nobody else's
 * and never piles up.  Nothing is logged. */
#ifndef JW_HOST_CHECKS_H
#define JW_HOST_CHECKS_H

#include "service/host/hooks.h"
#include "service/supervise/hands.h"

struct checks;

struct checks_setup {
    uv_loop_t *loop;
    HANDLE port; /* what other threads have to tell comes through it (PORT_KEY_CHECK) */
    struct hooks *hooks;
    const char *config_dir; /* absolute; a file's path may be relative to it */
    /* Once for each check that was begun and not ended; TEXT is "" when GOOD, else what was looked
     * at and what is wrong, with the Windows error in words where there is one.  It may begin and
     * end checks. */
    void (*answer)(void *ctx, uint64_t id, uint32_t serial, bool good, const char *text);
    void *ctx;
};

/* SETUP is copied; what it points to must outlive *ret, which the caller owns. */
enum st checks_new(const struct checks_setup *setup, struct checks **ret, struct err *e);

/* Begins CHECK of run ID; answer() follows, never from inside this call, at the latest a moment
 * after its timeout; a command's time begins with its start (hooks.h).  SPEC gives the command its
 * environment.  The texts and SPEC need to live only until this returns.  On failure there is no
 * answer, and e->text says what was to be looked at and why it cannot. */
enum st checks_begin(struct checks *c, uint64_t id, const struct job_spec *spec,
                     const struct check *check, struct err *e);
/* Ends the check of run ID, if there is one, without an answer. */
void checks_end(struct checks *c, uint64_t id);
size_t checks_running(const struct checks *c);

/* The packet PORT_KEY_CHECK | NUMBER has come; late ones and doubled ones do nothing. */
void checks_packet(struct checks *c, uint32_t number);
/* For a slow timer: makes up for packets that were lost. */
void checks_look(struct checks *c);

/* Ends all without an answer and closes what is open, before hooks_shut(); then the loop is to be
 * run dry before checks_free().  Neither waits for a server, a name or a disk that does not answer:
 * what still works on one of them holds its own memory and tells nobody any more. */
void checks_shut(struct checks *c); /* NULL is allowed */
void checks_free(struct checks *c); /* NULL is allowed */

#endif
