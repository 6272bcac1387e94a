/* spec.h - typed definitions: what a job file says, ready to be used.  Plain data.
 *
 * All of it belongs to the struct config it is reached from and lives as long as that.  Read-only
 * after loading, so any thread may read. */
#ifndef JW_CONFIG_SPEC_H
#define JW_CONFIG_SPEC_H

#include "common/log.h"
#include "config/cause.h"
#include "config/diag.h"
#include "config/limits.h"

enum { NAME_MAX_BYTES = 63, INSTANCES_MAX = 20000, LADDER_MAX = 8, UNIT_NAME_SIZE = 80 };

enum console_kind { CONSOLE_OWN, CONSOLE_NONE };
enum restart_when { RESTART_ALWAYS, RESTART_ON_FAILURE, RESTART_ON_ABNORMAL, RESTART_NEVER };
enum limit_action { START_LIMIT_FAIL, START_LIMIT_EXIT_SERVICE };
enum roll_kind { ROLL_SIZE, ROLL_DAILY };
enum namespace_kind { NAMESPACE_AUTO, NAMESPACE_GLOBAL, NAMESPACE_LOCAL };

enum rung_kind {
    RUNG_CTRL_C,
    RUNG_CTRL_BREAK,
    RUNG_CLOSE_WINDOW,
    RUNG_STDIN_EOF,
    RUNG_EVENT,
    RUNG_COMMAND,
    RUNG_TERMINATE,
    RUNG_KINDS
};
extern const char *const rung_names[RUNG_KINDS]; /* "ctrl-c" ... "stdin-eof" ... "terminate" */

struct rung {
    enum rung_kind kind;
    uint64_t ms; /* how long it may take before the next rung */
};

/* Terminating the job always follows the last rung and is not in the list; n 0: at once. */
struct ladder {
    uint32_t n;
    struct rung rung[LADDER_MAX];
};

struct codes {
    uint32_t n;
    const uint32_t *code;
};

struct texts {
    uint32_t n;
    const char *const *text;
};

struct env_var {
    const char *name, *value;
};

/* Accounts as written: names that Windows knows, or SIDs ("S-1-5-32-544"), in the order of the
 * file.  Two lists are the same when they name the same in the same order, in whatever case. */
struct access_list {
    struct texts command, look; /* who may command may look too */
};

/* Ordered by precedence, the strongest last: env_file, [defaults], templates, [job].  A name is
 * there once, upper and lower case alike. */
struct env_vars {
    uint32_t n;
    const struct env_var *var;
};

/* What tells that a worker is up. */
enum ready_kind { READY_STARTED, READY_PORT, READY_HTTP, READY_FILE, READY_EVENT };
struct ready {
    enum ready_kind kind;
    uint32_t port;    /* of PORT, 1-65535: on 127.0.0.1, else on ::1 */
    const char *text; /* HTTP: the URL; FILE: a path, relative to config_dir; else "" */
};

/* Times in the local clock. */
enum schedule_kind { SCHEDULE_NONE, SCHEDULE_CRON, SCHEDULE_EVERY };
struct schedule {
    enum schedule_kind kind;
    /* CRON: bit N is the minute, hour, day of the month, month, day of the week (0: Sunday) N. */
    uint64_t minutes;
    uint32_t hours, days, months, weekdays;
    bool any_hour, any_day, any_weekday; /* the field began with `*` */
    uint64_t every_ms;                   /* of EVERY, >= 1000 */
    const char *text;                    /* as written */
};
static inline bool schedule_set(const struct schedule *s)
{
    return s->kind != SCHEDULE_NONE;
}

/* One job that another one waits for. */
struct dep {
    uint32_t job;  /* index into config.definition */
    bool required; /* `requires`; else only `after` */
};
/* Each job once, in the order of the file, groups resolved into their members; no cycles. */
struct deps {
    uint32_t n;
    const struct dep *dep;
};

/* Where the keys of one section stand; for origin.h. */
struct origin_key {
    uint16_t row;  /* of the schema */
    uint16_t name; /* of env.NAME and on_limit.KEY: index into `name`; else 0 */
    uint32_t line; /* 0: it was not written but set (load.h) */
};
struct origin {
    const char *file;
    uint32_t n;
    const struct origin_key *key;
    const char *const *name;
};
/* Members' processes together are in a named Job Object above those of the instances. */
struct group_spec {
    const char *name;
    struct place at;
    struct limits limits;
    const struct origin *origin;
};

/* One instance of one job, every value typed and substituted. */
struct job_spec {
    const char *job;           /* NAME */
    uint32_t instance;         /* N */
    char unit[UNIT_NAME_SIZE]; /* "NAME.N" */
    struct place at;           /* of its [job:NAME] line */

