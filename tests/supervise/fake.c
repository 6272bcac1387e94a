/* fake.c - the hands of the fake world. */
#include "tests/supervise/fake.h"

#include <stdlib.h>

static bool by_chance(struct fake *f, uint64_t one_in)
{
    return f->chance && random_below(f->chance, one_in) == 0;
}

static struct fake_job *job_of(struct fake *f, uint64_t id)
{
    struct fake_job *j = &f->job[(uint32_t)id];
    assert_true(j->open);
    assert_true(j->id == id);
    return j;
}

static enum st fake_spawn(void *ctx, uint64_t id, const struct job_spec *spec, uint32_t *ret_pid,
                          struct err *e)
{
    struct fake *f = ctx;
    size_t slot = (uint32_t)id;
    struct fake_job *j = &f->job[slot];
    assert_false(j->open); /* its name would still be taken */
    assert_true(spec == j->spec);
    assert_true(id >> 32 != 0);
    assert_true(id >> 63 == 0);
    assert_true(id != j->id);
    j->spawns++;
    if (slot == f->no_program || f->spawn_fails > 0 || by_chance(f, 5)) {
        f->spawn_fails -= f->spawn_fails > 0;
        return err_say(e, ST_NOTFOUND, "no such program");
    }
    j->id = id;
    j->open = j->main_alive = true;
    j->killed = false;
    j->code = j->members = j->attendants = 0;
    *ret_pid = 100 + (uint32_t)slot;
    return ST_OK;
}

static enum st fake_ask(void *ctx, uint64_t id, const struct rung *rung, struct err *e)
{
    struct fake *f = ctx;
    struct fake_job *j = job_of(f, id);
    j->asks++;
    assert_int_not_equal(rung->kind, RUNG_TERMINATE);
    if (f->cannot_ask & 1u << rung->kind || by_chance(f, 6))
        return err_say(e, ST_OS, "cannot ask");
    if (f->obeys & 1u << rung->kind && j->main_alive) {
        j->main_alive = false;
        j->code = 0;
    }
    if (f->tree_obeys & 1u << rung->kind)
        j->members = j->attendants = 0;
    return ST_OK;
}

static void fake_kill(void *ctx, uint64_t id)
{
    struct fake *f = ctx;
    struct fake_job *j = job_of(f, id);
    j->kills++;
    if (f->kills_ignored > 0) {
        f->kills_ignored--;
        return;
    }
    if (!j->killed)
        j->dies_at = f->now + f->kill_ms;
    j->killed = true;
}

/* A terminated job is empty once its time has come. */
static void reap(const struct fake *f, struct fake_job *j)
{
    if (!j->killed || f->now < j->dies_at)
        return;
    if (j->main_alive)
        j->code = UINT32_C(0xE0000001);
    j->main_alive = false;
    j->members = j->attendants = 0;
}

static enum st fake_look(void *ctx, uint64_t id, struct look *ret, struct err *e)
{
    struct fake *f = ctx;
    struct fake_job *j = job_of(f, id);
    f->looks++;
    reap(f, j);
    if (f->look_fails > 0 || by_chance(f, 6)) {
        f->look_fails -= f->look_fails > 0;
        ret->members = 77; /* must not be read */
        return err_say(e, ST_OS, "no answer");
    }
    *ret = (struct look){j->main_alive, j->main_alive ? 259 : j->code, j->members, j->attendants};
    return ST_OK;
}

static void fake_release(void *ctx, uint64_t id)
{
    struct fake *f = ctx;
    struct fake_job *j = job_of(f, id);
    assert_false(j->main_alive);
    assert_int_equal(j->members, 0);
    assert_int_equal(j->check.serial, 0);
    j->open = false;
    j->ready_set = j->watchdog_set = false;
    j->releases++;
    fake_line(f, id, "release");
}

static void fake_alarm(void *ctx, uint32_t slot, uint64_t at_ms)
{
    struct fake *f = ctx;
    assert_true(slot < f->slots || slot == SLOT_FLEET);
    *(slot == SLOT_FLEET ? &f->fleet_alarm : &f->job[slot].alarm_at) = at_ms;
}

static enum st fake_room(void *ctx, size_t n, struct err *e)
{
    struct fake *f = ctx;
    if (f->no_room)
        return err_nomem(e);
    assert_true(n <= FAKE_SLOTS || n <= f->config.n);
    f->slots = n > f->slots ? n : f->slots;
    return ST_OK;
}

static void fake_adopt(void *ctx, uint32_t slot, const struct job_spec *spec)
{
    struct fake *f = ctx;
    assert_true(slot < f->slots);
    assert_true(spec || !f->job[slot].open);
    f->job[slot].spec = spec;
    f->job[slot].adoptions++;
}

static enum st fake_prepare(void *ctx, uint64_t id, const struct job_spec *spec, struct err *e)
{
    struct fake *f = ctx;
    struct fake_job *j = &f->job[(uint32_t)id];
    assert_false(j->preparing);
    assert_false(j->open);
    assert_true(spec == j->spec);
    if (f->prepare_fails > 0) {
        f->prepare_fails--;
        return err_say(e, ST_OS, "no such hook");
    }
    j->preparing = true;
    j->preparing_id = id;
    return ST_OK;
}

