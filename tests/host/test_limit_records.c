/* test_limit_records.c - notification limits: the record is read, told, and not too often. */
#include "tests/host/limit_path.h"

#include <stdio.h>

/* --- violation records ---------------------------------------------------------------- */
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
    struct way *p = *state;
    way_start(p, "[job:web]\ncommand = @worker --hold\n" QUIET "instances = 7\n" NOTIFICATIONS);
    assert_int_equal(p->app->config->n, VIOLATIONS);
    for (size_t i = 0; i < VIOLATIONS; i++) {
        char pattern[256];
        uint32_t pid = way_unit(p, i)->pid;
        fake_kernel.record = violations[i].record;
        way_forget_lines(p);
        way_post(p, way_key(p, i), JOB_OBJECT_MSG_NOTIFICATION_LIMIT, pid);
        way_drain(p);
        assert_int_equal(fake_kernel.calls, i + 1);
        assert_ptr_equal(fake_kernel.last, job_handle(p->app->runs->run[i]->job));
        snprintf(pattern, sizeof pattern,
                 "warning limit.reached level=instance job=%s %s pid=%lu * by=kernel reaction=log",
                 way_unit(p, i)->spec->unit, violations[i].line, (unsigned long)pid);
        way_expect(p, pattern, 1);
        way_expect(p, "limit.reached", 1);
    }
}

static void notification__of_several_limits__one_record_tells_all(void **state)
{
    struct way *p = *state;
    way_start(p,
              "[group:pool]\n" NOTIFICATIONS
              "[job:web]\ncommand = @worker --hold\nconsole = none\nstdout = null\ngroup = pool\n");
    fake_kernel.record = (struct violation){.violated = VIOLATED_READ_BYTES | VIOLATED_WRITE_BYTES |
                                                        VIOLATED_MEMORY_HIGH | VIOLATED_IO_RATE,
                                            .read_bytes = 2u * GIB,
                                            .write_bytes = 4 * (uint64_t)GIB,
                                            .memory = GIB + 1u};
    way_post(p, UPPER_KEY(0), JOB_OBJECT_MSG_NOTIFICATION_LIMIT, 0);
    way_drain(p);
    way_expect(p, "limit.reached", 3);
    way_expect(p, "limit.reached level=group name=pool limit=notify_io_read_bytes", 1);
    way_expect(p, "limit.reached level=group name=pool limit=notify_io_write_bytes", 1);
    way_expect(p,
               "limit.reached level=group name=pool limit=notify_job_memory_high * "
               "by=kernel reaction=log instance=web.1",
               1);
}

static void notifications__in_a_storm__are_asked_about_once_a_second(void **state)
{
    struct way *p = *state;
    way_start(p, "[job:web]\ncommand = @worker --hold\n" QUIET NOTIFICATIONS);
    for (int i = 0; i < 2000; i++)
        way_post(p, way_key(p, 0), JOB_OBJECT_MSG_NOTIFICATION_LIMIT, way_unit(p, 0)->pid);
    way_drain(p);
    /* One at once; a machine that stands still for seconds may bring another. */
    assert_in_range(fake_kernel.calls, 1, 20);
    assert_true(p->app->runs->run[0]->rearm.owed);
    unsigned before = fake_kernel.calls;
    fake_kernel.record = violations[3].record; /* crossed in the meantime: not to be missed */
    way_await(p, "limit.reached level=instance job=web.1 limit=notify_io_read_bytes", 1);
    assert_int_equal(fake_kernel.calls, before + 1);
    assert_false(p->app->runs->run[0]->rearm.owed);
}

static void await_calls(struct way *p, unsigned n)
{
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS; fake_kernel.calls < n; way_turn(p))
        if (GetTickCount64() >= end)
            fail_msg("%u of %u records were read", fake_kernel.calls, n);
    way_drain(p);
}

/* The record says READ bytes; read in the end, sooner or later. */
static void read_bytes_seen(struct way *p, uint64_t bytes)
{
    unsigned before = fake_kernel.calls;
    fake_kernel.record = (struct violation){.violated = VIOLATED_READ_BYTES, .read_bytes = bytes};
    way_post(p, way_key(p, 0), JOB_OBJECT_MSG_NOTIFICATION_LIMIT, 0);
    await_calls(p, before + 1);
}

static uint64_t kernel_read_limit(const struct way *p)
{
    struct jw_notify_2 n;
    HANDLE job = job_handle(p->app->runs->run[0]->job);
    assert_true(QueryInformationJobObject(job, JW_CLASS_NOTIFY_2, &n, sizeof n, NULL));
    return n.read_bytes;
}

/* A total that stays exceeded is told at each multiple, and the kernel is told to wait for the
 * next. */
static void notification__of_a_total__threshold_rises_to_the_next_multiple(void **state)
{
    struct way *p = *state;
    const char *const reached = "limit.reached * limit=notify_io_read_bytes configured=1073741824";
    way_start(p, "[job:web]\ncommand = @worker --hold\n" QUIET "notify_io_read_bytes = 1G\n");
    /* So that a system that refuses the class is seen to be asked. */
    p->app->probe.row[LIMIT_NOTIFY_IO_READ_BYTES].accepted = true;
    read_bytes_seen(p, GIB + 5u);
    way_expect(p, reached, 1);
    way_expect(p, "warning limit.not_raised level=instance name=web.1 error=*notify_io_read_bytes",
               on_wine());
    if (!on_wine())
        assert_int_equal(kernel_read_limit(p), 2 * (uint64_t)GIB);
    read_bytes_seen(p, 2 * (uint64_t)GIB - 1);
    way_expect(p, reached, 1); /* not yet as much again */
    way_expect(p, "limit.not_raised", on_wine());
    read_bytes_seen(p, 7 * (uint64_t)GIB);
    way_expect(p, reached, 2);
    way_expect(p, "limit.reached * measured=7516192768", 1);
    way_expect(p, "limit.not_raised", on_wine() ? 2 : 0);
    if (!on_wine())
        assert_int_equal(kernel_read_limit(p), 8 * (uint64_t)GIB);
}

static void notification__its_record_cannot_be_read__is_told_and_the_next_one_is_read(void **state)
{
    struct way *p = *state;
    way_start(p, "[job:web]\ncommand = @worker --hold\n" QUIET NOTIFICATIONS);
    fake_kernel.st = ST_OS;
    way_post(p, way_key(p, 0), JOB_OBJECT_MSG_NOTIFICATION_LIMIT, 0);
    way_drain(p);
    way_expect(p, "warning limit.unread level=instance name=web.1 error=*there is no record", 1);
    fake_kernel.st = ST_OK;
    fake_kernel.record = violations[0].record;
    way_post(p, way_key(p, 0), JOB_OBJECT_MSG_NOTIFICATION_LIMIT, 0);
    way_await(p, "limit.reached * limit=notify_job_memory_high", 1);
}

int test_limit_records(void)
{
    const struct CMUnitTest tests[] = {
        WAY(notification__of_each_limit__its_record_is_read_and_told),
        WAY(notification__of_several_limits__one_record_tells_all),
        WAY(notifications__in_a_storm__are_asked_about_once_a_second),
        WAY(notification__of_a_total__threshold_rises_to_the_next_multiple),
        WAY(notification__its_record_cannot_be_read__is_told_and_the_next_one_is_read),
    };
    return cmocka_run_group_tests_name("violation records, to the event", tests, NULL, NULL);
}
