/* test_account.c - the kernel's own account of a job, and its violation records. */
#include "tests/job/crew.h"

#include "service/job/account.h"
#include "service/job/violation.h"
#include "service/win32/wine.h"

#include <string.h>

/* The records as bytes, each field where the kernel puts it. */
static void put(void *record, size_t at, uint64_t v, size_t bytes)
{
    memcpy((unsigned char *)record + at, &v, bytes);
}

static void violation__of_class_34__comes_field_by_field(void **state)
{
    unsigned char bytes[104] = {0};
    struct jw_violation_2 in;
    (void)state;
    put(bytes, 0, 0x1F8204, 4);
    put(bytes, 4, 0x108200, 4);
    for (size_t i = 0; i < 8; i++) /* I/O, time and memory, each with its limit */
        put(bytes, 8 + i * 8, 0x100000001 + i, 8);
    put(bytes, 72, 1, 4);
    put(bytes, 76, 3, 4);
    put(bytes, 80, 0x200000000, 8);
    put(bytes, 88, 91, 4); /* I/O rate, which no Windows keeps any more */
    put(bytes, 92, 92, 4);
    put(bytes, 96, 2, 4);
    put(bytes, 100, 4, 4);
    memcpy(&in, bytes, sizeof in);
    struct violation v = violation_from_34(&in);
    assert_int_equal(v.flags, VIOLATED_JOB_TIME | VIOLATED_MEMORY_HIGH | VIOLATED_MEMORY_LOW |
                                  VIOLATED_READ_BYTES | VIOLATED_WRITE_BYTES | VIOLATED_CPU_RATE |
                                  VIOLATED_IO_RATE | VIOLATED_NET_RATE);
    assert_int_equal(v.violated, VIOLATED_MEMORY_HIGH | VIOLATED_MEMORY_LOW | VIOLATED_NET_RATE);
    assert_int_equal(v.read_bytes, 0x100000001);
    assert_int_equal(v.read_bytes_limit, 0x100000002);
    assert_int_equal(v.write_bytes, 0x100000003);
    assert_int_equal(v.write_bytes_limit, 0x100000004);
    assert_int_equal(v.user_time, 0x100000005);
    assert_int_equal(v.user_time_limit, 0x100000006);
    assert_int_equal(v.memory, 0x100000007);
    assert_int_equal(v.memory_high_limit, 0x100000008);
    assert_int_equal(v.memory_low_limit, 0x200000000);
    assert_int_equal(v.cpu_tolerance, 1);
    assert_int_equal(v.cpu_tolerance_limit, 3);
    assert_int_equal(v.net_tolerance, 2);
    assert_int_equal(v.net_tolerance_limit, 4);
}

static void violation__of_class_13__is_memory_high_and_cpu_rate(void **state)
{
    unsigned char bytes[80] = {0};
    JOBOBJECT_LIMIT_VIOLATION_INFORMATION in;
    (void)state;
    put(bytes, 0, 0x70204, 4);
    put(bytes, 4, 0x40200, 4);
    for (size_t i = 0; i < 8; i++)
        put(bytes, 8 + i * 8, 0x300000001 + i, 8);
    put(bytes, 72, 2, 4);
    put(bytes, 76, 3, 4);
    memcpy(&in, bytes, sizeof in);
    struct violation v = violation_from_13(&in);
    assert_int_equal(v.flags, VIOLATED_JOB_TIME | VIOLATED_MEMORY_HIGH | VIOLATED_READ_BYTES |
                                  VIOLATED_WRITE_BYTES | VIOLATED_CPU_RATE);
    assert_int_equal(v.violated, VIOLATED_MEMORY_HIGH | VIOLATED_CPU_RATE);
    assert_int_equal(v.read_bytes, 0x300000001);
    assert_int_equal(v.read_bytes_limit, 0x300000002);
    assert_int_equal(v.write_bytes, 0x300000003);
    assert_int_equal(v.write_bytes_limit, 0x300000004);
    assert_int_equal(v.user_time, 0x300000005);
    assert_int_equal(v.user_time_limit, 0x300000006);
    assert_int_equal(v.memory, 0x300000007);
    assert_int_equal(v.memory_high_limit, 0x300000008);
    assert_int_equal(v.memory_low_limit, 0);
    assert_int_equal(v.cpu_tolerance, 2);
    assert_int_equal(v.cpu_tolerance_limit, 3);
    assert_int_equal(v.net_tolerance, 0);
    assert_int_equal(v.net_tolerance_limit, 0);
}

