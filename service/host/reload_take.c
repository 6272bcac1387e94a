/* reload_take.c - a set of definitions takes the place of the one before. */
#include "service/host/reload_impl.h"

#include "config/diff.h"

#include <stdlib.h>
#include <string.h>

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

bool reload_same_access(const struct service_spec *a, const struct service_spec *b)
{
    const struct field *f = schema_find(SECTION_SERVICE, STR("control_access"));
    return f->type->equal(&a->control_access, &b->control_access);
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
    held.control_remote = a->started_with.control_remote;
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

/* --- the fleet ------------------------------------------------------------------------ */
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

enum st reload_take(struct reload *r, struct takeover *ret, struct err *e)
{
    struct app *a = r->app;
    struct former *f = calloc(1, sizeof *f);
    enum st st = f ? take_fleet(a, r->config, ret, e) : err_nomem(e);
    if (st != ST_OK) {
        free(f);
        return st;
    }
    if (!r->job->set) /* which is not about [service] */
        take_service(a, &r->config->service);
    f->config = a->config;
    f->next = r->former;
    r->former = f;
    a->config = r->config;
    r->config = NULL;
    if (r->access && a->clients) {
        r->access_stale = !clients_adopt(a->clients, r->access) || r->access_unknown;
        r->access = NULL;
    }
    if (r->read_now) {
        recording_free(r->read);
        r->read = r->read_now;
        r->read_now = NULL;
        reload_watch(r);
    }
    return ST_OK;
}

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
