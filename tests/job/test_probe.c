/* test_probe.c - what a kernel really keeps: found out on kernels that keep all, some or nothing,
 * and on the one we run on; and the machine below it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "config/schema.h"
#include "service/job/machine.h"
#include "service/job/probe_impl.h"
#include "service/win32/wine.h"
#include "tests/job/fake_kernel.h"

#include <stdlib.h>
#include <string.h>

static const struct machine one_group = {.cpus = 8, .groups = 1, .group = {{0, 0xFF}}};
static const struct machine two_groups = {
    .cpus = 68, .groups = 2, .group = {{0, UINT64_MAX}, {1, 0xF}}};

static bool is_guard(enum limit_id id)
{
    return id >= LIMIT_GUARD_COMMIT && id <= LIMIT_GUARD_CPU;
}

static int set_up(void **state)
{
    struct fake_kernel *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    fake_start(f);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    assert_int_equal(fake_open(*state), 0);
    free(*state);
    return 0;
}

static void probe(const struct kernel_calls *c, const struct machine *m,
                  struct probe_row row[LIMITS])
{
    struct err e = {0};
    if (probe_rows(c, m, row, &e) != ST_OK)
        fail_msg("%s", e.text);
}

/* --- made-up kernels ---------------------------------------------------------------- */
static void sample__of_each_limit__sets_it_for_the_kernel(void **state)
{
    (void)state;
    for (enum limit_id id = 0; id < LIMITS; id++) {
        struct limits l;
        struct kernel_limits k;
        probe_sample(id, &one_group, &l);
        kernel_limits_map(&l, &one_group, NULL, &k);
        if (!limits_have(&l, id) || (kernel_class(&k, id) == 0) != is_guard(id))
            fail_msg("%s is not set", schema_limit(id)->key);
        assert_int_equal(kernel_limits_need_privilege(&k), id == LIMIT_PRIORITY_CLASS ||
                                                               id == LIMIT_WORKING_SET_MIN ||
                                                               id == LIMIT_WORKING_SET_MAX);
    }
}

static void kernel__that_keeps_all__has_all_but_guards_each_on_a_job_of_its_own(void **state)
{
    struct fake_kernel *f = *state;
    const struct kernel_calls c = fake_calls(f);
    struct probe_row row[LIMITS];
    probe(&c, &one_group, row);
    for (enum limit_id id = 0; id < LIMITS; id++) {
        if (row[id].kernel == is_guard(id) || row[id].accepted == is_guard(id) || row[id].os ||
            *row[id].note)
            fail_msg("%s: %s", schema_limit(id)->key, row[id].note);
    }
    assert_int_equal(f->scratches, LIMITS - 4);
    assert_int_equal(f->calls, 0); /* nobody's job was touched */
}

static void kernel__of_two_groups__has_affinity_but_no_subsets_of_it(void **state)
{
    const struct kernel_calls c = fake_calls(*state);
    struct probe_row row[LIMITS];
    probe(&c, &two_groups, row);
    assert_true(row[LIMIT_AFFINITY].kernel);
    assert_false(row[LIMIT_SUBSET_AFFINITY].kernel);
    assert_non_null(strstr(row[LIMIT_SUBSET_AFFINITY].note, "one processor group"));
}

