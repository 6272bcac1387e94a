/* reload.c - see reload.h.
 *
 * Not libuv's thread pool: that aborts the program, and with it every worker, when a thread cannot
 * be made. */
#include "service/host/reload_impl.h"

#include "config/load.h"
#include "service/host/loading.h"
#include "service/pipe/access.h"

#include <process.h>
#include <stdio.h>
#include <stdlib.h>

enum { STUCK_AGAIN_MS = 1000 };

static void begin_next(struct reload *r);
static void watch(struct reload *r, const struct recording *also);

/* --- the thread ------------------------------------------------------------------------- */
/* A lookup of accounts may take time too. */
static enum st read_access(struct reload *r)
{
    const struct app *a = r->app;
    bool remote = a->started_with.control_remote == YES;
    bool same = !r->access_stale && reload_same_access(&r->config->service, &a->config->service);
    if (r->job->dry_run || r->job->set || same)
        return ST_OK;
    return clients_access(&r->config->service, remote, &a->logger.log, &r->access,
                          &r->access_unknown, &r->error);
}

/* The definitions that hold now stay until this has rung, and are only read. */
static unsigned __stdcall read_all(void *ctx)
{
    struct reload *r = ctx;
    const struct reload_job *j = r->job;
    r->st = j->set ? load_again(r->path, r->app->service, r->read, j->override, j->overrides,
                                &r->config, r->diags)
                   : load_definitions(r->path, r->app->service, &r->config, &r->read_now, r->diags);
    if (r->st == ST_OK)
        r->st = plan_make(r->app->config, r->config, &r->plan, &r->error);
    if (r->st == ST_OK)
        r->st = read_access(r);
    uv_async_send(&r->done);
    return 0;
}

/* --- how it ended ------------------------------------------------------------------------- */
static void forget(struct reload *r)
{
    diags_free(r->diags);
    config_free(r->config);
    recording_free(r->read_now);
    plan_free(&r->plan);
    access_free(r->access);
    reload_job_free(r->job);
    r->diags = NULL;
    r->config = NULL;
    r->read_now = NULL;
    r->access = NULL;
    r->job = NULL;
    r->error = (struct err){0};
}

static void answer(struct reload *r, enum refusal refusal, const char *why,
                   const struct takeover *taken)
{
    bool planned = r->config || taken;
    const struct reloaded how = {.refusal = refusal,
                                 .why = why,
                                 .plan = planned ? &r->plan : NULL,
                                 .taken = taken,
                                 .mistakes = r->diags};
    if (r->job->client && r->app->clients)
        control_reloaded(clients_control(r->app->clients), r->job->client, &how);
}

/* A dry run, and a set that a client is told of, are nobody else's business. */
static void refuse(struct reload *r, enum refusal refusal, const char *why)
{
    if (!r->job->dry_run && !r->job->set)
        reload_say_refused(r, why);
    answer(r, refusal, why, NULL);
}

static void refuse_mistakes(struct reload *r)
{
    const char *why = r->error.text[0] != '\0' ? r->error.text
                      : r->st == ST_NOMEM      ? "out of memory"
                      : r->job->set            ? "that cannot be set; nothing was changed"
                                               : "the job file has mistakes";
    bool file = !r->job->dry_run && !r->job->set;
    if (file)
        reload_say_refused(r, why);
    if (file)
        reload_say_diags(r, SEV_ERROR);
    if (file)
        watch(r, r->read_now); /* the mistake may be in a file that was not there before */
    answer(r, REFUSAL_REFUSED, why, NULL);
}

/* What is set by hand costs nobody a restart. */
static const struct plan_line *too_dear(const struct reload *r)
{
    for (size_t i = 0; r->job->set && i < r->plan.n; i++)
        if (r->plan.line[i].cost > APPLY_RELIMIT)
            return &r->plan.line[i];
    return NULL;
}

static void refuse_cost(struct reload *r, const struct plan_line *l)
{
    char why[ERR_TEXT];
    snprintf(why, sizeof why,
             "%s of %s cannot be set while it runs (%s); change the job file, and reload",
             l->key ? l->key : "that", l->subject, apply_names[l->cost]);
    refuse(r, REFUSAL_REFUSED, why);
}

/* A touched file, a share that was away for a moment, the second look at what a command has taken
 * over: nobody has changed anything, and what was set stays. */
static bool is_old_news(const struct reload *r)
{
    return r->job->if_changed && r->read && r->read_now && recording_same(r->read, r->read_now);
}

static void take(struct reload *r)
{
    struct takeover t = {0};
    struct err e = {0};
    const struct plan_line *dear = too_dear(r);
    if (is_old_news(r)) {
        log_event(&r->app->logger.log, LOG_DEBUG, "config.unchanged",
                  LOG_TEXT("config", r->app->config->path));
        return;
    }
    if (dear) {
        refuse_cost(r, dear);
        return;
    }
    if (r->job->dry_run) {
        answer(r, REFUSAL_NONE, NULL, NULL);
        return;
    }
    if (!r->job->set)
        reload_say_diags(r, SEV_WARNING);
    if (reload_take(r, &t, &e) != ST_OK) {
        refuse(r, REFUSAL_FAILED, e.text);
        return;
    }
    reload_say_taken(r, &t);
    answer(r, REFUSAL_NONE, NULL, &t);
    reload_look(r);
}

