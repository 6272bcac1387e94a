/* kernel_fault.c - which key of the job file Windows has refused, why, and what to do. */
#include "service/job/kernel_impl.h"

#include "common/buf.h"
#include "config/schema.h"
#include "service/win32/oserr.h"

enum { KEYS_MAX = 160 };

/* Of the limits that K sets by CLASS: does Windows refuse this one by itself? */
static bool refused_alone(const struct kernel_calls *c, const struct kernel_limits *k,
                          enum limit_id id)
{
    struct kernel_limits only;
    HANDLE job = c->scratch(c->ctx);
    if (!job)
        return false;
    kernel_only(k, id, &only);
    struct refusal r = kernel_put(c, job, &only, NULL, 0);
    c->close(c->ctx, job);
    return r.code != 0;
}

static void find_culprits(const struct kernel_calls *c, const struct kernel_limits *k, int class,
                          bool culprit[LIMITS])
{
    size_t found = 0;
    for (int id = 0; id < LIMITS; id++) {
        culprit[id] =
            kernel_class(k, (enum limit_id)id) == class && refused_alone(c, k, (enum limit_id)id);
        found += culprit[id];
    }
    /* Each alone is well: it is what they are together, or where this job is. */
    for (int id = 0; found == 0 && id < LIMITS; id++)
        culprit[id] = kernel_class(k, (enum limit_id)id) == class;
}

/* The limits as a job file writes them, not so many that the reason has no room. */
static void print_culprits(const struct kernel_limits *k, const bool culprit[LIMITS],
                           struct buf *out)
{
    struct cpu_group group[CPU_GROUPS_MAX];
    struct limits l;
    kernel_limits_back(k, &l, group);
    for (int id = 0; id < LIMITS; id++) {
        const struct field *f = culprit[id] ? schema_limit((enum limit_id)id) : NULL;
        if (f && out->n > KEYS_MAX) {
            buf_z(out, " and others");
            return;
        }
        if (f) {
            buf_f(out, "%s%s = ", out->n ? ", " : "", f->key);
            f->type->print(f, (const char *)&l + f->offset, out);
        }
    }
}

static const char *advice(int class, DWORD code, const bool culprit[LIMITS])
{
    if (code == ERROR_PRIVILEGE_NOT_HELD && class != JobObjectExtendedLimitInformation)
        return "this account lacks a privilege that it takes; run the service as LocalSystem or as "
               "an administrator, or take the key out";
    if (code == ERROR_PRIVILEGE_NOT_HELD)
        return "this account lacks SeIncreaseBasePriorityPrivilege, which LocalSystem and "
               "administrators have, and LocalService, NetworkService and virtual accounts have "
               "not; run the service under another account, or take the key out";
    if (class == (int)JW_CLASS_NET_RATE)
        return "only one job of a hierarchy can have a network rate, from Windows 10 on; see that "
               "no job above or below has one";
    if (code == ERROR_ACCESS_DENIED)
        return class == JobObjectBasicUIRestrictions
                   ? "a job with UI restrictions can be neither inside another job nor around one"
                   : "a job above this one, or the account, does not allow it";
    if (class == JobObjectCpuRateControlInformation && code == ERROR_NOT_SUPPORTED)
        return "fair share scheduling (DFSS) of Remote Desktop sessions is on, and then Windows "
               "takes no CPU rate; switch it off, or take the key out";
    if (culprit[LIMIT_AFFINITY])
        return "the processors must exist here, and be among those of the jobs above";
    if (culprit[LIMIT_CPU_RATE_MIN])
        return "the minimum rates of all jobs of the machine cannot be more than 100% together, "
               "and they are there from Windows 10 on";
    return "this system knows no such limit or takes no such value; change it, or take it out";
}

enum st kernel_fault(const struct kernel_calls *c, const struct kernel_limits *k, struct refusal r,
                     struct err *e)
{
    bool culprit[LIMITS] = {false};
    char words[256];
    struct buf keys = {0};
    enum st st = err_os(NULL, r.code, "%s", "");
    os_words(r.code, words, sizeof words);
    if (r.class == JobObjectEndOfJobTimeInformation)
        buf_z(&keys, "job_time_action");
    else
        find_culprits(c, k, r.class, culprit);
    print_culprits(k, culprit, &keys);
    if (keys.n == 0) /* what was refused is to set nothing, or to clear what was there */
        buf_z(&keys, "the end of earlier limits");
    err_say(e, st,
            "%s cannot be set on the job: %s (Windows error %lu, class %d of "
            "SetInformationJobObject); %s",
            buf_ok(&keys) ? buf_text(&keys) : "a limit", words, r.code, r.class,
            advice(r.class, r.code, culprit));
    if (e)
        e->os = r.code;
    buf_free(&keys);
    return st;
}