static void kernel__without_the_classes_of_2016__has_what_class_12_can_say(void **state)
{
    struct fake_kernel *f = *state;
    const struct kernel_calls c = fake_calls(f);
    struct probe_row row[LIMITS];
    f->refuse[32] = f->refuse[33] = ERROR_INVALID_PARAMETER;
    probe(&c, &one_group, row);
    assert_true(row[LIMIT_NOTIFY_JOB_MEMORY_HIGH].kernel);
    assert_true(row[LIMIT_NOTIFY_JOB_TIME].kernel);
    assert_true(row[LIMIT_NOTIFY_IO_READ_BYTES].kernel);
    assert_true(row[LIMIT_NOTIFY_IO_WRITE_BYTES].kernel);
    assert_true(row[LIMIT_NOTIFY_CPU_RATE].kernel);
    static const enum limit_id missing[] = {LIMIT_NOTIFY_JOB_MEMORY_LOW, LIMIT_NOTIFY_NET_RATE,
                                            LIMIT_NET_MAX_BANDWIDTH, LIMIT_NET_DSCP_TAG};
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        assert_false(row[missing[i]].accepted);
        assert_int_equal(row[missing[i]].os, ERROR_INVALID_PARAMETER);
        assert_string_equal(row[missing[i]].note, "this system does not know it");
    }
}

static void kernel__that_refuses_one_thing__says_why_of_that_alone(void **state)
{
    static const struct {
        DWORD flags, code;
        int class;
        enum limit_id id;
        const char *note;
    } cases[] = {
        {JOB_OBJECT_LIMIT_PRIORITY_CLASS, 1314, 0, LIMIT_PRIORITY_CLASS, "SeIncreaseBasePriority"},
        {0, 50, 15, LIMIT_CPU_RATE_SOFT_CAP, "DFSS"},
        {0, 5, 4, LIMIT_UI_RESTRICTIONS, "runs in"},
        {0, 1314, 32, LIMIT_NET_DSCP_TAG, "lacks a privilege that it takes"},
    };
    struct fake_kernel *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct kernel_calls c = fake_calls(f);
        struct probe_row row[LIMITS];
        fake_start(f);
        f->refuse_flags = cases[i].flags;
        f->refuse_flags_with = cases[i].code;
        if (cases[i].class)
            f->refuse[cases[i].class] = cases[i].code;
        probe(&c, &one_group, row);
        assert_false(row[cases[i].id].accepted);
        assert_int_equal(row[cases[i].id].os, cases[i].code);
        assert_non_null(strstr(row[cases[i].id].note, cases[i].note));
        assert_true(row[LIMIT_JOB_MEMORY].kernel);
    }
}

static DWORD query_zeros(void *ctx, HANDLE job, int class, void *info, DWORD cap, DWORD *ret_n)
{
    (void)ctx, (void)job, (void)class;
    memset(info, 0, cap);
    *ret_n = cap;
    return ERROR_SUCCESS;
}

static void kernel__that_gives_zeros_back__keeps_nothing(void **state)
{
    struct kernel_calls c = fake_calls(*state);
    struct probe_row row[LIMITS];
    c.query = query_zeros;
    probe(&c, &one_group, row);
    for (enum limit_id id = 0; id < LIMITS; id++)
        if (!is_guard(id) && (row[id].kernel || !row[id].accepted))
            fail_msg("%s is believed", schema_limit(id)->key);
}

/* As some do for an answer of any length: it is there, but not how much of it. */
static DWORD query_without_length(void *ctx, HANDLE job, int class, void *info, DWORD cap,
                                  DWORD *ret_n)
{
    const struct kernel_calls c = fake_calls(ctx);
    DWORD n = 0, code = c.query(ctx, job, class, info, cap, &n);
    *ret_n = 0;
    return code;
}

static void kernel__that_says_no_length_of_its_answer__keeps_all_the_same(void **state)
{
    struct kernel_calls c = fake_calls(*state);
    struct probe_row row[LIMITS];
    c.query = query_without_length;
    probe(&c, &two_groups, row);
    assert_true(row[LIMIT_AFFINITY].kernel);
}

static DWORD query_nothing(void *ctx, HANDLE job, int class, void *info, DWORD cap, DWORD *ret_n)
{
    (void)ctx, (void)job, (void)class, (void)info, (void)cap, (void)ret_n;
    return ERROR_INVALID_FUNCTION;
}

