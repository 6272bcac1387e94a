/* fake_kernel.c - the rules of Windows for what SetInformationJobObject takes, written down once
 * more from its documentation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/job/fake_kernel.h"

#include <stdlib.h>
#include <string.h>

enum { CLASS_9_FLAGS = 0x7FFF, NOTIFY_12_FLAGS = 0x70204, NOTIFY_33_FLAGS = 0x178204 };

static size_t slot(HANDLE job)
{
    return (size_t)(ULONG_PTR)job - 1;
}

HANDLE fake_job(void)
{
    return (HANDLE)(ULONG_PTR)1;
}

/* --- what each class takes ---------------------------------------------------------- */
static DWORD take_extended(struct fake_kernel *f, struct fake_job *j,
                           const JOBOBJECT_EXTENDED_LIMIT_INFORMATION *x)
{
    const JOBOBJECT_BASIC_LIMIT_INFORMATION *b = &x->BasicLimitInformation;
    DWORD flags = b->LimitFlags;
    if (flags & ~(DWORD)CLASS_9_FLAGS)
        return ERROR_INVALID_PARAMETER;
    if ((flags & 0x4) && (flags & 0x40))
        return ERROR_INVALID_PARAMETER; /* JOB_TIME and PRESERVE_JOB_TIME */
    if ((flags & 0x1) && (!b->MinimumWorkingSetSize || !b->MaximumWorkingSetSize ||
                          b->MinimumWorkingSetSize > b->MaximumWorkingSetSize))
        return ERROR_INVALID_PARAMETER;
    if ((flags & 0x10) && (!b->Affinity || j->has.affinities))
        return ERROR_INVALID_PARAMETER;
    if ((flags & 0x4000) && !(flags & 0x10))
        return ERROR_INVALID_PARAMETER;
    if ((flags & 0x4) && b->PerJobUserTimeLimit.QuadPart <= 0)
        return ERROR_INVALID_PARAMETER;
    if (flags & 0x4)
        j->time_at = f->used + (uint64_t)b->PerJobUserTimeLimit.QuadPart;
    else if (!(flags & 0x40))
        j->time_at = 0;
    j->has.extended = *x;
    /* Nothing says that groups outlive a class 9 without an affinity, so here they do not. */
    memset(j->has.affinity, 0, sizeof j->has.affinity);
    j->has.affinities = 0;
    return ERROR_SUCCESS;
}

static DWORD take_groups(struct fake_job *j, const GROUP_AFFINITY *g, DWORD n)
{
    if (n % sizeof *g || n > sizeof j->has.affinity ||
        (n && (j->has.extended.BasicLimitInformation.LimitFlags & 0x10)))
        return ERROR_INVALID_PARAMETER;
    memset(j->has.affinity, 0, sizeof j->has.affinity);
    memcpy(j->has.affinity, g, n);
    j->has.affinities = n / (DWORD)sizeof *g;
    return ERROR_SUCCESS;
}

static DWORD take_cpu(struct fake_job *j, const struct jw_cpu_rate *c)
{
    DWORD mode = c->flags & 0x16, was = j->has.cpu.flags & 0x16;
    if (c->flags == 0 && j->has.cpu.flags == 0)
        return ERROR_INVALID_PARAMETER; /* never enabled */
    if (c->flags == 0 && (j->has.notify.flags & 0x40000))
        return ERROR_INVALID_PARAMETER; /* still to be told of */
    if (c->flags && j->has.cpu.flags && mode != was)
        return ERROR_INVALID_PARAMETER; /* not cleared before */
    if (c->flags && (!(c->flags & 1) || (mode & (mode - 1)) || c->u.rate == 0))
        return ERROR_INVALID_PARAMETER;
    j->has.cpu = *c;
    return ERROR_SUCCESS;
}

static DWORD take_net(struct fake_job *j, const struct jw_net_rate *n)
{
    if ((n->flags == 0 && j->has.net.flags == 0) || (n->flags & ~7u) || n->dscp_tag > 63)
        return ERROR_INVALID_PARAMETER;
    if (n->flags == 0 && (j->has.notify.flags & 0x100000))
        return ERROR_INVALID_PARAMETER;
    if (n->flags && j->has.net.flags && n->flags != j->has.net.flags)
        return ERROR_INVALID_PARAMETER;
    j->has.net = *n;
    return ERROR_SUCCESS;
}

