/* limit_act.c - what follows when a limit is reached: the line in the log, and the reaction. */
#include "service/host/limit_events.h"

#include "config/schema.h"
#include "service/host/hooks.h"
#include "service/host/runs_impl.h"
#include "service/host/sampler.h"
#include "service/win32/oserr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- on whom it acts ---------------------------------------------------------------- */

/* What was ended a moment ago may still be counted; nobody else is to be ended for it, unless it
 * does not end at all. */
static bool is_settling(const struct runs *r, const struct upper *u)
{
    uint64_t now = uv_now(r->set.loop);
    for (size_t i = 0; i < r->n; i++) {
        const struct unit *unit = r->run[i]->id ? sup_unit(r->sup, i) : NULL;
        if (unit && unit->killed && levels_below(r->levels, u, i) &&
            now < unit->killed_at + STUBBORN_MS)
            return true;
    }
    return false;
}

/* About one process and nobody else: if that is gone, there is nothing left to be done. */
static bool is_personal(const struct reached *one)
{
    return one->deed == DEED_END_PROCESS || one->limit == LIMIT_PROCESS_MEMORY ||
           one->limit == LIMIT_PROCESS_TIME;
}

/* A limit of a group or of the fleet is answered by one instance: that of the process that it was
 * about, or of what they have in common the one that uses the most; who was refused the last bit of
 * it is seldom the one that took the rest. */
static bool answerable(struct runs *r, const struct seat *at, const struct reached *one,
                       size_t *ret)
{
    if (!at->upper) {
        *ret = at->slot;
        return r->run[at->slot]->id != 0;
    }
    if (one->deed == DEED_END_JOB && is_settling(r, at->upper))
        return false;
    return is_personal(one) ? seat_slot_of(r, at, one->pid, ret)
                            : sampler_largest(r->sampler, at->upper, one->limit, ret);
}

/* --- telling ------------------------------------------------------------------------ */

/* "chrome.exe", of a process that is still in the job; "" when it cannot be known. */
static void image_of(const struct runs *r, const struct seat *at, uint32_t pid, char *out,
                     size_t cap)
{
    struct job *j = seat_job(r, at);
    char *image = j && pid ? job_image(j, pid) : NULL;
    const char *base = image ? strrchr(image, '\\') : NULL;
    snprintf(out, cap, "%s", base ? base + 1 : image ? image : "");
    free(image);
}

static void say_reached(const struct runs *r, const struct seat *at, const struct reached *one,
                        const char *image, enum reaction what, const char *instance)
{
    const char *level = seat_kind(at);
    enum log_level how = one->deed == DEED_NONE && what == REACTION_LOG ? LOG_WARNING : LOG_ERROR;
    log_event(&r->set.logger->log, how, "limit.reached", LOG_TEXT("level", level),
              LOG_TEXT(at->upper ? "name" : "job", seat_name(r, at)),
              LOG_TEXT("limit", schema_limit(one->limit)->key),
              LOG_NUM("configured", one->configured), LOG_NUM("measured", one->measured),
              log_count("pid", one->pid), LOG_TEXT("image", *image ? image : NULL),
              LOG_TEXT("by", holder_names[one->by]), LOG_TEXT("reaction", reaction_names[what]),
              LOG_TEXT("instance", instance), log_count("repeats", one->repeats));
}

/* Of a limit that was told a short time ago: every process that is ended for it is named. */
static void say_ended(const struct runs *r, const struct seat *at, const struct reached *one,
                      const char *image, const char *instance)
{
    log_event(&r->set.logger->log, LOG_INFO, "limit.ended", LOG_TEXT("level", seat_kind(at)),
              LOG_TEXT(at->upper ? "name" : "job", seat_name(r, at)),
              LOG_TEXT("limit", schema_limit(one->limit)->key), LOG_NUM("pid", one->pid),
              LOG_TEXT("image", *image ? image : NULL), LOG_TEXT("instance", instance));
}

/* --- acting ------------------------------------------------------------------------- */
static void run_hook(struct runs *r, const struct seat *at, const struct reached *one,
                     const char *image)
{
    char configured[24], measured[24], pid[16], owner[HOOK_OWNER_SIZE];
    const struct limits *l = level_limits(seat_level(r, at));
    struct err e = {0};
    snprintf(configured, sizeof configured, "%llu", (unsigned long long)one->configured);
    snprintf(measured, sizeof measured, "%llu", (unsigned long long)one->measured);
    snprintf(pid, sizeof pid, "%lu", (unsigned long)one->pid);
    snprintf(owner, sizeof owner, "%s%s%s", at->upper ? seat_kind(at) : "", at->upper ? " " : "",
             seat_name(r, at));
    const struct env_var var[] = {
        {"JOBWARDEN_EVENT", "limit"},
        {"JOBWARDEN_LEVEL", seat_kind(at)},
        {"JOBWARDEN_LEVEL_NAME", seat_name(r, at)},
        {"JOBWARDEN_LIMIT", schema_limit(one->limit)->key},
        {"JOBWARDEN_CONFIGURED", configured},
        {"JOBWARDEN_MEASURED", measured},
        {"JOBWARDEN_PID", pid},
        {"JOBWARDEN_IMAGE", image},
        {"JOBWARDEN_HELD_BY", holder_names[one->by]},
    };
    const struct env_vars extra = {sizeof var / sizeof *var, var};
    const struct hook hook = {.key = "hook_limit",
                              .owner = owner,
                              .command = l->hook_limit,
                              .spec = at->upper ? NULL : r->run[at->slot]->spec,
                              .extra = &extra,
                              .timeout_ms = l->hook_timeout};
    if (hooks_run(r->hooks, &hook, &e) != ST_OK)
        log_event(&r->set.logger->log, LOG_ERROR, "hook.failed", LOG_TEXT("hook", hook.key),
                  LOG_TEXT("owner", hook.owner), LOG_TEXT("error", e.text));
}

