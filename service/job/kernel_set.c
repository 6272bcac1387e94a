/* kernel_set.c - the limits of a job given to Windows, class after class.
 *
 * A notification of a rate needs that rate, so it is written after it and cleared before it. */
#include "service/job/kernel_impl.h"

#include "service/win32/privilege.h"

#include <string.h>

struct put {
    const struct kernel_calls *calls;
    HANDLE job;
    bool stubborn; /* goes on after a refusal */
    struct refusal first;
};

static DWORD call(struct put *p, int class, const void *info, size_t n)
{
    return p->calls->set(p->calls->ctx, p->job, class, info, (DWORD)n);
}

static void note(struct put *p, int class, DWORD code)
{
    if (code && !p->first.code)
        p->first = (struct refusal){class, code};
}

static bool over(const struct put *p)
{
    return p->first.code && !p->stubborn;
}

static void put(struct put *p, int class, const void *info, size_t n)
{
    if (!over(p))
        note(p, class, call(p, class, info, n));
}

/* --- times, which Windows counts from the moment they are set ----------------------- */
static LONGLONG left(LONGLONG limit, uint64_t used)
{
    return (uint64_t)limit > used ? limit - (LONGLONG)used : 1;
}

static bool has_job_time(const struct kernel_limits *k)
{
    return k->extended.BasicLimitInformation.LimitFlags & JOB_OBJECT_LIMIT_JOB_TIME;
}

/* What a job has that was just made.  Class 9 is written to it all the same. */
static const struct kernel_limits nothing;

/* To write it is to give every member its processors, priority and working set anew, and what its
 * threads have chosen for themselves is gone; so nobody's notification limit may cause that. */
static bool same_extended(const struct kernel_limits *now, const struct kernel_limits *before)
{
    return before != &nothing &&
           memcmp(&now->extended, &before->extended, sizeof now->extended) == 0;
}

static void put_extended(struct put *p, const struct kernel_limits *now,
                         const struct kernel_limits *before, uint64_t used)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION x = now->extended;
    JOBOBJECT_BASIC_LIMIT_INFORMATION *b = &x.BasicLimitInformation;
    LONGLONG was = before->extended.BasicLimitInformation.PerJobUserTimeLimit.QuadPart;
    if (same_extended(now, before))
        return;
    if (has_job_time(now) && has_job_time(before) && b->PerJobUserTimeLimit.QuadPart == was) {
        b->LimitFlags &= ~(DWORD)JOB_OBJECT_LIMIT_JOB_TIME;
        b->LimitFlags |= JOB_OBJECT_LIMIT_PRESERVE_JOB_TIME;
        b->PerJobUserTimeLimit.QuadPart = 0;
    } else if (has_job_time(now)) {
        b->PerJobUserTimeLimit.QuadPart = left(b->PerJobUserTimeLimit.QuadPart, used);
    }
    put(p, JobObjectExtendedLimitInformation, &x, sizeof x);
}

/* A new job's action is to terminate.  Without a time limit it does not matter, but for the next
 * one. */
static void put_end_of_job(struct put *p, const struct kernel_limits *now,
                           const struct kernel_limits *before)
{
    if (now->end_of_job.EndOfJobTimeAction != before->end_of_job.EndOfJobTimeAction)
        put(p, JobObjectEndOfJobTimeInformation, &now->end_of_job, sizeof now->end_of_job);
}

/* --- processors --------------------------------------------------------------------- */
/* Written again even when they are the same, if class 9 has been, which has no affinity then:
 * nothing says that the groups outlive that. */
static void put_affinity(struct put *p, const struct kernel_limits *now,
                         const struct kernel_limits *before)
{
    size_t n = now->affinities * sizeof *now->affinity;
    bool same =
        now->affinities == before->affinities && memcmp(now->affinity, before->affinity, n) == 0;
    if (same && (n == 0 || same_extended(now, before)))
        return;
    put(p, JobObjectGroupInformationEx, now->affinity, n); /* of no groups: all are allowed again */
}

/* --- rates -------------------------------------------------------------------------- */
static bool same_cpu(const struct kernel_limits *a, const struct kernel_limits *b)
{
    return a->cpu.flags == b->cpu.flags && a->cpu.u.rate == b->cpu.u.rate;
}

static bool same_net(const struct kernel_limits *a, const struct kernel_limits *b)
{
    return a->net.flags == b->net.flags && a->net.max_bandwidth == b->net.max_bandwidth &&
           a->net.dscp_tag == b->net.dscp_tag;
}

static void put_cpu(struct put *p, const struct kernel_limits *now,
                    const struct kernel_limits *before)
{
    static const struct jw_cpu_rate none = {0};
    if (same_cpu(now, before))
        return;
    if (before->cpu.flags &&
        (!now->cpu.flags || ((now->cpu.flags ^ before->cpu.flags) & JW_CPU_MODES)))
        put(p, JobObjectCpuRateControlInformation, &none, sizeof none);
    if (now->cpu.flags)
        put(p, JobObjectCpuRateControlInformation, &now->cpu, sizeof now->cpu);
}

static void put_net(struct put *p, const struct kernel_limits *now,
                    const struct kernel_limits *before)
{
    static const struct jw_net_rate none = {0};
    if (same_net(now, before))
        return;
    if (before->net.flags && now->net.flags != before->net.flags)
        put(p, JW_CLASS_NET_RATE, &none, sizeof none);
    if (now->net.flags)
        put(p, JW_CLASS_NET_RATE, &now->net, sizeof now->net);
}

