/* test_limit_path.c - the whole way of a limit, from a packet of the kernel's to the event in the
 * log
 * and what follows: the real program with its port, queue and loop, real workers, and packets as
 * Windows posts them.  Only the violation records come through a seam. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "config/schema.h"
#include "service/host/app_impl.h"
#include "service/host/loading.h"
#include "service/host/runs_impl.h"
#include "service/win32/file.h"
#include "service/win32/wine.h"
#include "tests/e2e/harness_log.h"
#include "tests/win32/scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GENEROUS_MS = 60000, POLL_MS = 2, MARK = 0x7777, GIB = 1 << 30 };

struct path {
    char *folder;
    struct app *app;
    struct buf log;
    unsigned marks;
};

/* --- the seam ----------------------------------------------------------------------- */
static struct {
    struct violation record;
    enum st st;
    unsigned calls;
    HANDLE last;
} kernel;

static enum st fake_violation(HANDLE job, struct violation *ret, struct err *e)
{
    kernel.calls++;
    kernel.last = job;
    if (kernel.st != ST_OK)
        return err_say(e, kernel.st, "there is no record");
    *ret = kernel.record;
    kernel.record.violated = 0; /* reading it arms the limits again */
    return ST_OK;
}

/* --- the world ---------------------------------------------------------------------- */
static void on_line(void *ctx, enum log_level level, struct str line)
{
    struct path *p = ctx;
    buf_f(&p->log, "%s ", log_level_names[level]);
    buf_str(&p->log, line);
    buf_z(&p->log, "\n");
}

static int open_path(void **state)
{
    struct path *p = calloc(1, sizeof *p);
    if (!p)
        return -1;
    memset(&kernel, 0, sizeof kernel);
    p->folder = scratch_make();
    *state = p;
    return 0;
}

static void close_app(struct path *p)
{
    app_close(p->app);
    p->app = NULL;
}

static int close_path(void **state)
{
    struct path *p = *state;
    close_app(p);
    scratch_remove(p->folder);
    buf_free(&p->log);
    free(p);
    return 0;
}

static char *worker_path(void)
{
    char *self = path_of_self();
    char *folder = path_join(self, "..");
    char *worker = path_join(folder, "..\\helper\\worker.exe");
    assert_non_null(worker);
    free(folder);
    free(self);
    return worker;
}

/* `@worker` becomes the quoted path of the test worker. */
static void write_jobs(const char *path, const char *text)
{
    static unsigned count;
    struct buf b = {0};
    char *worker = worker_path();
    buf_f(&b,
          "[service]\nname = path-%lu-%u\nobject_namespace = local\nlog_file =\n"
          "log_level = debug\nsample_interval = 1h\n",
          GetCurrentProcessId(), ++count);
    for (const char *at; (at = strstr(text, "@worker")) != NULL; text = at + strlen("@worker")) {
        buf_add(&b, text, (size_t)(at - text));
        buf_f(&b, "\"%s\"", worker);
    }
    buf_z(&b, text);
    assert_true(buf_ok(&b));
    scratch_write(path, b.p, b.n);
    buf_free(&b);
    free(worker);
}

/* TEXT continues [service].  Nothing is started yet. */
static void open_app(struct path *p, const char *text)
{
    const struct app_options options = {.console = false};
    struct config *config = NULL;
    struct buf mistakes = {0};
    struct err e = {0};
    char *ini = scratch_path(p->folder, "jobs.ini");
    write_jobs(ini, text);
    if (load_config(ini, &config, &mistakes) != ST_OK)
        fail_msg("%s", buf_text(&mistakes));
    free(ini);
    buf_free(&mistakes);
    if (app_open(config, &options, &p->app, &e) != ST_OK)
        fail_msg("%s", e.text);
    p->app->logger.log = (struct log){LOG_DEBUG, on_line, p};
    p->app->runs->set.violation = fake_violation;
}

static void turn(struct path *p)
{
    uv_run(&p->app->loop, UV_RUN_NOWAIT);
    Sleep(POLL_MS);
}

static void await_n(struct path *p, const char *pattern, size_t n)
{
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS;; turn(p)) {
        size_t seen = lines_matching(buf_view(&p->log), pattern);
        if (seen >= n)
            return;
        if (GetTickCount64() >= end)
            fail_msg("%zu of %zu lines '%s' in\n%s", seen, n, pattern, buf_text(&p->log));
    }
}

