/* figure_limits.c - 1,000 jobs with every limit that this kernel takes; the floor makes the same
 * jobs and gives each one flag. */
#include "tests/bench/bench.h"

#include "service/job/job.h"
#include "service/job/machine.h"
#include "service/job/probe.h"

#include <stdio.h>

enum { JOBS = 1000 };

static struct limits every_limit(void)
{
    return (struct limits){.process_memory = 64 << 20,
                           .job_memory = 256 << 20,
                           .process_time = 3600000,
                           .job_time = 7200000,
                           .active_process = 50,
                           .working_set_min = 1 << 20,
                           .working_set_max = 64 << 20,
                           .cpu_rate_cap = {CPU_OF_MACHINE, 2500},
                           .priority_class = PRIORITY_BELOW_NORMAL,
                           .scheduling_class = {true, 4},
                           .kill_on_job_close = YES,
                           .die_on_unhandled_exception = YES,
                           .net_max_bandwidth = 10 << 20,
                           .notify_job_memory_high = 128 << 20,
                           .notify_io_write_bytes = 1 << 30};
}

static void name_of(char *out, size_t cap, size_t i)
{
    static size_t round;
    if (i == 0)
        round++;
    snprintf(out, cap, "Local\\jwbench.%lu.%zu.%zu", GetCurrentProcessId(), round, i);
}

static double floor_once(HANDLE port)
{
    static HANDLE job[JOBS];
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION x = {
        .BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE};
    double began = now_ms();
    for (size_t i = 0; i < JOBS; i++) {
        char name[64];
        name_of(name, sizeof name, i);
        job[i] = CreateJobObjectA(NULL, name);
        JOBOBJECT_ASSOCIATE_COMPLETION_PORT a = {(PVOID)(i + 1), port};
        if (!SetInformationJobObject(job[i], JobObjectExtendedLimitInformation, &x, sizeof x) ||
            !SetInformationJobObject(job[i], JobObjectAssociateCompletionPortInformation, &a,
                                     sizeof a))
            die("SetInformationJobObject");
    }
    double ms = now_ms() - began;
    for (size_t i = 0; i < JOBS; i++)
        CloseHandle(job[i]);
    return ms;
}

static double ours_once(HANDLE port, const struct machine *m, const bool *accepted)
{
    static struct job *job[JOBS];
    const struct limits limits = every_limit();
    struct err e = {0};
    double began = now_ms();
    for (size_t i = 0; i < JOBS; i++) {
        char name[64];
        struct kernel_limits k;
        name_of(name, sizeof name, i);
        kernel_limits_map(&limits, m, accepted, &k);
        const struct job_request r = {.name = name, .port = port, .key = i + 1, .limits = &k};
        if (job_create(&r, &job[i], &e) != ST_OK)
            die(e.text);
    }
    double ms = now_ms() - began;
    for (size_t i = 0; i < JOBS; i++)
        job_close(job[i]);
    return ms;
}

void figure_limits(size_t samples)
{
    struct sample v[SAMPLES_MAX];
    struct machine m;
    struct probe p;
    struct err e = {0};
    bool accepted[LIMITS];
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    machine_read(&m);
    if (!port || probe_run(&m, &p, &e) != ST_OK)
        die("the probe");
    for (int i = 0; i < LIMITS; i++)
        accepted[i] = p.row[i].accepted;
    for (size_t i = 0; i < samples; i++) {
        v[i].floor = floor_once(port);
        v[i].ours = ours_once(port, &m, accepted);
    }
    report_ratio("limits on 1,000 jobs", "ms", v, samples, false, "2.00");
    CloseHandle(port);
}
