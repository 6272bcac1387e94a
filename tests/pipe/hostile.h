/* hostile.h - clients that do everything wrong, against any server of the control pipe. */
#ifndef JW_TESTS_PIPE_HOSTILE_H
#define JW_TESTS_PIPE_HOSTILE_H

#include <stdint.h>

/* What they do.  Each but HOSTILE_LEAVES may also stay for a while and say nothing more. */
enum hostile_kind {
    HOSTILE_LEAVES,     /* at once */
    HOSTILE_LIES,       /* a length that is 0, too great, or of bytes that never come */
    HOSTILE_STOPS,      /* in the middle of a head or of a body */
    HOSTILE_RUBBISH,    /* bytes by chance, or something that is nearly a request */
    HOSTILE_DEAF,       /* asks for much and reads nothing */
    HOSTILE_CROWDS,     /* many requests at once, and reads nothing */
    HOSTILE_DRIPS,      /* a request in small pieces; reads the reply */
    HOSTILE_BREAKS_OFF, /* reads a part of a long reply */
    HOSTILE_KINDS
};

struct hostile_result {
    unsigned made[HOSTILE_KINDS]; /* connections of each kind */
    unsigned refused; /* could not be opened: the server was busy with others, or gone */
    unsigned replies; /* frames that came whole */
    unsigned torn;    /* bytes that are no frame, or a frame that is no JSON object: 0, or the
                         server is broken */
};

/* Makes CONNECTIONS of them, up to some dozens at a time, by SEED.  Takes seconds for thousands.
 * Those that are still open in the end are closed. */
struct hostile_result hostile_run(const char *service, unsigned connections, unsigned seed);

#endif