static void await(struct path *p, const char *pattern)
{
    await_n(p, pattern, 1);
}

static void expect(struct path *p, const char *pattern, size_t n)
{
    size_t seen = lines_matching(buf_view(&p->log), pattern);
    if (seen != n)
        fail_msg("%zu lines, not %zu, '%s' in\n%s", seen, n, pattern, buf_text(&p->log));
}

/* Opens it and starts all workers. */
static void start(struct path *p, const char *text)
{
    open_app(p, text);
    sup_start_all(p->app->sup);
    expect(p, "info job.started", p->app->config->n);
}

static const struct unit *unit_at(const struct path *p, size_t slot)
{
    return sup_unit(p->app->sup, slot);
}

static ULONG_PTR key_of(const struct path *p, size_t slot)
{
    return (ULONG_PTR)unit_at(p, slot)->id;
}

static void post(const struct path *p, ULONG_PTR key, DWORD message, uint32_t pid)
{
    OVERLAPPED *about = (OVERLAPPED *)(ULONG_PTR)pid; /* as Windows gives a pid */
    assert_true(PostQueuedCompletionStatus(port_handle(p->app->port), message, key, about));
}

/* Until all that was posted before has been dealt with. */
static void drain(struct path *p)
{
    post(p, key_of(p, 0), MARK, 0);
    await_n(p, "debug port.packet message=30583", ++p->marks);
}

static void forget_lines(struct path *p)
{
    buf_reset(&p->log);
    p->marks = 0;
}

/* --- messages ----------------------------------------------------------------------- */
#define ALL_LIMITS                                                                                 \
    "process_memory_limit = 1G\njob_memory_limit = 2G\nprocess_time_limit = 1h\n"                  \
    "job_time_limit = 2h\nactive_process_limit = 50\n"

struct said {
    DWORD message;
    bool pid;
    const char *limit; /* NULL: nothing is said */
    const char *configured;
};
/* Of 11 more below. */
static const struct said messages[] = {
    {0, false, NULL, ""},
    {JOB_OBJECT_MSG_END_OF_JOB_TIME, false, "job_time_limit", "7200000"},
    {JOB_OBJECT_MSG_END_OF_PROCESS_TIME, true, "process_time_limit", "3600000"},
    {JOB_OBJECT_MSG_ACTIVE_PROCESS_LIMIT, false, "active_process_limit", "50"},
    {JOB_OBJECT_MSG_ACTIVE_PROCESS_ZERO, false, NULL, ""},
    {5, false, NULL, ""},
    {JOB_OBJECT_MSG_NEW_PROCESS, true, NULL, ""},
    {JOB_OBJECT_MSG_EXIT_PROCESS, true, NULL, ""},
    {JOB_OBJECT_MSG_ABNORMAL_EXIT_PROCESS, true, NULL, ""},
    {JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT, true, "process_memory_limit", "1073741824"},
    {JOB_OBJECT_MSG_JOB_MEMORY_LIMIT, true, "job_memory_limit", "2147483648"},
    {JOB_OBJECT_MSG_JOB_CYCLE_TIME_LIMIT, false, NULL, ""},
    {13, false, NULL, ""}, /* SILO_TERMINATED */
    {14, true, NULL, ""},
    {4711, true, NULL, ""},
    {0xFFFFFFFF, true, NULL, ""},
};

/* Posts every message to KEY, one after the other; PID is a member of that job.  WHERE is what the
 * line says of the level, REST what follows the reaction. */
static void expect_messages(struct path *p, ULONG_PTR key, uint32_t pid, const char *where,
                            const char *rest)
{
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        const struct said *s = &messages[i];
        char pattern[256];
        forget_lines(p);
        post(p, key, s->message, s->pid ? pid : 0);
        drain(p);
        expect(p, "limit.reached", s->limit != NULL);
        if (!s->limit)
            continue;
        snprintf(pattern, sizeof pattern,
                 "warning limit.reached %s limit=%s configured=%s * pid=%lu * by=kernel "
                 "reaction=log%s",
                 where, s->limit, s->configured, s->pid ? (unsigned long)pid : 0ul, rest);
        expect(p, pattern, 1);
        if (s->pid)
            expect(p, "limit.reached * image=worker.exe", 1);
    }
}

