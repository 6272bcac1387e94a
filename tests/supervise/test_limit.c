/* test_limit.c - a limit was reached: what follows by each reaction, and in every state. */
#include "tests/supervise/fake.h"

static void sup_limit__log_or_hook__only_counts(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    assert_int_equal(fake_unit(&f, 0)->limit_last, LIMIT_NONE);
    sup_limit(f.sup, fake_unit(&f, 0)->id, LIMIT_JOB_MEMORY, REACTION_LOG);
    sup_limit(f.sup, fake_unit(&f, 0)->id, LIMIT_GUARD_COMMIT, REACTION_HOOK);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    assert_int_equal(fake_unit(&f, 0)->limit_times, 2);
    assert_int_equal(fake_unit(&f, 0)->limit_last, LIMIT_GUARD_COMMIT);
    assert_int_equal(f.looks, 0);
    fake_exit(&f, 0, 1); /* it only told */
    fake_log_is(&f, "1000 a.0 ended exit 1 ran 0\n"
                    "1000 a.0 release\n"
                    "1000 a.0 backoff 0\n");
    fake_close(&f);
}

static void sup_limit__restart__goes_down_by_the_ladder_and_up_again(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    f.spec[0].restart = RESTART_NEVER; /* it was asked for in so many words */
    f.obeys = 1u << RUNG_COMMAND;
    f.now = 5000;
    sup_limit(f.sup, fake_unit(&f, 0)->id, LIMIT_GUARD_COMMIT, REACTION_RESTART);
    assert_int_equal(fake_unit(&f, 0)->at, S_STOPPING);
    fake_until(&f, 15000);
    fake_note(&f, 0);
    fake_settle(&f);
    fake_log_is(&f, "5000 a.0 stopping limit:guard-commit\n"
                    "5000 a.0 rung ctrl-c 10000\n"
                    "15000 a.0 rung command 3000\n"
                    "15000 a.0 ended limit:guard-commit 0 ran 14000\n"
                    "15000 a.0 release\n"
                    "15000 a.0 backoff 0\n"
                    "15000 a.0 started\n");
    assert_int_equal(fake_unit(&f, 0)->cause, CAUSE_NONE);
    assert_int_equal(fake_unit(&f, 0)->limit, LIMIT_NONE);
    assert_int_equal(fake_unit(&f, 0)->last.reaction, REACTION_RESTART);
    fake_close(&f);
}

static void sup_limit__stop__has_failed_until_an_order(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    f.obeys = 1u << RUNG_CTRL_C;
    sup_limit(f.sup, fake_unit(&f, 0)->id, LIMIT_JOB_MEMORY, REACTION_STOP);
    fake_note(&f, 0);
    fake_log_is(&f, "1000 a.0 stopping limit:job-memory\n"
                    "1000 a.0 rung ctrl-c 10000\n"
                    "1000 a.0 ended limit:job-memory 0 ran 0\n"
                    "1000 a.0 release\n"
                    "1000 a.0 failed stopped by on_limit\n");
    fake_until(&f, UINT64_C(864000000));
    assert_int_equal(fake_unit(&f, 0)->at, S_FAILED);
    assert_int_equal(fake_unit(&f, 0)->last.limit, LIMIT_JOB_MEMORY);
    assert_true(sup_all_final(f.sup));
    sup_start(f.sup, 0);
    assert_int_equal(fake_unit(&f, 0)->at, S_RUNNING);
    assert_null(fake_unit(&f, 0)->reason);
    fake_close(&f);
}

/* What follows when everything was ended at once. */
static void check_ended_at_once(bool kill, enum reaction what, enum restart_when restart,
                                enum state to)
{
    struct fake f;
    fake_open_running(&f, 1);
    f.spec[0].restart = restart;
    f.job[0].members = 2;
    if (kill)
        sup_limit_kill(f.sup, fake_unit(&f, 0)->id, LIMIT_JOB_TIME, what);
    else
        sup_limit(f.sup, fake_unit(&f, 0)->id, LIMIT_JOB_TIME, what);
    assert_int_equal(f.job[0].kills, 1);
    assert_int_equal(f.job[0].asks, 0);
    fake_note(&f, 0);
    fake_log_is(&f, to == S_FAILED ? what == REACTION_STOP
                                         ? "1000 a.0 stopping limit:job-time\n"
                                           "1000 a.0 killed\n"
                                           "1000 a.0 ended limit:job-time 3758096385 ran 0\n"
                                           "1000 a.0 release\n"
                                           "1000 a.0 failed stopped by on_limit\n"
                                         : "1000 a.0 stopping limit:job-time\n"
                                           "1000 a.0 killed\n"
                                           "1000 a.0 ended limit:job-time 3758096385 ran 0\n"
                                           "1000 a.0 release\n"
                                           "1000 a.0 failed ended by a limit, restart = never\n"
                                   : "1000 a.0 stopping limit:job-time\n"
                                     "1000 a.0 killed\n"
                                     "1000 a.0 ended limit:job-time 3758096385 ran 0\n"
                                     "1000 a.0 release\n"
                                     "1000 a.0 backoff 0\n");
    assert_int_equal(fake_unit(&f, 0)->at, to);
    fake_close(&f);
}

