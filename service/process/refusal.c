/* refusal.c - looks at the limits of the jobs that a child should have been in.
 *
 * Windows gives one code for several reasons (5 for nesting that is not allowed, 1816 for a limit
 * that is used up), and for an attribute list not even which of the jobs it was. */
#include "service/process/refusal.h"

#include <stdio.h>
#include <string.h>

enum { REASON_MAX = 320 };

/* One job that has a say: with H == NULL the one that the service itself is in. */
struct party {
    HANDLE h;
    const char *name;
};

static bool ask(const struct party *p, JOBOBJECTINFOCLASS what, void *out, DWORD size)
{
    return QueryInformationJobObject(p->h, what, out, size, NULL) != 0;
}

static bool in_somebodys_job(void)
{
    BOOL in = FALSE;
    return IsProcessInJob(GetCurrentProcess(), NULL, &in) && in;
}

/* A limit of P that lets nobody in any more. */
static bool used_up(const struct party *p, char *why)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limit = {0};
    JOBOBJECT_BASIC_ACCOUNTING_INFORMATION used = {0};
    const JOBOBJECT_BASIC_LIMIT_INFORMATION *b = &limit.BasicLimitInformation;
    if (!ask(p, JobObjectExtendedLimitInformation, &limit, sizeof limit) ||
        !ask(p, JobObjectBasicAccountingInformation, &used, sizeof used))
        return false;
    if ((b->LimitFlags & JOB_OBJECT_LIMIT_ACTIVE_PROCESS) &&
        used.ActiveProcesses >= b->ActiveProcessLimit) {
        snprintf(why, REASON_MAX,
                 "active_process_limit = %lu of %s is reached: raise it, or end some of its "
                 "processes first",
                 b->ActiveProcessLimit, p->name);
        return true;
    }
    if ((b->LimitFlags & JOB_OBJECT_LIMIT_JOB_TIME) &&
        used.ThisPeriodTotalUserTime.QuadPart >= b->PerJobUserTimeLimit.QuadPart) {
        snprintf(why, REASON_MAX,
                 "job_time_limit of %s is used up, and until it is set anew nothing starts in it: "
                 "raise it, or restart the service",
                 p->name);
        return true;
    }
    return false;
}

static bool has_ui_limits(const struct party *p)
{
    JOBOBJECT_BASIC_UI_RESTRICTIONS ui = {0};
    return ask(p, JobObjectBasicUIRestrictions, &ui, sizeof ui) && ui.UIRestrictionsClass != 0;
}

static bool ui_forbids(const struct party *p, size_t n, char *why)
{
    for (size_t i = 0; n > 1 && i < n; i++) {
        if (!has_ui_limits(&p[i]))
            continue;
        snprintf(why, REASON_MAX,
                 p[i].h ? "%s has ui_restrictions, and Windows lets such a job be neither above "
                          "nor below another one: remove them, or the levels around it"
                        : "%s has user interface restrictions, and Windows nests no job below "
                          "such a one: start the service outside of it",
                 p[i].name);
        return true;
    }
    return false;
}

static void nesting_forbids(const struct spawn *s, size_t level, bool inside, char *why)
{
    if (level > 0)
        snprintf(why, REASON_MAX,
                 "it is below another job, or has processes that are not in %s: a job nests only "
                 "below the one it was first used in, so restart the service",
                 s->job_names ? s->job_names[level - 1] : "the job above it");
    else if (inside)
        snprintf(why, REASON_MAX,
                 "the service itself runs in somebody's job, and the new job cannot nest below "
                 "that one: start the service outside of it, or allow breakaway there");
}

/* The parties from the outermost inwards; PARTY holds one for the service's own job more. */
static size_t gather(const struct spawn *s, bool inside, struct party *party)
{
    size_t n = 0;
    if (inside)
        party[n++] = (struct party){NULL, "the job that the service itself runs in"};
    for (size_t i = 0; i < s->jobs_n && i < SPAWN_JOBS_MAX; i++)
        party[n++] = (struct party){s->jobs[i], s->job_names ? s->job_names[i] : "its job"};
    return n;
}

static void add(struct err *e, const char *why)
{
    const struct err was = *e;
    err_say(e, was.st, "%s; %s", was.text, why);
    e->os = was.os;
}

void refusal_explain(const struct spawn *s, size_t level, struct err *e)
{
    struct party party[SPAWN_JOBS_MAX + 1];
    char why[REASON_MAX] = "";
    if (e->os != ERROR_ACCESS_DENIED && e->os != ERROR_NOT_ENOUGH_QUOTA)
        return;
    bool inside = in_somebodys_job(), found = false;
    size_t n = gather(s, inside, party);
    for (size_t i = 0; !found && i < n; i++)
        found = used_up(&party[i], why);
    if (!found && e->os == ERROR_ACCESS_DENIED && !ui_forbids(party, n, why) &&
        level != REFUSED_BY_SOME)
        nesting_forbids(s, level, inside, why);
    if (!found && e->os == ERROR_NOT_ENOUGH_QUOTA)
        snprintf(why, sizeof why,
                 "an active_process_limit or job_time_limit of its jobs, or of one that the "
                 "service itself is in, is used up, or the account's memory quota is");
    if (why[0])
        add(e, why);
}
