/* test_record.c - one record a run: from its start to what was decided at its end. */
#include "tests/supervise/fake.h"

/* What is told of one run; times in ms of the fake clock. */
struct row {
    uint64_t start;
    uint32_t pid;
    uint64_t spawned_at, ready_at, ended_at;
    enum cause cause;
    uint32_t code;
    uint64_t ran_ms, limit_events;
    enum state next;
    uint64_t next_ms;
    const char *reason;
};

static void records_are(const struct fake *f, const struct row *want, uint32_t n)
{
    assert_int_equal(f->records, n);
    for (uint32_t i = 0; i < n; i++) {
        const struct record *r = &f->record[i];
        const struct row *w = &want[i];
        assert_int_equal(r->start, w->start);
        assert_int_equal(r->pid, w->pid);
        assert_int_equal(r->spawned_at, w->spawned_at);
        assert_int_equal(r->ready_at, w->ready_at);
        assert_int_equal(r->ended_at, w->ended_at);
        assert_string_equal(cause_names[r->end.cause], cause_names[w->cause]);
        assert_int_equal(r->end.code, w->code);
        assert_int_equal(r->end.ran_ms, w->ran_ms);
        assert_int_equal(r->limit_events, w->limit_events);
        assert_string_equal(state_names[r->next], state_names[w->next]);
        assert_int_equal(r->next_ms, w->next_ms);
        assert_string_equal(r->reason, w->reason);
    }
}

static void record__crash_loop_until_the_start_limit__one_each_run(void **state)
{
    (void)state;
    static const struct row want[] = {
        {1, 100, 1000, 1000, 4000, CAUSE_EXIT, 1, 3000, 0, S_BACKOFF, 0, "restart = always"},
        {2, 100, 4000, 4000, 5000, CAUSE_CRASH, 0xC0000005, 1000, 0, S_BACKOFF, 1000,
         "restart = always"},
        {3, 100, 6000, 6000, 7000, CAUSE_EXIT, 0, 1000, 0, S_FAILED, 0, "start limit reached"},
    };
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].start_limit = 3;
    f.spec[0].start_limit_interval = 60000;
    fake_run(&f);
    for (int i = 0; i < 3; i++) {
        fake_until(&f, want[i].ended_at);
        fake_exit(&f, 0, want[i].code);
        fake_until(&f, f.now + 1000);
    }
    fake_until(&f, 900000);
    records_are(&f, want, 3);
    fake_close(&f);
}

static void record__wall_clock__is_that_of_its_start(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.wall = INT64_C(1700000000000);
    fake_run(&f);
    f.wall = 0; /* it was set meanwhile */
    fake_until(&f, 5000);
    fake_exit(&f, 0, 1);
    assert_true(f.record[0].started == INT64_C(1700000001000));
    fake_close(&f);
}

static void record__not_ready_in_time__says_so_and_has_no_time_of_it(void **state)
{
    (void)state;
    static const struct row want[] = {
        {1, 100, 1000, 0, 4000, CAUSE_NOT_READY, 0, 3000, 0, S_FAILED, 0,
         "not ready in time, restart = never"},
    };
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].ready.kind = READY_EVENT;
    f.spec[0].ready_timeout = 3000;
    f.spec[0].restart = RESTART_NEVER;
    f.obeys = 1u << RUNG_CTRL_C;
    fake_run(&f);
    fake_until(&f, 4000);
    fake_note(&f, 0);
    records_are(&f, want, 1);
    fake_close(&f);
}

static void record__ready_later__has_the_time_of_it(void **state)
{
    (void)state;
    static const struct row want[] = {
        {1, 100, 1000, 3000, 9000, CAUSE_EXIT, 0, 8000, 0, S_EXITED, 0,
         "succeeded, restart = on-failure"},
    };
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].ready.kind = READY_PORT;
    f.spec[0].restart = RESTART_ON_FAILURE;
    fake_run(&f);
    fake_until(&f, 3000);
    fake_answer(&f, 0, true);
    fake_until(&f, 9000);
    fake_exit(&f, 0, 0);
    records_are(&f, want, 1);
    fake_close(&f);
}

static void record__start_that_failed__has_no_process_and_no_end(void **state)
{
    (void)state;
    static const struct row want[] = {
        {1, 0, 1000, 0, 0, CAUSE_HOOK, 0, 0, 0, S_BACKOFF, 0, "hook_pre_start failed"},
        {1, 0, 4000, 0, 0, CAUSE_NOT_STARTED, 0, 0, 0, S_BACKOFF, 1000, "could not be started"},
        {1, 100, 5000, 5000, 6000, CAUSE_EXIT, 1, 1000, 0, S_BACKOFF, 2000, "restart = always"},
    };
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].hook_pre_start = "prepare.exe";
    f.spawn_fails = 1;
    fake_run(&f);
    fake_prepared(&f, 0, false);
    fake_until(&f, 4000);
    fake_prepared(&f, 0, true); /* the spawn is then; the hook's time is not the run's */
    fake_until(&f, 5000);
    fake_prepared(&f, 0, true);
    fake_until(&f, 6000);
    fake_exit(&f, 0, 1);
    records_are(&f, want, 3);
    fake_close(&f);
}