static void messages__of_an_instance__each_is_the_event_of_its_limit(void **state)
{
    struct path *p = *state;
    start(p, "[job:web]\ncommand = @worker --hold\nconsole = none\nstdout = null\n" ALL_LIMITS);
    expect_messages(p, key_of(p, 0), unit_at(p, 0)->pid, "level=instance job=web.1", "");
    assert_int_equal(unit_at(p, 0)->at, S_RUNNING); /* no message is a fact by itself */
}

static void messages__of_a_group__each_is_an_event_that_names_group_and_member(void **state)
{
    struct path *p = *state;
    start(p, "[group:pool]\n" ALL_LIMITS "[defaults]\ncommand = @worker --hold\nconsole = none\n"
             "stdout = null\n[job:alone]\n[job:web]\ngroup = pool\n");
    expect_messages(p, (ULONG_PTR)PORT_KEY_LEVEL, unit_at(p, 1)->pid, "level=group name=pool",
                    " acts_on=web.1");
}

static void messages__of_the_fleet__each_is_an_event_that_names_fleet_and_member(void **state)
{
    struct path *p = *state;
    char where[128];
    start(p, ALL_LIMITS "[defaults]\ncommand = @worker --hold\nconsole = none\nstdout = null\n"
                        "[group:pool]\nguard_threads = 1000\n[job:web]\ngroup = pool\n");
    snprintf(where, sizeof where, "level=fleet name=%s", p->app->config->service.name);
    expect_messages(p, (ULONG_PTR)PORT_KEY_LEVEL | 1, unit_at(p, 0)->pid, where, " acts_on=web.1");
}

static void messages__about_what_is_not_there__are_passed_over(void **state)
{
    struct path *p = *state;
    const uint32_t gone = 0xFFFFFFF0; /* no process */
    start(p, "[group:pool]\nguard_threads = 1000\n"
             "[job:web]\ncommand = @worker --hold\nconsole = none\nstdout = null\ngroup = pool\n");
    ULONG_PTR key = key_of(p, 0), other_run = key + ((ULONG_PTR)1 << 32);
    const ULONG_PTR keys[] = {key, other_run, 999, (ULONG_PTR)PORT_KEY_LEVEL,
                              (ULONG_PTR)PORT_KEY_LEVEL | 1, (ULONG_PTR)PORT_KEY_LEVEL | 12345};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        for (DWORD message = 0; message <= 14; message++) {
            if (message != JOB_OBJECT_MSG_NOTIFICATION_LIMIT)
                post(p, keys[i], message, gone);
        }
    drain(p);
    expect(p, "limit.reached", 0); /* nobody sets one */
    assert_int_equal(unit_at(p, 0)->at, S_RUNNING);
}

/* The kernel posts to the port of every level above a process. */
static void message__of_nested_jobs__the_tightest_level_tells_it_once(void **state)
{
    struct path *p = *state;
    start(p, "process_memory_limit = 2G\njob_memory_limit = 6G\n"
             "[group:pool]\nprocess_memory_limit = 512M\njob_memory_limit = 5G\n"
             "[job:web]\ncommand = @worker --hold\nconsole = none\nstdout = null\ngroup = pool\n"
             "process_memory_limit = 1G\njob_memory_limit = 4G\n");
    uint32_t pid = unit_at(p, 0)->pid;
    const ULONG_PTR keys[] = {key_of(p, 0), (ULONG_PTR)PORT_KEY_LEVEL,
                              (ULONG_PTR)PORT_KEY_LEVEL | 1};
    for (size_t i = 0; i < 3; i++)
        post(p, keys[i], JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT, pid);
    drain(p);
    expect(p, "limit.reached", 1);
    expect(p, "limit.reached level=group name=pool limit=process_memory_limit configured=536870912 "
              "* acts_on=web.1",
           1);
    forget_lines(p);
    for (size_t i = 0; i < 3; i++)
        post(p, keys[i], JOB_OBJECT_MSG_JOB_MEMORY_LIMIT, pid);
    drain(p);
    expect(p, "limit.reached", 1);
    expect(p, "limit.reached level=instance job=web.1 limit=job_memory_limit "
              "configured=4294967296",
           1);
}

