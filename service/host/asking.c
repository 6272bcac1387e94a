/* asking.c - the hands that ask somebody and have the answer later: hook_pre_start, and the checks
 * of readiness and health. */
#include "service/host/runs_impl.h"

#include "service/host/checks.h"
#include "service/host/points.h"

static void on_prepared(void *ctx, uint64_t id, bool ok, const char *text)
{
    struct runs *r = ctx;
    sup_prepared(r->sup, id, ok, text);
}

static void on_checked(void *ctx, uint64_t id, uint32_t serial, bool good, const char *text)
{
    struct runs *r = ctx;
    sup_checked(r->sup, id, serial, good, text);
}

enum st asking_new(struct runs *r, struct err *e)
{
    const struct points_setup points = {.hooks = r->hooks,
                                        .logger = r->set.logger,
                                        .prepared = on_prepared,
                                        .ctx = r};
    const struct checks_setup checks = {.loop = r->set.loop,
                                        .port = r->set.port,
                                        .hooks = r->hooks,
                                        .config_dir = r->set.config_dir,
                                        .answer = on_checked,
                                        .ctx = r};
    enum st st = points_new(&points, &r->points, e);
    return st == ST_OK ? checks_new(&checks, &r->checks, e) : st;
}

enum st asking_prepare(void *ctx, uint64_t id, const struct job_spec *spec, struct err *e)
{
    struct runs *r = ctx;
    return points_prepare(r->points, id, spec, e);
}

void asking_unprepare(void *ctx, uint64_t id)
{
    struct runs *r = ctx;
    points_unprepare(r->points, id);
}

enum st asking_check(void *ctx, uint64_t id, const struct check *check, struct err *e)
{
    struct runs *r = ctx;
    return checks_begin(r->checks, id, r->run[(uint32_t)id]->spec, check, e);
}

void asking_uncheck(void *ctx, uint64_t id)
{
    struct runs *r = ctx;
    checks_end(r->checks, id);
}
