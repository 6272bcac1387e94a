/* run.c - one run of one instance: its jobs, its process, and their end. */
#include "service/host/runs_impl.h"

#include "service/host/port.h"
#include "service/job/account.h"
#include "service/process/input.h"
#include "service/process/launch.h"
#include "service/win32/file.h"

#include <stdio.h>
#include <string.h>

/* "Global\" + service + "." + job + "." + number: three names of at most 63 bytes each. */
enum { OBJECT_NAME = 256 };

static uint32_t slot_of(uint64_t id)
{
    return (uint32_t)id;
}

/* "null" opens nothing: NULL stands for NUL in a spawn. */
static enum st open_output(struct runs *r, const struct job_spec *spec, const char *path,
                           HANDLE *ret, struct err *e)
{
    if (strcmp(path, "null") == 0)
        return ST_OK;
    char *full = path_join(r->set.config_dir, path);
    if (!full)
        return err_nomem(e);
    struct output_file file = {.path = full,
                               .max_size = spec->log_max_size,
                               .keep = spec->log_keep,
                               .roll = spec->log_roll,
                               .timestamps = spec->log_timestamps == YES};
    enum st st = output_pipe(r->set.output, &file, ret, e);
    free(full);
    return st;
}

static void shut(HANDLE *h)
{
    if (*h)
        CloseHandle(*h);
    *h = NULL;
}

static enum spawn_way way_of(const struct switches *s)
{
    return s->suspended ? SPAWN_SUSPENDED : s->no_suspended ? SPAWN_ATTRIBUTE : SPAWN_BEST;
}

static bool has_rung(const struct ladder *l, enum rung_kind kind)
{
    for (uint32_t i = 0; i < l->n; i++)
        if (l->rung[i].kind == kind)
            return true;
    return false;
}

/* What the worker is told by its environment, and may answer through. */
static enum st prepare(struct runs *r, struct run *run, const struct job_spec *spec,
                       struct launch *ret, struct err *e)
{
    const struct signals_place place = {r->set.prefix, r->set.service, r->set.security};
    struct signals_env env;
    enum st st = signals_open(&place, spec, &run->signals, e);
    if (st != ST_OK)
        return st;
    signals_env(&place, spec, &run->signals, &env);
    return launch_prepare(spec, spec->command, r->set.service, r->set.config_dir, &env.vars, ret,
                          e);
}

static enum st spawn_into(struct runs *r, struct run *run, const struct nest *nest,
                          const struct job_spec *spec, struct err *e)
{
    struct launch launch = {0};
    HANDLE in = NULL, out = NULL, err = NULL;
    enum st st = prepare(r, run, spec, &launch, e);
    if (st != ST_OK)
        return st;
    bool both = strcmp(spec->err, "stdout") == 0;
    st = open_output(r, spec, spec->out, &out, e);
    if (st == ST_OK && !both)
        st = open_output(r, spec, spec->err, &err, e);
    if (st == ST_OK && has_rung(&spec->stop, RUNG_STDIN_EOF))
        st = input_pipe(&run->stdin_write, &in, e);
    if (st == ST_OK) {
        struct spawn s = {.launch = &launch,
                          .jobs = nest->job,
                          .jobs_n = nest->n,
                          .job_names = nest->called,
                          .in = in,
                          .out = out,
                          .err = both ? out : err,
                          .console = spec->console,
                          .way = way_of(&r->set.switches),
                          .ended = ender_post,
                          .ctx = &run->ender};
        st = spawn_child(&s, &run->child, e);
    }
    shut(&in);
    shut(&out); /* the child has its own, so that the pipe ends with the worker's tree */
    shut(&err);
    launch_free(&launch);
    return st;
}

static void close_run(struct run *run)
{
    child_close(&run->child);
    shut(&run->stdin_write);
    run->batch = (struct batch){.watched = false};
    job_close(run->job);
    run->job = NULL;
    run->id = 0;
    run->rearm = (struct rearm){.owed = false};
}

bool run_account(const struct run *run, struct account *ret)
{
    if (!run->job || job_account(job_handle(run->job), ret, NULL) != ST_OK)
        return false;
    ret->processes -= ret->processes < run->processes_before ? 0 : run->processes_before;
    return true;
}

void run_end(struct runs *r, struct run *run)
{
    struct account kernel;
    bool known = run_account(run, &kernel);
    level_end(levels_instance(r->levels, slot_of(run->id)), known ? &kernel : NULL);
    close_run(run);
}

static enum st make_job(struct runs *r, struct run *run, uint64_t id, const struct job_spec *spec,
                        struct err *e)
{
    char name[OBJECT_NAME];
    struct kernel_limits limits;
    snprintf(name, sizeof name, "%s%s.%s", r->set.prefix, r->set.service, spec->unit);
    levels_kernel(r->levels, NULL, slot_of(id), &spec->limits, &limits);
    const struct job_request request = {.name = name,
                                        .security = r->set.security,
                                        .port = r->set.port,
                                        .key = (ULONG_PTR)id,
                                        .limits = &limits,
                                        .again = run->again};
    enum st st = job_create(&request, &run->job, e);
    if (st != ST_OK)
        return st;
    struct account used = {0};
    run->again = true;
    run->processes_before = 0;
    /* A new object has none; under Wine it may still be that of the run before. */
    if (run_account(run, &used))
        run->processes_before = used.processes;
    return ST_OK;
}

enum st run_spawn(void *ctx, uint64_t id, const struct job_spec *spec, uint32_t *ret_pid,
                  struct err *e)
{
    struct runs *r = ctx;
    struct run *run = r->run[slot_of(id)];
    struct nest nest;
    enum st st = levels_open(r->levels, slot_of(id), &nest, e);
    if (st == ST_OK)
        slots_apply_uppers(r, slot_of(id));
    if (st == ST_OK)
        st = make_job(r, run, id, spec, e);
    if (st != ST_OK)
        return st;
    nest.called[nest.n] = "its own job";
    nest.job[nest.n++] = job_handle(run->job);
    run->id = id;
    run->ender = (struct ender){r->set.port, id | PORT_KEY_ENDED};
    st = level_begin(levels_instance(r->levels, slot_of(id)));
    if (st != ST_OK)
        err_nomem(e);
    else
        st = spawn_into(r, run, &nest, spec, e);
    if (st != ST_OK) {
        run_end(r, run);
        return st;
    }
    *ret_pid = run->child.pid;
    return ST_OK;
}
