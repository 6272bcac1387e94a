/* port.h - the completion port of all jobs and the one thread that blocks on it.
 *
 * It owns no job and frees nothing: it turns packets into notes.
 * A packet's key says what it is about: the id of a run (below 2^62), or with one of the bits below
 * the id of a run whose main process ended, or the slot of a helper that ended. */
#ifndef JW_HOST_PORT_H
#define JW_HOST_PORT_H

#include "service/host/queue.h"

#include <windows.h>

struct port;

#define PORT_KEY_ENDED (UINT64_C(1) << 63)
#define PORT_KEY_HELPER (UINT64_C(1) << 62)

/* DROP_JOB_PACKETS: a test switch; job messages are thrown away, as Windows is allowed to. */
enum st port_open(struct queue *q, bool drop_job_packets, struct port **ret, struct err *e);
HANDLE port_handle(const struct port *p);
/* Any thread; for the callbacks of process waits. */
void port_post(HANDLE port, uint64_t key);
/* Stops and joins the thread, then closes the port.  NULL is allowed. */
void port_close(struct port *p);

#endif
