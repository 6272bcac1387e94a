/* output_pipe.h - one pipe from a worker to its file.  Output thread, but for pipe_new(). */
#ifndef JW_PROCESS_OUTPUT_PIPE_H
#define JW_PROCESS_OUTPUT_PIPE_H

#include "common/buf.h"
#include "service/process/output_target.h"

enum {
    PIPE_FIRST = 512,         /* read while waiting; an idle pipe costs little more than this */
    PIPE_INBOX = 64 << 10,    /* what is read in one go once there is something */
    PIPE_HELD_MAX = 64 << 10, /* of a line that is not whole; longer ones go out in pieces */
    PIPE_DRAIN_MAX = 1 << 20  /* taken at the end from one that is still being written to */
};

/* While the thread knows it, one read is always under way. */
struct pipe {
    OVERLAPPED io; /* first: a completion leads back to its pipe */
    struct pipe *prev, *next;
    uint64_t id;           /* never 0, never used again */
    HANDLE end;            /* ours */
    struct target *target; /* the thread decides: this one, or an older one of the same name */
    struct buf held;       /* a line that has only begun; memory only while there is one */
    char first[PIPE_FIRST];
};

/* What the thread shares among its pipes. */
struct reader {
    HANDLE event;
    char *inbox; /* PIPE_INBOX */
};

/* Makes both ends: ours overlapped and never inherited, the child's plain and inheritable.  OWNER
 * lets in nobody but this process' own account.  The caller owns *ret and *ret_child. */
enum st pipe_new(uint64_t id, PSECURITY_DESCRIPTOR owner, struct pipe **ret, HANDLE *ret_child,
                 struct err *e);
/* No read may be under way.  NULL is allowed; the target is not touched. */
void pipe_free(struct pipe *p);

/* Asks for the next bytes; a completion follows.  False: nobody holds the other end any more. */
bool pipe_ask(struct pipe *p);
/* A read ended with N bytes: they and what else waits go to the target. */
void pipe_take(struct pipe *p, const struct reader *r, struct scribe *s, size_t n);
/* For the end.  No read may be under way: takes what waits, within a bound, and what is held. */
void pipe_drain(struct pipe *p, const struct reader *r, struct scribe *s);

#endif
