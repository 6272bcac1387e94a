/* cause.c - the words. */
#include "config/cause.h"

const char *const cause_names[CAUSES] = {
    [CAUSE_NONE] = "none",
    [CAUSE_EXIT] = "exit",
    [CAUSE_CRASH] = "crash",
    [CAUSE_NOT_STARTED] = "not-started",
    [CAUSE_HOOK] = "hook",
    [CAUSE_NOT_READY] = "not-ready",
    [CAUSE_LIMIT] = "limit",
    [CAUSE_WATCHDOG] = "watchdog",
    [CAUSE_HEALTH] = "health",
    [CAUSE_MAX_RUNTIME] = "max-runtime",
    [CAUSE_SCHEDULE] = "schedule",
    [CAUSE_OPERATOR] = "operator",
    [CAUSE_CHANGE] = "change",
    [CAUSE_DEPENDENCY] = "dependency",
    [CAUSE_SHUTDOWN] = "shutdown",
};
