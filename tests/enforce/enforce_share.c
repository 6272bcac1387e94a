/* enforce_share.c - shares of the CPU, processors, priority, network. */
#include "tests/enforce/court.h"
#include "tests/enforce/test_enforce.h"

enum { PERCENT = 100, MEASURED_MS = 5000, SETTLE_MS = 1000 };

static uint64_t cpu_used(const struct job *j)
{
    struct account a;
    assert_int_equal(job_account(job_handle(j), &a, NULL), ST_OK);
    return a.user + a.kernel;
}

/* Hundredths of a percent of the machine that J uses while its threads want all of it. */
static uint64_t share_used(struct court *c, const struct job *j)
{
    LARGE_INTEGER hz, from, to;
    uint32_t cpus = c->machine.cpus < COURT_WORKERS ? c->machine.cpus : COURT_WORKERS;
    for (uint32_t i = 0; i < cpus; i++)
        court_start(c, "--burn 600000");
    Sleep(SETTLE_MS); /* a share is a matter of time by its nature */
    QueryPerformanceFrequency(&hz);
    QueryPerformanceCounter(&from);
    uint64_t used = cpu_used(j);
    Sleep(MEASURED_MS);
    QueryPerformanceCounter(&to);
    used = cpu_used(j) - used;
    uint64_t wall = (uint64_t)((to.QuadPart - from.QuadPart) * 10000000 / hz.QuadPart);
    return used * 10000 / (wall * c->machine.cpus);
}

static void cpu_rate_cap__all_processors_wanted__use_is_within_3_points(void **state)
{
    struct court *c = *state;
    court_needs(c, LIMIT_CPU_RATE_CAP);
    if (c->machine.cpus > COURT_WORKERS)
        court_skip("more processors than this test has workers");
    struct job *j = court_job(c, &(struct limits){.cpu_rate_cap = {CPU_OF_MACHINE, 25 * PERCENT}});
    assert_in_range(share_used(c, j), 22 * PERCENT, 28 * PERCENT);
}

static void cpu_rate_max__all_processors_wanted__use_is_within_3_points(void **state)
{
    struct court *c = *state;
    court_needs(c, LIMIT_CPU_RATE_MAX);
    if (c->machine.cpus > COURT_WORKERS)
        court_skip("more processors than this test has workers");
    struct job *j = court_job(c, &(struct limits){.cpu_rate_min = {CPU_OF_MACHINE, 5 * PERCENT},
                                                  .cpu_rate_max = {CPU_OF_MACHINE, 30 * PERCENT}});
    assert_true(share_used(c, j) <= 33 * PERCENT);
}

static void cpu_rate__left_by_relimit__holds_nothing_back_any_more(void **state)
{
    struct court *c = *state;
    struct err e = {0};
    court_needs(c, LIMIT_CPU_RATE_CAP);
    struct job *j = court_job(c, &(struct limits){.cpu_rate_cap = {CPU_OF_MACHINE, 5 * PERCENT}});
    const struct kernel_limits none = court_map(c, &(struct limits){.active_process = 0});
    struct jw_cpu_rate now = {.flags = 99};
    if (job_relimit(j, &none, &e) != ST_OK)
        fail_msg("%s", e.text);
    assert_true(QueryInformationJobObject(job_handle(j), JobObjectCpuRateControlInformation, &now,
                                          sizeof now, NULL));
    assert_int_equal(now.flags & (JW_CPU_ENABLE | JW_CPU_HARD_CAP), 0);
}

/* --- processors and priority -------------------------------------------------------------- */
static HANDLE open_all(const struct worker *w)
{
    HANDLE h = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_SET_INFORMATION, FALSE, w->pid);
    assert_non_null(h);
    return h;
}

/* The two lowest processors of the only group, as a mask. */
static uint64_t two_processors(const struct court *c)
{
    uint64_t mask = c->machine.group[0].mask, low = mask & (~mask + 1);
    uint64_t rest = mask & ~low;
    if (c->machine.groups > 1 || rest == 0)
        court_skip("this needs two processors, and all in one group");
    return low | (rest & (~rest + 1));
}

static DWORD_PTR affinity_of(HANDLE process)
{
    DWORD_PTR mask = 0, system = 0;
    assert_true(GetProcessAffinityMask(process, &mask, &system));
    return mask;
}

