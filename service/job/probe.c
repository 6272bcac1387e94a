/* probe.c - each limit on a scratch job of its own: set as a job's would be, and read back. */
#include "service/job/probe_impl.h"

#include "config/schema.h"
#include "service/job/snapshot.h"
#include "service/win32/oserr.h"
#include "service/win32/privilege.h"
#include "service/win32/wine.h"

#include <string.h>

/* --- reading back ------------------------------------------------------------------- */
static DWORD ask(const struct kernel_calls *c, HANDLE job, int class, void *info, size_t cap)
{
    DWORD n = 0;
    return c->query(c->ctx, job, class, info, (DWORD)cap, &n);
}

/* Counted by their masks, which are never 0, and not by the length that is said beside them. */
static DWORD read_groups(const struct kernel_calls *c, HANDLE job, struct kernel_limits *k)
{
    DWORD code = ask(c, job, JobObjectGroupInformationEx, k->affinity, sizeof k->affinity);
    while (!code && k->affinities < CPU_GROUPS_MAX && k->affinity[k->affinities].Mask)
        k->affinities++;
    return code;
}

/* As they were set: by class 33, or by 12 on systems that do not know that. */
static DWORD read_notify(const struct kernel_calls *c, HANDLE job, struct jw_notify_2 *n)
{
    JOBOBJECT_NOTIFICATION_LIMIT_INFORMATION old = {0};
    if (!ask(c, job, JW_CLASS_NOTIFY_2, n, sizeof *n))
        return ERROR_SUCCESS;
    DWORD code = ask(c, job, JobObjectNotificationLimitInformation, &old, sizeof old);
    memset(n, 0, sizeof *n);
    n->flags = old.LimitFlags;
    n->read_bytes = old.IoReadBytesLimit;
    n->write_bytes = old.IoWriteBytesLimit;
    n->user_time = old.PerJobUserTimeLimit;
    n->memory_high = old.JobMemoryLimit;
    n->cpu_tolerance = (DWORD)old.RateControlTolerance;
    n->cpu_interval = (DWORD)old.RateControlToleranceInterval;
    return code;
}

static DWORD read_back(const struct kernel_calls *c, HANDLE job, int class, struct kernel_limits *k)
{
    switch (class) {
    case JobObjectExtendedLimitInformation:
        return ask(c, job, class, &k->extended, sizeof k->extended);
    case JobObjectGroupInformationEx:
        return read_groups(c, job, k);
    case JobObjectCpuRateControlInformation:
        return ask(c, job, class, &k->cpu, sizeof k->cpu);
    case JobObjectBasicUIRestrictions:
        return ask(c, job, class, &k->ui, sizeof k->ui);
    case JW_CLASS_NET_RATE:
        return ask(c, job, class, &k->net, sizeof k->net);
    default:
        return read_notify(c, job, &k->notify);
    }
}

/* Whether GOT has the limit ID as K sets it. */
static bool same(const struct kernel_limits *k, const struct kernel_limits *got, enum limit_id id)
{
    struct cpu_group group_set[CPU_GROUPS_MAX], group_got[CPU_GROUPS_MAX];
    struct limits was_set, was_got;
    const struct field *f = schema_limit(id);
    if (!kernel_class(got, id))
        return false;
    kernel_limits_back(k, &was_set, group_set);
    kernel_limits_back(got, &was_got, group_got);
    return f->type->equal((const char *)&was_set + f->offset, (const char *)&was_got + f->offset);
}

/* Whether JOB, which has accepted it, has the limit ID of K. */
static void look_back(const struct kernel_calls *c, HANDLE job, const struct kernel_limits *k,
                      enum limit_id id, struct probe_row *ret)
{
    struct kernel_limits got;
    memset(&got, 0, sizeof got);
    if (read_back(c, job, kernel_class(k, id), &got)) {
        ret->note = "accepted, but it cannot be read back";
        return;
    }
    ret->kernel = same(k, &got, id);
    if (!ret->kernel)
        ret->note = "accepted, but not kept";
}

/* --- one limit ---------------------------------------------------------------------- */
static const char *why_refused(struct refusal r)
{
    switch (r.code) {
    case ERROR_PRIVILEGE_NOT_HELD:
        return r.class == JobObjectExtendedLimitInformation
                   ? "this account lacks SeIncreaseBasePriorityPrivilege"
                   : "this account lacks a privilege that it takes";
    case ERROR_INVALID_PARAMETER:
    case ERROR_INVALID_FUNCTION:
    case ERROR_CALL_NOT_IMPLEMENTED:
        return "this system does not know it";
    case ERROR_NOT_SUPPORTED:
        return r.class == JobObjectCpuRateControlInformation ? "fair share scheduling (DFSS) is on"
                                                             : "this system does not support it";
    case ERROR_ACCESS_DENIED:
        return "this account, or the job that this program runs in, does not allow it";
    default:
        return "this system refuses it";
    }
}

static enum st probe_limit(const struct kernel_calls *c, const struct machine *m, enum limit_id id,
                           struct probe_row *ret, struct err *e)
{
    struct limits wish;
    struct kernel_limits k;
    probe_sample(id, m, &wish);
    kernel_limits_map(&wish, m, NULL, &k);
    *ret = (struct probe_row){.note = ""};
    if (!kernel_rows[id].class)
        return ST_OK; /* no kernel's business */
    if (!kernel_class(&k, id)) {
        ret->note = "it is for machines with one processor group";
        return ST_OK;
    }
    HANDLE job = c->scratch(c->ctx);
    if (!job)
        return err_os(e, GetLastError(), "CreateJobObject");
    struct refusal r = kernel_put(c, job, &k, NULL, 0);
    ret->os = r.code;
    ret->accepted = r.code == 0;
    if (ret->accepted)
        look_back(c, job, &k, id, ret);
    else
        ret->note = why_refused(r);
    c->close(c->ctx, job);
    return ST_OK;
}

enum st probe_rows(const struct kernel_calls *c, const struct machine *m,
                   struct probe_row ret[LIMITS], struct err *e)
{
    enum st st = ST_OK;
    for (int id = 0; st == ST_OK && id < LIMITS; id++)
        st = probe_limit(c, m, (enum limit_id)id, &ret[id], e);
    return st;
}

/* Wine's query gives zeros for all of class 9; Windows gives back what was set.  These Wine keeps
 * and obeys all the same. */
static void believe_wine(struct probe_row row[LIMITS])
{
    static const enum limit_id kept_in_silence[] = {LIMIT_KILL_ON_JOB_CLOSE, LIMIT_BREAKAWAY};
    for (size_t i = 0; i < sizeof kept_in_silence / sizeof *kept_in_silence; i++) {
        struct probe_row *r = &row[kept_in_silence[i]];
        if (r->accepted && !r->kernel)
            *r = (struct probe_row){true, true, 0, "Wine obeys it, but does not give it back"};
    }
}

enum st probe_run(const struct machine *m, struct probe *ret, struct err *e)
{
    bool kernel[LIMITS];
    struct probe p = {.privilege = privilege_enable(SE_INC_BASE_PRIORITY_NAME)};
    enum st st = probe_rows(&kernel_calls_windows, m, p.row, e);
    if (st != ST_OK)
        return st;
    if (on_wine())
        believe_wine(p.row);
    if (snapshot_counters(&p.counters, NULL) != ST_OK)
        p.counters = (struct counters){false, false, false}; /* nothing can be sampled */
    for (int id = 0; id < LIMITS; id++)
        kernel[id] = p.row[id].kernel;
    holders_settle(kernel, &p.counters, &p.holders);
    *ret = p;
    return ST_OK;
}
