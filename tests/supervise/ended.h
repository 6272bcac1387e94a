/* ended.h - the ending of a run, for tables. */
#ifndef JW_TEST_ENDED_H
#define JW_TEST_ENDED_H

#include "service/supervise/policy.h"

#define ENDED(why, exit_code, ran)                                                                 \
    {.cause = (why), .code = (exit_code), .ran_ms = (ran), .limit = LIMIT_NONE}
#define BY_LIMIT(what, ran)                                                                        \
    {.cause = CAUSE_LIMIT, .ran_ms = (ran), .limit = LIMIT_JOB_MEMORY, .reaction = (what)}

#endif
