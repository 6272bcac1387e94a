/* scm.h - life under the Service Control Manager.
 *
 * START_PENDING at once, check points while stopping, STOPPED last and once, with a nonzero exit
 * code when the service could not start, so that recovery actions see it. */
#ifndef JW_HOST_SCM_H
#define JW_HOST_SCM_H

#include "common/status.h"

/* Hands the main thread to the SCM until the service has stopped.  CONFIG is the job file's full
 * path. ST_UNSUPPORTED: the SCM did not start this process; e->text says what to type instead. */
enum st scm_main(const char *config, struct err *e);

#endif