static void affinity__worker_narrows_it__is_refused_and_allowed_with_subset(void **state)
{
    struct court *c = *state;
    court_needs(c, LIMIT_AFFINITY);
    court_needs(c, LIMIT_SUBSET_AFFINITY);
    struct cpu_group two = {0, two_processors(c)};
    DWORD_PTR one = (DWORD_PTR)(two.mask & (~two.mask + 1));
    struct limits l = {.affinity = {1, &two}};
    for (int subset = 0; subset < 2; subset++) {
        l.subset_affinity = subset ? YES : NO;
        court_job(c, &l);
        struct worker *w = court_start(c, "--echo here --hold");
        court_hear(w, "here");
        HANDLE h = open_all(w);
        assert_int_equal(affinity_of(h), two.mask);
        assert_int_equal(SetProcessAffinityMask(h, one) != 0, subset);
        assert_int_equal(affinity_of(h), subset ? one : (DWORD_PTR)two.mask);
        CloseHandle(h);
        job_close(c->job[--c->jobs]);
        court_end(w);
    }
}

static void priority_class__worker_raises_it__stays_as_it_was_set(void **state)
{
    struct court *c = *state;
    court_needs(c, LIMIT_PRIORITY_CLASS);
    court_job(c, &(struct limits){.priority_class = PRIORITY_BELOW_NORMAL});
    struct worker *w = court_start(c, "--echo here --hold");
    court_hear(w, "here");
    HANDLE h = open_all(w);
    assert_int_equal(GetPriorityClass(h), BELOW_NORMAL_PRIORITY_CLASS);
    SetPriorityClass(h, NORMAL_PRIORITY_CLASS); /* succeeds, and does nothing */
    assert_int_equal(GetPriorityClass(h), BELOW_NORMAL_PRIORITY_CLASS);
    CloseHandle(h);
}

static void working_set__of_a_worker__is_as_it_was_set(void **state)
{
    struct court *c = *state;
    SIZE_T min = 0, max = 0;
    court_needs(c, LIMIT_WORKING_SET_MIN);
    court_job(c, &(struct limits){.working_set_min = COURT_MIB, .working_set_max = 16 * COURT_MIB});
    struct worker *w = court_start(c, "--echo here --hold");
    court_hear(w, "here");
    HANDLE h = open_all(w);
    assert_true(GetProcessWorkingSetSize(h, &min, &max));
    assert_int_equal(min, COURT_MIB);
    assert_int_equal(max, 16 * COURT_MIB);
    CloseHandle(h);
}

/* --- network ---------------------------------------------------------------------------- */
/* Whether it is held on the loopback is not documented, so only that it is taken is shown. */
static void net_rate__is_set__is_taken_and_given_back(void **state)
{
    struct court *c = *state;
    struct jw_net_rate now = {0};
    court_needs(c, LIMIT_NET_MAX_BANDWIDTH);
    court_needs(c, LIMIT_NET_DSCP_TAG);
    struct job *j = court_job(
        c, &(struct limits){.net_max_bandwidth = 10 * COURT_MIB, .net_dscp_tag = {true, 46}});
    assert_true(
        QueryInformationJobObject(job_handle(j), JW_CLASS_NET_RATE, &now, sizeof now, NULL));
    assert_int_equal(now.max_bandwidth, 10 * COURT_MIB);
    assert_int_equal(now.dscp_tag, 46);
    assert_int_equal(now.flags, JW_NET_ENABLE | JW_NET_MAX_BANDWIDTH | JW_NET_DSCP_TAG);
}

int enforce_share(void)
{
    const struct CMUnitTest tests[] = {
        COURT(cpu_rate_cap__all_processors_wanted__use_is_within_3_points),
        COURT(cpu_rate_max__all_processors_wanted__use_is_within_3_points),
        COURT(cpu_rate__left_by_relimit__holds_nothing_back_any_more),
        COURT(affinity__worker_narrows_it__is_refused_and_allowed_with_subset),
        COURT(priority_class__worker_raises_it__stays_as_it_was_set),
        COURT(working_set__of_a_worker__is_as_it_was_set),
        COURT(net_rate__is_set__is_taken_and_given_back),
    };
    return cmocka_run_group_tests_name("shares, processors, priority, network", tests, NULL, NULL);
}
