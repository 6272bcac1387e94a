/* figure_sampler.c - one sample of a fleet of 50, 200 and 500 idle instances, each with guards:
 * from the snapshot to the verdict.  The floor is the system's snapshot alone, into a buffer that
 * is large enough.  Everything is done in one thread and waits for nothing but the system, so the
 * time is also the most CPU time that it can cost, the system's side included. */
#include "tests/bench/bench.h"

#include "service/job/job.h"
#include "service/job/machine.h"
#include "service/job/probe.h"
#include "service/job/snapshot.h"
#include "service/limits/level.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INSTANCES_MOST = 500, BUFFER = 16 << 20, INTERVAL_MS = 10000 };

struct instance {
    struct job *job;
    struct level *level;
    HANDLE process;
};

struct herd {
    struct machine machine;
    struct probe probe;
    HANDLE port;
    struct limits limits;
    struct instance *instance;
    size_t n;
    struct starts starts;
    struct snapshooter *snapshooter;
    void *buffer;
};

typedef LONG(WINAPI *query_system)(ULONG what, void *out, ULONG cap, ULONG *needed);

static query_system load_query(void)
{
    FARPROC f = GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "NtQuerySystemInformation");
    query_system q;
    memcpy(&q, &f, sizeof q);
    return q;
}

static void grow(struct herd *h, size_t n)
{
    struct err e = {0};
    size_t began = h->n;
    for (; h->n < n; h->n++) {
        struct instance *x = &h->instance[h->n];
        char name[64];
        snprintf(name, sizeof name, "Local\\jwbench.%lu.s%zu", GetCurrentProcessId(), h->n);
        const struct job_request r = {.name = name, .port = h->port, .key = h->n + 1};
        if (job_create(&r, &x->job, &e) != ST_OK)
            die(e.text);
        x->level = level_new(LEVEL_INSTANCE, &h->limits, &h->probe.holders, h->machine.cpus);
        if (!x->level || level_begin(x->level) != ST_OK)
            die("memory");
        x->process = bare_start(child_command(&h->starts, true)).hProcess;
        if (!AssignProcessToJobObject(job_handle(x->job), x->process))
            die("AssignProcessToJobObject");
    }
    starts_wait(&h->starts, n - began);
}

static double floor_once(const struct herd *h)
{
    static query_system query;
    if (!query)
        query = load_query();
    ULONG needed = 0;
    double began = now_ms();
    if (query(5, h->buffer, BUFFER, &needed) != 0)
        die("NtQuerySystemInformation");
    return now_ms() - began;
}

static double ours_once(struct herd *h, const struct proc **member)
{
    const struct snapshot *shot = NULL;
    struct reached out[REACHED_MAX];
    struct err e = {0};
    double began = now_ms();
    if (snapshot_take(h->snapshooter, (uint64_t)began, &shot, &e) != ST_OK)
        die(e.text);
    for (size_t i = 0; i < h->n; i++) {
        const uint32_t *pid = NULL;
        size_t n = 0, found = 0;
        if (job_pids(h->instance[i].job, &pid, &n, &e) != ST_OK)
            die(e.text);
        for (size_t k = 0; k < n && k < 16; k++) {
            const struct proc *p = snapshot_find(shot, pid[k]);
            if (p)
                member[found++] = p;
        }
        level_sample(h->instance[i].level, member, found, shot->at, out);
    }
    return now_ms() - began;
}

static void measure(struct herd *h, size_t n, size_t samples)
{
    struct sample v[SAMPLES_MAX];
    const struct proc *member[16];
    char name[64];
    double sum = 0;
    grow(h, n);
    for (size_t i = 0; i < samples; i++) {
        v[i].floor = floor_once(h);
        v[i].ours = ours_once(h, member);
        sum += v[i].ours;
    }
    snprintf(name, sizeof name, "one sample of %zu instances", n);
    report_ratio(name, "ms", v, samples, false, "2.00");
    printf("  %.1f us an instance, %.2f %% of one CPU every %d s\n",
           sum / (double)samples / (double)n * 1000, sum / (double)samples / INTERVAL_MS * 100,
           INTERVAL_MS / 1000);
}

void figure_sampler(size_t samples)
{
    static const size_t sizes[] = {50, 200, INSTANCES_MOST};
    struct herd h = {.limits = {.guard_commit = {UINT64_C(1) << 40, 300000},
                                .guard_handles = {1000000, 0},
                                .guard_threads = {100000, 0},
                                .guard_cpu = {{CPU_PROCESSORS, 1000000}, 300000}}};
    struct err e = {0};
    machine_read(&h.machine);
    if (probe_run(&h.machine, &h.probe, &e) != ST_OK)
        die(e.text);
    h.port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    h.instance = calloc(INSTANCES_MOST, sizeof *h.instance);
    h.snapshooter = snapshooter_new();
    h.buffer = malloc(BUFFER);
    if (!h.port || !h.instance || !h.snapshooter || !h.buffer)
        die("memory");
    h.starts = starts_open();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        measure(&h, sizes[i], samples);
    for (size_t i = 0; i < h.n; i++) {
        CloseHandle(h.instance[i].process);
        level_free(h.instance[i].level);
        job_close(h.instance[i].job); /* kill-on-close ends the process */
    }
    starts_close(&h.starts);
    snapshooter_free(h.snapshooter);
    free(h.instance);
    free(h.buffer);
    CloseHandle(h.port);
}
