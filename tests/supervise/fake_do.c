/* fake_do.c - what a test does to the fake world: ends, answers, and time that goes by. */
#include "tests/supervise/fake.h"

void fake_run(struct fake *f)
{
    fake_supervise(f);
    sup_start_all(f->sup);
    fake_settle(f);
}

const struct unit *fake_unit(const struct fake *f, size_t slot)
{
    return sup_unit(f->sup, slot);
}

void fake_is(const struct fake *f, size_t slot, enum state at)
{
    assert_string_equal(state_names[fake_unit(f, slot)->at], state_names[at]);
    assert_int_equal(fake_unit(f, slot)->at, at); /* two states have one name */
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

void fake_answer(struct fake *f, size_t slot, bool good)
{
    struct fake_job *j = &f->job[slot];
    uint32_t serial = j->check.serial;
    assert_int_not_equal(serial, 0);
    j->check.serial = 0;
    sup_checked(f->sup, j->id, serial, good, good ? NULL : "no answer");
}

void fake_prepared(struct fake *f, size_t slot, bool ok)
{
    struct fake_job *j = &f->job[slot];
    assert_true(j->preparing);
    j->preparing = false;
    sup_prepared(f->sup, j->preparing_id, ok, ok ? NULL : "hook_pre_start ended with 1");
}

void fake_signal(struct fake *f, size_t slot, enum signal what)
{
    struct fake_job *j = &f->job[slot];
    *(what == SIGNAL_READY ? &j->ready_set : &j->watchdog_set) = true;
}

static uint64_t next_alarm(const struct fake *f)
{
    uint64_t at = f->fleet_alarm ? f->fleet_alarm : UINT64_MAX;
    for (size_t i = 0; i < f->slots; i++)
        if (f->job[i].alarm_at != 0 && f->job[i].alarm_at < at)
            at = f->job[i].alarm_at;
    return at;
}

static void ring_all_due(struct fake *f)
{
    for (size_t i = 0; f->fleet_alarm != 0 && f->fleet_alarm <= f->now; i++) {
        assert_true(i <= 2 * f->slots + 1000); /* each ring is one start, as a rule */
        f->fleet_alarm = 0;
        sup_alarm(f->sup, SLOT_FLEET);
    }
    for (size_t i = 0; i < f->slots; i++)
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