static void message__again_and_again__is_told_once_in_a_while(void **state)
{
    struct path *p = *state;
    start(p, "[job:web]\ncommand = @worker --hold\nconsole = none\nstdout = null\n" ALL_LIMITS);
    for (int i = 0; i < 5000; i++)
        post(p, key_of(p, 0), JOB_OBJECT_MSG_JOB_MEMORY_LIMIT, unit_at(p, 0)->pid);
    drain(p);
    expect(p, "limit.reached", 1);
}

/* --- violation records ---------------------------------------------------------------- */
#define NOTIFICATIONS                                                                              \
    "notify_job_memory_high = 1G\nnotify_job_memory_low = 4M\nnotify_job_time = 1h\n"              \
    "notify_io_read_bytes = 1G\nnotify_io_write_bytes = 2G\ncpu_rate_cap = 90%\n"                  \
    "notify_cpu_rate = low short\nnet_max_bandwidth = 1G/s\nnotify_net_rate = medium long\n"

static const struct {
    struct violation record;
    const char *line;
} violations[] = {
    {{.violated = VIOLATED_MEMORY_HIGH, .memory = GIB + 4096u},
     "limit=notify_job_memory_high configured=1073741824 measured=1073745920"},
    {{.violated = VIOLATED_MEMORY_LOW, .memory = 4096},
     "limit=notify_job_memory_low configured=4194304 measured=4096"},
    {{.violated = VIOLATED_JOB_TIME, .user_time = UINT64_C(36000010000)},
     "limit=notify_job_time configured=3600000 measured=3600001"},
    {{.violated = VIOLATED_READ_BYTES, .read_bytes = GIB + 1u},
     "limit=notify_io_read_bytes configured=1073741824 measured=1073741825"},
    {{.violated = VIOLATED_WRITE_BYTES, .write_bytes = UINT64_C(2147483649)},
     "limit=notify_io_write_bytes configured=2147483648 measured=2147483649"},
    {{.violated = VIOLATED_CPU_RATE, .cpu_tolerance = 2, .cpu_tolerance_limit = 1},
     "limit=notify_cpu_rate configured=20 measured=40"},
    {{.violated = VIOLATED_NET_RATE, .net_tolerance = 3, .net_tolerance_limit = 2},
     "limit=notify_net_rate configured=40 measured=60"},
};
enum { VIOLATIONS = sizeof violations / sizeof *violations };

/* One instance for each record, since each job is asked only once a second. */
static void notification__of_each_limit__its_record_is_read_and_told(void **state)
{
    struct path *p = *state;
    start(p, "[job:web]\ncommand = @worker --hold\nconsole = none\nstdout = null\n"
             "instances = 7\n" NOTIFICATIONS);
    assert_int_equal(p->app->config->n, VIOLATIONS);
    for (size_t i = 0; i < VIOLATIONS; i++) {
        char pattern[256];
        uint32_t pid = unit_at(p, i)->pid;
        kernel.record = violations[i].record;
        forget_lines(p);
        post(p, key_of(p, i), JOB_OBJECT_MSG_NOTIFICATION_LIMIT, pid);
        drain(p);
        assert_int_equal(kernel.calls, i + 1);
        assert_ptr_equal(kernel.last, job_handle(p->app->runs->run[i].job));
        snprintf(pattern, sizeof pattern,
                 "warning limit.reached level=instance job=%s %s pid=%lu * by=kernel reaction=log",
                 unit_at(p, i)->spec->unit, violations[i].line, (unsigned long)pid);
        expect(p, pattern, 1);
        expect(p, "limit.reached", 1);
    }
}

static void notification__of_several_limits__one_record_tells_all(void **state)
{
    struct path *p = *state;
    start(p, "[group:pool]\n" NOTIFICATIONS
             "[job:web]\ncommand = @worker --hold\nconsole = none\nstdout = null\ngroup = pool\n");
    kernel.record = (struct violation){.violated = VIOLATED_READ_BYTES | VIOLATED_WRITE_BYTES |
                                                   VIOLATED_MEMORY_HIGH | VIOLATED_IO_RATE,
                                       .read_bytes = 2u * GIB,
                                       .write_bytes = 4 * (uint64_t)GIB,
                                       .memory = GIB + 1u};
    post(p, (ULONG_PTR)PORT_KEY_LEVEL, JOB_OBJECT_MSG_NOTIFICATION_LIMIT, 0);
    drain(p);
    expect(p, "limit.reached", 3);
    expect(p, "limit.reached level=group name=pool limit=notify_io_read_bytes", 1);
    expect(p, "limit.reached level=group name=pool limit=notify_io_write_bytes", 1);
    expect(p, "limit.reached level=group name=pool limit=notify_job_memory_high * pid=0 "
              "by=kernel reaction=log acts_on=web.1",
           1);
}