static DWORD take_notify(struct fake_kernel *f, struct fake_job *j, const struct jw_notify_2 *n)
{
    if (n->flags & ~(DWORD)NOTIFY_33_FLAGS)
        return ERROR_INVALID_PARAMETER;
    if ((n->flags & 0x40000) && !(j->has.cpu.flags & 0x8))
        return ERROR_INVALID_PARAMETER;
    if ((n->flags & 0x100000) && !(j->has.net.flags & 0x2))
        return ERROR_INVALID_PARAMETER;
    j->notify_at = n->flags & 0x4 ? f->used + (uint64_t)n->user_time.QuadPart : 0;
    j->has.notify = *n;
    return ERROR_SUCCESS;
}

static DWORD take_old_notify(struct fake_kernel *f, struct fake_job *j,
                             const JOBOBJECT_NOTIFICATION_LIMIT_INFORMATION *o)
{
    struct jw_notify_2 n = {
        .read_bytes = o->IoReadBytesLimit,
        .write_bytes = o->IoWriteBytesLimit,
        .user_time = o->PerJobUserTimeLimit,
        .memory_high = o->JobMemoryLimit,
        .cpu_tolerance = (DWORD)o->RateControlTolerance,
        .cpu_interval = (DWORD)o->RateControlToleranceInterval,
        .flags = o->LimitFlags,
    };
    return n.flags & ~(DWORD)NOTIFY_12_FLAGS ? ERROR_INVALID_PARAMETER : take_notify(f, j, &n);
}

static DWORD take(struct fake_kernel *f, struct fake_job *j, int class, const void *info, DWORD n)
{
    static const DWORD sizes[FAKE_CLASSES] = {
        [4] = 4, [6] = 4, [9] = 144, [12] = 48, [15] = 8, [32] = 16, [33] = 72};
    if (class != 14 && sizes[class] == 0)
        return ERROR_INVALID_PARAMETER;
    if (class != 14 && sizes[class] != n)
        return ERROR_BAD_LENGTH;
    switch (class) {
    case 4:
        memcpy(&j->has.ui, info, n);
        return ERROR_SUCCESS;
    case 6:
        memcpy(&j->has.end_of_job, info, n);
        return ERROR_SUCCESS;
    case 9:
        return take_extended(f, j, info);
    case 12:
        return take_old_notify(f, j, info);
    case 14:
        return take_groups(j, info, n);
    case 15:
        return take_cpu(j, info);
    case 32:
        return take_net(j, info);
    default:
        return take_notify(f, j, info);
    }
}

/* --- the seam ----------------------------------------------------------------------- */
static DWORD refused(const struct fake_kernel *f, HANDLE job, int class, const void *info)
{
    DWORD flags = 0;
    if (f->only_first && job != fake_job())
        return ERROR_SUCCESS;
    if (class == 9) {
        JOBOBJECT_EXTENDED_LIMIT_INFORMATION x;
        memcpy(&x, info, sizeof x);
        flags = x.BasicLimitInformation.LimitFlags;
    }
    if (flags & f->refuse_flags)
        return f->refuse_flags_with;
    if (job == fake_job() && f->refuse_call && f->calls == f->refuse_call)
        return ERROR_GEN_FAILURE;
    return f->refuse[class];
}

static DWORD fake_set(void *ctx, HANDLE job, int class, const void *info, DWORD n)
{
    struct fake_kernel *f = ctx;
    if (job == fake_job() && f->calls < FAKE_CALLS && n <= sizeof f->call[0].bytes) {
        struct fake_call *c = &f->call[f->calls++];
        *c = (struct fake_call){.job = job, .class = class, .n = n};
        memcpy(c->bytes, info, n);
    }
    DWORD code = refused(f, job, class, info);
    return code ? code : take(f, &f->job[slot(job)], class, info, n);
}

