/* schema.h - one row a key; parser, check, help, the reference, the sample and the fuzzer's
 * dictionary are all made from it, and no fact about a key stands anywhere else.  Read-only. */
#ifndef JW_CONFIG_SCHEMA_H
#define JW_CONFIG_SCHEMA_H

#include "common/arena.h"
#include "config/spec.h"

#include <stddef.h>

enum section { SECTION_SERVICE, SECTION_JOB, SECTION_GROUP, SECTION_INCLUDE, SECTIONS };

/* What a change costs, mildest first. */
enum apply {
    APPLY_LIVE,
    APPLY_RELIMIT,
    APPLY_RESPAWN,
    APPLY_RECREATE,
    APPLY_RESTART_SERVICE,
    APPLY_COUNT
};
extern const char *const apply_names[APPLY_COUNT];

struct field;

/* What the number that a limit comes to counts. */
enum amount { AMOUNT_NONE, AMOUNT_BYTES, AMOUNT_MS, AMOUNT_COUNT };

/* What a value of a type can do; behaviour lives here and facts in the rows, so there is no switch
 * over types anywhere. */
struct value_type {
    const char *name;   /* "duration" */
    const char *syntax; /* for people: "500ms, 10s, 2m, 1h30m; a bare number is seconds" */
    /* TEXT is trimmed and substituted.  Memory comes from A.  On failure *dst is untouched and
     * e->text says what is wrong, without the key's name ("'7x' is not a duration").  ST_SYNTAX,
     * ST_RANGE, ST_UNSUPPORTED or ST_NOMEM. */
    enum st (*parse)(const struct field *f, struct str text, struct arena *a, void *dst,
                     struct err *e);
    /* What to write instead of TEXT, after ST_SYNTAX; NULL: the error said it already. */
    void (*hint)(const struct field *f, struct str text, struct buf *out);
    /* Text that parse() reads back as the same value. */
    void (*print)(const struct field *f, const void *src, struct buf *out);
    /* Of number-like types, NULL otherwise: a bound of the range in the type's own way. */
    void (*print_number)(uint64_t v, struct buf *out);
    bool (*equal)(const void *a, const void *b);
    /* Of limits that are one number, which ${limit:KEY} can stand for; 0: there is no limit. */
    enum amount amount;
    uint64_t (*amount_of)(const void *src);
    /* Of what a run is born with in part: whether one that began with WAS lacks what IS needs, so
     * that the change costs APPLY_RESPAWN at least.  NULL: the row says it all. */
    bool (*respawns)(const void *was, const void *is);
};

struct field {
    enum section section;
    const char *key;               /* "env.NAME": whatever follows the dot is a name */
    const char *about;             /* heading of the reference: "restart" */
    const struct value_type *type; /* NULL: planned, refused as not supported yet */
    size_t offset, size;           /* of the member */
    uint64_t min, max;             /* of number-like types, both allowed; of texts: UTF-16 units */
    const char *const *words;      /* of word types, NULL-terminated, in the order of the enum */
    const char *dflt;    /* as text, read by the same parser; NULL: none, required or empty */
    const char *example; /* for the sample, where there is no default to show */
    enum apply apply;
    const char *unit;  /* "bytes", NULL: none */
    const char *brief; /* one sentence */
    const char *note;  /* more for those who ask, or NULL */
    bool no_defaults;  /* not in [defaults] */
    bool raw;   /* no substitution (extends, instances, enabled: known before instances exist) */
    bool apart; /* no member of a spec: the loader itself uses it, and offset means nothing */
    bool limit; /* also a key of [service] and [group:NAME]; the member is one of struct limits */
    enum limit_id id;    /* LIMIT_NONE: no limit by itself */
    const char *hit;     /* of a limit: what happens when it is reached, in a few words */
    const char *message; /* how Windows tells it, JOB_OBJECT_MSG_ left out; NULL: it does not */
    const char *gone;    /* refused for good, and why; type is NULL */
};

/* Sorted by section, then key. */
extern const struct field schema[];
extern const size_t schema_count;

/* The headings of the reference, in its order; NULL-terminated. */
extern const char *const schema_abouts[];

/* NULL when there is none; `env.PATH` finds the row "env.NAME". */
const struct field *schema_find(enum section s, struct str key);
/* The row of a limit, below LIMITS; its key is the limit's name everywhere. */
const struct field *schema_limit(enum limit_id id);
/* The limit that has this key, or LIMIT_NONE. */
enum limit_id schema_limit_id(struct str key);
/* Whether F is a key of the section: of its own, or a limit in one that takes limits. */
bool schema_in(const struct field *f, enum section s);
/* Where F's member is in the spec of a section of that kind: SECTION_JOB job_spec, SECTION_GROUP
 * group_spec, SECTION_SERVICE service_spec.  F is in the section, and not apart. */
size_t schema_offset(const struct field *f, enum section s);

/* Of a value that was refused: fills OUT with what to write instead, or leaves it empty. */
void schema_hint(const struct field *f, struct str text, struct buf *out);

/* The key nearest to TEXT among those of the limits that can be reached, or NULL. */
const char *schema_nearest_limit(struct str text);

/* The known word nearest to TEXT among WORDS[0..n), or NULL when none is near. */
const char *nearest_word(struct str text, const char *const *words, size_t n);
/* The nearer to TEXT of BEST, which may be NULL, and WORD; NULL when neither is near. */
const char *nearer_word(struct str text, const char *best, const char *word);
/* The same among the keys of a section; else the one that has all the words of KEY in it, as
 * job_memory_limit has those of memory_limit. */
const char *schema_nearest(enum section s, struct str key);

#endif