static void join(struct reload *r)
{
    WaitForSingleObject(r->thread, INFINITE);
    CloseHandle(r->thread);
    r->thread = NULL;
}

static void on_done(uv_async_t *done)
{
    struct reload *r = done->data;
    if (!r->thread)
        return;
    join(r); /* it has rung, and does nothing after that */
    if (r->st != ST_OK)
        refuse_mistakes(r);
    else if (r->app->stopping && !r->job->dry_run)
        refuse(r, REFUSAL_STOPPING, "the fleet stops");
    else
        take(r);
    forget(r);
    begin_next(r);
}

/* --- what is asked for --------------------------------------------------------------------- */
static void begin(struct reload *r)
{
    r->path = r->app->config->path; /* stays: nothing is taken over before the thread has ended */
    r->diags = diags_new();
    if (r->diags)
        r->thread = (HANDLE)_beginthreadex(NULL, 0, read_all, r, 0, NULL);
    if (r->thread)
        return;
    refuse(r, REFUSAL_FAILED,
           r->diags ? "the thread that reads it could not be started" : "out of memory");
    forget(r);
}

static void begin_next(struct reload *r)
{
    while (!r->thread && r->waiting) {
        r->job = r->waiting;
        r->waiting = r->job->next;
        r->end = r->waiting ? r->end : &r->waiting;
        r->waits--;
        if (r->app->stopping && !r->job->dry_run) {
            refuse(r, REFUSAL_STOPPING, "the fleet stops");
            forget(r);
        } else {
            begin(r);
        }
    }
}

static bool put(struct reload *r, uint64_t client, const struct reload_order *order, struct no *no)
{
    struct reload_job *j = reload_job_new(r->app->config, client, order, no);
    if (!j)
        return false;
    *r->end = j;
    r->end = &j->next;
    r->waits++;
    begin_next(r);
    return true;
}

bool reload_order(struct reload *r, uint64_t client, const struct reload_order *order,
                  struct no *no)
{
    if (r->waits >= RELOADS_WAITING)
        return say_no(no, REFUSAL_BUSY, "%zu reloads wait already; try again", r->waits);
    if (order->target && !r->read)
        return say_no(no, REFUSAL_FAILED, "what the job file said was not kept");
    /* What is to hold is known only once those before it are done. */
    if (order->target && r->job)
        return say_no(no, REFUSAL_BUSY, "the job file is just being read; try again");
    return put(r, client, order, no);
}

void reload_ask(struct reload *r, bool if_changed)
{
    const struct reload_order order = {.dry_run = false, .if_changed = if_changed};
    struct no no;
    for (struct reload_job *j = r->waiting; j; j = j->next)
        if (!j->dry_run && !j->set) { /* that one reads the same files */
            j->if_changed = j->if_changed && if_changed;
            return;
        }
    if (!put(r, 0, &order, &no))
        reload_say_refused(r, no.why.text);
}

void reload_access_again(struct reload *r)
{
    r->access_stale = true;
}

bool reload_busy(const struct reload *r)
{
    return r->thread || r->waiting;
}

/* --- its life ----------------------------------------------------------------------- */
static void on_changed(void *ctx)
{
    app_reload_changed(ctx);
}

static void watch(struct reload *r, const struct recording *also)
{
    struct err e = {0};
    bool wanted = r->read && r->app->config->service.watch_config == YES;
    enum st st = ST_OK;
    if (wanted && !r->watching)
        st = watching_new(on_changed, r->app, &r->watching, &e);
    if (st == ST_OK && r->watching)
        st = watching_set(r->watching, wanted ? r->read : NULL, also, &e);
    if (st != ST_OK)
        log_event(&r->app->logger.log, LOG_ERROR, "config.not_watched", LOG_TEXT("error", e.text));
}

void reload_watch(struct reload *r)
{
    watch(r, NULL);
}

enum st reload_new(struct app *a, struct recording *read, struct reload **ret, struct err *e)
{
    struct reload *r = calloc(1, sizeof *r);
    if (!r) {
        recording_free(read);
        return err_nomem(e);
    }
    r->app = a;
    r->end = &r->waiting;
    r->read = read;
    if (uv_async_init(&a->loop, &r->done, on_done) != 0) {
        recording_free(read);
        free(r);
        return err_say(e, ST_OS, "the event loop's second bell could not be made");
    }
    r->done.data = r;
    *ret = r;
    return ST_OK;
}

void reload_shut(struct reload *r)
{
    if (!r)
        return;
    watching_free(r->watching);
    r->watching = NULL;
    while (r->thread && WaitForSingleObject(r->thread, STUCK_AGAIN_MS) == WAIT_TIMEOUT)
        CancelSynchronousIo(r->thread); /* a disk that does not answer */
    if (r->thread)
        join(r);
    forget(r);
    for (struct reload_job *j = r->waiting, *next; j; j = next) {
        next = j->next;
        reload_job_free(j);
    }
    r->waiting = NULL;
    uv_close((uv_handle_t *)&r->done, NULL);
}

void reload_free(struct reload *r)
{
    if (!r)
        return;
    while (r->former) {
        struct former *f = r->former;
        r->former = f->next;
        config_free(f->config);
        free(f);
    }
    recording_free(r->read);
    free(r);
}