static DWORD fake_query(void *ctx, HANDLE job, int class, void *info, DWORD cap, DWORD *ret_n)
{
    const struct fake_kernel *f = ctx;
    const struct kernel_limits *k = &f->job[slot(job)].has;
    JOBOBJECT_NOTIFICATION_LIMIT_INFORMATION old = {
        .IoReadBytesLimit = k->notify.read_bytes,
        .IoWriteBytesLimit = k->notify.write_bytes,
        .PerJobUserTimeLimit = k->notify.user_time,
        .JobMemoryLimit = k->notify.memory_high,
        .RateControlTolerance = (JOBOBJECT_RATE_CONTROL_TOLERANCE)k->notify.cpu_tolerance,
        .RateControlToleranceInterval =
            (JOBOBJECT_RATE_CONTROL_TOLERANCE_INTERVAL)k->notify.cpu_interval,
        .LimitFlags = k->notify.flags,
    };
    const struct {
        const void *p;
        DWORD n;
    } at[FAKE_CLASSES] = {
        [4] = {&k->ui, sizeof k->ui},
        [9] = {&k->extended, sizeof k->extended},
        [12] = {&old, sizeof old},
        [14] = {k->affinity, k->affinities * (DWORD)sizeof *k->affinity},
        [15] = {&k->cpu, sizeof k->cpu},
        [32] = {&k->net, sizeof k->net},
        [33] = {&k->notify, sizeof k->notify},
    };
    if (!at[class].p || f->refuse[class])
        return ERROR_INVALID_PARAMETER;
    if (cap < at[class].n)
        return ERROR_BAD_LENGTH;
    memcpy(info, at[class].p, at[class].n);
    *ret_n = at[class].n;
    return ERROR_SUCCESS;
}

static HANDLE fake_scratch(void *ctx)
{
    struct fake_kernel *f = ctx;
    for (size_t i = 1; i < FAKE_JOBS; i++)
        if (!f->job[i].open) {
            f->job[i] = (struct fake_job){.open = true};
            f->scratches++;
            return (HANDLE)(ULONG_PTR)(i + 1);
        }
    SetLastError(ERROR_NO_SYSTEM_RESOURCES);
    return NULL;
}

static void fake_close(void *ctx, HANDLE job)
{
    struct fake_kernel *f = ctx;
    f->job[slot(job)].open = false;
}

struct kernel_calls fake_calls(struct fake_kernel *f)
{
    return (struct kernel_calls){f, fake_set, fake_query, fake_scratch, fake_close};
}

void fake_start(struct fake_kernel *f)
{
    memset(f, 0, sizeof *f);
    f->job[0].open = true;
}

void fake_forget(struct fake_kernel *f)
{
    memset(f->call, 0, sizeof f->call);
    f->calls = 0;
}

size_t fake_open(const struct fake_kernel *f)
{
    size_t n = 0;
    for (size_t i = 1; i < FAKE_JOBS; i++)
        n += f->job[i].open;
    return n;
}

enum st fake_write(struct fake_kernel *f, const struct kernel_limits *now,
                   const struct kernel_limits *before, struct err *e)
{
    const struct kernel_calls c = fake_calls(f);
    fake_forget(f);
    return kernel_write(&c, fake_job(), now, before, f->used, e);
}

/* --- fixtures ------------------------------------------------------------------------ */
int fake_set_up(void **state)
{
    struct fake_kernel *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    fake_start(f);
    *state = f;
    return 0;
}

int fake_tear_down(void **state)
{
    assert_int_equal(fake_open(*state), 0); /* no scratch job is forgotten */
    free(*state);
    return 0;
}

struct kernel_limits fake_map(const struct limits *l)
{
    static const struct machine one_group = {.cpus = 8, .groups = 1, .group = {{0, 0xFF}}};
    static const struct machine two_groups = {
        .cpus = 68, .groups = 2, .group = {{0, UINT64_MAX}, {1, 0xF}}};
    struct kernel_limits k;
    kernel_limits_map(l, l->affinity.n ? &two_groups : &one_group, NULL, &k);
    return k;
}
