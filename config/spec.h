/* spec.h - typed definitions: what a job file says, ready to be used.  Plain data.
 *
 * All of it belongs to the struct config it is reached from and lives as long as that.  Read-only
 * after loading, so any thread may read. */
#ifndef JW_CONFIG_SPEC_H
#define JW_CONFIG_SPEC_H

#include "common/log.h"
#include "config/diag.h"
#include "config/limits.h"

enum { NAME_MAX_BYTES = 63, INSTANCES_MAX = 20000, LADDER_MAX = 8, UNIT_NAME_SIZE = 80 };

enum console_kind { CONSOLE_OWN, CONSOLE_NONE };
enum restart_when { RESTART_ALWAYS, RESTART_ON_FAILURE, RESTART_ON_ABNORMAL, RESTART_NEVER };
enum limit_action { START_LIMIT_FAIL, START_LIMIT_EXIT_SERVICE };
enum roll_kind { ROLL_SIZE, ROLL_DAILY };
enum namespace_kind { NAMESPACE_AUTO, NAMESPACE_GLOBAL, NAMESPACE_LOCAL };

enum rung_kind { RUNG_CTRL_C, RUNG_CTRL_BREAK, RUNG_COMMAND, RUNG_TERMINATE, RUNG_KINDS };
extern const char *const rung_names[RUNG_KINDS]; /* "ctrl-c" "ctrl-break" "command" "terminate" */

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

/* Ordered by precedence, the strongest last: env_file, [defaults], templates, [job].  A name is
 * there once, upper and lower case alike. */
struct env_vars {
    uint32_t n;
    const struct env_var *var;
};

/* Members' processes together are in a named Job Object above those of the instances. */
struct group_spec {
    const char *name;
    struct place at;
    struct limits limits;
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

    enum restart_when restart;
    struct codes success_exit_codes, restart_prevent_exit_codes, restart_force_exit_codes;
    uint64_t min_uptime, restart_delay, restart_delay_max; /* ms */
    uint64_t restart_factor;                               /* thousandths: 2000 doubles */
    uint64_t restart_jitter;                               /* percent of the delay, 0-100 */
    uint64_t start_limit;                                  /* starts; 0: no limit */
    uint64_t start_limit_interval;                         /* ms */
    enum limit_action start_limit_action;
    uint64_t max_runtime; /* ms; 0: none */

    struct ladder stop;
    const char *stop_command; /* "": none */

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
    struct limits limits;     /* of the whole fleet */
    bool capped;              /* a limit key was written: there is a root job */
};

struct config {
    struct arena *arena;
    const char *path;       /* of the first file, as given */
    const char *config_dir; /* its folder, absolute; a final separator only where it is a root */
    struct service_spec service;
    size_t n;                   /* instances of enabled jobs, in the order of the file */
    const struct job_spec *job; /* n of them */
    size_t groups; /* those with members that run, in the order of the file */
    const struct group_spec *group;
    size_t jobs, disabled; /* how many [job:NAME] sections; how many of them are enabled = no */
};

#endif
