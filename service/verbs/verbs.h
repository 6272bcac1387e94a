/* verbs.h - what can be typed after jobwarden.exe.  Main thread. */
#ifndef JW_VERBS_VERBS_H
#define JW_VERBS_VERBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    EXIT_FINE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_SOME_NOT = 3, /* status: not everything is running */
    EXIT_NO_NAME = 4   /* there is no job, instance or group of that name */
};

/* Bits of what a verb takes, and of what was given. */
enum option {
    OPT_CONFIG = 1 << 0,
    OPT_JSON = 1 << 1,
    OPT_REVOKE = 1 << 2,
    OPT_DRY_RUN = 1 << 3,
    OPT_SERVICE = 1 << 4,
    OPT_HOST = 1 << 5,
    OPT_WAIT = 1 << 6,
    OPT_TIMEOUT = 1 << 7,
    OPT_FOLLOW = 1 << 8,
    OPT_LINES = 1 << 9,
    OPT_RESET = 1 << 10,
    OPT_STDOUT = 1 << 11,
    OPT_STDERR = 1 << 12,
    OPT_INTERVAL = 1 << 13
};
/* Of what asks a running service. */
#define OPT_ASKS (OPT_CONFIG | OPT_SERVICE | OPT_HOST | OPT_JSON)

struct verb;

struct arguments {
    const struct verb *verb;
    unsigned given;     /* enum option */
    const char *config; /* NULL where an option was not given */
    const char *service, *host;
    uint64_t timeout_ms, lines, interval_ms;
    const char *const *word; /* the others, after the verb */
    size_t words;
};

struct verb {
    const char *name, *usage, *brief;
    int (*run)(const struct arguments *a); /* NULL: planned */
    size_t words_min, words_max;
    unsigned options; /* enum option */
    bool names;       /* its words are jobs, instances and groups */
};

extern const struct verb verbs[]; /* ends with name NULL */
/* NULL when there is none. */
const struct verb *verb_find(const char *name);

int verb_run(const struct arguments *a);
int verb_service(const struct arguments *a);
int verb_check(const struct arguments *a);
int verb_doctor(const struct arguments *a);
int verb_grant(const struct arguments *a);
int verb_reload(const struct arguments *a);
int verb_help(const struct arguments *a);
int verb_version(const struct arguments *a);
int verb_status(const struct arguments *a);
int verb_limits(const struct arguments *a);
int verb_ps(const struct arguments *a);
int verb_events(const struct arguments *a);
int verb_logs(const struct arguments *a);
int verb_order(const struct arguments *a); /* start, stop, restart, kill */
int verb_set(const struct arguments *a);
int verb_top(const struct arguments *a);
int verb_completion(const struct arguments *a);
int verb_complete(const struct arguments *a);

/* The job file to use: --config, else %ProgramData%\Jobwarden\jobwarden.ini.  From malloc. */
char *config_path(const struct arguments *a);
/* Prints "jobwarden: TEXT" on standard error and returns EXIT_FAILED. */
int complain(const char *text);

#endif
