/* kernel.h - a definition's limits as the structs that SetInformationJobObject takes.
 *
 * kernel_limits_map() is pure.  The structs of a job are always written whole: Wine's query gives
 * zeros, and a flag left out of a write is a limit removed. */
#ifndef JW_JOB_KERNEL_H
#define JW_JOB_KERNEL_H

#include "common/status.h"
#include "config/machine.h"
#include "service/job/abi.h"

struct kernel_limits {
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION extended;    /* class 9, always written */
    JOBOBJECT_END_OF_JOB_TIME_INFORMATION end_of_job; /* class 6, with JOB_TIME only */
    struct jw_cpu_rate cpu;                           /* class 15; flags 0: none */
    struct jw_net_rate net;                           /* class 32; flags 0: none */
    struct jw_notify_2 notify;                        /* class 33; flags 0: none */
    JOBOBJECT_BASIC_UI_RESTRICTIONS ui;               /* class 4; 0: none */
    GROUP_AFFINITY affinity[CPU_GROUPS_MAX];          /* class 14, where one group is not enough */
    DWORD affinities;                                 /* 0: class 9 says it, or nothing does */
};

/* Leaves out what HOLDS (of each limit_id) says that this kernel refuses or does not keep; NULL:
 * all is taken.  Whether affinity goes by class 9 or by class 14 depends on M: class 9 speaks of
 * one group only, and on a machine with more than one group class 14 is used.  Padding is zero
 * too. */
void kernel_limits_map(const struct limits *l, const struct machine *m, const bool *holds,
                       struct kernel_limits *ret);

/* Whether one of them is for those only who hold SeIncreaseBasePriorityPrivilege, or may be. */
bool kernel_limits_need_privilege(const struct kernel_limits *k);

/* Sets all of NOW on JOB.  BEFORE: what was set on it last; NULL: nothing, it is new.  A class that
 * is the same in both is not written again, but for the groups of class 14 after class 9.
 *
 * The CPU time that the job has used stays counted: an unchanged job time limit is preserved
 * (JOB_OBJECT_LIMIT_PRESERVE_JOB_TIME), a changed one is set less what was used (USED_100NS, by
 * class 1), for Windows counts it from the moment it is set; so it does with notify_job_time.
 * Leaving a mode of CPU or network rate clears its flags first.
 *
 * On failure e->text names the keys and the Windows error; of a class with several limits the one
 * that is refused is found out on a scratch job.  BEFORE is then put back as far as possible. */
enum st kernel_limits_set(HANDLE job, const struct kernel_limits *now,
                          const struct kernel_limits *before, uint64_t used_100ns, struct err *e);

#endif
