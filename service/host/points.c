/* points.c - see points.h. */
#include "service/host/points.h"

#include "common/exit_code.h"
#include "config/schema.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char pre_start[] = "hook_pre_start";

struct points {
    struct points_setup set;
};

enum st points_new(const struct points_setup *setup, struct points **ret, struct err *e)
{
    struct points *p = calloc(1, sizeof *p);
    if (!p)
        return err_nomem(e);
    p->set = *setup;
    *ret = p;
    return ST_OK;
}

void points_free(struct points *p)
{
    free(p);
}

/* --- what a hook is told ------------------------------------------------------------ */
enum { FACTS_MAX = 14, NUMBERS_MAX = 6 };
struct facts {
    struct env_var var[FACTS_MAX];
    uint32_t n, numbers;
    char number[NUMBERS_MAX][24];
    struct buf code;
};

static void add(struct facts *f, const char *name, const char *text)
{
    if (text && *text)
        f->var[f->n++] = (struct env_var){name, text};
}

static void add_number(struct facts *f, const char *name, uint64_t v)
{
    char *text = f->number[f->numbers++];
    snprintf(text, sizeof f->number[0], "%" PRIu64, v);
    add(f, name, text);
}

/* Of a start that failed there is neither process nor code. */
static void add_end(struct facts *f, const struct record *run)
{
    add_number(f, "JOBWARDEN_START", run->start);
    add(f, "JOBWARDEN_CAUSE", cause_names[run->end.cause]);
    if (run->end.cause == CAUSE_LIMIT && run->end.limit < LIMITS)
        add(f, "JOBWARDEN_LIMIT", schema_limit(run->end.limit)->key);
    if (run->pid == 0)
        return;
    exit_code_print(run->end.code, &f->code);
    add_number(f, "JOBWARDEN_PID", run->pid);
    add(f, "JOBWARDEN_EXIT_CODE", buf_text(&f->code));
    add(f, "JOBWARDEN_EXIT_NAME", exit_code_name(run->end.code));
    add_number(f, "JOBWARDEN_RAN_MS", run->end.ran_ms);
}

static void add_next(struct facts *f, const struct record *run)
{
    add(f, "JOBWARDEN_REASON", run->reason);
    add(f, "JOBWARDEN_NEXT", state_names[run->next]);
    if (run->next == S_BACKOFF)
        add_number(f, "JOBWARDEN_NEXT_MS", run->next_ms);
}

static struct hook hook_of(const struct job_spec *spec, const char *key, const char *command,
                           const struct env_vars *extra)
{
    return (struct hook){.key = key,
                         .owner = spec->unit,
                         .command = command,
                         .spec = spec,
                         .extra = extra,
                         .timeout_ms = spec->limits.hook_timeout};
}

/* --- before a start ----------------------------------------------------------------- */
static void on_prepared(void *ctx, uint64_t tag, bool ok, const char *text)
{
    const struct points *p = ctx;
    struct err e = {0};
    if (!ok) {
        err_say(&e, ST_OS, "%s", text);
        err_in(&e, "%s", pre_start);
    }
    p->set.prepared(p->set.ctx, tag, ok, e.text);
}

enum st points_prepare(struct points *p, uint64_t id, const struct job_spec *spec, struct err *e)
{
    const struct env_var var = {"JOBWARDEN_EVENT", "pre-start"};
    const struct env_vars extra = {1, &var};
    struct hook hook = hook_of(spec, pre_start, spec->hook_pre_start, &extra);
    hook.done = on_prepared;
    hook.ctx = p;
    hook.tag = id;
    return hooks_run(p->set.hooks, &hook, e);
}

void points_unprepare(struct points *p, uint64_t id)
{
    hooks_cancel(p->set.hooks, pre_start, id);
}

/* --- afterwards --------------------------------------------------------------------- */
static void run(struct points *p, const struct job_spec *spec, const char *key,
                const char *command, struct facts *f)
{
    const struct env_vars extra = {f->n, f->var};
    struct hook hook = hook_of(spec, key, command, &extra);
    struct err e = {0};
    hook.patient = true; /* when a whole fleet ends, nobody's is left out */
    enum st st = buf_ok(&f->code) ? hooks_run(p->set.hooks, &hook, &e) : err_nomem(&e);
    if (st != ST_OK)
        log_event(&p->set.logger->log, LOG_ERROR, "hook.failed", LOG_TEXT("hook", key),
                  LOG_TEXT("owner", spec->unit), LOG_TEXT("error", e.text));
    buf_free(&f->code);
}

static void run_post_start(struct points *p, const struct tale *t)
{
    const struct job_spec *spec = t->unit->spec;
    struct facts f = {0};
    add(&f, "JOBWARDEN_EVENT", "post-start");
    add_number(&f, "JOBWARDEN_START", t->unit->starts);
    add_number(&f, "JOBWARDEN_PID", t->unit->pid);
    add_number(&f, "JOBWARDEN_READY_MS", t->number);
    run(p, spec, "hook_post_start", spec->hook_post_start, &f);
}

static void run_exit(struct points *p, const struct tale *t)
{
    const struct job_spec *spec = t->unit->spec;
    struct facts f = {0};
    add(&f, "JOBWARDEN_EVENT", "exit");
    add_end(&f, &t->unit->record);
    add_next(&f, &t->unit->record);
    run(p, spec, "hook_exit", spec->hook_exit, &f);
}

static void run_failed(struct points *p, const struct tale *t)
{
    const struct job_spec *spec = t->unit->spec;
    struct facts f = {0};
    add(&f, "JOBWARDEN_EVENT", "failed");
    add_end(&f, &t->unit->record);
    add(&f, "JOBWARDEN_REASON", t->text);
    run(p, spec, "hook_failed", spec->hook_failed, &f);
}

void points_happened(struct points *p, const struct tale *t)
{
    const struct job_spec *spec = t->unit->spec;
    if (!p || !spec)
        return;
    if (t->what == H_READY && *spec->hook_post_start)
        run_post_start(p, t);
    else if (t->what == H_RUN && *spec->hook_exit)
        run_exit(p, t);
    else if (t->what == H_FAILED && *spec->hook_failed)
        run_failed(p, t);
}
