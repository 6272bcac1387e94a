/* world.h - what the control room asks of the rest of the service.  Production fills it with the
 * host, tests and the fuzzer with a fake one.  Called on the loop's thread only; none may block. */
#ifndef JW_CONTROL_WORLD_H
#define JW_CONTROL_WORLD_H

#include "common/buf.h"
#include "config/diag.h"
#include "config/plan.h"
#include "service/control/request.h"
#include "service/limits/holder.h"
#include "service/limits/level.h"
#include "service/supervise/sup.h"

/* Texts are good until the next turn of the loop. */
struct facts {
    const char *name, *version, *config;
    uint32_t pid, processors;
    int64_t started; /* ms since 1970-01-01 UTC */
    uint64_t uptime_ms;
    uint64_t memory; /* what the machine may commit, bytes; 0: not known */
};

/* What the processes of one instance, group or fleet use. */
struct measure {
    bool known;                            /* else nothing of it could be read, or nothing runs */
    struct usage now;                      /* cpu: since the sampler's last sample; 0 without one */
    uint64_t largest_commit, largest_user; /* of one process that lives: bytes, 100 ns */
    struct account run;                    /* of the present Job Object */
    struct account ever;                   /* of all of them since the service started */
};

/* A level of limits: SLOT's own, or with UPPER the group or fleet above it. */
struct level_facts {
    enum level_kind kind;
    const char *name;
    bool open; /* its Job Object exists */
    const struct limits *limits;
    const struct holders *holders;
    uint32_t cpus;
};

struct process_row {
    struct proc proc;
    uint32_t depth;
    bool main;
    const char *image, *command; /* NULL: could not be read */
};
/* Parents before their children; to be given back with world.unlist. */
struct process_list {
    size_t n;
    const struct process_row *row;
    void *own;
};

/* One file that workers write to. */
struct tail_file {
    const char *name;   /* "web.1": of the first instance that writes it */
    const char *stream; /* "stdout" or "stderr" */
    const char *path;   /* as in the definition; relative to the job file's folder */
    bool stamped;
};

struct reload_order {
    bool dry_run;
    bool if_changed; /* of the host itself */
    /* `set`: NULL for a reload.  TARGET is the section's name as in the job file. */
    const char *target;
    bool group, reset;
    size_t settings; /* of a reset: 0 is all */
    const struct setting *setting;
};

struct world {
    void *ctx;
    struct sup *sup;
    const struct log *log;
    void (*facts)(void *ctx, struct facts *ret);
    uint64_t (*now)(void *ctx); /* the loop's clock, ms */

    /* FRAME is taken over and emptied.  LAST: the client's request is done with. */
    void (*send)(void *ctx, uint64_t client, struct buf *frame, bool last);

    /* Of the instances SLOT[0..n), one snapshot for all, which may be a moment old. */
    void (*measure)(void *ctx, const size_t *slot, size_t n, struct measure *ret);
    /* The level UPPER (0: SLOT's own, 1 and 2: those above it) and what it uses, which NULL leaves
     * out; false: there is none.  The same name is the same level. */
    bool (*level)(void *ctx, size_t slot, uint32_t upper, struct level_facts *ret,
                  struct measure *used);
    /* COMMANDS: with their command lines, which takes longer. */
    enum st (*list)(void *ctx, size_t slot, bool commands, struct process_list *ret, struct err *e);
    void (*unlist)(void *ctx, struct process_list *x);

    /* Begins it; control_reloaded() answers for CLIENT, later.  False: not now, and NO says why. */
    bool (*reload)(void *ctx, uint64_t client, const struct reload_order *order, struct no *no);
    /* Begins to read; control_tailed() brings text for CLIENT, until untail or the end. */
    bool (*tail)(void *ctx, uint64_t client, const struct tail_file *file, size_t n, uint64_t lines,
                 bool follow, struct no *no);
    void (*untail)(void *ctx, uint64_t client); /* nothing comes any more; none is allowed */
    /* The client has read all that it was sent: more may be read. */
    void (*tail_more)(void *ctx, uint64_t client);
};

#endif
