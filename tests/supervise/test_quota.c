/* test_quota.c - the exit code that says without a message that a time limit ended a process. */
#include "tests/supervise/fake.h"

enum { QUOTA = 1816 };

/* Which levels have which time limit. */
struct times {
    uint64_t job, process, group_job, group_process, fleet_job, fleet_process;
    enum time_action action;
    bool capped;
};

static void check_code(const struct times *t, uint32_t code, enum limit_id want, enum reaction what)
{
    static const uint32_t eight = 8;
    struct fake f;
    struct group_spec group = {.name = "g"};
    fake_open(&f, 1);
    struct job_spec *s = &f.spec[0];
    s->restart = RESTART_NEVER;
    s->success_exit_codes = (struct codes){1, &eight};
    s->group = &group;
    s->limits = (struct limits){.job_time = t->job, .process_time = t->process,
                                .job_time_action = t->action, .on_limit = REACTION_TERMINATE};
    group.limits = (struct limits){.job_time = t->group_job, .process_time = t->group_process,
                                   .job_time_action = t->action, .on_limit = REACTION_STOP};
    f.config.service.capped = t->capped;
    f.config.service.limits =
        (struct limits){.job_time = t->fleet_job, .process_time = t->fleet_process,
                        .job_time_action = t->action, .on_limit = REACTION_RESTART};
    fake_supervise(&f);
    sup_start_all(f.sup);
    fake_exit(&f, 0, code);
    const struct unit *u = fake_unit(&f, 0);
    assert_int_equal(u->last.cause, want == LIMIT_NONE ? CAUSE_EXIT : CAUSE_LIMIT);
    assert_int_equal(u->last.limit, want);
    assert_int_equal(u->last.reaction, what);
    assert_int_equal(u->at, what == REACTION_RESTART ? S_BACKOFF : S_FAILED);
    fake_close(&f);
}

static void sup_note__exit_code_of_a_used_up_time__is_the_time_limit(void **state)
{
    (void)state;
    static const struct {
        struct times t;
        enum limit_id want;
        enum reaction what;
    } rows[] = {
        {{.capped = true}, LIMIT_NONE, REACTION_UNSAID},
        {{.job = 5}, LIMIT_JOB_TIME, REACTION_TERMINATE},
        {{.process = 5}, LIMIT_PROCESS_TIME, REACTION_TERMINATE},
        {{.job = 5, .process = 5}, LIMIT_JOB_TIME, REACTION_TERMINATE},
        {{.job = 5, .action = TIME_NOTIFY}, LIMIT_NONE, REACTION_UNSAID},
        {{.job = 5, .process = 5, .action = TIME_NOTIFY}, LIMIT_PROCESS_TIME, REACTION_TERMINATE},
        {{.group_job = 5}, LIMIT_JOB_TIME, REACTION_STOP},
        {{.group_process = 5}, LIMIT_PROCESS_TIME, REACTION_STOP},
        {{.group_job = 5, .process = 5}, LIMIT_JOB_TIME, REACTION_STOP},
        {{.fleet_job = 5, .capped = true}, LIMIT_JOB_TIME, REACTION_RESTART},
        {{.fleet_process = 5, .capped = true}, LIMIT_PROCESS_TIME, REACTION_RESTART},
        {{.fleet_job = 5, .group_job = 5, .capped = true}, LIMIT_JOB_TIME, REACTION_STOP},
        {{.fleet_job = 5}, LIMIT_NONE, REACTION_UNSAID},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_code(&rows[i].t, QUOTA, rows[i].want, rows[i].what);
        check_code(&rows[i].t, 1815, LIMIT_NONE, REACTION_UNSAID);
    }
}

static void sup_note__that_code_and_somebody_is_blamed__he_is_it(void **state)
{
    (void)state;
    struct fake f;
    fake_open_running(&f, 1);
    const struct unit *u = fake_unit(&f, 0);
    f.spec[0].limits.job_time = 5000;
    sup_limit_ended(f.sup, u->id, 0, LIMIT_PROCESS_TIME, REACTION_STOP);
    fake_exit(&f, 0, QUOTA);
    assert_int_equal(u->last.limit, LIMIT_PROCESS_TIME);
    assert_string_equal(u->reason, "stopped by on_limit");
    fake_close(&f);
}

static void sup_note__that_code_as_a_success_or_after_an_order__is_no_limit(void **state)
{
    (void)state;
    static const uint32_t quota = QUOTA;
    struct fake f;
    fake_open_running(&f, 2);
    f.spec[0].limits.job_time = f.spec[1].limits.job_time = 5000;
    f.spec[0].restart = RESTART_NEVER;
    f.spec[0].success_exit_codes = (struct codes){1, &quota};
    fake_exit(&f, 0, QUOTA);
    assert_int_equal(fake_unit(&f, 0)->at, S_EXITED);
    sup_stop(f.sup, 1);
    fake_exit(&f, 1, QUOTA);
    assert_int_equal(fake_unit(&f, 1)->last.cause, CAUSE_OPERATOR);
    fake_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sup_note__exit_code_of_a_used_up_time__is_the_time_limit),
        cmocka_unit_test(sup_note__that_code_and_somebody_is_blamed__he_is_it),
        cmocka_unit_test(sup_note__that_code_as_a_success_or_after_an_order__is_no_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