static void notifications__in_a_storm__are_asked_about_once_a_second(void **state)
{
    struct path *p = *state;
    start(p, "[job:web]\ncommand = @worker --hold\nconsole = none\nstdout = null\n" NOTIFICATIONS);
    for (int i = 0; i < 2000; i++)
        post(p, key_of(p, 0), JOB_OBJECT_MSG_NOTIFICATION_LIMIT, unit_at(p, 0)->pid);
    drain(p);
    /* One at once; a machine that stands still for seconds may bring another. */
    assert_in_range(kernel.calls, 1, 20);
    assert_true(p->app->runs->run[0].rearm.owed);
    unsigned before = kernel.calls;
    kernel.record = violations[3].record; /* crossed in the meantime: not to be missed */
    await(p, "limit.reached level=instance job=web.1 limit=notify_io_read_bytes");
    assert_int_equal(kernel.calls, before + 1);
    assert_false(p->app->runs->run[0].rearm.owed);
}

static void await_calls(struct path *p, unsigned n)
{
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS; kernel.calls < n; turn(p))
        if (GetTickCount64() >= end)
            fail_msg("%u of %u records were read", kernel.calls, n);
    drain(p);
}

/* The record says READ bytes; read in the end, sooner or later. */
static void read_bytes_seen(struct path *p, uint64_t bytes)
{
    unsigned before = kernel.calls;
    kernel.record = (struct violation){.violated = VIOLATED_READ_BYTES, .read_bytes = bytes};
    post(p, key_of(p, 0), JOB_OBJECT_MSG_NOTIFICATION_LIMIT, 0);
    await_calls(p, before + 1);
}

static uint64_t kernel_read_limit(const struct path *p)
{
    struct jw_notify_2 n;
    HANDLE job = job_handle(p->app->runs->run[0].job);
    assert_true(QueryInformationJobObject(job, JW_CLASS_NOTIFY_2, &n, sizeof n, NULL));
    return n.read_bytes;
}

/* A total that stays exceeded is told at each multiple, and the kernel is told to wait for the
 * next. */
static void notification__of_a_total__threshold_rises_to_the_next_multiple(void **state)
{
    struct path *p = *state;
    const char *const reached = "limit.reached * limit=notify_io_read_bytes configured=1073741824";
    start(p, "[job:web]\ncommand = @worker --hold\nconsole = none\nstdout = null\n"
             "notify_io_read_bytes = 1G\n");
    /* So that a system that refuses the class is seen to be asked. */
    p->app->probe.row[LIMIT_NOTIFY_IO_READ_BYTES].accepted = true;
    read_bytes_seen(p, GIB + 5u);
    expect(p, reached, 1);
    expect(p, "warning limit.not_raised level_name=web.1 error=*notify_io_read_bytes", on_wine());
    if (!on_wine())
        assert_int_equal(kernel_read_limit(p), 2 * (uint64_t)GIB);
    read_bytes_seen(p, 2 * (uint64_t)GIB - 1);
    expect(p, reached, 1); /* not yet as much again */
    expect(p, "limit.not_raised", on_wine());
    read_bytes_seen(p, 7 * (uint64_t)GIB);
    expect(p, reached, 2);
    expect(p, "limit.reached * measured=7516192768", 1);
    expect(p, "limit.not_raised", on_wine() ? 2 : 0);
    if (!on_wine())
        assert_int_equal(kernel_read_limit(p), 8 * (uint64_t)GIB);
}

static void notification__its_record_cannot_be_read__is_told_and_the_next_one_is_read(void **state)
{
    struct path *p = *state;
    start(p, "[job:web]\ncommand = @worker --hold\nconsole = none\nstdout = null\n" NOTIFICATIONS);
    kernel.st = ST_OS;
    post(p, key_of(p, 0), JOB_OBJECT_MSG_NOTIFICATION_LIMIT, 0);
    drain(p);
    expect(p, "warning limit.unread level_name=web.1 error=*there is no record", 1);
    kernel.st = ST_OK;
    kernel.record = violations[0].record;
    post(p, key_of(p, 0), JOB_OBJECT_MSG_NOTIFICATION_LIMIT, 0);
    await(p, "limit.reached * limit=notify_job_memory_high");
}

