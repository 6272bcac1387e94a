/* machine.h - what a configuration has to fit to and only the machine can tell.  Plain data, filled
 * by the host (service/job/machine.h) or by a test. */
#ifndef JW_CONFIG_MACHINE_H
#define JW_CONFIG_MACHINE_H

#include "config/limits.h"

struct machine {
    uint32_t cpus;   /* active processors of all groups, at least 1 */
    uint32_t groups; /* at least 1 */
    struct cpu_group group[CPU_GROUPS_MAX]; /* the active processors of each; sorted */
    bool fair_share; /* DFSS shares the CPU among sessions: Windows then refuses CPU rates */
    bool in_job;     /* this program itself is in somebody's job ... */
    bool ui_above;   /* ... with UI restrictions: nothing can be nested below */
    bool net_above;  /* ... with network rate control: none is possible below */
};

#endif
