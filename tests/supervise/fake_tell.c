/* fake_tell.c - what the fake world is told, as lines of its log. */
#include "tests/supervise/fake.h"

#include <inttypes.h>

static const char *const words[HAPPENINGS] = {
    [H_STARTED] = "started",       [H_NOT_STARTED] = "not-started", [H_ENDED] = "ended",
    [H_LEFTOVERS] = "leftovers",   [H_STOPPING] = "stopping",       [H_RUNG] = "rung",
    [H_RUNG_FAILED] = "rung-failed", [H_KILLED] = "killed",         [H_STUBBORN] = "stubborn",
    [H_BLIND] = "blind",           [H_BACKOFF] = "backoff",         [H_DONE] = "done",
    [H_FAILED] = "failed",         [H_STOPPED] = "stopped",         [H_IMPOSSIBLE] = "impossible",
    [H_WAITING] = "waiting",       [H_READY] = "ready",             [H_UNHEALTHY] = "unhealthy",
    [H_HEALTHY] = "healthy",       [H_RUN] = "run",                 [H_HELD] = "held",
    [H_MISSED] = "missed",         [H_CHANGED] = "changed",         [H_REMOVED] = "removed",
    [H_ROLL] = "roll",             [H_ROLLED] = "rolled",
    [H_ROLL_STOPPED] = "roll-stopped",
};

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

static void say(struct fake *f, uint64_t id, const char *what)
{
    if (!f->quiet)
        buf_f(&f->log, "%" PRIu64 " %s %s", f->now, f->job[(uint32_t)id].spec->unit, what);
}

static void end_line(struct fake *f)
{
    if (!f->quiet)
        buf_char(&f->log, '\n');
}

void fake_line(struct fake *f, uint64_t id, const char *what)
{
    say(f, id, what);
    end_line(f);
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
        buf_f(&f->log, " %s %" PRIu64, rung_names[t->rung], t->number);
        break;
    case H_RUNG_FAILED:
        buf_f(&f->log, " %s %s", rung_names[t->rung], t->text);
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

/* While its job is still there to be asked what the run has used. */
static void keep_record(struct fake *f, const struct unit *u)
{
    assert_int_equal(u->record.pid != 0, f->job[(uint32_t)u->id].open);
    if (f->records < FAKE_RECORDS)
        f->record[f->records] = u->record;
    f->records++;
}

void fake_tell(void *ctx, const struct tale *t)
{
    struct fake *f = ctx;
    assert_true(t->what < HAPPENINGS);
    f->tales[t->what]++;
    if (t->what == H_RUN)
        keep_record(f, t->unit);
    assert_int_not_equal(t->what, H_IMPOSSIBLE);
    bool started = t->what == H_READY && t->unit->spec->ready.kind == READY_STARTED;
    bool dull = t->what == H_RUN || started;
    if (f->quiet || (dull && !f->loud))
        return;
    say(f, t->unit->id, words[t->what]);
    tell_details(f, t);
    end_line(f);
}
