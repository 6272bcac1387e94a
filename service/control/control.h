/* control.h - does what clients of the control pipe ask for, and answers.  Portable; loop thread
 * only.
 *
 * A client has one request at a time.  Replies that take longer (a wait, a stream, a reload) are
 * kept as a deal with that client until they are done, or it is gone; an order that was given stays
 * given. */
#ifndef JW_CONTROL_CONTROL_H
#define JW_CONTROL_CONTROL_H

#include "service/control/journal.h"
#include "service/control/world.h"

struct control;

struct caller {
    uint64_t client;  /* never used for two clients */
    bool may_command; /* else it may look */
    const char *who;  /* its account, for the log; NULL: not known */
    uint32_t pid;     /* as it says; 0: not known */
};

/* WORLD is copied; what it points to, and J, must outlive *ret, which the caller owns. */
enum st control_new(const struct world *world, struct journal *j, struct control **ret,
                    struct err *e);
void control_free(struct control *c); /* sends nothing; NULL is allowed */

/* CALLER asks for BYTES. */
void control_request(struct control *c, const struct caller *caller, struct str bytes);
/* A client is gone; one that never asked is allowed. */
void control_gone(struct control *c, uint64_t client);
/* It has read everything that was sent to it. */
void control_sent(struct control *c, uint64_t client);
/* Every CONTROL_TICK_MS while control_busy(): waits and streams. */
void control_tick(struct control *c);
bool control_busy(const struct control *c);
/* All waits and streams end: what has come of a wait by now is told, everybody else is refused by
 * CODE with WHY.  Orders that were given stay given.  At the end of the service, and when it cannot
 * be known any more which clients are there. */
void control_end(struct control *c, enum refusal code, const char *why);
/* Lines have been added to the journal. */
void control_happened(struct control *c);

/* How a reload ended that world.reload began. */
struct reloaded {
    enum refusal refusal;         /* REFUSAL_NONE: it was taken over, or was only tried */
    const char *why;              /* of a refusal */
    const struct plan *plan;      /* NULL: there is none */
    const struct takeover *taken; /* NULL: nothing was taken over */
    const struct diags *mistakes; /* errors and warnings; NULL: none */
};
void control_reloaded(struct control *c, uint64_t client, const struct reloaded *how);
/* Text of FILE; what is not UTF-8 in it becomes U+FFFD.  LAST: the request is done
 * with.  FILE NULL: no more text, only the end.  WHY: it could not be read (then no TEXT). */
struct tailed {
    const struct tail_file *file;
    size_t files;     /* that are read for this client */
    const char *path; /* full */
    struct str text;
    const char *why;
    bool last;
};
void control_tailed(struct control *c, uint64_t client, const struct tailed *t);

enum { CONTROL_TICK_MS = 100, DEALS_MAX = 64 };

#endif