/* --- reactions ------------------------------------------------------------------------ */
#define POLITE                                                                                     \
    "console = none\nstdout = null\nstop = command:1h\n"                                           \
    "stop_command = @worker --touch please.${instance}\n"                                          \
    "command = @worker --wait-file please.${instance} --exit 5\n"

static void reaction__restart__of_a_message__goes_down_the_ladder_and_up_again(void **state)
{
    struct path *p = *state;
    start(p, "[job:web]\n" POLITE "restart = never\n" ALL_LIMITS
             "on_limit.job_memory_limit = restart\nrestart_prevent_exit_codes = 5\n");
    post(p, key_of(p, 0), JOB_OBJECT_MSG_JOB_MEMORY_LIMIT, unit_at(p, 0)->pid);
    await_n(p, "info job.started job=web.1", 2);
    expect(p, "error limit.reached * limit=job_memory_limit * by=kernel reaction=restart", 1);
    expect(p, "job.stopping job=web.1 * cause=limit", 1);
    expect(p, "job.stop_rung job=web.1 rung=command", 1);
    expect(p, "job.ended job=web.1 * code=5 * cause=limit", 1);
    expect(p, "job.terminated", 0);
}

static void reaction__stop__of_a_message__goes_down_and_stays(void **state)
{
    struct path *p = *state;
    start(p, "[job:web]\n" POLITE ALL_LIMITS "on_limit = stop\n");
    post(p, key_of(p, 0), JOB_OBJECT_MSG_ACTIVE_PROCESS_LIMIT, 0);
    await(p, "error job.failed job=web.1 reason=*stopped by on_limit");
    expect(p, "error limit.reached * limit=active_process_limit * reaction=stop", 1);
    expect(p, "job.ended job=web.1 * code=5 * cause=limit", 1);
    expect(p, "job.started", 1);
}

static void reaction__terminate__of_a_message__ends_all_at_once(void **state)
{
    struct path *p = *state;
    start(p, "[job:web]\n" POLITE NOTIFICATIONS "on_limit = terminate\nrestart = never\n");
    kernel.record = violations[0].record;
    post(p, key_of(p, 0), JOB_OBJECT_MSG_NOTIFICATION_LIMIT, unit_at(p, 0)->pid);
    await(p, "error job.failed job=web.1 reason=*ended by a limit, restart = never");
    expect(p, "job.ended job=web.1 * code=0xE0000001 * cause=limit", 1);
    expect(p, "job.stop_rung", 0);
}

static void reaction__hook__of_a_message__runs_once_and_the_worker_goes_on(void **state)
{
    struct path *p = *state;
    start(p, "[job:web]\ncommand = @worker --hold\nconsole = none\nstdout = null\n" ALL_LIMITS
             "on_limit = hook\nhook_limit = @worker --touch hooked --exit 3\n");
    post(p, key_of(p, 0), JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT, unit_at(p, 0)->pid);
    await(p, "warning hook.ended hook=hook_limit owner=web.1 * code=3");
    char *path = scratch_path(p->folder, "hooked"), *text = scratch_read(path);
    assert_non_null(text);
    free(text);
    free(path);
    assert_int_equal(unit_at(p, 0)->at, S_RUNNING);
}

static void reaction__of_a_group__is_the_lot_of_whoever_crossed_it(void **state)
{
    struct path *p = *state;
    start(p, "[group:pool]\n" ALL_LIMITS "on_limit = restart\n"
             "[job:web]\n" POLITE "instances = 3\ngroup = pool\n");
    post(p, (ULONG_PTR)PORT_KEY_LEVEL, JOB_OBJECT_MSG_JOB_MEMORY_LIMIT, unit_at(p, 1)->pid);
    await_n(p, "info job.started job=web.2", 2);
    expect(p, "error limit.reached level=group name=pool limit=job_memory_limit * acts_on=web.2",
           1);
    expect(p, "job.stopping", 1);
    expect(p, "job.stopping job=web.2 * cause=limit", 1);
}

