/* table.c - one row a verb; `help` prints them, main.c runs them, completion knows them. */
#include "service/verbs/verbs.h"

#include <string.h>

enum { MANY = 64 }; /* names, as many as a request may have */
#define FILE_ONLY OPT_CONFIG
#define ORDERS (OPT_ASKS | OPT_WAIT | OPT_TIMEOUT)

const struct verb verbs[] = {
    {"run", "run [--config FILE]", "run the fleet in the foreground until Ctrl+C", verb_run, 0, 0,
     FILE_ONLY, false},
    {"service", "service --config FILE", "what the Service Control Manager runs", verb_service, 0,
     0, FILE_ONLY, false},
    {"status", "status [NAME...] [--json]", "the state of the fleet", verb_status, 0, MANY,
     OPT_ASKS, true},
    {"top", "top [NAME...]", "the fleet, live", verb_top, 0, MANY,
     OPT_CONFIG | OPT_SERVICE | OPT_HOST | OPT_INTERVAL, true},
    {"start", "start NAME... [--wait] [--timeout TIME]", "start instances", verb_order, 1, MANY,
     ORDERS, true},
    {"stop", "stop NAME... [--wait] [--timeout TIME]", "stop instances by their ladders",
     verb_order, 1, MANY, ORDERS, true},
    {"restart", "restart NAME... [--wait] [--timeout TIME]",
     "restart instances, job by job in turns", verb_order, 1, MANY, ORDERS, true},
    {"kill", "kill NAME...", "terminate instances; their restart policy decides what follows",
     verb_order, 1, MANY, OPT_ASKS, true},
    {"logs", "logs NAME... [-f] [-n LINES] [--stdout] [--stderr]", "what workers wrote", verb_logs,
     1, MANY, OPT_ASKS | OPT_FOLLOW | OPT_LINES | OPT_STDOUT | OPT_STDERR, true},
    {"events", "events [NAME...] [-f] [-n LINES]", "what happened", verb_events, 0, MANY,
     OPT_ASKS | OPT_FOLLOW | OPT_LINES, true},
    {"limits", "limits [NAME...]", "limits, who holds them, and what is used", verb_limits, 0, MANY,
     OPT_ASKS, true},
    {"ps", "ps [NAME...]", "the processes of instances, as trees", verb_ps, 0, MANY, OPT_ASKS,
     true},
    {"set", "set NAME KEY=VALUE... | set NAME --reset [KEY...]",
     "change settings of a job or group now, until the next reload", verb_set, 1, MANY,
     OPT_ASKS | OPT_RESET | OPT_DRY_RUN, true},
    {"reload", "reload [--dry-run]", "take over the changed job file, or say what that would do",
     verb_reload, 0, 0, OPT_ASKS | OPT_DRY_RUN, false},
    {"check", "check [FILE] [--json]", "report every mistake of a job file, or what will run",
     verb_check, 0, 1, OPT_CONFIG | OPT_JSON, false},
    {"doctor", "doctor [--json]", "who holds which limit on this system, and why", verb_doctor, 0,
     0, OPT_CONFIG | OPT_JSON, false},
    {"grant", "grant JOB HANDLE [--revoke] [--config FILE]",
     "let a job with ui_restrictions = handles use a handle", verb_grant, 2, 2,
     OPT_CONFIG | OPT_REVOKE, true},
    {"completion", "completion powershell", "a script that completes commands in PowerShell",
     verb_completion, 1, 1, 0, false},
    {"help", "help [VERB | KEY]", "this text, a command, or what a key of the job file means",
     verb_help, 0, 1, 0, false},
    {"version", "version", "the version", verb_version, 0, 0, 0, false},
    {"install", "install", "register the service", NULL, 0, 0, 0, false},
    {"uninstall", "uninstall", "remove the service", NULL, 0, 0, 0, false},
    {"--complete", NULL, NULL, verb_complete, 0, MANY, OPT_CONFIG | OPT_SERVICE, false},
    {NULL, NULL, NULL, NULL, 0, 0, 0, false},
};

const struct verb *verb_find(const char *name)
{
    for (const struct verb *v = verbs; v->name; v++)
        if (strcmp(v->name, name) == 0)
            return v;
    return NULL;
}
