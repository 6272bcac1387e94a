/* policy.h - after a run has ended: again, when, or not.  Pure; times are milliseconds of one
 * monotonic clock.
 *
 * Which ending leads to another run:
 *
 *   ending                               always  on-failure  on-abnormal  never
 *   a success                            yes     no          no           no
 *   any other exit code                  yes     yes         no           no
 *   a code of exit_code_abnormal()       yes     yes         yes          no
 *   could not be started                 yes     yes         no           no
 *   hook_pre_start failed                yes     yes         no           no
 *   not ready, not well, no report       yes     yes         yes          no
 *   ran for max_runtime                  yes     yes         yes          no
 *   a limit, on_limit = restart          yes     yes         yes          yes
 *   a limit, on_limit = stop             no      no          no           no
 *   a limit ended it, on_limit another   yes     yes         yes          no
 *   an operator killed it                yes     yes         yes          no
 *
 * Of a job with a schedule, a success is not run again before the schedule says so, whatever
 * restart says.
 *
 * Before all that come restart_prevent_causes and, for a run that ended by itself,
 * restart_prevent_exit_codes (never again), then restart_force_causes and restart_force_exit_codes
 * (always again); on_limit = restart and = stop come before them.  What an operator killed is like
 * a crash in all this, but without an exit code.  What ended by another order, a changed definition
 * or restart_schedule, and is wanted up by now, is run again at once; what ended for a job that it
 * requires waits for that; no list is read for these.  What is not run again has succeeded or has
 * failed: policy_success().
 *
 * Delays and the start limit know two kinds of trouble, failures and limits, and count each by
 * itself: a leaking worker that is recycled every night is not declared broken, and a crash loop
 * does not hide behind it. */
#ifndef JW_SUPERVISE_POLICY_H
#define JW_SUPERVISE_POLICY_H

#include "config/spec.h"

struct ending {
    enum cause cause;
    uint32_t code;          /* exit code; meaningless for CAUSE_NOT_STARTED */
    uint64_t ran_ms;        /* from spawn to the end of the main process */
    enum limit_id limit;    /* of CAUSE_LIMIT, else LIMIT_NONE (which is not 0) */
    enum reaction reaction; /* of CAUSE_LIMIT: what was to follow; else REACTION_UNSAID */
    bool slain;             /* of CAUSE_OPERATOR: it was killed, and not told to be down */
};

enum trouble { TROUBLE_FAILURE, TROUBLE_LIMIT, TROUBLES };

/* What is remembered of one kind of trouble. */
struct tally {
    uint32_t restarts;      /* in a row since a run last reached min_uptime */
    uint32_t window_starts; /* starts since window_start */
    uint64_t window_start;
};

/* What is remembered between the runs of one unit; all zero at the beginning. */
struct history {
    struct tally of[TROUBLES];
    enum trouble now;    /* what led to the last decision, and to the start that follows it */
    bool recycling;      /* that start is one by on_limit = restart */
    uint64_t recycle_at; /* not before this the next one; outlives orders, for it is a rate */
};

enum verdict {
    VERDICT_RESTART,
    VERDICT_WAIT,   /* for a job that it requires, then again */
    VERDICT_DONE,   /* by its policy not again, whether it succeeded or failed */
    VERDICT_GIVE_UP /* again by its policy, but the start limit of this trouble is reached */
};

struct decision {
    enum verdict what;
    uint64_t delay_ms;  /* of VERDICT_RESTART */
    const char *reason; /* static words: "restart = never", "start limit reached" */
};

/* True when the ending counts as a success: exit code 0 or one of success_exit_codes, by itself
 * (CAUSE_EXIT or CAUSE_CRASH, for a code of Windows may be among them too). */
bool policy_success(const struct job_spec *spec, const struct ending *end);

/* An order, or something like one, has ended it: `restart` has no say in what follows. */
bool policy_ordered(const struct ending *end);

/* Decides and updates *h.  RANDOM spreads the delay: each number of 32 bits is one place within
 * +-restart_jitter percent, also around restart_delay_max: what was cut to the same length would
 * otherwise come back at the same moment.
 * Every run shorter than min_uptime counts towards the delay, however well it ended.  A longer one
 * that ended by itself, by a limit, by its watchdog or by its health checks was good, and so is
 * every one that ran for max_runtime: what was counted before it is forgotten.  A start that was
 * not ready in time never was good.  A restart by on_limit = restart waits until on_limit_interval
 * has gone by since the last start of its kind. */
struct decision policy_decide(const struct job_spec *spec, struct history *h,
                              const struct ending *end, uint64_t now, uint32_t random);

/* Counts a start that is about to be made, for the trouble that led to it; one that no trouble led
 * to counts as a failure's.  A run that reaches a min_uptime above 0 wipes both counts.  A window
 * of start_limit_interval begins with the first start that it counts; within it start_limit starts
 * are made, the next one is VERDICT_GIVE_UP.  Either of the two being 0 means no limit. */
void policy_started(const struct job_spec *spec, struct history *h, uint64_t now);

/* An order to start, or a planned restart: what has been counted is forgotten. */
void policy_forget(struct history *h);

/* The tally that the last decision was about. */
const struct tally *policy_tally(const struct history *h);

/* The delay before the Nth restart in a row, without jitter: restart_first_delay for the first, for
 * the second restart_delay, and then each the one before times restart_factor plus restart_step; at
 * most restart_delay_max. */
uint64_t policy_delay(const struct job_spec *spec, uint32_t nth);

/* DELAY, which is at most 2^64 / 1000, within +-PERCENT of it; RANDOM is the place. */
uint64_t policy_spread(uint64_t delay, uint64_t percent, uint32_t random);

#endif