static void kernel__that_cannot_be_asked__is_not_believed_and_the_note_says_so(void **state)
{
    struct kernel_calls c = fake_calls(*state);
    struct probe_row row[LIMITS];
    c.query = query_nothing;
    probe(&c, &one_group, row);
    for (enum limit_id id = 0; id < LIMITS; id++) {
        if (is_guard(id))
            continue;
        assert_true(row[id].accepted);
        assert_false(row[id].kernel);
        assert_string_equal(row[id].note, "accepted, but it cannot be read back");
    }
}

/* The same flags, but half of each number. */
static DWORD query_less(void *ctx, HANDLE job, int class, void *info, DWORD cap, DWORD *ret_n)
{
    const struct kernel_calls c = fake_calls(ctx);
    DWORD code = c.query(ctx, job, class, info, cap, ret_n);
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION *x = info;
    if (code == ERROR_SUCCESS && class == JobObjectExtendedLimitInformation)
        x->JobMemoryLimit /= 2;
    return code;
}

static void kernel__that_gives_another_value_back__does_not_keep_that_limit(void **state)
{
    struct kernel_calls c = fake_calls(*state);
    struct probe_row row[LIMITS];
    c.query = query_less;
    probe(&c, &one_group, row);
    assert_false(row[LIMIT_JOB_MEMORY].kernel);
    assert_true(row[LIMIT_JOB_MEMORY].accepted);
    assert_true(row[LIMIT_PROCESS_MEMORY].kernel);
}

static HANDLE no_scratch(void *ctx)
{
    (void)ctx;
    SetLastError(ERROR_NO_SYSTEM_RESOURCES);
    return NULL;
}

static void kernel__that_makes_no_job__is_an_error(void **state)
{
    struct kernel_calls c = fake_calls(*state);
    struct probe_row row[LIMITS];
    struct err e = {0};
    c.scratch = no_scratch;
    assert_int_equal(probe_rows(&c, &one_group, row, &e), ST_OS);
    assert_int_equal(e.os, ERROR_NO_SYSTEM_RESOURCES);
}

/* --- the one we run on -------------------------------------------------------------- */
static void run_real(struct machine *m, struct probe *p)
{
    struct err e = {0};
    machine_read(m);
    if (probe_run(m, p, &e) != ST_OK)
        fail_msg("%s", e.text);
}

/* Wine takes classes 4 and 9, of which it obeys two flags; class 6, which goes with a job's time,
 * it refuses with 1, and all others with 87. */
static uint32_t wine_error(enum limit_id id)
{
    int class = kernel_rows[id].class;
    if (id == LIMIT_JOB_TIME)
        return ERROR_INVALID_FUNCTION;
    if (is_guard(id) || class == JobObjectExtendedLimitInformation ||
        class == JobObjectBasicUIRestrictions)
        return 0;
    return ERROR_INVALID_PARAMETER;
}

static void wine__probed__is_as_it_was_observed(void **state)
{
    (void)state;
    struct machine m;
    struct probe p;
    if (!on_wine()) {
        print_message("skipped: this is Windows, not Wine\n");
        skip();
    }
    run_real(&m, &p);
    for (enum limit_id id = 0; id < LIMITS; id++) {
        const struct probe_row *r = &p.row[id];
        bool obeyed = id == LIMIT_KILL_ON_JOB_CLOSE || id == LIMIT_BREAKAWAY;
        uint32_t error = wine_error(id);
        if (r->kernel != obeyed || r->accepted != (error == 0 && !is_guard(id)) || r->os != error)
            fail_msg("%s: kernel %d, accepted %d, error %u", schema_limit(id)->key, r->kernel,
                     r->accepted, (unsigned)r->os);
        assert_int_equal(p.holders.of[id] == HELD_BY_KERNEL, obeyed);
    }
    assert_true(p.privilege);
    assert_true(p.counters.commit);
    assert_true(p.counters.times);
    assert_false(p.counters.io);
    assert_int_equal(p.holders.of[LIMIT_JOB_MEMORY], HELD_BY_SAMPLER);
    assert_int_equal(p.holders.of[LIMIT_NOTIFY_IO_READ_BYTES], HELD_BY_NOBODY);
    assert_int_equal(p.holders.of[LIMIT_CPU_RATE_CAP], HELD_BY_NOBODY);
}