static void record__stopped_by_order_and_by_what_it_requires__has_the_cause(void **state)
{
    (void)state;
    static const struct row want[] = {
        {1, 100, 1000, 1000, 2000, CAUSE_DEPENDENCY, 0, 1000, 0, S_WAITING, 0,
         "waits for a job that it requires"},
        {1, 101, 1000, 1000, 3000, CAUSE_OPERATOR, 0, 2000, 0, S_STOPPED, 0, ""},
    };
    struct fake f;
    fake_open(&f, 2);
    fake_needs(&f, 0, 1, true);
    f.obeys = 1u << RUNG_CTRL_C;
    fake_run(&f);
    sup_stop(f.sup, 1);
    fake_until(&f, 2000);
    fake_note(&f, 0);
    fake_until(&f, 3000);
    fake_note(&f, 1);
    records_are(&f, want, 2);
    fake_close(&f);
}

static void record__limits__are_counted_for_this_run_alone(void **state)
{
    (void)state;
    static const struct row want[] = {
        {1, 100, 1000, 1000, 2000, CAUSE_EXIT, 0, 1000, 3, S_BACKOFF, 0, "restart = always"},
        {2, 100, 2000, 2000, 4000, CAUSE_LIMIT, 0, 2000, 1, S_BACKOFF, 0, "on_limit = restart"},
    };
    struct fake f;
    fake_open(&f, 1);
    f.obeys = 1u << RUNG_CTRL_C;
    fake_run(&f);
    for (int i = 0; i < 3; i++)
        sup_limit(f.sup, f.job[0].id, LIMIT_GUARD_COMMIT, REACTION_LOG);
    fake_until(&f, 2000);
    uint64_t first = f.job[0].id;
    fake_exit(&f, 0, 0);
    fake_settle(&f);
    sup_limit(f.sup, first, LIMIT_GUARD_COMMIT, REACTION_LOG); /* of a run that is over */
    fake_until(&f, 4000);
    sup_limit(f.sup, f.job[0].id, LIMIT_JOB_MEMORY, REACTION_RESTART);
    fake_note(&f, 0);
    records_are(&f, want, 2);
    assert_int_equal(f.record[1].end.limit, LIMIT_JOB_MEMORY);
    assert_int_equal(f.record[0].end.limit, LIMIT_NONE);
    assert_int_equal(fake_unit(&f, 0)->limit_times, 4);
    fake_close(&f);
}

static void record__leftovers__it_is_told_when_they_are_gone_too(void **state)
{
    (void)state;
    static const struct row want[] = {
        {1, 100, 1000, 1000, 2000, CAUSE_EXIT, 1, 1000, 0, S_BACKOFF, 0, "restart = always"},
    };
    struct fake f;
    fake_open(&f, 1);
    f.kill_ms = 500;
    fake_run(&f);
    f.job[0].members = 2;
    fake_until(&f, 2000);
    fake_exit(&f, 0, 1);
    assert_int_equal(f.records, 0);
    fake_until(&f, 4000);
    records_are(&f, want, 1);
    fake_close(&f);
}

static void record__hook_that_is_cut_off__is_no_run(void **state)
{
    (void)state;
    struct fake f;
    fake_open(&f, 1);
    f.spec[0].hook_pre_start = "prepare.exe";
    fake_run(&f);
    sup_stop(f.sup, 0);
    assert_int_equal(f.records, 0);
    fake_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(record__crash_loop_until_the_start_limit__one_each_run),
        cmocka_unit_test(record__wall_clock__is_that_of_its_start),
        cmocka_unit_test(record__not_ready_in_time__says_so_and_has_no_time_of_it),
        cmocka_unit_test(record__ready_later__has_the_time_of_it),
        cmocka_unit_test(record__start_that_failed__has_no_process_and_no_end),
        cmocka_unit_test(record__stopped_by_order_and_by_what_it_requires__has_the_cause),
        cmocka_unit_test(record__limits__are_counted_for_this_run_alone),
        cmocka_unit_test(record__leftovers__it_is_told_when_they_are_gone_too),
        cmocka_unit_test(record__hook_that_is_cut_off__is_no_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
