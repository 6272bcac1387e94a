/* kernel_row.c - each limit by its place in the structs, for looking at one of many.  Pure. */
#include "service/job/kernel_impl.h"

#include <string.h>

#define BASIC extended.BasicLimitInformation
#define EXTENDED JobObjectExtendedLimitInformation
#define CPU JobObjectCpuRateControlInformation
#define NET JW_CLASS_NET_RATE
#define NOTIFY JW_CLASS_NOTIFY_2
#define BREAKAWAY_FLAGS (JOB_OBJECT_LIMIT_BREAKAWAY_OK | JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK)

const struct kernel_row kernel_rows[LIMITS] = {
    [LIMIT_PROCESS_MEMORY] = {EXTENDED, JOB_OBJECT_LIMIT_PROCESS_MEMORY},
    [LIMIT_JOB_MEMORY] = {EXTENDED, JOB_OBJECT_LIMIT_JOB_MEMORY},
    [LIMIT_PROCESS_TIME] = {EXTENDED, JOB_OBJECT_LIMIT_PROCESS_TIME},
    [LIMIT_JOB_TIME] = {EXTENDED, JOB_OBJECT_LIMIT_JOB_TIME},
    [LIMIT_ACTIVE_PROCESS] = {EXTENDED, JOB_OBJECT_LIMIT_ACTIVE_PROCESS},
    [LIMIT_WORKING_SET_MIN] = {EXTENDED, JOB_OBJECT_LIMIT_WORKINGSET},
    [LIMIT_WORKING_SET_MAX] = {EXTENDED, JOB_OBJECT_LIMIT_WORKINGSET},
    [LIMIT_AFFINITY] = {EXTENDED, JOB_OBJECT_LIMIT_AFFINITY},
    [LIMIT_SUBSET_AFFINITY] = {EXTENDED, JOB_OBJECT_LIMIT_SUBSET_AFFINITY},
    [LIMIT_PRIORITY_CLASS] = {EXTENDED, JOB_OBJECT_LIMIT_PRIORITY_CLASS},
    [LIMIT_SCHEDULING_CLASS] = {EXTENDED, JOB_OBJECT_LIMIT_SCHEDULING_CLASS},
    [LIMIT_BREAKAWAY] = {EXTENDED, BREAKAWAY_FLAGS},
    [LIMIT_KILL_ON_JOB_CLOSE] = {EXTENDED, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE},
    [LIMIT_DIE_ON_UNHANDLED_EXCEPTION] = {EXTENDED, JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION},

    [LIMIT_CPU_RATE_CAP] = {CPU, JW_CPU_HARD_CAP},
    [LIMIT_CPU_RATE_SOFT_CAP] = {CPU, 0},
    [LIMIT_CPU_RATE_WEIGHT] = {CPU, JW_CPU_WEIGHT},
    [LIMIT_CPU_RATE_MIN] = {CPU, JW_CPU_MIN_MAX},
    [LIMIT_CPU_RATE_MAX] = {CPU, JW_CPU_MIN_MAX},

    [LIMIT_NET_MAX_BANDWIDTH] = {NET, JW_NET_MAX_BANDWIDTH},
    [LIMIT_NET_DSCP_TAG] = {NET, JW_NET_DSCP_TAG},

    [LIMIT_NOTIFY_JOB_MEMORY_HIGH] = {NOTIFY, JW_NOTIFY_MEMORY_HIGH},
    [LIMIT_NOTIFY_JOB_MEMORY_LOW] = {NOTIFY, JW_NOTIFY_MEMORY_LOW},
    [LIMIT_NOTIFY_JOB_TIME] = {NOTIFY, JW_NOTIFY_JOB_TIME},
    [LIMIT_NOTIFY_IO_READ_BYTES] = {NOTIFY, JW_NOTIFY_READ_BYTES},
    [LIMIT_NOTIFY_IO_WRITE_BYTES] = {NOTIFY, JW_NOTIFY_WRITE_BYTES},
    [LIMIT_NOTIFY_CPU_RATE] = {NOTIFY, JW_NOTIFY_CPU_RATE},
    [LIMIT_NOTIFY_NET_RATE] = {NOTIFY, JW_NOTIFY_NET_RATE},

    [LIMIT_UI_RESTRICTIONS] = {JobObjectBasicUIRestrictions, 0},
};

int kernel_class(const struct kernel_limits *k, enum limit_id id)
{
    const struct kernel_row *row = &kernel_rows[id];
    bool set = false;
    if (id == LIMIT_AFFINITY && k->affinities)
        return JobObjectGroupInformationEx;
    if (row->class == EXTENDED)
        set = k->BASIC.LimitFlags & row->flags;
    else if (row->class == CPU)
        set = (k->cpu.flags & JW_CPU_ENABLE) && (k->cpu.flags & JW_CPU_MODES) == row->flags;
    else if (row->class == (int)NET)
        set = k->net.flags & row->flags;
    else if (row->class == (int)NOTIFY)
        set = k->notify.flags & row->flags;
    else if (row->class == JobObjectBasicUIRestrictions)
        set = k->ui.UIRestrictionsClass != 0;
    return set ? row->class : 0;
}

void kernel_only(const struct kernel_limits *k, enum limit_id id, struct kernel_limits *ret)
{
    const struct kernel_row *row = &kernel_rows[id];
    int class = kernel_class(k, id);
    memset(ret, 0, sizeof *ret);
    if (class == EXTENDED) {
        ret->extended = k->extended;
        ret->BASIC.LimitFlags &= row->flags;
        if (id == LIMIT_SUBSET_AFFINITY)
            ret->BASIC.LimitFlags |= JOB_OBJECT_LIMIT_AFFINITY;
    } else if (class == JobObjectGroupInformationEx) {
        memcpy(ret->affinity, k->affinity, sizeof ret->affinity);
        ret->affinities = k->affinities;
    } else if (class == (int)NET) {
        ret->net = k->net;
        ret->net.flags &= JW_NET_ENABLE | row->flags;
    } else if (class == (int)NOTIFY) {
        ret->notify = k->notify;
        ret->notify.flags &= row->flags;
    } else if (class == JobObjectBasicUIRestrictions) {
        ret->ui = k->ui;
    }
    if (class == CPU || id == LIMIT_NOTIFY_CPU_RATE)
        ret->cpu = k->cpu;
    if (id == LIMIT_NOTIFY_NET_RATE) {
        ret->net = k->net;
        ret->net.flags &= JW_NET_ENABLE | JW_NET_MAX_BANDWIDTH;
    }
}