    const char *command;   /* raw Windows command line, never empty */
    const char *directory; /* absolute, or relative to config_dir; "": config_dir */
    struct env_vars env;
    enum yes_no env_inherit;
    enum console_kind console;

    const struct group_spec *group; /* NULL: none */
    struct limits limits;
    /* ms; at least this long between two starts by on_limit = restart */
    uint64_t on_limit_interval;

    enum yes_no enabled;
    uint32_t instances, first_instance; /* of the job it belongs to */
    struct texts after, requires;       /* names of jobs and groups, as written */
    uint64_t start_delay;               /* ms; before a start that is not a restart */
    uint32_t restart_parallel;          /* >= 1; how many of the job a rolling restart takes down */

    struct ready ready;
    uint64_t ready_timeout; /* ms; 0: for ever */

    enum restart_when restart;
    struct codes success_exit_codes, restart_prevent_exit_codes, restart_force_exit_codes;
    struct causes restart_prevent_causes, restart_force_causes;
    uint64_t min_uptime;                                   /* ms */
    uint64_t restart_first_delay;                          /* ms; before the first in a row */
    uint64_t restart_delay, restart_delay_max;             /* ms; before the second; at most */
    uint64_t restart_step;                                 /* ms added to each further one */
    uint64_t restart_factor;                               /* thousandths: 2000 doubles */
    uint64_t restart_jitter;                               /* percent of the delay, 0-100 */
    uint64_t start_limit;                                  /* starts; 0: no limit */
    uint64_t start_limit_interval;                         /* ms */
    enum limit_action start_limit_action;
    uint64_t max_runtime; /* ms; 0: none */

    struct ladder stop;
    const char *stop_command; /* "": none */

    uint64_t watchdog;          /* ms; 0: none */
    const char *health_command; /* "": none */
    uint32_t health_port;       /* 0: none */
    const char *health_http;    /* a URL; "": none */
    uint64_t health_interval, health_timeout; /* ms, >= 1 */
    uint64_t health_failures;   /* in a row, >= 1 */

    /* Command lines, "": none; hook_limit and hook_timeout are in limits. */
    const char *hook_pre_start, *hook_post_start, *hook_exit, *hook_failed;

    struct schedule schedule, restart_schedule;
    uint64_t schedule_jitter; /* ms; each due time of either comes up to this much later */
    enum yes_no overlap;

    const char
        *out; /* `stdout`, which C's own header claims: PATH, relative to config_dir, or "null" */
    const char *err;       /* `stderr`: PATH, "null" or "stdout" */
    uint64_t log_max_size; /* bytes; 0: never rolls */
    uint64_t log_keep;     /* old files kept */
    enum roll_kind log_roll;
    enum yes_no log_timestamps;
};

struct service_spec {
    const char *name;
    enum namespace_kind object_namespace;
    const char *
        log_file; /* relative to config_dir; "": none; only in the foreground goes to the console */
    enum log_level log_level;
    uint64_t log_max_size, log_keep;
    uint64_t stop_timeout; /* ms, the whole fleet */
    uint64_t sample_interval; /* ms */
    uint64_t max_concurrent_starts; /* instances in `starting`; 0: any number */
    uint64_t start_jitter; /* ms; each start by itself comes up to this much later */
    struct access_list control_access;
    enum yes_no control_remote; /* clients on other machines may use the control pipe */
    enum yes_no watch_config;   /* a changed job file is taken over by itself */
    struct limits limits;     /* of the whole fleet */
    bool capped;              /* a limit key was written: there is a root job */
};

/* One [job:NAME], also one that is not enabled. */
struct definition {
    const char *name;
    struct place at;
    uint32_t first, n; /* its instances in config.job, in the order of their numbers; n may be 0 */
    uint32_t instances, first_instance; /* as written, also where it is not enabled */
    enum yes_no enabled;
    struct deps deps;
    uint32_t levels; /* the sections that its values come from, the strongest first */
    const struct origin *const *level;
};

/* A value in place of what the section says, set by command and not by a file. */
struct override {
    const char *section_name; /* "web" of [job:web] */
    bool group;               /* of [group:NAME] */
    const char *key, *value;
};

struct config {
    struct arena *arena;
    const char *path;       /* of the first file, as given */
    const char *config_dir; /* its folder, absolute; a final separator only where it is a root */
    struct service_spec service;
    const struct origin *service_origin; /* NULL: there is no [service] */
    struct place service_at;             /* its line, or the first file */
    size_t n;                   /* instances of enabled jobs, in the order of the file */
    const struct job_spec *job; /* n of them */
    size_t groups; /* those with members that run, in the order of the file */
    const struct group_spec *group;
    size_t jobs, disabled; /* how many [job:NAME] sections; how many of them are enabled = no */
    const struct definition *definition; /* `jobs` of them, in the order of the file */
    size_t overrides; /* those it was loaded with, the names as the file has them */
    const struct override *override;
};

#endif