static void violation__bits_of_ours__are_those_of_windows(void **state)
{
    (void)state;
    assert_int_equal(VIOLATED_JOB_TIME, JOB_OBJECT_LIMIT_JOB_TIME);
    assert_int_equal(VIOLATED_MEMORY_HIGH, JOB_OBJECT_LIMIT_JOB_MEMORY);
    assert_int_equal(VIOLATED_READ_BYTES, JOB_OBJECT_LIMIT_JOB_READ_BYTES);
    assert_int_equal(VIOLATED_WRITE_BYTES, JOB_OBJECT_LIMIT_JOB_WRITE_BYTES);
    assert_int_equal(VIOLATED_CPU_RATE, JOB_OBJECT_LIMIT_RATE_CONTROL);
}

static void violation__of_a_job_in_peace__names_nothing_or_is_not_supported(void **state)
{
    struct crew *c = *state;
    struct violation v = {.violated = 77};
    struct err e = {0};
    enum st st = job_violation(job_handle(c->job), &v, &e);
    if (st == ST_UNSUPPORTED) {
        print_message("skipped: this kernel has no violation records: %s\n", e.text);
        assert_int_equal(e.st, ST_UNSUPPORTED);
        assert_int_equal(v.violated, 77);
        skip();
    }
    assert_int_equal(st, ST_OK);
    assert_int_equal(v.violated, 0);
}

static void violation__of_no_job__is_an_error_of_the_system(void **state)
{
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    struct violation v = {0};
    struct err e = {0};
    (void)state;
    if (on_wine()) {
        print_message("skipped: Wine looks at the class before the handle\n");
        CloseHandle(event);
        skip();
    }
    assert_int_equal(job_violation(event, &v, &e), ST_OS);
    assert_int_equal(e.os, ERROR_INVALID_HANDLE);
    CloseHandle(event);
}

static void account__of_no_job__is_an_error_of_the_system(void **state)
{
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    struct account a = {.user = 77};
    struct err e = {0};
    (void)state;
    assert_int_equal(job_account(event, &a, &e), ST_OS);
    assert_int_equal(e.os, ERROR_INVALID_HANDLE);
    assert_int_equal(a.user, 77);
    CloseHandle(event);
}

static void account__of_a_job_after_work__has_it_even_when_the_worker_is_gone(void **state)
{
    struct crew *c = *state;
    struct account a = {0};
    struct err e = {0};
    struct hand h;
    crew_start(c, "--leak 33554432 --burn 200 --hold", &h);
    crew_wait(&h, "burn ok");
    crew_dismiss(&h);
    unsigned before = crew_handles();
    if (job_account(job_handle(c->job), &a, &e) != ST_OK)
        fail_msg("%s", e.text);
    assert_int_equal(crew_handles(), before);
    print_message("account: user %llu, kernel %llu, faults %llu, processes %llu, peak %llu\n",
                  (unsigned long long)a.user, (unsigned long long)a.kernel,
                  (unsigned long long)a.page_faults, (unsigned long long)a.processes,
                  (unsigned long long)a.peak_commit);
    assert_int_equal(a.processes, 1);
    if (on_wine()) {
        print_message("skipped in part: Wine counts the processes of a job and nothing else\n");
        return;
    }
    assert_in_range(a.user, 1600000, 100000000);
    assert_true(a.kernel != a.user);
    assert_int_equal(a.period_user, a.user);
    assert_int_equal(a.terminated, 0); /* by a limit, that is */
    assert_true(a.page_faults > 33554432 / 4096);
    assert_true(a.io.write_ops > 0);
    assert_true(a.peak_process_commit > 33554432);
    assert_true(a.peak_commit >= a.peak_process_commit);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, crew_setup, crew_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(violation__of_class_34__comes_field_by_field),
        cmocka_unit_test(violation__of_class_13__is_memory_high_and_cpu_rate),
        cmocka_unit_test(violation__bits_of_ours__are_those_of_windows),
        T(violation__of_a_job_in_peace__names_nothing_or_is_not_supported),
        cmocka_unit_test(violation__of_no_job__is_an_error_of_the_system),
        cmocka_unit_test(account__of_no_job__is_an_error_of_the_system),
        T(account__of_a_job_after_work__has_it_even_when_the_worker_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
