/* checks_impl.h - shared by checks*.c; nobody else includes it. */
#ifndef JW_HOST_CHECKS_IMPL_H
#define JW_HOST_CHECKS_IMPL_H

#include "service/host/checks.h"
#include "service/host/checks_wire.h"

#include <wchar.h>

enum {
    BUCKETS = 1024, /* the runs' ids are hashed into so many */
    SUBJECT_SIZE = 256,
    LOOKS_MAX = 32,          /* at the file system at once */
    LOOKS_A_PLACE = 4,       /* of them at one drive or server: one that is dead holds only these */
    LOOK_NUMBER = 0x40000000 /* packets about a look have this bit, those about a check do not */
};

/* A check that runs, or a free place for one.  Never moves: libuv points into it. */
struct one {
    struct checks *all;
    struct one *next; /* in its bucket, or of the free ones */
    uint32_t number;  /* its place in all->one */
    bool used;
    uint64_t id;
    uint32_t serial;
    enum check_kind kind;
    uint64_t timeout_ms;
    char subject[SUBJECT_SIZE]; /* what is looked at, for people */
    uv_timer_t timer;
    bool last_turn; /* its time is over, but for one turn of the loop */
    struct tcp *tcp;
    struct http *http;
    wchar_t *file; /* waits for its look; else NULL */
    struct one *next_waiting;
    bool hooked; /* its command is in the hooks' hands */
};

struct look_slot {
    struct file_look *look; /* NULL: free */
    struct one *one;        /* for whom; NULL: it has ended meanwhile */
};

struct checks {
    struct checks_setup set;
    struct one **one; /* n, each allocated alone */
    size_t n, running;
    struct one *unused;
    struct one *bucket[BUCKETS];
    void *http_session; /* HINTERNET; NULL before the first check by HTTP */
    struct look_slot slot[LOOKS_MAX];
    struct one *waiting; /* for a slot, oldest first */
    bool shut;
};

/* What a kind of check does.  begin: the subject is set; on failure nothing is left.  step: what
 * another thread has told.  over: its time is over; it answers.  end: gives back what begin and
 * step took. */
struct check_way {
    enum st (*begin)(struct one *o, const struct job_spec *spec, const struct check *check,
                     struct err *e);
    void (*step)(struct one *o);
    void (*over)(struct one *o);
    void (*end)(struct one *o);
};
extern const struct check_way check_port, check_http, check_file, check_command;

/* Ends O and tells its answer; O may be somebody else's afterwards. */
void check_good(struct one *o);
void check_bad(struct one *o, const char *fmt, ...) JW_PRINTF(2, 3);
/* The running check of ID, or NULL. */
struct one *check_find(struct checks *c, uint64_t id);

/* checks_http.c */
void http_shut(struct checks *c);
/* checks_file.c */
void look_told(struct checks *c, uint32_t slot);
void looks_shut(struct checks *c);

#endif
