/* machine.c - processors, and what stands above every job that is made here. */
#include "service/job/machine.h"

#include "service/job/abi.h"

#include <stdlib.h>
#include <string.h>

static uint32_t count_bits(uint64_t mask)
{
    uint32_t n = 0;
    for (; mask; mask &= mask - 1)
        n++;
    return n;
}

static void add_group(struct machine *m, uint16_t group, uint64_t mask)
{
    if (!mask || m->groups == CPU_GROUPS_MAX)
        return;
    m->group[m->groups++] = (struct cpu_group){group, mask};
    m->cpus += count_bits(mask);
}

/* --- processors --------------------------------------------------------------------- */
/* The groups of INFO; copied one by one, for through the struct's own one-element array GCC would
 * read one only. */
static void take_groups(struct machine *m, const char *info)
{
    const SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *x = (const void *)info;
    const char *first = info + offsetof(SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX, Group.GroupInfo);
    for (WORD g = 0; g < x->Group.ActiveGroupCount; g++) {
        PROCESSOR_GROUP_INFO one;
        memcpy(&one, first + g * sizeof one, sizeof one);
        add_group(m, g, one.ActiveProcessorMask);
    }
}

static void read_groups(struct machine *m)
{
    DWORD n = 0;
    if (GetLogicalProcessorInformationEx(RelationGroup, NULL, &n) ||
        GetLastError() != ERROR_INSUFFICIENT_BUFFER)
        return;
    char *info = malloc(n);
    if (!info)
        return;
    if (GetLogicalProcessorInformationEx(RelationGroup, (void *)info, &n))
        take_groups(m, info);
    free(info);
}

static void read_cpus(struct machine *m)
{
    SYSTEM_INFO s;
    read_groups(m);
    if (m->groups > 0)
        return;
    GetSystemInfo(&s); /* of one group */
    add_group(m, 0, s.dwActiveProcessorMask ? s.dwActiveProcessorMask : 1);
}

/* --- what stands above -------------------------------------------------------------- */
/* With fair share scheduling (DFSS) Windows answers every CPU rate with 50, so it is tried: the
 * switch in the registry is there too where the scheduling itself is not. */
static bool has_fair_share(void)
{
    struct jw_cpu_rate rate = {.flags = JW_CPU_ENABLE, .u.rate = 10000};
    HANDLE job = CreateJobObjectW(NULL, NULL);
    if (!job)
        return false;
    BOOL set = SetInformationJobObject(job, JobObjectCpuRateControlInformation, &rate, sizeof rate);
    bool ret = !set && GetLastError() == ERROR_NOT_SUPPORTED;
    CloseHandle(job);
    return ret;
}

/* Of the jobs that we are in only the nearest can be asked. */
static void read_above(struct machine *m)
{
    BOOL in = FALSE;
    JOBOBJECT_BASIC_UI_RESTRICTIONS ui = {0};
    struct jw_net_rate net = {0};
    m->in_job = IsProcessInJob(GetCurrentProcess(), NULL, &in) && in;
    if (!m->in_job)
        return;
    m->ui_above =
        QueryInformationJobObject(NULL, JobObjectBasicUIRestrictions, &ui, sizeof ui, NULL) &&
        ui.UIRestrictionsClass;
    m->net_above = QueryInformationJobObject(NULL, JW_CLASS_NET_RATE, &net, sizeof net, NULL) &&
                   (net.flags & JW_NET_ENABLE);
}

void machine_read(struct machine *ret)
{
    struct machine m = {0};
    read_cpus(&m);
    read_above(&m);
    m.fair_share = has_fair_share();
    *ret = m;
}
