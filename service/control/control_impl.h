/* control_impl.h - shared by the files of this room; nobody else includes it. */
#ifndef JW_CONTROL_CONTROL_IMPL_H
#define JW_CONTROL_CONTROL_IMPL_H

#include "service/control/control.h"
#include "service/control/reply.h"
#include "service/control/select.h"

enum deal_kind { DEAL_NONE, DEAL_WAIT, DEAL_STATUS, DEAL_EVENTS, DEAL_LOGS, DEAL_RELOAD };

/* One instance that somebody waits for. */
struct ordered {
    uint32_t slot;
    char name[UNIT_NAME_SIZE]; /* the slot may be somebody else's by now */
    uint64_t starts;           /* as they were when it was ordered */
    enum outcome { COMES, CAME, FAILED } how;
    const char *state, *reason; /* of FAILED; static words */
};

/* CPU time of an instance at the last frame of a stream. */
struct seen {
    uint64_t id; /* of its run; 0: it had none */
    uint64_t cpu, at;
    uint64_t share; /* that was told */
};

/* What is still owed to a client. */
struct deal {
    enum deal_kind kind; /* DEAL_NONE: a free place */
    uint64_t client;
    bool may_command;
    struct request request; /* its texts are needed on the way */
    bool unread;            /* it was sent something, and has not read it yet */
    /* WAIT */
    struct ordered *ordered;
    size_t n, jobs;
    uint64_t until, told_at; /* of the loop's clock; until 0: for ever */
    /* STATUS */
    uint64_t due_at;   /* when the next frame is made */
    struct seen *seen; /* by slot */
    size_t seens;
    /* STATUS and EVENTS: the next line to be sent */
    uint64_t cursor;
};

struct control {
    struct world world;
    struct journal *journal;
    struct deal deal[DEALS_MAX];
    size_t deals, ticking;      /* in all; those that control_tick() has to look at */
    uint64_t denied_at, denied; /* of the loop's clock, when it was logged; how often since */
};

/* One request on its way to its answer. */
struct asked {
    struct control *c;
    const struct caller *caller;
    struct request *request;
};

/* --- control.c --- */
/* Makes a deal, which takes the request over; NULL: refused and answered. */
struct deal *deal_begin(struct asked *a, enum deal_kind kind);
/* It is done with: the last frame was sent, or nobody is there to read it. */
void deal_end(struct control *c, struct deal *d);
void refuse(struct asked *a, const struct no *no);

/* The deal of that kind with CLIENT, or NULL. */
struct deal *deal_find(struct control *c, uint64_t client, enum deal_kind kind);

/* --- status.c limits.c list.c events.c logs.c orders.c change.c: one command, or a few, each ---
 */
void do_status(struct asked *a);
void status_tick(struct control *c, struct deal *d);
void do_limits(struct asked *a);
void do_ps(struct asked *a);
void do_events(struct asked *a);
void events_go_on(struct control *c, struct deal *d);
/* Lines from *cursor on that NAMES let pass, at most so many that a frame can hold; "events" and
 * "lost" of ROOT.  Returns whether there was anything to say. */
bool events_add(struct control *c, const struct request *r, uint64_t *cursor, struct reply *out);
void do_logs(struct asked *a);
void do_order(struct asked *a); /* start, stop, restart, kill */
void orders_tick(struct control *c, struct deal *d);
void do_check(struct asked *a);
void do_change(struct asked *a); /* reload, set */

/* The object "service" of a reply. */
yyjson_mut_val *service_json(struct control *c, yyjson_mut_doc *doc);

#endif
