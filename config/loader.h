/* loader.h - what the files of the loader share: the sections as text, with their places, before
 * they become specs.  Private to config/; one thread; all of it is gone when config_load() returns,
 * but for what is made in `keep`. */
#ifndef JW_CONFIG_LOADER_H
#define JW_CONFIG_LOADER_H

#include "config/codes.h"
#include "config/load.h"
#include "config/names.h"
#include "config/schema.h"
#include "config/subst.h"

enum kind { KIND_SERVICE, KIND_DEFAULTS, KIND_TEMPLATE, KIND_GROUP, KIND_JOB, KIND_INCLUDE, KINDS };
struct kind_row {
    const char *word; /* "service" */
    enum section keys;
    bool named;
};
extern const struct kind_row kind_rows[KINDS];

/* One `KEY = VALUE`. */
struct entry {
    struct entry *next;
    const struct field *field;
    const char *name;    /* env.NAME, on_limit.KEY: what follows the dot */
    enum limit_id limit; /* on_limit.KEY: which; else LIMIT_NONE */
    struct str text;     /* as written: a part of the file's bytes, or of an override */
    struct place at;
    unsigned needs; /* bits of enum needs */
    bool bad;  /* a mistake in it was reported: it is not used, and nothing else is said of it */
    bool used; /* its value was read at least once */
    const void *value; /* typed, where it is the same for all; else NULL */
};

struct sect {
    struct sect *next;
    enum kind kind;
    const char *name; /* "" where the kind has none */
    struct place at;
    struct entry *entry, **tail;
    struct entry *extends, *in; /* `extends =`, `group =` */
    bool damaged; /* a line of it could not be used, so what is missing may have been meant */
    bool apart;   /* repeated or badly named: its entries are checked and nothing else */
    /* templates and what extends them */
    struct sect **base;
    size_t bases, height;
    enum { UNSEEN, OPEN, DONE } mark;
    size_t taken_by; /* the last job that took it into its chain */
    /* of a group */
    struct group_spec *group; /* its limits; NULL before groups_build() */
    size_t members, running;  /* its jobs; their instances that run */
    uint32_t *member;         /* its jobs in the order of the file; made by order_tie() */
    const struct origin *origin; /* made by origins_keep() */
    /* of a job; all but the number are made by view_plan() */
    uint32_t number;     /* index into config.definition */
    struct sect **level; /* itself, its templates, [defaults]: the strongest first */
    size_t levels;
    uint32_t instances, first;
    bool enabled;
    struct sect *in_group; /* NULL: none */
};

/* What one job says about its order, and what matters to those that wait for it. */
struct waiting {
    struct texts after, requires;
    struct entry *after_at, *requires_at; /* NULL: it does not say */
    struct sect *group;                   /* NULL: none */
    bool enabled, scheduled;
};

struct loader {
    struct arena *keep, *scratch;
    const struct source *src;
    struct diags *diags;
    bool nomem;
    const char *path; /* of the first file, as given */
    const struct override *override;
    size_t overrides;
    const char *config_dir;
    const char *service_name;
    const struct service_spec *fleet; /* what [service] says, once it is evaluated */
    struct sect *sects, **tail;       /* in the order of the files */
    struct sect *service, *defaults;
    size_t jobs, files, unread; /* `unread`: entries whose value nobody has read */
    struct names *job_names, *template_names, *group_names; /* to struct sect */
    struct names *file_keys;                                /* to struct file */
    struct names *env_files;                                /* to struct env_file */
    struct names *outputs;                                  /* to struct writer */
    struct names *env_names;                                /* used afresh for each job */
    struct buf text;                                        /* the same for each value */
    struct entry *dflt; /* schema_count of them: the defaults as entries */
    struct entry **last; /* for each row: the last that got its value once for all */
    /* A job of which nothing is written, but for the rows in `late`: their defaults need the job. */
    struct job_spec *usual;
    uint16_t *late;
    size_t lates;
    struct definition *definition; /* l->jobs of them, and of those that follow; NULL: not yet */
    struct waiting *waiting;
};

