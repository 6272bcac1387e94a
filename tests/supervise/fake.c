/* fake.c - the hands of the fake world. */
#include "tests/supervise/fake.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const words[HAPPENINGS] = {
    [H_STARTED] = "started",       [H_NOT_STARTED] = "not-started", [H_ENDED] = "ended",
    [H_LEFTOVERS] = "leftovers",   [H_STOPPING] = "stopping",       [H_RUNG] = "rung",
    [H_RUNG_FAILED] = "rung-failed", [H_KILLED] = "killed",         [H_STUBBORN] = "stubborn",
    [H_BLIND] = "blind",           [H_BACKOFF] = "backoff",         [H_DONE] = "done",
    [H_FAILED] = "failed",         [H_STOPPED] = "stopped",         [H_IMPOSSIBLE] = "impossible",
};
static const char *const rungs[RUNG_KINDS] = {"ctrl-c", "ctrl-break", "command", "terminate"};

static const char *limit_word(enum limit_id id)
{
    switch (id) {
    case LIMIT_JOB_MEMORY:
        return "job-memory";
    case LIMIT_PROCESS_TIME:
        return "process-time";
    case LIMIT_JOB_TIME:
        return "job-time";
    case LIMIT_GUARD_COMMIT:
        return "guard-commit";
    default:
        return "?";
    }
}

static bool by_chance(struct fake *f, uint64_t one_in)
{
    return f->chance && random_below(f->chance, one_in) == 0;
}

static void say(struct fake *f, uint64_t id, const char *what)
{
    if (!f->quiet)
        buf_f(&f->log, "%" PRIu64 " %s %s", f->now, f->spec[(uint32_t)id].unit, what);
}

static void end_line(struct fake *f)
{
    if (!f->quiet)
        buf_char(&f->log, '\n');
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
    assert_true(spec == &f->spec[slot]);
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
    j->open = false;
    j->releases++;
    say(f, id, "release");
    end_line(f);
}

static void fake_alarm(void *ctx, uint32_t slot, uint64_t at_ms)
{
    struct fake *f = ctx;
    assert_true(slot < f->config.n);
    f->job[slot].alarm_at = at_ms;
}

static uint64_t fake_now(void *ctx)
{
    return ((struct fake *)ctx)->now;
}

static uint32_t fake_random(void *ctx)
{
    struct fake *f = ctx;
    return f->chance ? (uint32_t)random_next(f->chance) : f->random;
}

static void tell_ending(struct fake *f, const struct unit *u)
{
    assert_int_equal(u->pid, 100 + (uint32_t)u->id);
    buf_f(&f->log, " %s", cause_names[u->last.cause]);
    if (u->last.limit != LIMIT_NONE)
        buf_f(&f->log, ":%s", limit_word(u->last.limit));
    buf_f(&f->log, " %" PRIu32 " ran %" PRIu64, u->last.code, u->last.ran_ms);
}

static void tell_details(struct fake *f, const struct tale *t)
{
    switch (t->what) {
    case H_ENDED:
        tell_ending(f, t->unit);
        break;
    case H_LEFTOVERS:
    case H_STUBBORN:
        buf_f(&f->log, " %" PRIu64, t->number);
        break;
    case H_RUNG:
        buf_f(&f->log, " %s %" PRIu64, rungs[t->rung], t->number);
        break;
    case H_RUNG_FAILED:
        buf_f(&f->log, " %s %s", rungs[t->rung], t->text);
        break;
    case H_BACKOFF:
        buf_f(&f->log, " %" PRIu64, t->number);
        break;
    case H_STOPPING:
        buf_f(&f->log, " %s", t->text);
        if (t->unit->limit != LIMIT_NONE)
            buf_f(&f->log, ":%s", limit_word(t->unit->limit));
        break;
    default:
        if (t->text)
            buf_f(&f->log, " %s", t->text);
        if (t->number)
            buf_f(&f->log, " (%" PRIu64 ")", t->number);
        break;
    }
}

static void fake_tell(void *ctx, const struct tale *t)
{
    struct fake *f = ctx;
    assert_true(t->what < HAPPENINGS);
    f->tales[t->what]++;
    assert_int_not_equal(t->what, H_IMPOSSIBLE);
    if (f->quiet)
        return;
    say(f, t->unit->id, words[t->what]);
    tell_details(f, t);
    end_line(f);
}

void fake_open(struct fake *f, size_t n)
{
    *f = (struct fake){.now = FAKE_EPOCH, .random = UINT32_C(1) << 31, .no_program = SIZE_MAX};
    f->spec = calloc(n, sizeof *f->spec);
    f->job = calloc(n, sizeof *f->job);
    assert_non_null(f->spec);
    assert_non_null(f->job);
    for (size_t i = 0; i < n; i++) {
        struct job_spec *s = &f->spec[i];
        s->unit[0] = (char)('a' + i % 26);
        s->unit[1] = '.';
        s->unit[2] = '0';
        s->restart = RESTART_ALWAYS;
        s->restart_delay = 1000;
        s->restart_delay_max = 8000;
        s->restart_factor = 2000;
        s->min_uptime = 10000;
        s->stop = (struct ladder){1, {{RUNG_CTRL_C, 10000}}};
    }
    f->config.n = n;
    f->config.job = f->spec;
}

void fake_supervise(struct fake *f)
{
    struct hands h = {.ctx = f,
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
    fake_supervise(f);
    sup_start_all(f->sup);
    fake_log_clear(f);
}

void fake_close(struct fake *f)
{
    sup_free(f->sup);
    buf_free(&f->log);
    free(f->spec);
    free(f->job);
}

const struct unit *fake_unit(const struct fake *f, size_t slot)
{
    return sup_unit(f->sup, slot);
}

void fake_note(struct fake *f, size_t slot)
{
    sup_note(f->sup, f->job[slot].id);
}

void fake_end(struct fake *f, size_t slot, uint32_t code)
{
    f->job[slot].main_alive = false;
    f->job[slot].code = code;
}

void fake_exit(struct fake *f, size_t slot, uint32_t code)
{
    fake_end(f, slot, code);
    fake_note(f, slot);
}

static uint64_t next_alarm(const struct fake *f)
{
    uint64_t at = UINT64_MAX;
    for (size_t i = 0; i < f->config.n; i++)
        if (f->job[i].alarm_at != 0 && f->job[i].alarm_at < at)
            at = f->job[i].alarm_at;
    return at;
}

static void ring_all_due(struct fake *f)
{
    for (size_t i = 0; i < f->config.n; i++)
        if (f->job[i].alarm_at != 0 && f->job[i].alarm_at <= f->now) {
            f->job[i].alarm_at = 0; /* an alarm rings once */
            sup_alarm(f->sup, (uint32_t)i);
        }
}

void fake_settle(struct fake *f)
{
    for (int rounds = 0; next_alarm(f) <= f->now; rounds++) {
        assert_true(rounds < 1000); /* else it spins without time going by */
        ring_all_due(f);
    }
}

void fake_until(struct fake *f, uint64_t at)
{
    for (uint64_t next; fake_settle(f), next = next_alarm(f), next <= at;)
        f->now = next;
    f->now = at;
}

void fake_log_is(struct fake *f, const char *want)
{
    assert_string_equal(buf_text(&f->log), want);
    fake_log_clear(f);
}

void fake_log_clear(struct fake *f)
{
    assert_true(buf_ok(&f->log));
    buf_reset(&f->log);
}