static void fake_unprepare(void *ctx, uint64_t id)
{
    struct fake *f = ctx;
    assert_true(f->job[(uint32_t)id].preparing_id == id);
    f->job[(uint32_t)id].preparing = false;
}

static enum st fake_check(void *ctx, uint64_t id, const struct check *check, struct err *e)
{
    struct fake *f = ctx;
    struct fake_job *j = job_of(f, id);
    assert_int_equal(j->check.serial, 0); /* they must not pile up */
    assert_int_not_equal(check->serial, 0);
    j->checks++;
    if (f->check_fails > 0 || by_chance(f, 6)) {
        f->check_fails -= f->check_fails > 0;
        return err_say(e, ST_OS, "cannot check");
    }
    j->check = *check;
    return ST_OK;
}

static void fake_uncheck(void *ctx, uint64_t id)
{
    struct fake *f = ctx;
    job_of(f, id)->check.serial = 0;
}

static bool fake_signalled(void *ctx, uint64_t id, enum signal what)
{
    struct fake *f = ctx;
    struct fake_job *j = job_of(f, id);
    bool *set = what == SIGNAL_READY ? &j->ready_set : &j->watchdog_set;
    bool was = *set;
    *set = false;
    return was;
}

static int64_t fake_wall(void *ctx)
{
    struct fake *f = ctx;
    return (int64_t)f->now + f->wall;
}

static int32_t fake_offset(void *ctx, int64_t utc_s)
{
    (void)ctx;
    (void)utc_s;
    return 0;
}

static uint64_t fake_now(void *ctx)
{
    return ((struct fake *)ctx)->now;
}

static uint32_t fake_random(void *ctx)
{
    struct fake *f = ctx;
    struct random *r = f->chance ? f->chance : f->dice;
    return r ? (uint32_t)random_next(r) : f->random;
}

void fake_open(struct fake *f, size_t n)
{
    *f = (struct fake){.now = FAKE_EPOCH, .random = UINT32_C(1) << 31, .no_program = SIZE_MAX};
    f->spec = calloc(n, sizeof *f->spec);
    f->definition = calloc(n, sizeof *f->definition);
    f->dep = calloc(n * n + 1, sizeof *f->dep);
    f->job = calloc(n > FAKE_SLOTS ? n : FAKE_SLOTS, sizeof *f->job);
    assert_non_null(f->definition);
    assert_non_null(f->dep);
    assert_non_null(f->spec);
    assert_non_null(f->job);
    for (size_t i = 0; i < n; i++) {
        struct job_spec *s = &f->spec[i];
        s->unit[0] = (char)('a' + i % 26);
        s->unit[1] = '.';
        s->unit[2] = '0';
        s->job = f->definition[i].name = f->name[i % 26];
        f->name[i % 26][0] = s->unit[0];
        f->definition[i].first = (uint32_t)i;
        f->definition[i].n = 1;
        f->definition[i].deps.dep = &f->dep[i * n];
        definitions_defaults(s);
    }
    f->config.n = n;
    f->config.job = f->spec;
    f->config.jobs = n;
    f->config.definition = f->definition;
}

void fake_open_jobs(struct fake *f, const struct definitions *d)
{
    fake_open(f, 0);
    f->config = d->config;
}

void fake_needs(struct fake *f, size_t slot, size_t needed, bool required)
{
    struct deps *d = &f->definition[slot].deps;
    f->dep[slot * f->config.n + d->n++] = (struct dep){(uint32_t)needed, required};
}

void fake_supervise(struct fake *f)
{
    struct hands h = {.ctx = f,
                      .room = fake_room,
                      .adopt = fake_adopt,
                      .prepare = fake_prepare,
                      .unprepare = fake_unprepare,
                      .check = fake_check,
                      .uncheck = fake_uncheck,
                      .signalled = fake_signalled,
                      .wall = fake_wall,
                      .offset = fake_offset,
                      .spawn = fake_spawn,
                      .ask = fake_ask,
                      .kill = fake_kill,
                      .look = fake_look,
                      .release = fake_release,
                      .alarm = fake_alarm,
                      .now = fake_now,
                      .random = fake_random,
                      .tell = fake_tell};
    struct err e;
    assert_int_equal(sup_new(&f->config, &h, &f->sup, &e), ST_OK);
}

void fake_open_running(struct fake *f, size_t n)
{
    static const struct ladder three = {
        3, {{RUNG_CTRL_C, 10000}, {RUNG_COMMAND, 3000}, {RUNG_CTRL_BREAK, 2000}}};
    fake_open(f, n);
    for (size_t i = 0; i < n; i++)
        f->spec[i].stop = three;
    fake_run(f);
    fake_log_clear(f);
}

void fake_close(struct fake *f)
{
    sup_free(f->sup);
    buf_free(&f->log);
    free(f->spec);
    free(f->definition);
    free(f->dep);
    free(f->job);
}
