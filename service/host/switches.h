/* switches.h - what a test may turn off, by the environment variable JOBWARDEN_TEST: a
 * comma-separated list. Each one that is on is a warning in the log. */
#ifndef JW_HOST_SWITCHES_H
#define JW_HOST_SWITCHES_H

#include <stdbool.h>

struct switches {
    bool drop_packets;   /* "drop-packets": every job message is lost */
    bool suspended;      /* "suspended-spawn": never the attribute list */
    bool no_suspended;   /* "attribute-spawn": never the fallback */
    bool look_often;     /* "look-often": the slow look-again comes every 200 ms */
    const char *unknown; /* a word that is none of these, or NULL; static */
};

struct switches switches_read(void);

#endif
