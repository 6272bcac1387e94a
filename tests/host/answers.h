/* answers.h - a small HTTP server on a loopback address, with a thread of its own.
 *
 *   /good      200, a short body           /moved   302 to /good     /round   302 to itself
 *   /none      204                         /gone    404              /down    503
 *   /secret    401, asks for a name        /odd     500, with a reason of control characters
 *   /long      200, a body of 1 MiB        /nonsense  not HTTP       /hangup  closes
 *   /endless   200, a body without an end  /never   no answer        */
#ifndef JW_TESTS_HOST_ANSWERS_H
#define JW_TESTS_HOST_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>

struct answers;

/* On 127.0.0.1, or ::1; a PORT of 0: any free one.  NULL when that cannot be. */
struct answers *answers_open(bool ipv6, unsigned port);
unsigned answers_port(const struct answers *a);
/* Connections that were accepted so far, and those that are held open now: of /endless and /never.
 * Any thread. */
size_t answers_accepted(const struct answers *a);
size_t answers_held(const struct answers *a);
/* Closes those. */
void answers_let_go(struct answers *a);
void answers_close(struct answers *a); /* NULL is allowed */

#endif
