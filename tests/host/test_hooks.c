/* test_hooks.c - hooks that nobody waits for. */
#include "tests/host/hooks_world.h"
#include "tests/host/test_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* web.1's hook, with the worker and SWITCHES. */
static enum st try_run(struct world *w, const char *owner, const char *switches, uint64_t ms,
                       struct err *e)
{
    char *command = lab_command(w->lab, switches);
    const struct hook hook = {
        .key = "hook_limit", .owner = owner, .command = command, .timeout_ms = ms};
    enum st st = hooks_run(w->hooks, &hook, e);
    free(command);
    return st;
}

static void run(struct world *w, const char *owner, const char *switches, uint64_t ms)
{
    struct err e = {0};
    if (try_run(w, owner, switches, ms, &e) != ST_OK)
        fail_msg("%s", e.text);
}

static void run_command(struct world *w, const struct job_spec *spec, const char *command)
{
    const struct env_var var[] = {{"JOBWARDEN_LIMIT", "job_memory_limit"}, {"COLOUR", "red"}};
    const struct env_vars extra = {2, var};
    const struct hook hook = {.key = "hook_limit",
                              .owner = "web.1",
                              .command = command,
                              .spec = spec,
                              .extra = &extra,
                              .timeout_ms = LAB_LIMIT_MS};
    struct err e = {0};
    if (hooks_run(w->hooks, &hook, &e) != ST_OK)
        fail_msg("%s", e.text);
    wait_until_running(w, 0);
}

static void hook__of_a_job__has_its_directory_its_environment_and_the_event(void **state)
{
    struct world *w = *state;
    struct job_spec spec = lab_spec();
    const struct env_var var[] = {{"COLOUR", "blue"}, {"SIZE", "small"}};
    char *inner = scratch_path(w->lab->folder, "inner\\x");
    assert_int_equal(path_make_parents(inner, NULL), ST_OK);
    free(inner);
    spec.directory = "inner";
    spec.env = (struct env_vars){2, var};
    run_command(w, &spec, "cmd.exe /d /c set >set.txt");
    char *text = wait_file(w, "inner\\set.txt", "JOBWARDEN_LIMIT=job_memory_limit\r\n");
    assert_non_null(strstr(text, "COLOUR=red\r\n")); /* the event wins */
    assert_non_null(strstr(text, "SIZE=small\r\n"));
    assert_non_null(strstr(text, "JOBWARDEN_JOB=web\r\n"));
    assert_non_null(strstr(text, "JOBWARDEN_INSTANCE=1\r\n"));
    assert_non_null(strstr(text, "JOBWARDEN_SERVICE=Fleet\r\n"));
    free(text);
}

static void hook__of_no_job__has_the_services_own_environment_and_folder(void **state)
{
    struct world *w = *state;
    assert_true(SetEnvironmentVariableW(L"OF_THE_SERVICE", L"yes"));
    run_command(w, NULL, "cmd.exe /d /c set >set.txt");
    assert_true(SetEnvironmentVariableW(L"OF_THE_SERVICE", NULL));
    char *text = wait_file(w, "set.txt", "JOBWARDEN_LIMIT=job_memory_limit\r\n");
    assert_non_null(strstr(text, "OF_THE_SERVICE=yes\r\n"));
    assert_non_null(strstr(text, "JOBWARDEN_SERVICE=Fleet\r\n"));
    assert_null(strstr(text, "JOBWARDEN_JOB="));
    assert_null(strstr(text, "JOBWARDEN_INSTANCE="));
    free(text);
}

static void hook__ends__is_told_with_its_code_in_words(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *switches, *level, *said;
    } row[] = {
        {"--exit 0", "info hook.ended ", " code=0 "},
        {"--exit 3", "warning hook.ended ", " code=3 "},
        {"--crash", "warning hook.ended ", " name=STATUS_ACCESS_VIOLATION meaning="},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        buf_free(&w->said);
        run(w, "web.1", row[i].switches, LAB_LIMIT_MS);
        expect_said(w, "debug hook.started hook=hook_limit owner=web.1 pid=");
        wait_until_running(w, 0);
        expect_said(w, row[i].level);
        expect_said(w, row[i].said);
    }
}