static void sup_limit__terminate__ends_all_at_once_and_restart_decides(void **state)
{
    (void)state;
    check_ended_at_once(false, REACTION_TERMINATE, RESTART_ALWAYS, S_BACKOFF);
    check_ended_at_once(false, REACTION_TERMINATE, RESTART_ON_ABNORMAL, S_BACKOFF);
    check_ended_at_once(false, REACTION_TERMINATE, RESTART_NEVER, S_FAILED);
}

static void sup_limit_kill__each_reaction__ends_all_at_once_and_that_follows(void **state)
{
    (void)state;
    check_ended_at_once(true, REACTION_RESTART, RESTART_NEVER, S_BACKOFF);
    check_ended_at_once(true, REACTION_STOP, RESTART_ALWAYS, S_FAILED);
    check_ended_at_once(true, REACTION_TERMINATE, RESTART_ON_FAILURE, S_BACKOFF);
    check_ended_at_once(true, REACTION_TERMINATE, RESTART_NEVER, S_FAILED);
    check_ended_at_once(true, REACTION_LOG, RESTART_ALWAYS, S_BACKOFF);
    check_ended_at_once(true, REACTION_HOOK, RESTART_NEVER, S_FAILED);
}

enum way { BY_LIMIT, BY_KILL, BY_END, BY_END_OF_OTHER, BY_REFUSAL, WAYS };

static void reach(struct fake *f, uint64_t id, enum way way, enum reaction what)
{
    switch (way) {
    case BY_LIMIT:
        sup_limit(f->sup, id, LIMIT_GUARD_COMMIT, what);
        break;
    case BY_KILL:
        sup_limit_kill(f->sup, id, LIMIT_GUARD_COMMIT, what);
        break;
    case BY_END:
        sup_limit_ended(f->sup, id, 0, LIMIT_GUARD_COMMIT, what);
        break;
    case BY_END_OF_OTHER:
        sup_limit_ended(f->sup, id, 7, LIMIT_GUARD_COMMIT, what);
        break;
    case BY_REFUSAL:
    case WAYS:
        sup_limit_refused(f->sup, id, LIMIT_GUARD_COMMIT, what);
        break;
    }
}

/* Ways into a state in which a limit has nothing to begin. */
static void never_started(struct fake *f) { (void)f; }
static void into_backoff(struct fake *f)
{
    sup_start(f->sup, 0);
    fake_exit(f, 0, 1);
}
static void into_failed(struct fake *f)
{
    f->spec[0].restart = RESTART_NEVER;
    into_backoff(f);
}
static void into_exited(struct fake *f)
{
    f->spec[0].restart = RESTART_NEVER;
    sup_start(f->sup, 0);
    fake_exit(f, 0, 0);
}
static void into_stop(struct fake *f)
{
    sup_start(f->sup, 0);
    sup_stop(f->sup, 0);
}
static void into_end_of_fleet(struct fake *f)
{
    sup_start(f->sup, 0);
    sup_stop_all(f->sup, CAUSE_SHUTDOWN, 60000);
}
static void into_max_runtime(struct fake *f)
{
    f->spec[0].max_runtime = 500;
    sup_start(f->sup, 0);
    fake_until(f, f->now + 500);
}
static void into_other_limit(struct fake *f)
{
    sup_start(f->sup, 0);
    sup_limit(f->sup, fake_unit(f, 0)->id, LIMIT_JOB_MEMORY, REACTION_RESTART);
}
static void into_rest_of_rung(struct fake *f)
{
    into_stop(f);
    f->job[0].members = 1;
    fake_exit(f, 0, 0);
}
static void into_turn_to_come(struct fake *f)
{
    sup_start(f->sup, 0);
    sup_stop_begin(f->sup, CAUSE_SHUTDOWN, 60000);
}

static const struct {
    void (*into)(struct fake *f);
    enum state at;
    enum cause cause;
    bool has_run;
} places[] = {
    {never_started, S_STOPPED, CAUSE_NONE, false},
    {into_backoff, S_BACKOFF, CAUSE_EXIT, false},
    {into_failed, S_FAILED, CAUSE_EXIT, false},
    {into_exited, S_EXITED, CAUSE_EXIT, false},
    {into_stop, S_STOPPING, CAUSE_OPERATOR, true},
    {into_end_of_fleet, S_STOPPING, CAUSE_SHUTDOWN, true},
    {into_max_runtime, S_STOPPING, CAUSE_MAX_RUNTIME, true},
    {into_other_limit, S_STOPPING, CAUSE_LIMIT, true},
    {into_rest_of_rung, S_STOPPING, CAUSE_OPERATOR, true},
    {into_turn_to_come, S_RUNNING, CAUSE_NONE, true},
};

