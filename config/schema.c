/* schema.c - the table. */
#include "config/schema_row.h"

const char *const apply_names[APPLY_COUNT] = {[APPLY_LIVE] = "live",
                                              [APPLY_RELIMIT] = "relimit",
                                              [APPLY_RESPAWN] = "respawn",
                                              [APPLY_RECREATE] = "recreate",
                                              [APPLY_RESTART_SERVICE] = "restart-service"};

const char *const schema_abouts[] = {"service",   "include",  "process", "identity", "fleet",
                                     "readiness", "restart",  "stop",    "health",   "hooks",
                                     "output",    "schedule", "limits",  NULL};

const struct field schema[] = {
    /* --- [service] ------------------------------------------------------------------ */
    {SERVICE("control_access", "service"), ACCESS(service_spec, control_access), .max = TEXT_UNITS,
     .dflt = "command: Administrators; look: Authenticated Users", .apply = APPLY_LIVE,
     .brief = "Who may command the service, and who may only look at it.",
     .note = "Who may command may look too; to read the output of workers with logs one must be "
             "able to command. SYSTEM and the account of the service may always command and need "
             "not be named."},
    {SERVICE("control_remote", "service"), YES_NO(service_spec, control_remote), .dflt = "no",
     .apply = APPLY_RESTART_SERVICE,
     .brief = "Whether clients on other machines may use the control pipe.",
     .note = "control_access holds for them too."},
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
    {SERVICE("max_concurrent_starts", "service"), NUMBER(service_spec, max_concurrent_starts),
     .max = INSTANCES_MAX, .dflt = "16", .apply = APPLY_LIVE, .unit = "instances",
     .brief = "How many instances are on their way at one time; 0 sets no limit.",
     .note = "On its way is what was started and is not ready yet; with ready = started that is a "
             "moment only."},
    {SERVICE("name", "service"), NAME(service_spec, name), .dflt = "Jobwarden",
     .apply = APPLY_RESTART_SERVICE,
     .brief = "The name by which the service, its Job Objects and its control pipe are known.",
     .note = "Two services on one machine need two names."},
    {SERVICE("object_namespace", "service"),
     WORD(service_spec, object_namespace, namespace_kind, namespaces), .dflt = "auto",
     .apply = APPLY_RESTART_SERVICE,
     .brief = "Where the names of the Job Objects are made: for all sessions or for this one.",
     .note = "auto takes global where the account may, else local."},
    {SERVICE("sample_interval", "service"), DURATION(service_spec, sample_interval), .min = 100,
     .max = HOUR, .dflt = "10s", .apply = APPLY_LIVE,
     .brief = "How often the use of resources is sampled.",
     .note = "Nothing is sampled when no guard, and no limit that Windows does not hold here, is "
             "set."},
    {SERVICE("start_jitter", "service"), DURATION(service_spec, start_jitter), .max = HOUR,
     .dflt = "0s", .apply = APPLY_LIVE,
     .brief = "Each start comes up to this much later, by chance.",
     .note = "A fleet then does not start, or come back after a common failure, in one instant."},
    {SERVICE("stop_timeout", "service"), DURATION(service_spec, stop_timeout), .min = SECOND,
     .max = DAY, .dflt = "30s", .apply = APPLY_LIVE,
     .brief = "The time that the whole fleet has to stop; then whatever is left is terminated.",
     .note = "Jobs that do not wait for one another stop at the same time, so this is not the sum "
             "of all ladders."},
    {SERVICE("watch_config", "service"), YES_NO(service_spec, watch_config), .dflt = "no",
     .apply = APPLY_LIVE,
     .brief = "Whether a changed job file is taken over by itself, as reload does.",
     .note = "Once nothing has changed for a second, in it or in any file that it includes or "
             "names as env_file. One with mistakes changes nothing."},

/* --- [job:NAME], [template:NAME], [defaults] ------------------------------------ */
#include "config/schema_jobs_a.h"
#include "config/schema_jobs_m.h"

    /* --- [include] ------------------------------------------------------------------ */
    {.section = SECTION_INCLUDE,
     .key = "files",
     .about = "include",
     .id = LIMIT_NONE,
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