static void hook__over_its_time__is_terminated_with_its_tree(void **state)
{
    struct world *w = *state;
    HANDLE child = NULL;
    for (unsigned ms = 1000; !child; ms *= 2) { /* a slow machine may need more until it is up */
        char name[16], switches[64];
        snprintf(name, sizeof name, "up%u", ms);
        snprintf(switches, sizeof switches, "--detach-child --touch %s --hold", name);
        char *up = scratch_path(w->lab->folder, name);
        buf_free(&w->said);
        run(w, "web.1", switches, ms);
        while (hooks_running(w->hooks) > 0 && !child) {
            char *text = scratch_read(up);
            child = text ? find_child_of(pid_said(w)) : NULL;
            free(text);
            uv_run(&w->loop, UV_RUN_NOWAIT);
            SwitchToThread();
        }
        free(up);
    }
    wait_until_running(w, 0);
    expect_gone(child);
    expect_said(w, "warning hook.timeout hook=hook_limit owner=web.1 pid=");
    expect_said(w, " cause=timeout ");
}

static void hook__ends_before_its_children__they_end_with_its_job(void **state)
{
    struct world *w = *state;
    run(w, "web.1", "--detach-child --touch up --wait-file go", LAB_LIMIT_MS);
    free(wait_file(w, "up", "\n"));
    HANDLE child = find_child_of(pid_said(w));
    assert_non_null(child);
    assert_int_equal(WaitForSingleObject(child, 0), WAIT_TIMEOUT);
    put_file(w, "go");
    wait_until_running(w, 0);
    expect_gone(child);
}

static void hook__runs_already_for_that_owner__is_counted_and_told_at_the_end(void **state)
{
    struct world *w = *state;
    run(w, "web.1", "--wait-file go", LAB_LIMIT_MS);
    for (int i = 0; i < 3; i++)
        run(w, "web.1", "--touch skipped", LAB_LIMIT_MS);
    run(w, "web.2", "--wait-file go", LAB_LIMIT_MS); /* somebody else's is not held up */
    assert_int_equal(hooks_running(w->hooks), 2);
    put_file(w, "go");
    wait_until_running(w, 0);
    expect_said(w, "warning hook.skipped hook=hook_limit owner=web.1 times=3 ");
    assert_null(strstr(buf_text(&w->said), "owner=web.2 times="));
    char *skipped = scratch_path(w->lab->folder, "skipped");
    assert_null(scratch_read(skipped)); /* none of them ran */
    free(skipped);
    buf_free(&w->said);
    run(w, "web.1", "--exit 0", LAB_LIMIT_MS); /* and the count begins anew */
    wait_until_running(w, 0);
    assert_null(strstr(buf_text(&w->said), "hook.skipped"));
}

static void hook__whose_program_is_missing__is_an_error_with_hook_owner_and_file(void **state)
{
    struct world *w = *state;
    struct err e = {0};
    const struct hook hook = {.key = "hook_limit",
                              .owner = "group web",
                              .command = "\"C:\\no such\\tell.exe\" now",
                              .timeout_ms = 1000};
    hooks_run(w->hooks, &hook, &e);
    unsigned handles = lab_handles();
    for (int i = 0; i < 40; i++) /* more than there are slots */
        assert_int_equal(hooks_run(w->hooks, &hook, &e), ST_NOTFOUND);
    assert_non_null(strstr(e.text, "hook_limit of group web: "));
    assert_non_null(strstr(e.text, "C:\\no such\\tell.exe"));
    assert_int_equal(hooks_running(w->hooks), 0);
    assert_int_equal(lab_handles(), handles);
}

static void hooks__as_many_as_may_be_run_already__a_further_one_is_refused(void **state)
{
    struct world *w = *state;
    char owner[16];
    struct err e = {0};
    for (int i = 0; i < HOOKS_MAX; i++) {
        snprintf(owner, sizeof owner, "web.%d", i + 1);
        run(w, owner, "--wait-file go", LAB_LIMIT_MS);
    }
    assert_int_equal(hooks_running(w->hooks), HOOKS_MAX);
    assert_int_equal(try_run(w, "late.1", "--exit 0", LAB_LIMIT_MS, &e), ST_BUSY);
    assert_non_null(strstr(e.text, "hook_limit of late.1: "));
    put_file(w, "go");
    wait_until_running(w, 0);
    assert_int_equal(try_run(w, "late.1", "--exit 0", LAB_LIMIT_MS, &e), ST_OK);
}

