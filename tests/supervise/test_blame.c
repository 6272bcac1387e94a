/* test_blame.c - whether the end of a main process is put down to a limit: messages before it and
 * after it, doubled, late, about others. */
#include "tests/supervise/fake.h"

enum { MAIN = 100, OTHER = 7, QUOTA = 1816 };

static const struct unit *open_one(struct fake *f)
{
    fake_open_running(f, 1);
    f->spec[0].restart = RESTART_NEVER; /* so that a reaction shows */
    return fake_unit(f, 0);
}

static void ended(struct fake *f, uint32_t pid, enum limit_id limit, enum reaction what)
{
    sup_limit_ended(f->sup, f->job[0].id, pid, limit, what);
}

static void refused(struct fake *f, enum limit_id limit, enum reaction what)
{
    sup_limit_refused(f->sup, f->job[0].id, limit, what);
}

static void sup_limit_ended__before_the_end__is_the_cause_whatever_the_code(void **state)
{
    (void)state;
    static const uint32_t pids[] = {0, MAIN}, codes[] = {0, 1, UINT32_C(0xC0000005)};
    static const enum state to[REACTIONS] = {
        [REACTION_LOG] = S_FAILED,     [REACTION_HOOK] = S_FAILED, [REACTION_RESTART] = S_BACKOFF,
        [REACTION_STOP] = S_FAILED,    [REACTION_TERMINATE] = S_FAILED,
    };
    for (size_t i = 0; i < 6; i++)
        for (int what = REACTION_LOG; what < REACTIONS; what++) {
            struct fake f;
            const struct unit *u = open_one(&f);
            ended(&f, pids[i % 2], LIMIT_PROCESS_TIME, (enum reaction)what);
            assert_int_equal(u->at, S_RUNNING); /* it is just ending */
            assert_int_equal(f.job[0].kills + f.job[0].asks, 0);
            f.now += 30;
            fake_exit(&f, 0, codes[i / 2]);
            assert_int_equal(u->at, to[what]);
            assert_int_equal(u->last.cause, CAUSE_LIMIT);
            assert_int_equal(u->last.limit, LIMIT_PROCESS_TIME);
            assert_int_equal(u->last.reaction, what);
            assert_int_equal(u->last.code, codes[i / 2]);
            fake_close(&f);
        }
}