/* --- loader.c ----------------------------------------------------------------------- */
/* Severity comes from the code. */
void report(struct loader *l, enum diag_code code, struct place at, const char *fmt, ...)
    JW_PRINTF(4, 5);
/* The same, and E will not be spoken of again. */
void report_entry(struct loader *l, enum diag_code code, struct entry *e, const char *fmt, ...)
    JW_PRINTF(4, 5);
/* From arenas; NULL and l->nomem when out of memory. */
void *take(struct loader *l, struct arena *a, size_t count, size_t size);
const char *take_str(struct loader *l, struct arena *a, struct str s);
/* Takes note of ST_NOMEM; true for ST_OK. */
bool noted(struct loader *l, enum st st);

/* --- gather.c, section.c, key.c, include.c, override.c: files to sections ----------- */
struct file {
    const char *shown; /* as the user named it, or relative to that; specs keep it as their place */
    struct place from; /* the include that led here */
    const struct file *up;
    unsigned depth;
    struct str key;
};

/* One file being read. */
struct reading {
    struct loader *l;
    const struct file *file;
    struct sect *now;         /* NULL: above the first section, or in one that was refused */
    bool refused;             /* the latter */
    const struct entry **key; /* schema_count of them: the keys that `keyed` had so far */
    const struct sect *keyed; /* the last section that was taken */
    uint16_t *next, last;     /* for each row the one that came behind it; the last */
    struct names *dotted;     /* and those like env.NAME, each by the whole of it */
    unsigned garbled;         /* lines that hold what no text does */
};

/* Puts the overrides into their sections, and keeps them in C. */
void overrides_apply(struct loader *l, struct config *c);
void gather_main(struct loader *l);
void gather_file(struct loader *l, const struct file *f, struct str bytes);
/* Begins a section; r->now is NULL when it was refused. */
void section_begin(struct reading *r, uint32_t line, struct str name, struct str after);
/* NULL when the key was refused; it is then reported. */
struct entry *section_key(struct reading *r, uint32_t line, struct str key, struct str value);
void include_files(struct reading *r, struct entry *e);

/* --- evaluate.c: text to values ----------------------------------------------------- */
/* Replaces and parses E's text into *dst.  False: reported, E is bad, *dst untouched. */
bool evaluate(struct loader *l, struct entry *e, const struct subst *s, void *dst);
struct subst subst_for(const struct loader *l, const char *job, uint32_t instance);
/* Finds out what E needs; false: reported. */
bool scan_entry(struct loader *l, struct entry *e, unsigned allowed);
/* What on_limit.KEY says in LEVEL[0..LEVELS), the strongest first. */
void evaluate_reactions(struct loader *l, struct sect *const *level, size_t levels,
                        struct limits *ret);
/* Makes l->dflt, [service], and the values that are the same for all. */
void evaluate_service(struct loader *l, struct service_spec *ret);
void evaluate_common(struct loader *l);
/* Whatever no job used is checked all the same. */
void evaluate_unused(struct loader *l);

/* --- template.c --------------------------------------------------------------------- */
/* Ties `extends` to sections and takes cycles out. */
void templates_tie(struct loader *l);
/* JOB, its templates, [defaults]: the strongest first.  NUMBER is unique for each job, from 1. */
struct sect **templates_chain(struct loader *l, struct sect *job, size_t number, size_t *n);

/* --- view.c: where the values of one job come from ---------------------------------- */
/* The rows that every job is asked for. */
enum row {
    ROW_AFTER,
    ROW_COMMAND,
    ROW_ENABLED,
    ROW_ENV_FILE,
    ROW_FIRST_INSTANCE,
    ROW_GROUP,
    ROW_INSTANCES,
    ROW_REQUIRES,
    ROWS
};
struct view {
    struct sect *job;
    struct sect **level; /* the strongest first */
    size_t levels;
    struct entry **from; /* for each row: the entry that holds, or NULL: the default */
    uint32_t *rank;      /* for each row with an entry: its level */
    uint16_t *row;       /* the rows with an entry */
    size_t rows;
    uint16_t known[ROWS]; /* where those rows are */
    uint32_t instances, first;
    struct sect *group;     /* NULL: none */
    bool enabled, doubtful; /* a level is damaged */
    bool limits_vary;       /* with the instance */
    unsigned needs;         /* what any of the entries needs */
};