static void patient__while_as_many_run_as_may__waits_for_its_turn(void **state)
{
    struct world *w = *state;
    char owner[16], *late = copy_of_worker(w, "late.exe"), *good = lab_command(w->lab, "--exit 0");
    struct hook hook = {
        .key = "hook_exit", .owner = "late.1", .timeout_ms = LAB_LIMIT_MS, .patient = true};
    struct err e = {0};
    for (int i = 0; i < HOOKS_MAX; i++) {
        snprintf(owner, sizeof owner, "web.%d", i + 1);
        run(w, owner, "--wait-file go", LAB_LIMIT_MS);
    }
    hook.command = late;
    assert_int_equal(hooks_run(w->hooks, &hook, NULL), ST_OK);
    hook.owner = "late.2";
    hook.command = good;
    assert_int_equal(hooks_run(w->hooks, &hook, NULL), ST_OK);
    assert_int_equal(hooks_run(w->hooks, &hook, NULL), ST_OK); /* queues up already */
    assert_int_equal(hooks_running(w->hooks), HOOKS_MAX + 2);
    assert_int_equal(try_run(w, "web.99", "--exit 0", LAB_LIMIT_MS, &e), ST_BUSY);
    remove_file(w, "late.exe");
    put_file(w, "go");
    wait_until_running(w, 0);
    expect_said(w, "error hook.failed hook=hook_exit owner=late.1 error=");
    expect_said(w, "info hook.ended hook=hook_exit owner=late.2 ");
    expect_said(w, "hook.skipped hook=hook_exit owner=late.2 times=1 ");
    free(late);
    free(good);
}

static void packet__lost__is_made_up_for_by_a_look(void **state)
{
    struct world *w = *state;
    w->deaf = true;
    run(w, "web.1", "--wait-file go", LAB_LIMIT_MS);
    HANDLE process = OpenProcess(SYNCHRONIZE, FALSE, pid_said(w));
    assert_non_null(process);
    hooks_look(w->hooks, uv_now(&w->loop));
    assert_int_equal(hooks_running(w->hooks), 1);
    put_file(w, "go");
    expect_gone(process);
    uv_run(&w->loop, UV_RUN_NOWAIT);
    assert_int_equal(hooks_running(w->hooks), 1);
    hooks_look(w->hooks, uv_now(&w->loop));
    assert_int_equal(hooks_running(w->hooks), 0);
}

static void packet__of_the_slots_last_user_or_of_none__changes_nothing(void **state)
{
    struct world *w = *state;
    run(w, "web.1", "--wait-file go", LAB_LIMIT_MS);
    for (uint32_t i = 0; i <= HOOKS_MAX; i++)
        hooks_ended(w->hooks, i);
    hooks_ended(w->hooks, UINT32_MAX);
    assert_int_equal(hooks_running(w->hooks), 1);
    put_file(w, "go");
    wait_until_running(w, 0);
}

/* The rest of it, that the loop runs dry and closes, is in hooks_world_close(). */
static void shut__with_hooks_running__ends_them(void **state)
{
    struct world *w = *state;
    run(w, "web.1", "--detach-child --touch up --hold", LAB_LIMIT_MS);
    free(wait_file(w, "up", "\n"));
    HANDLE child = find_child_of(pid_said(w));
    assert_non_null(child);
    queue_shut(w->queue);
    hooks_shut(w->hooks);
    expect_gone(child);
    expect_said(w, " cause=stop ");
    uv_run(&w->loop, UV_RUN_NOWAIT); /* the timers' closing */
    hooks_free(w->hooks);
    w->hooks = NULL;
}

int test_hooks(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, hooks_world_open, hooks_world_close)
    const struct CMUnitTest tests[] = {
        T(hook__of_a_job__has_its_directory_its_environment_and_the_event),
        T(hook__of_no_job__has_the_services_own_environment_and_folder),
        T(hook__ends__is_told_with_its_code_in_words),
        T(hook__over_its_time__is_terminated_with_its_tree),
        T(hook__ends_before_its_children__they_end_with_its_job),
        T(hook__runs_already_for_that_owner__is_counted_and_told_at_the_end),
        T(hook__whose_program_is_missing__is_an_error_with_hook_owner_and_file),
        T(hooks__as_many_as_may_be_run_already__a_further_one_is_refused),
        T(patient__while_as_many_run_as_may__waits_for_its_turn),
        T(packet__lost__is_made_up_for_by_a_look),
        T(packet__of_the_slots_last_user_or_of_none__changes_nothing),
        T(shut__with_hooks_running__ends_them),
    };
    return cmocka_run_group_tests_name("hooks", tests, NULL, NULL);
}