static void sup_limit_blame__alone__ends_nothing_and_names_a_failure_soon_after(void **state)
{
    (void)state;
    static const struct {
        uint32_t code;
        uint64_t after;
        enum cause cause;
        enum state to;
    } rows[] = {
        {1, 30, CAUSE_LIMIT, S_BACKOFF}, /* on_limit = restart, whatever `restart` says */
        {0, 30, CAUSE_EXIT, S_EXITED},   /* it has survived the refusal */
        {1, BLAME_MS + 1, CAUSE_EXIT, S_FAILED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fake f;
        const struct unit *u = open_one(&f);
        sup_limit_blame(f.sup, f.job[0].id, LIMIT_JOB_MEMORY, REACTION_RESTART);
        assert_int_equal(u->at, S_RUNNING);
        assert_int_equal(f.job[0].kills + f.job[0].asks, 0);
        f.now += rows[i].after;
        fake_exit(&f, 0, rows[i].code);
        assert_int_equal(u->last.cause, rows[i].cause);
        assert_int_equal(u->at, rows[i].to);
        fake_close(&f);
    }
}

static void sup_limit_ended__end_not_yet_seen__is_seen_at_once(void **state)
{
    (void)state;
    struct fake f;
    open_one(&f);
    fake_end(&f, 0, QUOTA);
    ended(&f, MAIN, LIMIT_PROCESS_TIME, REACTION_STOP);
    fake_log_is(&f, "1000 a.0 ended limit:process-time 1816 ran 0\n"
                    "1000 a.0 release\n"
                    "1000 a.0 failed stopped by on_limit\n");
    fake_close(&f);
}

static void sup_limit_ended__others_outlive_the_main_process__are_ended_without_a_stop(void **state)
{
    (void)state;
    struct fake f;
    open_one(&f);
    f.job[0].members = 1;
    ended(&f, MAIN, LIMIT_PROCESS_TIME, REACTION_RESTART);
    fake_exit(&f, 0, QUOTA);
    fake_until(&f, 1001);
    fake_log_is(&f, "1000 a.0 ended limit:process-time 1816 ran 0\n"
                    "1000 a.0 leftovers 1\n"
                    "1000 a.0 killed\n"
                    "1001 a.0 release\n"
                    "1001 a.0 backoff 0\n"
                    "1001 a.0 started\n");
    fake_close(&f);
}

/* The end comes MS after the message. */
static enum cause cause_after(bool sure, uint64_t ms, uint32_t code)
{
    struct fake f;
    const struct unit *u = open_one(&f);
    if (sure)
        ended(&f, MAIN, LIMIT_JOB_MEMORY, REACTION_LOG);
    else
        refused(&f, LIMIT_JOB_MEMORY, REACTION_LOG);
    f.now += ms;
    fake_exit(&f, 0, code);
    enum cause cause = u->last.cause;
    assert_int_equal(u->last.limit, cause == CAUSE_LIMIT ? LIMIT_JOB_MEMORY : LIMIT_NONE);
    fake_close(&f);
    return cause;
}

static void sup_limit_ended__end_much_later__was_an_end_by_itself(void **state)
{
    (void)state;
    assert_int_equal(cause_after(true, BLAME_MS, 1), CAUSE_LIMIT);
    assert_int_equal(cause_after(true, BLAME_MS + 1, 1), CAUSE_EXIT);
    assert_int_equal(cause_after(true, 11000, 0), CAUSE_EXIT);
}

static void sup_limit_refused__bad_end_soon__is_the_cause_and_no_other(void **state)
{
    (void)state;
    assert_int_equal(cause_after(false, 0, 1), CAUSE_LIMIT);
    assert_int_equal(cause_after(false, BLAME_MS, UINT32_C(0xC0000017)), CAUSE_LIMIT);
    assert_int_equal(cause_after(false, BLAME_MS + 1, 1), CAUSE_EXIT);
    assert_int_equal(cause_after(false, 0, 0), CAUSE_EXIT); /* it survived */
}

static void sup_limit_refused__success_exit_code__is_a_success(void **state)
{
    (void)state;
    static const uint32_t seven = 7;
    struct fake f;
    const struct unit *u = open_one(&f);
    f.spec[0].success_exit_codes = (struct codes){1, &seven};
    refused(&f, LIMIT_JOB_MEMORY, REACTION_LOG);
    fake_exit(&f, 0, 7);
    assert_int_equal(u->at, S_EXITED);
    assert_int_equal(u->last.cause, CAUSE_EXIT);
    fake_close(&f);
}

static void sup_limit_refused__reaction_that_acts__acts(void **state)
{
    (void)state;
    for (int way = 0; way < 2; way++) {
        struct fake f;
        const struct unit *u = open_one(&f);
        if (way == 0)
            refused(&f, LIMIT_JOB_MEMORY, REACTION_RESTART);
        else
            ended(&f, OTHER, LIMIT_JOB_MEMORY, REACTION_RESTART);
        assert_int_equal(u->at, S_STOPPING);
        assert_int_equal(f.job[0].asks, 1);
        fake_exit(&f, 0, 0);
        assert_int_equal(u->last.cause, CAUSE_LIMIT);
        assert_int_equal(u->at, S_BACKOFF);
        fake_close(&f);
    }
}

static void sup_limit_ended__another_process__is_the_cause_of_a_bad_end_only(void **state)
{
    (void)state;
    for (uint32_t code = 0; code < 2; code++) {
        struct fake f;
        const struct unit *u = open_one(&f);
        ended(&f, OTHER, LIMIT_PROCESS_TIME, REACTION_LOG);
        assert_int_equal(u->at, S_RUNNING);
        fake_exit(&f, 0, code);
        assert_int_equal(u->last.cause, code == 0 ? CAUSE_EXIT : CAUSE_LIMIT);
        fake_close(&f);
    }
}

/* The main process has ended with CODE, one other lives, and MS later PID is said to have ended. */
static enum state after_the_end(struct fake *f, uint32_t code, uint64_t ms, uint32_t pid)
{
    const struct unit *u = open_one(f);
    f->kill_ms = 60000;
    f->job[0].members = 1;
    fake_exit(f, 0, code);
    assert_int_equal(u->last.cause, CAUSE_EXIT);
    f->now += ms;
    ended(f, pid, LIMIT_JOB_TIME, REACTION_RESTART);
    assert_int_equal(u->cause, u->last.cause);
    assert_int_equal(u->limit, u->last.limit);
    assert_int_equal(u->reaction, u->last.reaction);
    assert_int_equal(f->tales[H_STOPPING], 0);
    fake_until(f, f->now + 60000);
    return u->at;
}

static void sup_limit_ended__after_the_end__is_the_cause_while_the_run_is_not_over(void **state)
{
    (void)state;
    static const struct {
        uint32_t code;
        uint64_t ms;
        uint32_t pid;
        enum state to; /* by the reaction, or by restart = never */
    } rows[] = {
        {1, 0, MAIN, S_RUNNING},  {0, BLAME_MS, MAIN, S_RUNNING}, {1, BLAME_MS + 1, MAIN, S_FAILED},
        {1, 0, OTHER, S_RUNNING}, {0, 0, OTHER, S_EXITED},        {1, 50, 0, S_RUNNING},
        {0, 50, 0, S_EXITED}, /* all of them, and it was none of them any more */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fake f;
        if (after_the_end(&f, rows[i].code, rows[i].ms, rows[i].pid) != rows[i].to)
            fail_msg("row %zu: %s", i, state_names[fake_unit(&f, 0)->at]);
        fake_close(&f);
    }
}

static void sup_limit_ended__after_the_end_of_a_run_that_was_stopped__changes_nothing(void **state)
{
    (void)state;
    struct fake f;
    const struct unit *u = open_one(&f);
    f.job[0].members = 1;
    sup_stop(f.sup, 0);
    fake_exit(&f, 0, 1);
    ended(&f, MAIN, LIMIT_JOB_TIME, REACTION_RESTART);
    assert_int_equal(u->cause, CAUSE_OPERATOR);
    assert_int_equal(u->last.cause, CAUSE_OPERATOR);
    fake_close(&f);
}

static void sup_limit_ended__while_stopped_by_an_order__the_order_is_the_cause(void **state)
{
    (void)state;
    struct fake f;
    const struct unit *u = open_one(&f);
    sup_stop(f.sup, 0);
    ended(&f, MAIN, LIMIT_JOB_TIME, REACTION_RESTART);
    fake_exit(&f, 0, QUOTA);
    assert_int_equal(u->last.cause, CAUSE_OPERATOR);
    assert_int_equal(u->last.limit, LIMIT_NONE);
    assert_int_equal(u->at, S_STOPPED);
    fake_close(&f);
}

static void sup_limit_ended__doubled__holds_from_the_last_word(void **state)
{
    (void)state;
    struct fake f;
    const struct unit *u = open_one(&f);
    ended(&f, MAIN, LIMIT_JOB_TIME, REACTION_STOP);
    f.now += 9000;
    ended(&f, MAIN, LIMIT_JOB_TIME, REACTION_STOP);
    f.now += 9000;
    fake_exit(&f, 0, 1);
    assert_int_equal(u->last.cause, CAUSE_LIMIT);
    assert_int_equal(u->limit_times, 2);
    fake_close(&f);
}

static void sup_limit_ended__and_refused__the_sure_one_is_the_cause(void **state)
{
    (void)state;
    for (uint64_t between = 0; between <= BLAME_MS + 1; between += BLAME_MS + 1) {
        struct fake f;
        const struct unit *u = open_one(&f);
        refused(&f, LIMIT_GUARD_COMMIT, REACTION_LOG);
        ended(&f, MAIN, LIMIT_PROCESS_TIME, REACTION_LOG);
        f.now += between;
        refused(&f, LIMIT_JOB_MEMORY, REACTION_LOG);
        fake_exit(&f, 0, 1);
        assert_int_equal(u->last.limit, between ? LIMIT_JOB_MEMORY : LIMIT_PROCESS_TIME);
        fake_close(&f);
    }
}

static void sup_limit_ended__about_an_older_run__does_not_touch_this_one(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    uint64_t first = fake_unit(&f, 0)->id;
    fake_exit(&f, 0, 1);
    sup_limit_ended(f.sup, first, MAIN, LIMIT_JOB_TIME, REACTION_STOP); /* over, none begun yet */
    assert_int_equal(fake_unit(&f, 0)->at, S_BACKOFF);
    fake_settle(&f);
    sup_limit_ended(f.sup, first, MAIN, LIMIT_JOB_TIME, REACTION_STOP);
    sup_limit_refused(f.sup, first, LIMIT_JOB_TIME, REACTION_STOP);
    sup_limit_kill(f.sup, first, LIMIT_JOB_TIME, REACTION_STOP);
    fake_exit(&f, 0, 1);
    assert_int_equal(fake_unit(&f, 0)->last.cause, CAUSE_EXIT);
    assert_int_equal(fake_unit(&f, 0)->limit_times, 0);
    fake_close(&f);
}

static void sup_limit_ended__and_the_next_run_ends_soon__that_was_by_itself(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    sup_limit_ended(f.sup, fake_unit(&f, 0)->id, MAIN, LIMIT_JOB_TIME, REACTION_RESTART);
    fake_exit(&f, 0, 1);
    fake_settle(&f);
    assert_int_equal(fake_unit(&f, 0)->last.cause, CAUSE_LIMIT);
    fake_exit(&f, 0, 1);
    assert_int_equal(fake_unit(&f, 0)->last.cause, CAUSE_EXIT);
    fake_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sup_limit_ended__before_the_end__is_the_cause_whatever_the_code),
        cmocka_unit_test(
            sup_limit_blame__alone__ends_nothing_and_names_a_failure_soon_after),
        cmocka_unit_test(sup_limit_ended__end_not_yet_seen__is_seen_at_once),
        cmocka_unit_test(
            sup_limit_ended__others_outlive_the_main_process__are_ended_without_a_stop),
        cmocka_unit_test(sup_limit_ended__end_much_later__was_an_end_by_itself),
        cmocka_unit_test(sup_limit_refused__bad_end_soon__is_the_cause_and_no_other),
        cmocka_unit_test(sup_limit_refused__success_exit_code__is_a_success),
        cmocka_unit_test(sup_limit_refused__reaction_that_acts__acts),
        cmocka_unit_test(sup_limit_ended__another_process__is_the_cause_of_a_bad_end_only),
        cmocka_unit_test(sup_limit_ended__after_the_end__is_the_cause_while_the_run_is_not_over),
        cmocka_unit_test(sup_limit_ended__after_the_end_of_a_run_that_was_stopped__changes_nothing),
        cmocka_unit_test(sup_limit_ended__while_stopped_by_an_order__the_order_is_the_cause),
        cmocka_unit_test(sup_limit_ended__doubled__holds_from_the_last_word),
        cmocka_unit_test(sup_limit_ended__and_refused__the_sure_one_is_the_cause),
        cmocka_unit_test(sup_limit_ended__about_an_older_run__does_not_touch_this_one),
        cmocka_unit_test(sup_limit_ended__and_the_next_run_ends_soon__that_was_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
