/* table.c - one row a verb; `help` prints them, main.c runs them. */
#include "service/verbs/verbs.h"

const struct verb verbs[] = {
    {"run", "run [--config FILE]", "run the fleet in the foreground until Ctrl+C", verb_run, 0},
    {"service", "service --config FILE", "what the Service Control Manager runs", verb_service, 0},
    {"check", "check [FILE] [--json]", "report every mistake of a job file, or what will run",
     verb_check, 1},
    {"help", "help [KEY]", "this text, or what a key of the job file means", verb_help, 1},
    {"version", "version", "the version", verb_version, 0},
    {"status", "status", "the state of the fleet", NULL, 0},
    {"top", "top", "the fleet, live", NULL, 0},
    {"start", "start NAME", "start jobs", NULL, 0},
    {"stop", "stop NAME", "stop jobs", NULL, 0},
    {"restart", "restart NAME", "restart jobs", NULL, 0},
    {"reload", "reload [--dry-run]", "take a changed job file over", NULL, 0},
    {"logs", "logs [-f] NAME", "what a worker wrote", NULL, 0},
    {"events", "events [-f]", "what happened", NULL, 0},
    {"limits", "limits NAME", "limits, and who holds them", NULL, 0},
    {"set", "set NAME KEY=VALUE", "change a limit now", NULL, 0},
    {"doctor", "doctor", "what this system can do", NULL, 0},
    {"install", "install", "register the service", NULL, 0},
    {"uninstall", "uninstall", "remove the service", NULL, 0},
    {NULL, NULL, NULL, NULL, 0},
};