/* Ends one process that a limit was too much for; by its own handle, as the run may be over. */
static bool end_process(struct runs *r, const struct seat *at, HANDLE process,
                        const struct reached *one)
{
    struct err e = {0};
    if (!process)
        return false; /* it is gone already */
    bool ended = TerminateProcess(process, JOB_EXIT_CODE);
    DWORD code = GetLastError();
    if (!ended && code != ERROR_ACCESS_DENIED) { /* which one that is ending already says */
        err_os(&e, code, "TerminateProcess");
        log_event(&r->set.logger->log, LOG_ERROR, "limit.not_ended",
                  LOG_TEXT("level", seat_kind(at)), LOG_TEXT("name", seat_name(r, at)),
                  LOG_TEXT("limit", schema_limit(one->limit)->key), LOG_NUM("pid", one->pid),
                  LOG_TEXT("error", e.text));
    }
    CloseHandle(process);
    return ended;
}

/* N processes of SLOT were ended by the sampler: every level above counts them too. */
static void count_ended(struct runs *r, size_t slot, uint32_t n)
{
    struct level *level[UPPERS_MAX + 1];
    struct upper *upper[UPPERS_MAX + 1];
    size_t levels = levels_chain(r->levels, slot, level, upper);
    for (size_t i = 0; i < levels; i++)
        level_terminated(level[i], n);
}

/* Everything of one instance. */
static void end_instance(struct runs *r, size_t slot, enum limit_id limit, enum reaction what)
{
    const uint32_t *pid = NULL;
    size_t n = 0;
    if (!sup_unit(r->sup, slot)->killed && job_pids(r->run[slot]->job, &pid, &n, NULL) == ST_OK)
        count_ended(r, slot, (uint32_t)n);
    sup_limit_kill(r->sup, r->run[slot]->id, limit, what);
}

/* All instances below an upper whose common CPU time is used up. */
static void end_all(struct runs *r, const struct upper *u, const struct reached *one,
                    enum reaction what)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->run[i]->id && levels_below(r->levels, u, i))
            end_instance(r, i, one->limit, what);
}

/* What the supervisor is told: it decides by WHAT, and by who has been ended or refused. */
static void supervise(struct runs *r, const struct seat *at, uint64_t id,
                      const struct reached *one, enum reaction what)
{
    bool kernel = one->by == HELD_BY_KERNEL;
    if (at->upper && !is_personal(one))
        sup_limit(r->sup, id, one->limit, what); /* who was refused is another question: blame() */
    else if (one->deed == DEED_END_PROCESS || (kernel && one->limit == LIMIT_PROCESS_TIME))
        sup_limit_ended(r->sup, id, one->pid, one->limit, what);
    else if (kernel && (one->limit == LIMIT_PROCESS_MEMORY || one->limit == LIMIT_JOB_MEMORY ||
                        one->limit == LIMIT_ACTIVE_PROCESS))
        sup_limit_refused(r->sup, id, one->limit, what);
    else
        sup_limit(r->sup, id, one->limit, what);
}

static void act(struct runs *r, const struct seat *at, const struct reached *one, size_t slot,
                enum reaction what)
{
    uint64_t id = r->run[slot]->id;
    const struct job_spec *spec = r->run[slot]->spec; /* the slot may be free after all this */
    char image[260] = "";
    if (one->deed == DEED_END_JOB && at->upper && one->limit == LIMIT_JOB_TIME) {
        end_all(r, at->upper, one, what);
        return;
    }
    if (one->deed == DEED_END_JOB) {
        end_instance(r, slot, one->limit, what);
        return;
    }
    HANDLE process =
        one->deed == DEED_END_PROCESS ? job_open_to_end(seat_job(r, at), one->pid) : NULL;
    if (process && one->silent)
        image_of(r, at, one->pid, image, sizeof image);
    supervise(r, at, id, one, what); /* a look may find the run over, and close its job */
    if (!end_process(r, at, process, one))
        return;
    count_ended(r, slot, 1);
    if (one->silent)
        say_ended(r, at, one, image, at->upper ? spec->unit : NULL);
}

/* A level says the same limit only now and then; but each one of a group that is ended is news. */
static bool is_said(const struct seat *at, const struct reached *one)
{
    return !one->silent || (at->upper && one->deed == DEED_END_JOB);
}

void limits_reached(struct runs *r, const struct seat *at, const struct reached *one)
{
    char image[260] = "";
    size_t slot = 0;
    enum reaction what = limits_reaction(level_limits(seat_level(r, at)), one->limit);
    bool somebody = answerable(r, at, one, &slot);
    if (is_said(at, one) && (somebody || one->deed == DEED_NONE)) {
        image_of(r, at, one->pid, image, sizeof image);
        say_reached(r, at, one, image, what,
                    somebody && at->upper ? r->run[slot]->spec->unit : NULL);
        if (what == REACTION_HOOK)
            run_hook(r, at, one, image);
    }
    if (somebody)
        act(r, at, one, slot, what);
}
