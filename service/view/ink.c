/* ink.c - states, levels and shares to colours. */
#include "service/view/ink.h"

#include <assert.h>

const char ink_off[] = "\x1b[0m";

const char *const state_words[STATES_KNOWN] = {"failed",  "backoff", "stopping", "starting",
                                               "waiting", "running", "stopped",  "exited"};
static const enum ink state_inks[] = {INK_BAD,  INK_WAIT, INK_WAIT, INK_WAIT,
                                      INK_WAIT, INK_GOOD, INK_DIM,  INK_DIM};
static_assert(sizeof state_inks / sizeof *state_inks == STATES_KNOWN, "one a state");

unsigned state_rank(struct str state)
{
    unsigned i = 0;
    while (i < STATES_KNOWN && !str_is(state, state_words[i]))
        i++;
    return i;
}

enum ink ink_of_state(struct str state)
{
    unsigned i = state_rank(state);
    return i < STATES_KNOWN ? state_inks[i] : INK_PLAIN;
}

enum ink ink_of_level(struct str level)
{
    if (str_is(level, "error"))
        return INK_BAD;
    if (str_is(level, "warning"))
        return INK_WAIT;
    return str_is(level, "debug") ? INK_DIM : INK_PLAIN;
}

enum ink ink_of_percent(uint64_t percent)
{
    return percent >= 90 ? INK_BAD : percent >= 75 ? INK_WAIT : INK_PLAIN;
}

const char *ink_on(enum ink ink)
{
    static const char *const on[INKS] = {
        [INK_PLAIN] = "",        [INK_BOLD] = "\x1b[1m",  [INK_DIM] = "\x1b[90m",
        [INK_GOOD] = "\x1b[32m", [INK_WAIT] = "\x1b[33m", [INK_BAD] = "\x1b[31m",
    };
    return on[ink];
}