static void windows__probed__keeps_all_that_its_place_allows(void **state)
{
    (void)state;
    struct machine m;
    struct probe p;
    if (on_wine()) {
        print_message("skipped: Wine keeps hardly any limit; this is for Windows\n");
        skip();
    }
    run_real(&m, &p);
    for (enum limit_id id = 0; id < LIMITS; id++) {
        int class = kernel_rows[id].class;
        bool excused = is_guard(id) ||
                       (m.fair_share && class == JobObjectCpuRateControlInformation) ||
                       (m.fair_share && id == LIMIT_NOTIFY_CPU_RATE) ||
                       (m.groups > 1 && id == LIMIT_SUBSET_AFFINITY) ||
                       p.row[id].os == ERROR_PRIVILEGE_NOT_HELD;
        if (!p.row[id].kernel && !excused)
            fail_msg("%s: %s (error %u)", schema_limit(id)->key, p.row[id].note,
                     (unsigned)p.row[id].os);
    }
}

static void machine__read__has_the_processors_that_windows_counts(void **state)
{
    (void)state;
    struct machine m;
    uint32_t cpus = 0;
    BOOL in_job = FALSE;
    memset(&m, 0xAA, sizeof m);
    machine_read(&m);
    assert_in_range(m.groups, 1, CPU_GROUPS_MAX);
    for (uint32_t i = 0; i < m.groups; i++) {
        assert_int_not_equal(m.group[i].mask, 0);
        assert_true(i == 0 || m.group[i].group > m.group[i - 1].group);
        for (uint64_t mask = m.group[i].mask; mask; mask >>= 1)
            cpus += mask & 1;
    }
    assert_int_equal(m.cpus, cpus);
    assert_int_equal(m.cpus, GetActiveProcessorCount(ALL_PROCESSOR_GROUPS));
    assert_true(IsProcessInJob(GetCurrentProcess(), NULL, &in_job));
    assert_int_equal(m.in_job, in_job);
    if (on_wine()) {
        assert_false(m.fair_share);
        assert_false(m.ui_above);
        assert_false(m.net_above);
    }
}

/* The last one: a process cannot leave a job again. */
static void machine__read_inside_a_job__says_so(void **state)
{
    (void)state;
    struct machine m;
    HANDLE job = CreateJobObjectW(NULL, NULL);
    assert_non_null(job);
    assert_true(AssignProcessToJobObject(job, GetCurrentProcess()));
    machine_read(&m);
    assert_true(m.in_job);
    CloseHandle(job);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sample__of_each_limit__sets_it_for_the_kernel),
        T(kernel__that_keeps_all__has_all_but_guards_each_on_a_job_of_its_own),
        T(kernel__of_two_groups__has_affinity_but_no_subsets_of_it),
        T(kernel__without_the_classes_of_2016__has_what_class_12_can_say),
        T(kernel__that_refuses_one_thing__says_why_of_that_alone),
        T(kernel__that_gives_zeros_back__keeps_nothing),
        T(kernel__that_says_no_length_of_its_answer__keeps_all_the_same),
        T(kernel__that_cannot_be_asked__is_not_believed_and_the_note_says_so),
        T(kernel__that_gives_another_value_back__does_not_keep_that_limit),
        T(kernel__that_makes_no_job__is_an_error),
        cmocka_unit_test(wine__probed__is_as_it_was_observed),
        cmocka_unit_test(windows__probed__keeps_all_that_its_place_allows),
        cmocka_unit_test(machine__read__has_the_processors_that_windows_counts),
        cmocka_unit_test(machine__read_inside_a_job__says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