/* --- notifications ------------------------------------------------------------------ */
static bool fits_class_12(const struct jw_notify_2 *n)
{
    return !(n->flags & (JW_NOTIFY_MEMORY_LOW | JW_NOTIFY_NET_RATE));
}

/* Systems older than Windows 10 of 2016 know class 12 only. */
static void put_notify(struct put *p, const struct jw_notify_2 *n)
{
    if (over(p))
        return;
    DWORD code = call(p, JW_CLASS_NOTIFY_2, n, sizeof *n);
    if (code && fits_class_12(n)) {
        JOBOBJECT_NOTIFICATION_LIMIT_INFORMATION old = {
            .IoReadBytesLimit = n->read_bytes,
            .IoWriteBytesLimit = n->write_bytes,
            .PerJobUserTimeLimit = n->user_time,
            .JobMemoryLimit = n->memory_high,
            .RateControlTolerance = (JOBOBJECT_RATE_CONTROL_TOLERANCE)n->cpu_tolerance,
            .RateControlToleranceInterval =
                (JOBOBJECT_RATE_CONTROL_TOLERANCE_INTERVAL)n->cpu_interval,
            .LimitFlags = n->flags,
        };
        if (!call(p, JobObjectNotificationLimitInformation, &old, sizeof old))
            return;
    }
    note(p, JW_CLASS_NOTIFY_2, code);
}

/* Whether a rate that is told of is set anew, or goes: nothing says that its notification outlives
 * that, so it is cleared before and set again after. */
static bool rate_changes(const struct kernel_limits *now, const struct kernel_limits *before)
{
    return ((before->notify.flags & JW_NOTIFY_CPU_RATE) && !same_cpu(now, before)) ||
           ((before->notify.flags & JW_NOTIFY_NET_RATE) && !same_net(now, before));
}

static void clear_notify(struct put *p, const struct kernel_limits *now,
                         const struct kernel_limits *before)
{
    static const struct jw_notify_2 none = {0};
    if (before->notify.flags && (!now->notify.flags || rate_changes(now, before)))
        put_notify(p, &none);
}

static void set_notify(struct put *p, const struct kernel_limits *now,
                       const struct kernel_limits *before, uint64_t used)
{
    struct jw_notify_2 n = now->notify;
    bool same = memcmp(&n, &before->notify, sizeof n) == 0 && !rate_changes(now, before);
    if (!n.flags || same)
        return;
    if (n.flags & JW_NOTIFY_JOB_TIME)
        n.user_time.QuadPart = left(n.user_time.QuadPart, used);
    put_notify(p, &n);
}

/* --- all ---------------------------------------------------------------------------- */
static void put_all(struct put *p, const struct kernel_limits *now,
                    const struct kernel_limits *before, uint64_t used)
{
    put_end_of_job(p, now, before);
    put_extended(p, now, before, used);
    put_affinity(p, now, before);
    clear_notify(p, now, before);
    put_cpu(p, now, before);
    put_net(p, now, before);
    set_notify(p, now, before, used);
    if (now->ui.UIRestrictionsClass != before->ui.UIRestrictionsClass)
        put(p, JobObjectBasicUIRestrictions, &now->ui, sizeof now->ui);
}

struct refusal kernel_put(const struct kernel_calls *c, HANDLE job, const struct kernel_limits *now,
                          const struct kernel_limits *before, uint64_t used_100ns)
{
    struct put p = {.calls = c, .job = job};
    put_all(&p, now, before ? before : &nothing, used_100ns);
    return p.first;
}

enum st kernel_write(const struct kernel_calls *c, HANDLE job, const struct kernel_limits *now,
                     const struct kernel_limits *before, uint64_t used_100ns, struct err *e)
{
    struct refusal r = kernel_put(c, job, now, before, used_100ns);
    if (!r.code)
        return ST_OK;
    if (before) {
        struct put back = {.calls = c, .job = job, .stubborn = true};
        put_all(&back, before, now, used_100ns);
    }
    return kernel_fault(c, now, r, e);
}

/* --- Windows ------------------------------------------------------------------------ */
static DWORD windows_set(void *ctx, HANDLE job, int class, const void *info, DWORD n)
{
    (void)ctx;
    return SetInformationJobObject(job, (JOBOBJECTINFOCLASS) class, (void *)info, n)
               ? ERROR_SUCCESS
               : GetLastError();
}

static DWORD windows_query(void *ctx, HANDLE job, int class, void *info, DWORD cap, DWORD *ret_n)
{
    (void)ctx;
    return QueryInformationJobObject(job, (JOBOBJECTINFOCLASS) class, info, cap, ret_n)
               ? ERROR_SUCCESS
               : GetLastError();
}

static HANDLE windows_scratch(void *ctx)
{
    (void)ctx;
    return CreateJobObjectW(NULL, NULL);
}

static void windows_close(void *ctx, HANDLE job)
{
    (void)ctx;
    CloseHandle(job);
}

const struct kernel_calls kernel_calls_windows = {NULL, windows_set, windows_query, windows_scratch,
                                                  windows_close};

enum st kernel_limits_set(HANDLE job, const struct kernel_limits *now,
                          const struct kernel_limits *before, uint64_t used_100ns, struct err *e)
{
    static bool enabled; /* it stays so; where it is not held, Windows says what it needs */
    if (!enabled && kernel_limits_need_privilege(now))
        enabled = privilege_enable(SE_INC_BASE_PRIORITY_NAME);
    return kernel_write(&kernel_calls_windows, job, now, before, used_100ns, e);
}