static void check_nothing_begins(size_t place, enum way way, enum reaction what)
{
    struct fake f;
    fake_open(&f, 1);
    f.kill_ms = 50;
    fake_supervise(&f);
    places[place].into(&f);
    const struct unit before = *fake_unit(&f, 0), *u = fake_unit(&f, 0);
    assert_int_equal(before.at, places[place].at);
    assert_int_equal(before.cause, places[place].cause);
    uint32_t asks = f.job[0].asks;
    reach(&f, before.id, way, what);
    reach(&f, before.id + (UINT64_C(1) << 32), way, what); /* a run to come, and nobody at all */
    reach(&f, 99, way, what);
    bool all_and_main = way == BY_END && !before.main_ended; /* the kernel's work already */
    bool kills = places[place].has_run &&
                 (way == BY_KILL || (what == REACTION_TERMINATE && !all_and_main));
    bool named = kills && before.cause == CAUSE_NONE;
    if (f.job[0].kills != kills || f.job[0].asks != asks || u->want_up != before.want_up)
        fail_msg("place %zu, way %d, %s", place, (int)way, reaction_names[what]);
    assert_int_equal(u->cause, named ? CAUSE_LIMIT : before.cause);
    assert_int_equal(u->limit, named ? LIMIT_GUARD_COMMIT : before.limit);
    assert_int_equal(u->reaction, named ? what : before.reaction);
    assert_int_equal(u->at, named ? S_STOPPING : before.at);
    assert_int_equal(u->limit_times, before.limit_times + places[place].has_run);
    fake_close(&f);
}

static void sup_limit__where_nothing_is_to_begin__cause_and_want_stay(void **state)
{
    (void)state;
    for (size_t place = 0; place < sizeof places / sizeof *places; place++)
        for (int way = 0; way < WAYS; way++)
            for (int what = REACTION_LOG; what < REACTIONS; what++)
                check_nothing_begins(place, (enum way)way, (enum reaction)what);
}

static void sup_limit__main_process_has_ended_unseen__was_an_end_by_itself(void **state)
{
    (void)state;
    for (int way = 0; way < BY_END; way++) {
        struct fake f;
        fake_open_running(&f, 1);
        f.spec[0].restart = RESTART_NEVER;
        fake_end(&f, 0, 0); /* and the note is still under way */
        reach(&f, fake_unit(&f, 0)->id, (enum way)way, REACTION_RESTART);
        assert_int_equal(fake_unit(&f, 0)->at, S_EXITED);
        assert_int_equal(fake_unit(&f, 0)->last.cause, CAUSE_EXIT);
        assert_int_equal(f.job[0].kills + f.job[0].asks, 0);
        fake_close(&f);
    }
}

static void sup_limit__kernel_does_not_answer__acts_all_the_same(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 2);
    f.look_fails = 2;
    sup_limit(f.sup, fake_unit(&f, 0)->id, LIMIT_JOB_MEMORY, REACTION_RESTART);
    sup_limit_kill(f.sup, fake_unit(&f, 1)->id, LIMIT_JOB_MEMORY, REACTION_LOG);
    assert_int_equal(f.job[0].asks, 1);
    assert_int_equal(f.job[1].kills, 1);
    assert_true(f.job[0].alarm_at != 0 && f.job[1].alarm_at != 0);
    fake_close(&f);
}

static void sup_limit__harsher_one_on_the_way_down__ends_at_once_for_the_first(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    f.spec[0].restart = RESTART_NEVER;
    uint64_t id = fake_unit(&f, 0)->id;
    sup_limit(f.sup, id, LIMIT_GUARD_COMMIT, REACTION_RESTART);
    sup_limit(f.sup, id, LIMIT_GUARD_COMMIT, REACTION_RESTART); /* told twice */
    sup_limit(f.sup, id, LIMIT_JOB_MEMORY, REACTION_STOP);
    sup_limit(f.sup, id, LIMIT_JOB_MEMORY, REACTION_TERMINATE);
    fake_note(&f, 0);
    fake_log_is(&f, "1000 a.0 stopping limit:guard-commit\n"
                    "1000 a.0 rung ctrl-c 10000\n"
                    "1000 a.0 killed\n"
                    "1000 a.0 ended limit:guard-commit 3758096385 ran 0\n"
                    "1000 a.0 release\n"
                    "1000 a.0 backoff 0\n");
    fake_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sup_limit__log_or_hook__only_counts),
        cmocka_unit_test(sup_limit__restart__goes_down_by_the_ladder_and_up_again),
        cmocka_unit_test(sup_limit__stop__has_failed_until_an_order),
        cmocka_unit_test(sup_limit__terminate__ends_all_at_once_and_restart_decides),
        cmocka_unit_test(sup_limit_kill__each_reaction__ends_all_at_once_and_that_follows),
        cmocka_unit_test(sup_limit__where_nothing_is_to_begin__cause_and_want_stay),
        cmocka_unit_test(sup_limit__main_process_has_ended_unseen__was_an_end_by_itself),
        cmocka_unit_test(sup_limit__kernel_does_not_answer__acts_all_the_same),
        cmocka_unit_test(sup_limit__harsher_one_on_the_way_down__ends_at_once_for_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
