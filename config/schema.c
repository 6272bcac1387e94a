/* schema.c - the table. */
#include "config/schema.h"

#include "config/value.h"

#include <assert.h>

const char *const apply_names[APPLY_COUNT] = {[APPLY_LIVE] = "live",
                                              [APPLY_RELIMIT] = "relimit",
                                              [APPLY_RESPAWN] = "respawn",
                                              [APPLY_RECREATE] = "recreate",
                                              [APPLY_RESTART_SERVICE] = "restart-service"};

const char *const schema_abouts[] = {"service",   "include",  "process", "identity", "fleet",
                                     "readiness", "restart",  "stop",    "health",   "hooks",
                                     "output",    "schedule", "limits",  NULL};

static const char *const namespaces[] = {"auto", "global", "local", NULL};
static const char *const levels[] = {"error", "warning", "info", "debug", NULL};
static const char *const consoles[] = {"own", "none", NULL};
static const char *const restarts[] = {"always", "on-failure", "on-abnormal", "never", NULL};
static const char *const limit_actions[] = {"fail", "exit-service", NULL};
static const char *const rolls[] = {"size", "daily", NULL};
static const char *const out_words[] = {"null", NULL};
static const char *const err_words[] = {"null", "stdout", NULL};
#define WORDS_ARE(list, last)                                                                      \
    static_assert(sizeof(list) / sizeof *(list) == (size_t)(last) + 2, "a word for each value")
WORDS_ARE(namespaces, NAMESPACE_LOCAL);
WORDS_ARE(levels, LOG_DEBUG);
WORDS_ARE(consoles, CONSOLE_NONE);
WORDS_ARE(restarts, RESTART_NEVER);
WORDS_ARE(limit_actions, START_LIMIT_EXIT_SERVICE);
WORDS_ARE(rolls, ROLL_DAILY);

/* The offset of a member, or no compilation when its type is not T. */
#define AT(S, m, T)                                                                                \
    (offsetof(struct S, m) + 0 * sizeof(char[_Generic(((struct S *)0)->m, T : 1, default : -1)]))
#define MEMBER(S, m, T, ty) .type = &(ty), .offset = AT(S, m, T), .size = sizeof(T)
/* A member and the value type that writes its C type: never one without the other. */
#define COUNT(S, m) MEMBER(S, m, uint32_t, ty_count)
#define NUMBER(S, m) MEMBER(S, m, uint64_t, ty_number)
#define PERCENT(S, m) MEMBER(S, m, uint64_t, ty_percent)
#define FACTOR(S, m) MEMBER(S, m, uint64_t, ty_factor)
#define DURATION(S, m) MEMBER(S, m, uint64_t, ty_duration), .unit = "milliseconds"
#define SIZE(S, m) MEMBER(S, m, uint64_t, ty_size), .unit = "bytes"
#define YES_NO(S, m) MEMBER(S, m, enum yes_no, ty_yes_no)
#define WORD(S, m, E, list) MEMBER(S, m, enum E, ty_word), .words = (list)
#define EXIT_CODES(S, m) MEMBER(S, m, struct codes, ty_codes)
#define LADDER(S, m) MEMBER(S, m, struct ladder, ty_ladder)
#define NAME(S, m) MEMBER(S, m, const char *, ty_name)
#define PATH(S, m) MEMBER(S, m, const char *, ty_path), .max = PATH_UNITS
#define OUTPUT(S, m, list) MEMBER(S, m, const char *, ty_output), .max = PATH_UNITS, .words = (list)
#define COMMAND(S, m) MEMBER(S, m, const char *, ty_command), .max = COMMAND_UNITS
/* Used by the loader itself, so there is no member. */
#define APART(T, ty) .type = &(ty), .size = sizeof(T), .apart = true

#define SERVICE(k, group) .section = SECTION_SERVICE, .key = k, .about = group
#define JOB(k, group) .section = SECTION_JOB, .key = k, .about = group
#define PLANNED(k, group, text)                                                                    \
    {                                                                                              \
        JOB(k, group), .brief = text                                                               \
    }
#define LIMIT(k, text)                                                                             \
    {                                                                                              \
        JOB(k, "limits"), .limit = true, .brief = text                                             \
    }

