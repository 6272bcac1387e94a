/* test_nested_refused.c - a level that does not take a process: nothing is left, and the error says
 * which one and why. */
#include "tests/job/nest.h"

#include "service/win32/wine.h"

#include <string.h>

static const enum spawn_way ways[] = {SPAWN_ATTRIBUTE, SPAWN_SUSPENDED};
enum { WAYS = sizeof ways / sizeof *ways };

static struct chain make_chain(struct nest *t)
{
    struct chain c;
    c.root = nest_job(t, 1, 0);
    c.group = nest_job(t, 2, 0);
    c.instance = nest_job(t, 3, 0);
    return c;
}

static const char *const names[] = {"the fleet's job F", "the group's job G", "the job I"};

/* Tries to start one in CHAIN, which must not work, and leave nothing. */
static void expect_refused(struct nest *t, const struct chain *c, enum spawn_way way, DWORD code,
                           struct err *e)
{
    HANDLE h[3];
    struct launch launch = {0};
    struct child child = {0};
    unsigned children = lab_children();
    lab_prepare(t->lab, "--hold", &launch);
    unsigned handles = lab_handles();
    struct spawn s = {
        .launch = &launch, .jobs = h, .job_names = names, .way = way, .console = CONSOLE_NONE};
    s.jobs_n = nest_handles(c, h);
    assert_int_not_equal(spawn_child(&s, &child, e), ST_OK);
    assert_int_equal(e->os, code);
    assert_null(child.process);
    assert_int_equal(lab_children(), children);
    assert_int_equal(lab_handles(), handles);
    launch_free(&launch);
}

static void contains(const struct err *e, const char *words)
{
    if (!strstr(e->text, words))
        fail_msg("there is no '%s' in: %s", words, e->text);
}

static void job__below_another_parent__refuses_and_the_error_names_the_level(void **state)
{
    struct nest *t = *state;
    const struct chain c = make_chain(t);
    const struct chain wrong = {c.root, nest_job(t, 4, 0), c.instance};
    struct child child;
    struct err e = {0};
    nest_start(t, &c, SPAWN_BEST, "--hold", &child);
    expect_refused(t, &wrong, SPAWN_ATTRIBUTE, ERROR_ACCESS_DENIED, &e);
    contains(&e, "starting");
    static const enum spawn_way telling[] = {SPAWN_SUSPENDED, SPAWN_BEST};
    for (size_t i = 0; i < 2; i++) {
        expect_refused(t, &wrong, telling[i], ERROR_ACCESS_DENIED, &e);
        contains(&e, "worker.exe' into the job I: ");
        contains(&e, "processes that are not in the group's job G");
        contains(&e, "restart the service");
    }
    assert_int_equal(nest_count(wrong.group), 0);
    assert_int_equal(nest_count(c.root), 1);
    child_close(&child);
}

static void job__without_a_handle__is_an_error_before_anything_starts(void **state)
{
    struct nest *t = *state;
    const HANDLE h[3] = {job_handle(nest_job(t, 1, 0)), NULL, job_handle(nest_job(t, 3, 0))};
    struct launch launch = {0};
    struct child child = {0};
    struct err e = {0};
    lab_prepare(t->lab, "--hold", &launch);
    for (int w = 0; w < WAYS; w++)
        for (size_t n = 0; n < 5; n++) {
            const struct spawn s = {.launch = &launch, .jobs = h, .jobs_n = n, .way = ways[w]};
            if (n == 1) /* the only right one */
                continue;
            assert_int_not_equal(spawn_child(&s, &child, &e), ST_OK);
            assert_int_equal(e.os, ERROR_INVALID_HANDLE);
            assert_int_equal(lab_children(), 0);
        }
    launch_free(&launch);
}

/* Of the two kinds of refusal that only Windows knows. */
static void job__whose_process_limit_is_reached__refuses_and_the_error_names_limit_and_level(
    void **state)
{
    struct nest *t = *state;
    const struct chain c = make_chain(t);
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION x = {0};
    struct child child;
    struct err e = {0};
    if (on_wine()) {
        print_message("skipped: Wine holds no active_process_limit\n");
        skip();
    }
    x.BasicLimitInformation.LimitFlags =
        JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_ACTIVE_PROCESS;
    x.BasicLimitInformation.ActiveProcessLimit = 1;
    assert_true(SetInformationJobObject(job_handle(c.group), JobObjectExtendedLimitInformation, &x,
                                        sizeof x));
    nest_start(t, &c, SPAWN_BEST, "--hold", &child);
    const struct chain second = {c.root, c.group, nest_job(t, 4, 0)};
    for (int w = 0; w < WAYS; w++) {
        expect_refused(t, &second, ways[w], ERROR_NOT_ENOUGH_QUOTA, &e);
        contains(&e, "active_process_limit = 1 of the group's job G is reached");
    }
    child_close(&child);
}

static void job__with_ui_restrictions__refuses_nesting_and_the_error_says_so(void **state)
{
    struct nest *t = *state;
    const struct chain c = make_chain(t);
    JOBOBJECT_BASIC_UI_RESTRICTIONS ui = {JOB_OBJECT_UILIMIT_EXITWINDOWS};
    struct err e = {0};
    if (on_wine()) {
        print_message("skipped: Wine nests jobs with UI restrictions\n");
        skip();
    }
    assert_true(SetInformationJobObject(job_handle(c.instance), JobObjectBasicUIRestrictions, &ui,
                                        sizeof ui));
    expect_refused(t, &c, SPAWN_BEST, ERROR_ACCESS_DENIED, &e);
    contains(&e, "the job I has ui_restrictions");
}

int run_refused(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, nest_setup, nest_teardown)
    const struct CMUnitTest tests[] = {
        T(job__below_another_parent__refuses_and_the_error_names_the_level),
        T(job__without_a_handle__is_an_error_before_anything_starts),
        T(job__whose_process_limit_is_reached__refuses_and_the_error_names_limit_and_level),
        T(job__with_ui_restrictions__refuses_nesting_and_the_error_says_so),
    };
    return cmocka_run_group_tests_name("refused", tests, NULL, NULL);
}
