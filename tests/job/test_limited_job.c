/* test_limited_job.c - limits of named jobs on the kernel that we run on. */
#include "tests/job/crew.h"

#include "service/job/machine.h"
#include "service/job/probe.h"

#include <string.h>

#define MIB ((uint64_t)1 << 20)
enum { SECOND = 1000 };

static const struct machine one_group = {.cpus = 8, .groups = 1, .group = {{0, 0xFF}}};

static void read_machine(struct machine *m, struct probe *p, bool holds[LIMITS])
{
    struct err e = {0};
    machine_read(m);
    if (probe_run(m, p, &e) != ST_OK)
        fail_msg("%s", e.text);
    for (int id = 0; id < LIMITS; id++)
        holds[id] = p->row[id].kernel;
}

static void real_job__with_all_that_this_kernel_holds__takes_it_and_takes_a_change(void **state)
{
    (void)state;
    struct machine m;
    struct probe p;
    bool holds[LIMITS];
    struct job *j = NULL;
    struct err e = {0};
    struct kernel_limits k;
    struct limits l = {.process_memory = 512 * MIB,
                       .job_memory = 1024 * MIB,
                       .working_set_min = MIB,
                       .working_set_max = 64 * MIB,
                       .process_time = 3600 * SECOND,
                       .job_time = 3600 * SECOND,
                       .active_process = 50,
                       .priority_class = PRIORITY_BELOW_NORMAL,
                       .scheduling_class = {true, 4},
                       .breakaway = BREAKAWAY_EXPLICIT,
                       .kill_on_job_close = YES,
                       .die_on_unhandled_exception = YES,
                       .cpu_rate_soft_cap = {CPU_OF_MACHINE, 5000},
                       .net_max_bandwidth = 100 * MIB,
                       .notify_cpu_rate = {TOLERANCE_HIGH, INTERVAL_LONG},
                       .notify_job_memory_high = 800 * MIB};
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    read_machine(&m, &p, holds);
    l.affinity = (struct cpu_set){m.groups, m.group};
    kernel_limits_map(&l, &m, holds, &k);
    const struct job_request r = {
        .name = "Local\\jwtest.limits", .port = port, .key = 1, .limits = &k};
    if (job_create(&r, &j, &e) != ST_OK)
        fail_msg("%s", e.text);
    l.job_time *= 2;
    l.cpu_rate_soft_cap.unit = CPU_UNLIMITED;
    l.cpu_rate_weight = 3;
    l.job_memory = 0;
    kernel_limits_map(&l, &m, holds, &k);
    if (job_relimit(j, &k, &e) != ST_OK)
        fail_msg("%s", e.text);
    job_close(j);
    CloseHandle(port);
}

/* Whether a process survives the closing of its job tells what the kernel has. */
static void real_job__told_not_to_kill_on_close__lets_its_process_live(void **state)
{
    struct crew *c = *state;
    struct hand h;
    struct err e = {0};
    struct kernel_limits k;
    const struct limits let_live = {.process_memory = 0};
    kernel_limits_map(&let_live, &one_group, NULL, &k);
    if (job_relimit(c->job, &k, &e) != ST_OK) /* which kills on close, as it was made */
        fail_msg("%s", e.text);
    crew_start(c, "--burn 1 --hold", &h);
    crew_wait(&h, "burn ok");
    job_close(c->job);
    c->job = NULL;
    assert_int_equal(WaitForSingleObject(h.process, 0), WAIT_TIMEOUT);
    assert_true(TerminateProcess(h.process, 77));
    assert_int_equal(WaitForSingleObject(h.process, CREW_LIMIT_MS), WAIT_OBJECT_0);
    DWORD code = 0;
    assert_true(GetExitCodeProcess(h.process, &code));
    assert_int_equal(code, 77);
    crew_dismiss(&h);
}

/* Windows names the key whatever it is that it refuses; nothing is left of such a job. */
static void
real_job__with_processors_that_do_not_exist__is_refused_by_name_and_not_there(void **state)
{
    (void)state;
    static const struct cpu_group nowhere = {31, 1};
    struct job *j = NULL;
    struct err e = {0};
    struct kernel_limits k;
    const struct limits l = {.affinity = {1, &nowhere}};
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    kernel_limits_map(&l, &one_group, NULL, &k);
    const struct job_request r = {
        .name = "Local\\jwtest.bad", .port = port, .key = 1, .limits = &k};
    assert_int_not_equal(job_create(&r, &j, &e), ST_OK);
    assert_null(j);
    assert_non_null(strstr(e.text, "affinity"));
    assert_null(OpenJobObjectW(JOB_OBJECT_QUERY, FALSE, L"Local\\jwtest.bad"));
    CloseHandle(port);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_job__with_all_that_this_kernel_holds__takes_it_and_takes_a_change),
        cmocka_unit_test_setup_teardown(
            real_job__told_not_to_kill_on_close__lets_its_process_live, crew_setup, crew_teardown),
        cmocka_unit_test(
            real_job__with_processors_that_do_not_exist__is_refused_by_name_and_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
