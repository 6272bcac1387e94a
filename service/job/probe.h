/* probe.h - what the kernel under us really keeps of a Job Object's limits: each is set on a
 * scratch job and read back, once, at the start.  Nothing goes by version. */
#ifndef JW_JOB_PROBE_H
#define JW_JOB_PROBE_H

#include "common/status.h"
#include "config/machine.h"
#include "service/limits/holder.h"

/* One limit as the kernel took it. */
struct probe_row {
    bool kernel;      /* set and read back the same */
    bool accepted;    /* set without an error, whether it is kept or not */
    uint32_t os;      /* Windows error when it was refused, else 0 */
    const char *note; /* static words for doctor, "" */
};

struct probe {
    struct probe_row row[LIMITS];
    struct holders holders;
    struct counters counters;
    bool privilege; /* SeIncreaseBasePriorityPrivilege is held, and enabled by now */
};

/* ST_OS only when not even a Job Object can be made. */
enum st probe_run(const struct machine *m, struct probe *ret, struct err *e);

#endif
