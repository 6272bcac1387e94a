/* test_hooks.c - hooks with the real port, a real loop and real processes. */
#include "tests/host/test_host.h"
#include "tests/process/lab.h"

#include "service/host/hooks.h"
#include "service/host/port.h"
#include "service/win32/file.h"

#include <tlhelp32.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct world {
    struct lab *lab;
    uv_loop_t loop;
    uv_async_t bell;
    uv_timer_t limit;
    bool deaf; /* packets are lost */
    struct queue *queue;
    struct port *port;
    struct logger logger;
    struct buf said; /* "LEVEL line\n" each */
    struct hooks *hooks;
};

static void ring(void *ctx)
{
    uv_async_send(ctx);
}

static void on_bell(uv_async_t *bell)
{
    struct world *w = bell->data;
    struct note n;
    bool lost = false;
    while (queue_take(w->queue, &n, 1, &lost) > 0) {
        assert_int_equal(n.kind, NOTE_HOOK);
        if (!w->deaf)
            hooks_ended(w->hooks, n.number);
    }
}

static void on_limit(uv_timer_t *t)
{
    fail_msg("it takes too long; so far: %s", buf_text(&((struct world *)t->data)->said));
}

static void record(void *ctx, enum log_level level, struct str line)
{
    struct world *w = ctx;
    buf_f(&w->said, "%s %.*s\n", log_level_names[level], (int)line.n, line.p);
}

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    void *lab = NULL;
    assert_non_null(w);
    lab_setup(&lab);
    w->lab = lab;
    assert_int_equal(uv_loop_init(&w->loop), 0);
    assert_int_equal(uv_async_init(&w->loop, &w->bell, on_bell), 0);
    uv_timer_init(&w->loop, &w->limit);
    w->bell.data = w->limit.data = w;
    uv_timer_start(&w->limit, on_limit, LAB_LIMIT_MS, 0);
    assert_int_equal(queue_new(ring, &w->bell, &w->queue, NULL), ST_OK);
    assert_int_equal(port_open(w->queue, false, &w->port, NULL), ST_OK);
    w->logger.log = (struct log){LOG_DEBUG, record, w};
    assert_int_equal(hooks_new(&w->loop, port_handle(w->port), &w->logger, "Fleet", w->lab->folder,
                               &w->hooks, NULL),
                     ST_OK);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    void *lab = w->lab;
    queue_shut(w->queue);
    hooks_shut(w->hooks);
    uv_close((uv_handle_t *)&w->bell, NULL);
    uv_close((uv_handle_t *)&w->limit, NULL);
    uv_run(&w->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&w->loop), 0);
    hooks_free(w->hooks);
    port_close(w->port);
    queue_free(w->queue);
    buf_free(&w->said);
    free(w);
    return lab_teardown(&lab);
}

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

static void wait_until_running(struct world *w, size_t n)
{
    while (hooks_running(w->hooks) > n)
        uv_run(&w->loop, UV_RUN_ONCE);
    assert_int_equal(hooks_running(w->hooks), n);
}

static void expect_said(const struct world *w, const char *words)
{
    if (!strstr(buf_text(&w->said), words))
        fail_msg("there is no '%s' in: %s", words, buf_text(&w->said));
}

static void put_file(const struct world *w, const char *name)
{
    char *path = scratch_path(w->lab->folder, name);
    scratch_write(path, "", 0);
    free(path);
}

/* Its content, once it holds TEXT. */
static char *wait_file(const struct world *w, const char *name, const char *text)
{
    char *path = scratch_path(w->lab->folder, name);
    lab_wait_text(path, text);
    char *got = scratch_read(path);
    free(path);
    return got;
}

/* Of the hook started first. */
static DWORD pid_said(const struct world *w)
{
    const char *at = strstr(buf_text(&w->said), " pid=");
    assert_non_null(at);
    return (DWORD)strtoul(at + 5, NULL, 10);
}

/* A worker that PID started, to wait for; NULL when there is none. */
static HANDLE find_child_of(DWORD pid)
{
    PROCESSENTRY32W p = {.dwSize = sizeof p};
    HANDLE found = NULL, h = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    assert_ptr_not_equal(h, INVALID_HANDLE_VALUE);
    for (BOOL more = Process32FirstW(h, &p); more && !found; more = Process32NextW(h, &p))
        if (p.th32ParentProcessID == pid && _wcsicmp(p.szExeFile, L"worker.exe") == 0)
            found = OpenProcess(SYNCHRONIZE, FALSE, p.th32ProcessID);
    CloseHandle(h);
    return found;
}

static void expect_gone(HANDLE process)
{
    assert_int_equal(WaitForSingleObject(process, LAB_LIMIT_MS), WAIT_OBJECT_0);
    CloseHandle(process);
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

/* The rest of it, that the loop runs dry and closes, is in tear_down(). */
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
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(hook__of_a_job__has_its_directory_its_environment_and_the_event),
        T(hook__of_no_job__has_the_services_own_environment_and_folder),
        T(hook__ends__is_told_with_its_code_in_words),
        T(hook__over_its_time__is_terminated_with_its_tree),
        T(hook__ends_before_its_children__they_end_with_its_job),
        T(hook__runs_already_for_that_owner__is_counted_and_told_at_the_end),
        T(hook__whose_program_is_missing__is_an_error_with_hook_owner_and_file),
        T(hooks__as_many_as_may_be_run_already__a_further_one_is_refused),
        T(packet__lost__is_made_up_for_by_a_look),
        T(packet__of_the_slots_last_user_or_of_none__changes_nothing),
        T(shut__with_hooks_running__ends_them),
    };
    return cmocka_run_group_tests_name("hooks", tests, NULL, NULL);
}
