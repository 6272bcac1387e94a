/* test_signals.c - the named events of a run, with real workers that set them and wait for them. */
#include "tests/host/test_host.h"
#include "tests/process/lab.h"

#include "service/host/signals.h"
#include "service/win32/security.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct scene {
    struct lab *lab;
    SECURITY_ATTRIBUTES security;
    char service[40];
    struct signals_place at;
    struct job_spec spec;
    struct signals signals;
};

static int set_up(void **state)
{
    static unsigned count;
    struct scene *s = calloc(1, sizeof *s);
    void *lab = NULL;
    assert_non_null(s);
    assert_int_equal(lab_setup(&lab), 0);
    s->lab = lab;
    assert_int_equal(security_for_objects(&s->security, NULL), ST_OK);
    snprintf(s->service, sizeof s->service, "signals-%lu-%u", GetCurrentProcessId(), ++count);
    s->at = (struct signals_place){"Local\\", s->service, &s->security};
    s->spec = lab_spec();
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *s = *state;
    void *lab = s->lab;
    signals_close(&s->signals);
    security_free(&s->security);
    free(s);
    return lab_teardown(&lab);
}

static void use_all(struct scene *s)
{
    s->spec.ready.kind = READY_EVENT;
    s->spec.watchdog = 2500;
    s->spec.stop = (struct ladder){2, {{RUNG_EVENT, 1000}, {RUNG_CTRL_C, 1000}}};
}

static void open_all(struct scene *s)
{
    struct err e = {0};
    use_all(s);
    if (signals_open(&s->at, &s->spec, &s->signals, &e) != ST_OK)
        fail_msg("%s", e.text);
}

/* In the environment that it would have. */
static void start(struct scene *s, const char *switches, struct child *ret)
{
    struct signals_env env;
    struct launch launch = {0};
    struct err e = {0};
    char *command = lab_command(s->lab, switches);
    HANDLE out = lab_open_out(s->lab);
    signals_env(&s->at, &s->spec, &s->signals, &env);
    if (launch_prepare(&s->spec, command, s->service, s->lab->folder, &env.vars, &launch, &e) !=
        ST_OK)
        fail_msg("%s", e.text);
    struct spawn spawn = {
        .launch = &launch, .jobs = &s->lab->job, .jobs_n = 1, .out = out, .err = out};
    if (spawn_child(&spawn, ret, &e) != ST_OK)
        fail_msg("%s", e.text);
    CloseHandle(out);
    launch_free(&launch);
    free(command);
}

static void await(const struct scene *s, enum signal what)
{
    ULONGLONG end = GetTickCount64() + LAB_LIMIT_MS;
    while (!signals_asked(&s->signals, what)) {
        if (GetTickCount64() > end)
            fail_msg("the worker did not set it");
        Sleep(5);
    }
}

static bool exists(const struct scene *s, const char *what)
{
    char name[SIGNAL_NAME_SIZE];
    snprintf(name, sizeof name, "Local\\%s.web.1.%s", s->service, what);
    HANDLE h = OpenEventA(SYNCHRONIZE, FALSE, name);
    if (h)
        CloseHandle(h);
    return h != NULL;
}

static void definition__uses_no_event__none_is_made_nor_named(void **state)
{
    struct scene *s = *state;
    struct signals_env env;
    s->spec.stop = (struct ladder){1, {{RUNG_CTRL_C, 1000}}};
    assert_int_equal(signals_open(&s->at, &s->spec, &s->signals, NULL), ST_OK);
    signals_env(&s->at, &s->spec, &s->signals, &env);
    assert_int_equal(env.vars.n, 0);
    assert_false(exists(s, "ready") || exists(s, "watchdog") || exists(s, "stop"));
    assert_false(signals_asked(&s->signals, SIGNAL_READY));
    assert_false(signals_asked(&s->signals, SIGNAL_WATCHDOG));
    struct err e = {0};
    assert_int_equal(signals_stop(&s->signals, &e), ST_UNSUPPORTED);
    assert_non_null(strstr(e.text, "no stop event"));
}

static void definition__uses_all__the_worker_is_told_their_names(void **state)
{
    struct scene *s = *state;
    struct child c = {0};
    char line[SIGNAL_NAME_SIZE + 64];
    open_all(s);
    start(s, "--print-env", &c);
    assert_int_equal(lab_finish(&c), 0);
    static const char *const what[] = {"ready", "watchdog", "stop"};
    static const char *const name[] = {"READY", "WATCHDOG", "STOP"};
    for (int i = 0; i < 3; i++) {
        snprintf(line, sizeof line, "JOBWARDEN_%s_EVENT=Local\\%s.web.1.%s\n", name[i], s->service,
                 what[i]);
        lab_wait_text(s->lab->out, line);
        assert_true(exists(s, what[i]));
    }
    lab_wait_text(s->lab->out, "JOBWARDEN_WATCHDOG_MS=2500\n");
}

static void ready__set_by_the_worker__is_told_once(void **state)
{
    struct scene *s = *state;
    struct child c = {0};
    open_all(s);
    start(s, "--signal JOBWARDEN_READY_EVENT --hold", &c);
    await(s, SIGNAL_READY);
    assert_false(signals_asked(&s->signals, SIGNAL_READY));
    assert_false(signals_asked(&s->signals, SIGNAL_WATCHDOG));
    child_close(&c);
}

