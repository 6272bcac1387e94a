/* reload.c - see reload.h.
 *
 * Not libuv's thread pool: that aborts the program, and with it every worker, when a thread cannot
 * be made. */
#include "service/host/app_impl.h"

#include "config/diff.h"
#include "config/load.h"
#include "service/host/loading.h"

#include <process.h>
#include <stdlib.h>

enum { STUCK_AGAIN_MS = 1000 };

/* Definitions of before, that some unit may still go by. */
struct former {
    struct former *next;
    struct config *config;
};

struct reload {
    struct app *app;
    uv_async_t done;
    HANDLE thread; /* NULL: nothing is being read */
    bool again, shut;
    struct former *former;
    /* The thread's, until it has rung. */
    const char *path;
    struct config *config;
    struct diags *diags;
    enum st st;
};

/* --- what the log is told ----------------------------------------------------------- */
static void refuse(struct reload *r, const char *reason)
{
    log_event(&r->app->logger.log, LOG_ERROR, "config.refused",
              LOG_TEXT("config", r->app->config->path), LOG_TEXT("reason", reason),
              log_count("mistakes", r->diags ? diag_errors(r->diags) : 0));
}

static void say_diags(struct reload *r, enum severity which)
{
    bool error = which == SEV_ERROR;
    for (size_t i = 0; i < diag_count(r->diags); i++) {
        struct buf line = {0};
        if (diag_at(r->diags, i)->severity != which)
            continue;
        diag_print(diag_at(r->diags, i), &line);
        log_event(&r->app->logger.log, error ? LOG_ERROR : LOG_WARNING,
                  error ? "config.mistake" : "config.warning", LOG_TEXT("text", buf_text(&line)));
        buf_free(&line);
    }
}

static void say_taken(struct reload *r, const struct takeover *t)
{
    log_event(&r->app->logger.log, LOG_INFO, "config.taken",
              LOG_TEXT("config", r->app->config->path), LOG_NUM("same", t->same),
              LOG_NUM("live", t->live), LOG_NUM("relimit", t->relimit), LOG_NUM("roll", t->roll),
              LOG_NUM("added", t->added), LOG_NUM("removed", t->removed));
}

/* --- [service] ---------------------------------------------------------------------- */
static void say_restart(const struct app *a, const char *key)
{
    log_event(&a->logger.log, LOG_WARNING, "config.needs_restart", LOG_TEXT("key", key),
              LOG_TEXT("hint", "it holds from the next start of the service"));
}

static void visit_service(void *ctx, const struct change *c)
{
    const struct app *a = ctx;
    if (!c->field->limit && c->cost == APPLY_RESTART_SERVICE)
        say_restart(a, c->field->key);
}

/* Before NEXT is the newest. */
static void take_service(struct app *a, const struct service_spec *next)
{
    struct err e = {0};
    enum apply cost;
    struct service_spec held = *next; /* but for what this run of the service was started with */
    held.name = a->started_with.name;
    held.log_file = a->started_with.log_file;
    held.object_namespace = a->started_with.object_namespace;
    diff_services(&held, next, &cost, visit_service, a); /* warns */
    if (next->capped != a->started_with.capped)
        say_restart(a, "the limits of [service], for they need, or were, a job above all others");
    a->logger.log.level = next->log_level;
    const struct output_file file = app_log_file(a, next);
    bool log = next->log_max_size != a->config->service.log_max_size ||
               next->log_keep != a->config->service.log_keep;
    if (a->logger.output && log && output_adjust_log(a->output, &file, &e) != ST_OK)
        log_event(&a->logger.log, LOG_WARNING, "output.not_adjusted", LOG_TEXT("error", e.text));
}

/* --- taking over -------------------------------------------------------------------- */
void reload_look(struct reload *r)
{
    struct former **at = &r->former;
    while (*at) {
        struct former *f = *at;
        if (sup_uses(r->app->sup, f->config)) {
            at = &f->next;
            continue;
        }
        *at = f->next;
        config_free(f->config);
        free(f);
    }
    runs_sweep(r->app->runs);
}

static enum st take_fleet(struct app *a, const struct config *next, struct takeover *ret,
                          struct err *e)
{
    struct stage *stage = NULL;
    enum st st = runs_stage(a->runs, next, &stage, e);
    if (st != ST_OK)
        return st;
    st = sup_take(a->sup, next, ret, e);
    if (st == ST_OK)
        runs_commit(a->runs, stage, &next->service);
    else
        runs_unstage(a->runs, stage);
    return st;
}

static void take(struct reload *r)
{
    struct app *a = r->app;
    struct takeover t = {0};
    struct err e = {0};
    struct former *f = calloc(1, sizeof *f);
    enum st st = f ? take_fleet(a, r->config, &t, &e) : err_nomem(&e);
    if (st != ST_OK) {
        free(f);
        refuse(r, e.text);
        return;
    }
    take_service(a, &r->config->service);
    f->config = a->config;
    f->next = r->former;
    r->former = f;
    a->config = r->config;
    r->config = NULL;
    say_taken(r, &t);
    reload_look(r);
}

/* --- reading ------------------------------------------------------------------------ */
static unsigned __stdcall read_file(void *ctx)
{
    struct reload *r = ctx;
    r->st = load_definitions(r->path, &r->config, r->diags);
    uv_async_send(&r->done);
    return 0;
}

static void forget(struct reload *r)
{
    diags_free(r->diags);
    config_free(r->config);
    r->diags = NULL;
    r->config = NULL;
}

static void begin(struct reload *r)
{
    r->again = false;
    r->path = r->app->config->path; /* stays: nothing is taken over before the thread has ended */
    r->diags = diags_new();
    if (r->diags)
        r->thread = (HANDLE)_beginthreadex(NULL, 0, read_file, r, 0, NULL);
    if (r->thread)
        return;
    refuse(r, r->diags ? "the thread that reads it could not be started" : "out of memory");
    forget(r);
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
    if (r->st != ST_OK) {
        refuse(r, r->st == ST_NOMEM ? "out of memory" : "the job file has mistakes");
        say_diags(r, SEV_ERROR);
    } else if (r->app->stopping) {
        refuse(r, "the fleet stops");
    } else {
        say_diags(r, SEV_WARNING);
        take(r);
    }
    forget(r);
    if (r->again)
        begin(r);
}

void reload_ask(struct reload *r)
{
    if (r->thread)
        r->again = true;
    else if (r->app->stopping)
        refuse(r, "the fleet stops");
    else
        begin(r);
}

bool reload_busy(const struct reload *r)
{
    return r->thread != NULL;
}

/* --- its life ----------------------------------------------------------------------- */
enum st reload_new(struct app *a, struct reload **ret, struct err *e)
{
    struct reload *r = calloc(1, sizeof *r);
    if (!r)
        return err_nomem(e);
    r->app = a;
    if (uv_async_init(&a->loop, &r->done, on_done) != 0) {
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
    while (r->thread && WaitForSingleObject(r->thread, STUCK_AGAIN_MS) == WAIT_TIMEOUT)
        CancelSynchronousIo(r->thread); /* a disk that does not answer */
    if (r->thread)
        join(r);
    forget(r);
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
    free(r);
}