/* Makes the tables of rows; false when out of memory. */
bool view_new(struct loader *l, struct view *v);
/* V shows S alone. */
void view_one(struct view *v, struct sect *s);
/* V shows JOB, which is known so far as text alone; NUMBER is unique for each job, from 1.  Finds out
 * how many instances it has and what else must be known before they exist, and keeps it in JOB. */
void view_plan(struct loader *l, struct view *v, struct sect *job, size_t number);
/* V shows JOB, which was planned. */
void view_job(struct view *v, struct sect *job);
/* The entry that holds for KEY, NULL: its default. */
struct entry *view_entry(const struct view *v, const char *key);
struct entry *view_known(const struct view *v, enum row row);
struct place view_place(const struct view *v, const char *key);
bool view_good(const struct view *v, const char *key);
/* How far away from the job KEY is said: 0 in the job itself, v->levels: nowhere. */
size_t view_rank(const struct view *v, const char *key);

/* --- build.c, env.c: sections to specs ---------------------------------------------- */
void build_jobs(struct loader *l, struct config *c);
/* Which values are filled in: those that no instance changes; those that it does; then, as the
 * limits are known, those that need one; of these, those that both change. */
enum pass { PASS_COMMON, PASS_INSTANCE, PASS_LIMIT, PASS_LIMIT_AND_INSTANCE };
/* The members of a section's spec of kind OWNER. */
void build_fill(struct loader *l, const struct view *v, enum section owner, const struct subst *s,
                enum pass pass, void *spec);
/* False: reported or out of memory.  *varies: some value differs between instances. */
bool env_build(struct loader *l, const struct view *v, const struct subst *s, struct env_vars *ret,
               bool *varies);

/* --- group.c ------------------------------------------------------------------------ */
/* Names of groups, and every `group =`. */
void groups_check(struct loader *l);
/* The section that E, `group =` of a job, names; NULL: none, or E is bad. */
struct sect *groups_find(struct loader *l, struct entry *e);
/* Makes the spec of every group, and c->group of those with members that run.  V lends tables. */
void groups_build(struct loader *l, struct view *v, struct config *c);
/* Warns of groups without members, once nothing else is wrong. */
void groups_unused(struct loader *l);

/* --- origin.c ------------------------------------------------------------------------ */
/* Keeps where the keys of all sections stand. */
void origins_keep(struct loader *l, struct config *c);
/* The same of the levels of a job, the strongest first. */
void origins_note(struct loader *l, const struct view *v, struct definition *d);

/* --- order.c, circle.c: who waits for whom --------------------------------------------- */
/* Makes room for the definitions of all jobs. */
void order_begin(struct loader *l, struct config *c);
/* Takes down job NUMBER, whose first instance is SPEC and whose index in config.job is FIRST. */
void order_note(struct loader *l, uint32_t number, const struct view *v,
                const struct job_spec *spec, size_t first);
/* Once all are noted, and whatever else could be wrong was found: from names to `deps`. */
void order_tie(struct loader *l);
/* Reports the circles in `deps`. */
void circles_report(struct loader *l);
/* The entry of job NUMBER that says D. */
struct entry *order_entry(const struct loader *l, uint32_t number, const struct dep *d);
/* The group by which job NUMBER comes to D; NULL: it names the job itself. */
const struct sect *order_group(const struct loader *l, uint32_t number, const struct dep *d);

/* --- rules.c, rules_output.c: across keys
 * ---------------------------------------------------------- */
void rules_job(struct loader *l, const struct view *v, const struct job_spec *s);
void rules_output_service(struct loader *l, const struct service_spec *s);
void rules_output(struct loader *l, const struct view *v, const struct job_spec *s);
void rules_fleet(struct loader *l, const struct config *c);
/* Limits: of one instance, called by rules_job(); of groups, the service and all together, called
 * by rules_fleet(). */
void rules_limits(struct loader *l, const struct view *v, const struct job_spec *s);
void rules_limits_fleet(struct loader *l, const struct config *c);

#endif