static void watchdog__worker_falls_silent__is_told_no_more(void **state)
{
    struct scene *s = *state;
    struct child c = {0};
    open_all(s);
    start(s, "--signal-every JOBWARDEN_WATCHDOG_EVENT 5 --signal-until quiet --hold", &c);
    for (int i = 0; i < 5; i++)
        await(s, SIGNAL_WATCHDOG);
    char *quiet = scratch_path(s->lab->folder, "quiet");
    scratch_write(quiet, "", 0);
    free(quiet);
    lab_wait_text(s->lab->out, "silent JOBWARDEN_WATCHDOG_EVENT\n");
    signals_asked(&s->signals, SIGNAL_WATCHDOG); /* the last one */
    assert_false(signals_asked(&s->signals, SIGNAL_WATCHDOG));
    assert_false(signals_asked(&s->signals, SIGNAL_READY));
    child_close(&c);
}

static void stop__is_set__the_worker_that_waits_for_it_ends(void **state)
{
    struct scene *s = *state;
    struct child c = {0};
    open_all(s);
    start(s, "--echo ready --wait-event JOBWARDEN_STOP_EVENT --exit 7", &c);
    lab_wait_text(s->lab->out, "ready\n");
    assert_int_equal(WaitForSingleObject(c.process, 0), WAIT_TIMEOUT);
    assert_int_equal(signals_stop(&s->signals, NULL), ST_OK);
    assert_int_equal(lab_finish(&c), 7);
    lab_wait_text(s->lab->out, "got event JOBWARDEN_STOP_EVENT\n");
}

static void next_run__of_the_same_instance__begins_with_nothing_set(void **state)
{
    struct scene *s = *state;
    open_all(s);
    assert_true(SetEvent(s->signals.ready) && SetEvent(s->signals.watchdog));
    assert_int_equal(signals_stop(&s->signals, NULL), ST_OK);
    open_all(s); /* though the names are there */
    assert_false(signals_asked(&s->signals, SIGNAL_READY));
    assert_false(signals_asked(&s->signals, SIGNAL_WATCHDOG));
    assert_int_equal(WaitForSingleObject(s->signals.stop, 0), WAIT_TIMEOUT);
}

static void next_run__needs_them_no_more__they_are_gone(void **state)
{
    struct scene *s = *state;
    unsigned before = lab_handles();
    open_all(s);
    assert_int_equal(lab_handles(), before + 3);
    s->spec = lab_spec();
    assert_int_equal(signals_open(&s->at, &s->spec, &s->signals, NULL), ST_OK);
    assert_int_equal(lab_handles(), before);
    assert_false(exists(s, "ready") || exists(s, "watchdog") || exists(s, "stop"));
}

/* "WEB" is the same job as "web", but an object's name counts the case. */
static void next_run__its_job_is_written_otherwise__they_have_the_name_that_it_is_told(void **state)
{
    struct scene *s = *state;
    struct signals_env env;
    open_all(s);
    snprintf(s->spec.unit, sizeof s->spec.unit, "WEB.1");
    open_all(s);
    signals_env(&s->at, &s->spec, &s->signals, &env);
    HANDLE h = OpenEventA(SYNCHRONIZE, FALSE, env.ready);
    assert_non_null(h);
    CloseHandle(h);
}

static void expect_taken(struct scene *s)
{
    struct err e = {0};
    unsigned before = lab_handles();
    use_all(s);
    assert_int_equal(signals_open(&s->at, &s->spec, &s->signals, &e), ST_EXISTS);
    assert_null(s->signals.stop);
    assert_non_null(strstr(e.text, ".web.1.stop is already taken"));
    signals_close(&s->signals);
    assert_int_equal(lab_handles(), before);
}

static void name__taken_by_another_object__is_refused(void **state)
{
    struct scene *s = *state;
    char name[SIGNAL_NAME_SIZE];
    snprintf(name, sizeof name, "Local\\%s.web.1.stop", s->service);
    HANDLE h = CreateEventA(NULL, TRUE, FALSE, name);
    assert_non_null(h);
    expect_taken(s);
    CloseHandle(h);
    h = CreateMutexA(NULL, FALSE, name);
    assert_non_null(h);
    expect_taken(s);
    CloseHandle(h);
    open_all(s); /* and then it works */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int test_signals(void)
{
    const struct CMUnitTest tests[] = {
        TEST(definition__uses_no_event__none_is_made_nor_named),
        TEST(definition__uses_all__the_worker_is_told_their_names),
        TEST(ready__set_by_the_worker__is_told_once),
        TEST(watchdog__worker_falls_silent__is_told_no_more),
        TEST(stop__is_set__the_worker_that_waits_for_it_ends),
        TEST(next_run__of_the_same_instance__begins_with_nothing_set),
        TEST(next_run__needs_them_no_more__they_are_gone),
        TEST(next_run__its_job_is_written_otherwise__they_have_the_name_that_it_is_told),
        TEST(name__taken_by_another_object__is_refused),
    };
    return cmocka_run_group_tests_name("signals", tests, NULL, NULL);
}