/* Windows takes 32,767 units of a command line or a path with its terminator. */
enum { COMMAND_UNITS = 32766, PATH_UNITS = 32000, TEXT_UNITS = 32766 };
enum { SECOND = 1000, HOUR = 3600 * SECOND, DAY = 24 * HOUR };
#define YEAR (UINT64_C(365) * DAY)
#define TIB (UINT64_C(1) << 40)

const struct field schema[] = {
    /* --- [service] ------------------------------------------------------------------ */
    {SERVICE("control_access", "service"), .brief = "Who may command and who may only look."},
    {SERVICE("event_log", "service"), .brief = "What goes to the Windows event log."},
    {SERVICE("log_file", "service"), PATH(service_spec, log_file), .dflt = "logs/${service}.log",
     .apply = APPLY_RESTART_SERVICE, .brief = "The service's own log; empty writes none.",
     .note = "One event a line: its name, then key=value. In the foreground the events go to the "
             "console too."},
    {SERVICE("log_keep", "service"), NUMBER(service_spec, log_keep), .max = 1000, .dflt = "5",
     .apply = APPLY_LIVE, .unit = "files", .brief = "How many old logs are kept."},
    {SERVICE("log_level", "service"), WORD(service_spec, log_level, log_level, levels),
     .dflt = "info", .apply = APPLY_LIVE, .brief = "The least important events that are written."},
    {SERVICE("log_max_size", "service"), SIZE(service_spec, log_max_size), .max = TIB,
     .dflt = "10M", .apply = APPLY_LIVE,
     .brief = "The size at which the service's log is rolled; 0 never rolls it."},
    {SERVICE("max_concurrent_starts", "service"), .brief = "How many instances start at once."},
    {SERVICE("name", "service"), NAME(service_spec, name), .dflt = "Jobwarden",
     .apply = APPLY_RESTART_SERVICE,
     .brief = "The name by which the service, its Job Objects and its control pipe are known.",
     .note = "Two services on one machine need two names."},
    {SERVICE("object_namespace", "service"),
     WORD(service_spec, object_namespace, namespace_kind, namespaces), .dflt = "auto",
     .apply = APPLY_RESTART_SERVICE,
     .brief = "Where the names of the Job Objects are made: for all sessions or for this one.",
     .note = "auto takes global where the account may, else local."},
    {SERVICE("sample_interval", "service"), .brief = "How often the use of resources is sampled."},
    {SERVICE("start_jitter", "service"), .brief = "Spreads the first starts over a while."},
    {SERVICE("stop_timeout", "service"), DURATION(service_spec, stop_timeout), .min = SECOND,
     .max = DAY, .dflt = "30s", .apply = APPLY_LIVE,
     .brief = "The time that the whole fleet has to stop; then whatever is left is terminated.",
     .note = "All jobs stop at the same time, so this is not the sum of their ladders."},

    /* --- [job:NAME], [template:NAME], [defaults] ------------------------------------ */
    LIMIT("active_process_limit", "How many processes one instance may have."),
    LIMIT("affinity", "The processors that an instance may use."),
    PLANNED("after", "fleet", "Jobs that must run before this one starts."),
    LIMIT("breakaway", "Whether a child may leave the Job Object."),
    {JOB("command", "process"), COMMAND(job_spec, command), .min = 1,
     .example = "\"C:\\Program Files\\nodejs\\node.exe\" server.js --port 808${instance}",
     .apply = APPLY_RESPAWN, .brief = "The command line that is run; every job needs one.",
     .note = "It is handed to Windows as it stands: no shell, no %VAR%. A program without a folder "
             "is searched for. A ';' or '#' in it is part of it."},
    {JOB("console", "process"), WORD(job_spec, console, console_kind, consoles), .dflt = "own",
     .apply = APPLY_RESPAWN,
     .brief = "The console of an instance: its own without a window, or none.",
     .note =
         "Without a console Ctrl+C and Ctrl+Break cannot reach it. 'shared' is not supported yet."},
    LIMIT("cpu_rate_cap", "The share of the machine's CPU time that is never exceeded."),
    LIMIT("cpu_rate_max", "The upper end of a range of CPU share."),
    LIMIT("cpu_rate_min", "The lower end of a range of CPU share."),
    LIMIT("cpu_rate_soft_cap", "The share of CPU time that is exceeded only while others idle."),
    LIMIT("cpu_rate_weight", "The weight in the competition for CPU time."),
    LIMIT("die_on_unhandled_exception", "Whether a crash ends a process without a dialogue."),
    {JOB("directory", "process"), PATH(job_spec, directory), .dflt = "", .apply = APPLY_RESPAWN,
     .brief = "The directory in which the command starts; empty is the folder of the first file.",
     .note = "A relative path starts at the folder of the first file."},
    {JOB("enabled", "fleet"), YES_NO(job_spec, enabled), .dflt = "yes", .raw = true,
     .apply = APPLY_LIVE, .brief = "Whether the job runs at all; it is checked either way."},
    {JOB("env.NAME", "process"), APART(const char *, ty_text), .max = TEXT_UNITS,
     .example = "en_GB.UTF-8", .apply = APPLY_RESPAWN,
     .brief = "Sets the environment variable NAME; upper and lower case are the same variable.",
     .note = "Variables of [defaults], of templates and of the job add up; for one name the "
             "nearest wins. Names that begin with JOBWARDEN_ are set by Jobwarden itself."},
    {JOB("env_file", "process"), APART(const char *, ty_path), .max = PATH_UNITS, .dflt = "",
     .example = "web.env", .apply = APPLY_RESPAWN,
     .brief = "A file of NAME=VALUE lines, weaker than any env.NAME.",
     .note = "Lines that begin with ';' or '#' are comments. Values are taken as they stand: no "
             "quotes, no substitution. It is read when the configuration is loaded."},
    {JOB("env_inherit", "process"), YES_NO(job_spec, env_inherit), .dflt = "yes",
     .apply = APPLY_RESPAWN, .brief = "Whether the environment of the service is passed on.",
     .note = "With no, only the variables set here are there, and those that Windows needs."},
    {JOB("extends", "fleet"), APART(struct texts, ty_names), .dflt = "", .raw = true,
     .no_defaults = true, .example = "common", .apply = APPLY_LIVE,
     .brief = "Templates whose settings this section takes, the strongest first.",
     .note = "What the section says itself wins, then the first template and those that it "
             "extends, then the next; last comes [defaults]."},
    {JOB("first_instance", "fleet"), COUNT(job_spec, first_instance), .max = 1000000, .dflt = "1",
     .raw = true, .apply = APPLY_RESPAWN, .brief = "The number of the first instance."},
    PLANNED("group", "fleet", "The group whose Job Object caps the sum of its members."),
    LIMIT("guard_commit", "Acts when sampled memory stays above a value."),
    LIMIT("guard_cpu", "Acts when sampled CPU use stays above a value."),
    LIMIT("guard_handles", "Acts when the sampled number of handles stays above a value."),
    LIMIT("guard_threads", "Acts when the sampled number of threads stays above a value."),
    PLANNED("health_command", "health", "A command whose exit code tells the health."),
    PLANNED("health_failures", "health", "Failed checks in a row that count."),
    PLANNED("health_http", "health", "A URL whose answer tells the health."),
    PLANNED("health_interval", "health", "The time between two checks."),
    PLANNED("health_port", "health", "A TCP port that must accept."),
    PLANNED("health_timeout", "health", "The time that one check may take."),
    PLANNED("hook_exit", "hooks", "A command that runs after every exit."),
    PLANNED("hook_failed", "hooks", "A command that runs when the job is given up."),
    PLANNED("hook_limit", "hooks", "A command that runs when a limit is reached."),
    PLANNED("hook_post_start", "hooks", "A command that runs after a start."),
    PLANNED("hook_pre_start", "hooks", "A command that must succeed before a start."),
    {JOB("instances", "fleet"), COUNT(job_spec, instances), .max = INSTANCES_MAX, .dflt = "1",
     .raw = true, .apply = APPLY_LIVE, .brief = "How many instances of the command run.",
     .note = "All jobs together have at most 20000. Each is addressed as NAME.N; ${instance} is "
             "its N."},
    PLANNED("integrity", "identity", "The integrity level of the token."),
    LIMIT("job_memory_limit", "The memory that a whole instance may commit."),
    LIMIT("job_time_action", "What happens when job_time_limit is reached."),
    LIMIT("job_time_limit", "The CPU time that a whole instance may use."),
    LIMIT("kill_on_job_close", "Whether the processes end with the service."),
    {JOB("log_keep", "output"), NUMBER(job_spec, log_keep), .max = 1000, .dflt = "5",
     .apply = APPLY_LIVE, .unit = "files", .brief = "How many old output files are kept."},
    {JOB("log_max_size", "output"), SIZE(job_spec, log_max_size), .max = TIB, .dflt = "10M",
     .apply = APPLY_LIVE,
     .brief = "The size at which an output file is rolled; 0 never rolls it for its size."},
    {JOB("log_roll", "output"), WORD(job_spec, log_roll, roll_kind, rolls), .dflt = "size",
     .apply = APPLY_LIVE, .brief = "When output files are rolled: by size, or also every day."},
    {JOB("log_timestamps", "output"), YES_NO(job_spec, log_timestamps), .dflt = "no",
     .apply = APPLY_LIVE, .brief = "Whether every line of output gets the time in front of it."},
    {JOB("max_runtime", "restart"), DURATION(job_spec, max_runtime), .max = YEAR, .dflt = "0",
     .apply = APPLY_LIVE,
     .brief = "A run that lasts longer is stopped by its ladder; 0 sets no limit.",
     .note = "Whether it is then started again is decided by restart, as after a failure."},
    {JOB("min_uptime", "restart"), DURATION(job_spec, min_uptime), .max = YEAR, .dflt = "10s",
     .apply = APPLY_LIVE,
     .brief = "A run that lasts this long is a good one: the delays begin anew."},
    LIMIT("net_dscp_tag", "The DSCP value of outgoing packets."),
    LIMIT("net_max_bandwidth", "The rate at which an instance may send."),
    LIMIT("notify_cpu_rate", "Tells when the CPU rate is exceeded."),
    LIMIT("notify_io_read_bytes", "Tells when this much was read."),
    LIMIT("notify_io_write_bytes", "Tells when this much was written."),
    LIMIT("notify_job_memory_high", "Tells when memory rises above a value."),
    LIMIT("notify_job_memory_low", "Tells when memory falls below a value."),
    LIMIT("notify_job_time", "Tells when this much CPU time was used."),
    LIMIT("notify_net_rate", "Tells when the network rate is exceeded."),
    LIMIT("on_limit", "What happens when any limit is reached."),
    LIMIT("on_limit.KEY", "What happens when the limit KEY is reached."),
    PLANNED("password_from", "identity", "Where the password of user comes from."),
    LIMIT("priority_class", "The priority class of the processes."),
    LIMIT("process_memory_limit", "The memory that one process may commit."),
    LIMIT("process_time_limit", "The CPU time that one process may use."),
    PLANNED("ready", "readiness", "What tells that the job is ready."),
    PLANNED("ready_timeout", "readiness", "The time it has to become ready."),
    PLANNED("requires", "fleet", "Jobs without which this one does not run."),
    {JOB("restart", "restart"), WORD(job_spec, restart, restart_when, restarts), .dflt = "always",
     .apply = APPLY_LIVE, .brief = "After which endings the command is run again.",
     .note =
         "on-failure: after an exit code that is no success. on-abnormal: after a crash, that is "
         "an exit code of Windows itself such as STATUS_ACCESS_VIOLATION, or max_runtime."},
    {JOB("restart_delay", "restart"), DURATION(job_spec, restart_delay), .max = DAY, .dflt = "1s",
     .apply = APPLY_LIVE, .brief = "The delay before the second restart in a row.",
     .note = "The first restart is immediate; from the second on the delay grows by restart_factor "
             "up to restart_delay_max, until a run reaches min_uptime."},
    {JOB("restart_delay_max", "restart"), DURATION(job_spec, restart_delay_max), .max = DAY,
     .dflt = "1m", .apply = APPLY_LIVE, .brief = "The longest delay between two runs."},
    {JOB("restart_factor", "restart"), FACTOR(job_spec, restart_factor), .min = 1000, .max = 100000,
     .dflt = "2", .apply = APPLY_LIVE,
     .brief = "By how much each delay is longer than the one before; 1 keeps it the same."},
    {JOB("restart_force_exit_codes", "restart"), EXIT_CODES(job_spec, restart_force_exit_codes),
     .dflt = "", .apply = APPLY_LIVE,
     .brief = "Exit codes after which the command is run again whatever restart says."},
    {JOB("restart_jitter", "restart"), PERCENT(job_spec, restart_jitter), .max = 100, .dflt = "10%",
     .apply = APPLY_LIVE, .brief = "By how much a delay is varied at random, either way.",
     .note = "Many instances that failed together then do not all come back at one moment."},
    {JOB("restart_prevent_exit_codes", "restart"), EXIT_CODES(job_spec, restart_prevent_exit_codes),
     .dflt = "", .apply = APPLY_LIVE,
     .brief = "Exit codes after which the command is not run again whatever restart says."},
    PLANNED("restart_schedule", "schedule", "Restarts at times of the day."),
    PLANNED("schedule", "schedule", "Starts at times of the day."),
    LIMIT("scheduling_class", "The length of the time slices."),
    PLANNED("start_delay", "fleet", "A wait before the first start."),
    {JOB("start_limit", "restart"), NUMBER(job_spec, start_limit), .max = 10000, .dflt = "20",
     .apply = APPLY_LIVE, .unit = "starts",
     .brief = "How many starts in a row start_limit_interval may see; 0 sets no limit.",
     .note = "A run of min_uptime starts the count anew."},
    {JOB("start_limit_action", "restart"),
     WORD(job_spec, start_limit_action, limit_action, limit_actions), .dflt = "fail",
     .apply = APPLY_LIVE, .brief = "What follows when start_limit is reached.",
     .note = "fail: this instance is given up, the others run on. exit-service: the service stops "
             "with an error, so that Windows' recovery actions see it."},
    {JOB("start_limit_interval", "restart"), DURATION(job_spec, start_limit_interval),
     .min = SECOND, .max = YEAR, .dflt = "30m", .apply = APPLY_LIVE,
     .brief = "The time over which starts are counted against start_limit."},
    {JOB("stderr", "output"), OUTPUT(job_spec, err, err_words), .min = 1, .dflt = "stdout",
     .apply = APPLY_RESPAWN,
     .brief = "Where standard error goes: a file, 'null' for nowhere, or 'stdout' to join it."},
    {JOB("stdout", "output"), OUTPUT(job_spec, out, out_words), .min = 1,
     .dflt = "logs/${job}.${instance}.log", .apply = APPLY_RESPAWN,
     .brief = "Where standard output goes: a file that is added to, or 'null' for nowhere.",
     .note = "Its folder is made when it is missing. Two instances cannot share a file."},
    {JOB("stop", "stop"), LADDER(job_spec, stop), .min = 1, .max = DAY, .dflt = "ctrl-c:10s",
     .apply = APPLY_LIVE, .brief = "How an instance is asked to stop, rung by rung.",
     .note = "After the last rung's time all its processes are terminated. 'terminate' alone does "
             "that at once. The rungs close-window, stdin-eof and event are not supported yet."},
    {JOB("stop_command", "stop"), COMMAND(job_spec, stop_command), .dflt = "", .apply = APPLY_LIVE,
     .brief = "The command line of the rung 'command'."},
    LIMIT("subset_affinity", "Whether processes may narrow their affinity."),
    {JOB("success_exit_codes", "restart"), EXIT_CODES(job_spec, success_exit_codes), .dflt = "0",
     .apply = APPLY_LIVE, .brief = "Exit codes that count as success; 0 always does."},
    PLANNED("token_delete_privileges", "identity", "Privileges that are taken away."),
    PLANNED("token_disable_sids", "identity", "Groups that are disabled in the token."),
    PLANNED("token_restrict_sids", "identity", "Groups that restrict the token."),
    LIMIT("ui_restrictions", "What of the desktop is out of reach."),
    PLANNED("user", "identity", "The account that the job runs under."),
    PLANNED("watchdog", "health", "Within which time the job must report."),
    LIMIT("working_set_max", "The most physical memory of one process."),
    LIMIT("working_set_min", "The least physical memory of one process."),

    /* --- [include] ------------------------------------------------------------------ */
    {.section = SECTION_INCLUDE,
     .key = "files",
     .about = "include",
     APART(struct texts, ty_patterns),
     .min = 1,
     .max = TEXT_UNITS,
     .example = "jobs.d\\*.ini",
     .apply = APPLY_LIVE,
     .brief = "More files to read, as if they stood here.",
     .note = "Relative to the file that includes them; the files of one pattern are read in sorted "
             "order. A pattern that matches nothing is a warning, a name that does not exist an "
             "error."},
};

const size_t schema_count = sizeof schema / sizeof *schema;