/* --- what the kernel has done already --------------------------------------------------- */
static void end_worker(struct path *p, size_t slot, DWORD code)
{
    HANDLE h = OpenProcess(PROCESS_TERMINATE, FALSE, unit_at(p, slot)->pid);
    assert_non_null(h);
    assert_true(TerminateProcess(h, code));
    CloseHandle(h);
}

static void message__of_an_end_by_process_time__the_end_has_that_cause(void **state)
{
    struct path *p = *state;
    start(p, "[job:web]\ncommand = @worker --hold\nconsole = none\nstdout = null\nrestart = never\n"
             "process_time_limit = 1h\n");
    post(p, key_of(p, 0), JOB_OBJECT_MSG_END_OF_PROCESS_TIME, unit_at(p, 0)->pid);
    drain(p);
    end_worker(p, 0, ERROR_NOT_ENOUGH_QUOTA);
    await(p, "job.ended job=web.1 * code=1816 * cause=limit");
    await(p, "job.failed job=web.1 reason=*ended by a limit, restart = never");
}

static void message__of_a_refused_allocation__a_failure_soon_after_is_put_down_to_it(void **state)
{
    struct path *p = *state;
    start(p, "[defaults]\nconsole = none\nstdout = null\nrestart = never\n" ALL_LIMITS
             "[job:bad]\ncommand = @worker --hold\n[job:good]\ncommand = @worker --hold\n"
             "[job:other]\ncommand = @worker --hold\n");
    post(p, key_of(p, 0), JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT, unit_at(p, 0)->pid);
    post(p, key_of(p, 1), JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT, unit_at(p, 1)->pid);
    drain(p);
    end_worker(p, 0, 3);
    end_worker(p, 1, 0); /* it got over it */
    end_worker(p, 2, 3);
    await_n(p, "job.ended", 3);
    expect(p, "job.ended job=bad.1 * code=3 * cause=limit", 1);
    expect(p, "job.ended job=good.1 * code=0 * cause=exit", 1);
    expect(p, "job.ended job=other.1 * code=3 * cause=exit", 1);
}

/* --- the sampler ------------------------------------------------------------------------ */
static void sampler__works_only_where_somebody_needs_it(void **state)
{
    struct path *p = *state;
    open_app(p, "[job:web]\ncommand = @worker --hold\nnet_max_bandwidth = 1M/s\n");
    assert_false(sampler_active(p->app->runs->sampler));
    close_app(p);
    open_app(p, "[job:web]\ncommand = @worker --hold\nguard_threads = 10\n");
    assert_true(sampler_active(p->app->runs->sampler));
    close_app(p);
    open_app(p, "guard_commit = 1G\n[job:web]\ncommand = @worker --hold\n");
    assert_true(sampler_active(p->app->runs->sampler));
}

#define T(f) cmocka_unit_test_setup_teardown(f, open_path, close_path)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(messages__of_an_instance__each_is_the_event_of_its_limit),
        T(messages__of_a_group__each_is_an_event_that_names_group_and_member),
        T(messages__of_the_fleet__each_is_an_event_that_names_fleet_and_member),
        T(messages__about_what_is_not_there__are_passed_over),
        T(message__of_nested_jobs__the_tightest_level_tells_it_once),
        T(message__again_and_again__is_told_once_in_a_while),
        T(notification__of_each_limit__its_record_is_read_and_told),
        T(notification__of_several_limits__one_record_tells_all),
        T(notifications__in_a_storm__are_asked_about_once_a_second),
        T(notification__of_a_total__threshold_rises_to_the_next_multiple),
        T(notification__its_record_cannot_be_read__is_told_and_the_next_one_is_read),
        T(reaction__restart__of_a_message__goes_down_the_ladder_and_up_again),
        T(reaction__stop__of_a_message__goes_down_and_stays),
        T(reaction__terminate__of_a_message__ends_all_at_once),
        T(reaction__hook__of_a_message__runs_once_and_the_worker_goes_on),
        T(reaction__of_a_group__is_the_lot_of_whoever_crossed_it),
        T(message__of_an_end_by_process_time__the_end_has_that_cause),
        T(message__of_a_refused_allocation__a_failure_soon_after_is_put_down_to_it),
        T(sampler__works_only_where_somebody_needs_it),
    };
    return cmocka_run_group_tests_name("the path of a limit", tests, NULL, NULL);
}
