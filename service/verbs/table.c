/* table.c - one row a verb; `help` prints them, main.c runs them. */
#include "service/verbs/verbs.h"

const struct verb verbs[] = {
    {"run", "run [--config FILE]", "run the fleet in the foreground until Ctrl+C", verb_run, 0,
     false},
    {"service", "service --config FILE", "what the Service Control Manager runs", verb_service, 0,
     false},
    {"check", "check [FILE] [--json]", "report every mistake of a job file, or what will run",
     verb_check, 1, true},
    {"help", "help [KEY]", "this text, or what a key of the job file means", verb_help, 1, false},
    {"version", "version", "the version", verb_version, 0, false},
    {"status", "status", "the state of the fleet", NULL, 0, false},
    {"top", "top", "the fleet, live", NULL, 0, false},
    {"start", "start NAME", "start jobs", NULL, 0, false},
    {"stop", "stop NAME", "stop jobs", NULL, 0, false},
    {"restart", "restart NAME", "restart jobs", NULL, 0, false},
    {"reload", "reload [--dry-run]", "take a changed job file over", NULL, 0, false},
    {"logs", "logs [-f] NAME", "what a worker wrote", NULL, 0, false},
    {"events", "events [-f]", "what happened", NULL, 0, false},
    {"limits", "limits NAME", "limits, and who holds them", NULL, 0, false},
    {"set", "set NAME KEY=VALUE", "change a limit now", NULL, 0, false},
    {"doctor", "doctor", "what this system can do", NULL, 0, false},
    {"install", "install", "register the service", NULL, 0, false},
    {"uninstall", "uninstall", "remove the service", NULL, 0, false},
    {NULL, NULL, NULL, NULL, 0, false},
};
