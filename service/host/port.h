/* port.h - the completion port of all jobs and the one thread that blocks on it.
 *
 * It owns no job and frees nothing: it turns packets into notes.
 * A packet's key says what it is about: the id of a run (below 2^60), or with one of the bits below
 * the id of a run whose main process ended, the slot of a helper, a hook or a check that ended, or
 * the number of the group or fleet whose job it is about. */
#ifndef JW_HOST_PORT_H
#define JW_HOST_PORT_H

#include "service/host/queue.h"

#include <windows.h>

struct port;

#define PORT_KEY_ENDED (UINT64_C(1) << 63)
#define PORT_KEY_HELPER (UINT64_C(1) << 62)
#define PORT_KEY_HOOK (UINT64_C(1) << 61)
#define PORT_KEY_LEVEL (UINT64_C(1) << 60)
#define PORT_KEY_CHECK (PORT_KEY_HOOK | PORT_KEY_LEVEL)

/* DROP_JOB_PACKETS: a test switch; job messages are thrown away, as Windows is allowed to. */
enum st port_open(struct queue *q, bool drop_job_packets, struct port **ret, struct err *e);
HANDLE port_handle(const struct port *p);
void port_post(HANDLE port, uint64_t key); /* any thread */

/* What the wait pool needs to tell the loop of an end: values only, never a pointer to what the
 * loop owns.  ender_post() is the callback of a process wait; it posts the key of the ender CTX. */
struct ender {
    HANDLE port;
    uint64_t key;
};
void ender_post(void *ctx);
/* Stops and joins the thread, then closes the port.  NULL is allowed. */
void port_close(struct port *p);

#endif
