/* subst.h - ${...} in values.  Pure but for the environment, which the source answers for. */
#ifndef JW_CONFIG_SUBST_H
#define JW_CONFIG_SUBST_H

#include "config/load.h"

/* What a value needs to be known; NEEDS_SERVICE and the like are bits. */
enum needs {
    NEEDS_NOTHING = 0,
    NEEDS_JOB = 1,
    NEEDS_INSTANCE = 2,
    NEEDS_SERVICE = 4,
    NEEDS_WORLD = 8,    /* config_dir, or a variable of the environment */
    NEEDS_READING = 16, /* "$$": no variable, and yet not to be taken as it stands */
    NEEDS_LIMIT = 32    /* a limit of the same instance */
};

struct subst {
    const char *job, *service, *config_dir;
    uint32_t instance;
    const struct source *src;
    const struct limits *limits; /* of the instance; NULL: not known, and nothing needs them */
    bool unsure; /* one of them could not be read: what needs a limit is not judged */
};

/* Reads TEXT and says what it needs.  ALLOWED are the bits that its place allows.
 * ST_SYNTAX: not closed, empty, nested or not allowed here; ST_NOTFOUND: no such variable, or no
 * such limit. */
enum st subst_scan(struct str text, unsigned allowed, unsigned *needs, struct err *e);

/* Appends TEXT, which subst_scan() took, with every variable replaced.  ST_NOTFOUND: a variable of
 * the environment or a limit is not set; ST_SYNTAX: a part of a limit is less than one of its unit;
 * ST_RANGE: longer than CONFIG_LINE_MAX; ST_NOMEM. */
enum st subst_expand(struct str text, const struct subst *s, struct buf *out, struct err *e);

#endif
