/* test_kernel_set.c - limits on their way to the kernel, a fake one: order, what stays, what is
 * cleared, what is put back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/random.h"
#include "tests/job/fake_kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIB ((uint64_t)1 << 20)
enum { SECOND = 1000, TICKS = 10000 /* in a millisecond */ };

static const struct cpu_group both[] = {{0, 0x6}, {1, 0x1}};

/* From BEFORE (NULL: a new job) to NOW, on a kernel that already has BEFORE. */
static void change(struct fake_kernel *f, const struct limits *before, const struct limits *now)
{
    struct kernel_limits a = {0}, b = fake_map(now);
    struct err e = {0};
    uint64_t used = f->used;
    f->used = 0;
    if (before) {
        a = fake_map(before);
        assert_int_equal(fake_write(f, &a, NULL, NULL), ST_OK);
    }
    f->used = used;
    if (fake_write(f, &b, before ? &a : NULL, &e) != ST_OK)
        fail_msg("%s", e.text);
}

static void assert_classes(const struct fake_kernel *f, const char *want)
{
    char got[256] = "";
    for (size_t i = 0; i < f->calls; i++)
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s%d", i ? " " : "",
                 f->call[i].class);
    assert_string_equal(got, want);
}

static const JOBOBJECT_BASIC_LIMIT_INFORMATION *basic(const struct fake_kernel *f)
{
    return &f->job[0].has.extended.BasicLimitInformation;
}

/* --- a new job ---------------------------------------------------------------------- */
static void new_job__without_limits__gets_class_9_alone(void **state)
{
    const struct limits l = {.kill_on_job_close = NO};
    change(*state, NULL, &l);
    assert_classes(*state, "9");
}

static void new_job__with_everything__gets_each_class_once_and_whole(void **state)
{
    struct fake_kernel *f = *state;
    const struct limits l = {
        .job_time = SECOND,
        .job_time_action = TIME_NOTIFY,
        .affinity = {2, both},
        .cpu_rate_cap = {CPU_OF_MACHINE, 1000},
        .net_max_bandwidth = MIB,
        .notify_cpu_rate = {TOLERANCE_LOW, INTERVAL_SHORT},
        .notify_net_rate = {TOLERANCE_LOW, INTERVAL_SHORT},
        .notify_job_memory_low = MIB,
        .ui_restrictions = UI_DESKTOP,
        .kill_on_job_close = YES,
    };
    const struct kernel_limits k = fake_map(&l);
    change(f, NULL, &l);
    assert_classes(f, "6 9 14 15 32 33 4");
    assert_memory_equal(f->call[0].bytes, &k.end_of_job, 4);
    assert_memory_equal(f->call[1].bytes, &k.extended, 144);
    assert_int_equal(f->call[2].n, 32);
    assert_memory_equal(f->call[2].bytes, k.affinity, 32);
    assert_memory_equal(f->call[3].bytes, &k.cpu, 8);
    assert_memory_equal(f->call[4].bytes, &k.net, 16);
    assert_memory_equal(f->call[5].bytes, &k.notify, 72);
    assert_memory_equal(f->call[6].bytes, &k.ui, 4);
}

/* --- time that was used ------------------------------------------------------------- */
static void job_time__unchanged_while_others_change__is_preserved(void **state)
{
    struct fake_kernel *f = *state;
    f->used = 5 * SECOND * TICKS;
    change(f, &(struct limits){.job_time = 60 * SECOND},
           &(struct limits){.job_time = 60 * SECOND, .job_memory = MIB});
    assert_int_equal(basic(f)->LimitFlags,
                     JOB_OBJECT_LIMIT_PRESERVE_JOB_TIME | JOB_OBJECT_LIMIT_JOB_MEMORY);
    assert_int_equal(basic(f)->PerJobUserTimeLimit.QuadPart, 0);
    assert_int_equal(f->job[0].time_at, 60 * SECOND * TICKS);
}

static void job_time__changed__counts_what_was_used(void **state)
{
    struct fake_kernel *f = *state;
    f->used = 5 * SECOND * TICKS;
    change(f, &(struct limits){.job_time = 60 * SECOND}, &(struct limits){.job_time = 90 * SECOND});
    assert_int_equal(basic(f)->LimitFlags, JOB_OBJECT_LIMIT_JOB_TIME);
    assert_int_equal(basic(f)->PerJobUserTimeLimit.QuadPart, 85 * SECOND * TICKS);
    assert_int_equal(f->job[0].time_at, 90 * SECOND * TICKS);
}

static void job_time__set_later_and_below_what_was_used__is_reached_at_once(void **state)
{
    struct fake_kernel *f = *state;
    f->used = 5 * SECOND * TICKS;
    change(f, &(struct limits){.job_memory = MIB}, &(struct limits){.job_time = SECOND});
    assert_int_equal(basic(f)->PerJobUserTimeLimit.QuadPart, 1);
}

static void job_time__taken_away__is_gone(void **state)
{
    struct fake_kernel *f = *state;
    change(f, &(struct limits){.job_time = SECOND}, &(struct limits){.job_memory = MIB});
    assert_int_equal(basic(f)->LimitFlags, JOB_OBJECT_LIMIT_JOB_MEMORY);
    assert_int_equal(f->job[0].time_at, 0);
}

static void job_time_action__left__goes_back_even_without_a_time(void **state)
{
    static const struct limits tells = {.job_time = SECOND, .job_time_action = TIME_NOTIFY};
    change(*state, &tells, &(struct limits){.job_time = SECOND});
    assert_classes(*state, "6");
    change(*state, &tells, &(struct limits){.job_memory = MIB});
    assert_classes(*state, "6 9");
    change(*state, &tells, &tells);
    assert_classes(*state, "");
}

static void notify_job_time__set_anew_for_another_limit__counts_what_was_used(void **state)
{
    struct fake_kernel *f = *state;
    f->used = 5 * SECOND * TICKS;
    change(f, &(struct limits){.notify_job_time = 60 * SECOND},
           &(struct limits){.notify_job_time = 60 * SECOND, .notify_job_memory_high = MIB});
    assert_classes(f, "33");
    assert_int_equal(f->job[0].notify_at, 60 * SECOND * TICKS);
}

/* --- what is cleared, and what is let be -------------------------------------------- */
static void relimit__of_each_kind__clears_what_was_and_writes_what_is(void **state)
{
    static const struct {
        struct limits before, now;
        const char *classes;
    } cases[] = {
        {{.cpu_rate_cap = {CPU_OF_MACHINE, 1000}}, {.cpu_rate_weight = 5}, "15 15"},
        {{.cpu_rate_cap = {CPU_OF_MACHINE, 1000}},
         {.cpu_rate_soft_cap = {CPU_OF_MACHINE, 1000}},
         "15 15"},
        {{.cpu_rate_cap = {CPU_OF_MACHINE, 1000}},
         {.cpu_rate_min = {CPU_OF_MACHINE, 1000}},
         "15 15"},
        {{.cpu_rate_cap = {CPU_OF_MACHINE, 1000}}, {.cpu_rate_cap = {CPU_OF_MACHINE, 2000}}, "15"},
        {{.cpu_rate_cap = {CPU_OF_MACHINE, 1000}}, {.cpu_rate_cap = {CPU_OF_MACHINE, 1000}}, ""},
        {{.cpu_rate_cap = {CPU_OF_MACHINE, 1000}}, {.job_memory = MIB}, "9 15"},
        {{.job_memory = MIB}, {.cpu_rate_cap = {CPU_OF_MACHINE, 1000}}, "9 15"},
        {{.net_max_bandwidth = 5}, {.net_dscp_tag = {true, 5}}, "32 32"},
        {{.net_max_bandwidth = 5}, {.net_max_bandwidth = 6}, "32"},
        {{.net_max_bandwidth = 5}, {.net_max_bandwidth = 5}, ""},
        {{.net_max_bandwidth = 5}, {.job_memory = MIB}, "9 32"},
        {{.ui_restrictions = UI_DESKTOP}, {.ui_restrictions = UI_HANDLES}, "4"},
        {{.ui_restrictions = UI_DESKTOP}, {.job_memory = MIB}, "9 4"},
        {{.ui_restrictions = UI_DESKTOP}, {.ui_restrictions = UI_DESKTOP}, ""},
        {{.affinity = {2, both}}, {.affinity = {1, both}}, "14"},
        {{.affinity = {2, both}}, {.job_memory = MIB}, "9 14"},
        {{.affinity = {2, both}}, {.affinity = {2, both}, .job_memory = MIB}, "9 14"},
        {{.notify_job_memory_high = MIB}, {.notify_job_memory_high = 2 * MIB}, "33"},
        {{.notify_job_memory_high = MIB}, {.notify_job_memory_high = MIB}, ""},
        {{.notify_job_memory_high = MIB}, {.job_memory = MIB}, "9 33"},
        {{.notify_cpu_rate = {TOLERANCE_LOW, INTERVAL_SHORT},
          .cpu_rate_cap = {CPU_OF_MACHINE, 1000}},
         {.job_memory = MIB},
         "9 33 15"},
        {{.notify_cpu_rate = {TOLERANCE_LOW, INTERVAL_SHORT},
          .cpu_rate_cap = {CPU_OF_MACHINE, 1000}},
         {.notify_cpu_rate = {TOLERANCE_LOW, INTERVAL_SHORT},
          .cpu_rate_soft_cap = {CPU_OF_MACHINE, 1000}},
         "33 15 15 33"},
        {{.notify_net_rate = {TOLERANCE_LOW, INTERVAL_SHORT}, .net_max_bandwidth = 5},
         {.notify_job_memory_high = MIB},
         "33 32 33"},
        {{.affinity = {2, both}}, {.affinity = {2, both}, .notify_job_memory_high = MIB}, "33"},
    };
    struct fake_kernel *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct kernel_limits now = fake_map(&cases[i].now);
        fake_start(f);
        change(f, &cases[i].before, &cases[i].now);
        assert_classes(f, cases[i].classes);
        assert_memory_equal(&f->job[0].has.cpu, &now.cpu, sizeof now.cpu);
        assert_memory_equal(&f->job[0].has.net, &now.net, sizeof now.net);
        assert_memory_equal(&f->job[0].has.notify, &now.notify, sizeof now.notify);
        assert_memory_equal(&f->job[0].has.ui, &now.ui, sizeof now.ui);
        assert_memory_equal(f->job[0].has.affinity, now.affinity, sizeof now.affinity);
    }
}

/* --- any change to any other, by chance ---------------------------------------------- */
static struct limits any(struct random *r)
{
    static const uint64_t times[] = {0, SECOND, 60 * SECOND};
    struct limits l = {
        .process_memory = random_below(r, 2) * MIB,
        .job_time = times[random_below(r, 3)],
        .job_time_action = (enum time_action)random_below(r, 2),
        .kill_on_job_close = (enum yes_no)random_below(r, 2),
        .net_max_bandwidth = random_below(r, 3),
        .net_dscp_tag = {random_below(r, 2) == 0, (uint8_t)random_below(r, 2)},
        .ui_restrictions = (uint32_t)random_below(r, 3),
        .notify_job_memory_high = random_below(r, 3) * MIB,
        .notify_job_memory_low = random_below(r, 2) * MIB,
        .notify_job_time = times[random_below(r, 3)],
        .notify_cpu_rate = {(enum tolerance)random_below(r, 4), INTERVAL_SHORT},
        .notify_net_rate = {(enum tolerance)random_below(r, 4), INTERVAL_LONG},
    };
    struct cpu_share share = {CPU_OF_MACHINE, 1 + (uint32_t)random_below(r, 3)};
    switch (random_below(r, 5)) {
    case 0:
        l.cpu_rate_cap = share;
        break;
    case 1:
        l.cpu_rate_soft_cap = share;
        break;
    case 2:
        l.cpu_rate_weight = share.value;
        break;
    case 3:
        l.cpu_rate_min = share;
        break;
    default:
        break;
    }
    l.affinity = (struct cpu_set){(uint32_t)random_below(r, 3), both};
    return l;
}

/* What the kernel has is what was written last; of times the moment when they are reached counts.
 */
static void assert_has(const struct fake_kernel *f, const struct kernel_limits *k, const char *when)
{
    const struct kernel_limits *has = &f->job[0].has;
    const JOBOBJECT_BASIC_LIMIT_INFORMATION *b = &k->extended.BasicLimitInformation;
    DWORD timed = JOB_OBJECT_LIMIT_JOB_TIME | JOB_OBJECT_LIMIT_PRESERVE_JOB_TIME;
    if ((basic(f)->LimitFlags & ~timed) != (b->LimitFlags & ~timed) ||
        has->end_of_job.EndOfJobTimeAction != k->end_of_job.EndOfJobTimeAction ||
        has->affinities != k->affinities || memcmp(&has->cpu, &k->cpu, sizeof k->cpu) != 0 ||
        has->net.flags != k->net.flags || has->net.max_bandwidth != k->net.max_bandwidth ||
        has->notify.flags != k->notify.flags || has->notify.memory_high != k->notify.memory_high ||
        has->notify.cpu_tolerance != k->notify.cpu_tolerance ||
        has->ui.UIRestrictionsClass != k->ui.UIRestrictionsClass)
        fail_msg("%s: the kernel has something else", when);
    uint64_t limit = (uint64_t)b->PerJobUserTimeLimit.QuadPart;
    if (f->job[0].time_at != limit && f->job[0].time_at != f->used + 1 && f->job[0].time_at < limit)
        fail_msg("%s: the used time is lost", when);
    if (f->job[0].time_at > limit && limit > f->used)
        fail_msg("%s: the job time starts anew", when);
    if (f->job[0].notify_at > (uint64_t)k->notify.user_time.QuadPart &&
        (uint64_t)k->notify.user_time.QuadPart > f->used)
        fail_msg("%s: the time to be told of starts anew", when);
}

static void relimit__from_anything_to_anything__is_never_refused_and_arrives(void **state)
{
    struct fake_kernel *f = *state;
    struct random r = {42};
    struct kernel_limits before;
    for (int i = 0; i < 5000; i++) {
        struct limits l = any(&r);
        struct kernel_limits now = fake_map(&l);
        struct err e = {0};
        char when[32];
        snprintf(when, sizeof when, "change %d", i);
        if (fake_write(f, &now, i ? &before : NULL, &e) != ST_OK)
            fail_msg("%s: %s", when, e.text);
        assert_has(f, &now, when);
        f->used += random_below(&r, SECOND * TICKS / 100);
        before = now;
    }
}

static void relimit__refused_half_way__puts_back_what_was(void **state)
{
    struct fake_kernel *f = *state;
    struct random r = {7};
    size_t refused = 0;
    for (int i = 0; i < 3000; i++) {
        struct limits a = any(&r), b = any(&r);
        struct kernel_limits before = fake_map(&a), now = fake_map(&b);
        struct err e = {0};
        fake_start(f);
        assert_int_equal(fake_write(f, &before, NULL, NULL), ST_OK);
        f->refuse_call = 1 + (size_t)random_below(&r, 8);
        if (fake_write(f, &now, &before, &e) == ST_OK)
            continue; /* there were not so many calls */
        refused++;
        assert_int_equal(e.os, ERROR_GEN_FAILURE);
        assert_has(f, &before, e.text);
    }
    assert_true(refused > 1000);
}

static void notify__on_a_kernel_without_class_33__goes_by_class_12(void **state)
{
    struct fake_kernel *f = *state;
    const struct limits l = {.notify_job_memory_high = 5 * MIB,
                             .notify_io_read_bytes = 6,
                             .notify_job_time = SECOND,
                             .notify_cpu_rate = {TOLERANCE_MEDIUM, INTERVAL_LONG},
                             .cpu_rate_cap = {CPU_OF_MACHINE, 1000}};
    f->refuse[33] = ERROR_INVALID_PARAMETER;
    change(f, NULL, &l);
    assert_classes(f, "9 15 33 12");
    const struct kernel_limits k = fake_map(&l);
    assert_memory_equal(&f->job[0].has.notify, &k.notify, sizeof k.notify);
    change(f, &l, &(struct limits){.job_memory = MIB});
    assert_classes(f, "9 33 12 15");
    assert_int_equal(f->job[0].has.notify.flags, 0);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, fake_set_up, fake_tear_down)
    const struct CMUnitTest tests[] = {
        T(new_job__without_limits__gets_class_9_alone),
        T(new_job__with_everything__gets_each_class_once_and_whole),
        T(job_time__unchanged_while_others_change__is_preserved),
        T(job_time__changed__counts_what_was_used),
        T(job_time__set_later_and_below_what_was_used__is_reached_at_once),
        T(job_time__taken_away__is_gone),
        T(job_time_action__left__goes_back_even_without_a_time),
        T(notify_job_time__set_anew_for_another_limit__counts_what_was_used),
        T(relimit__of_each_kind__clears_what_was_and_writes_what_is),
        T(relimit__from_anything_to_anything__is_never_refused_and_arrives),
        T(relimit__refused_half_way__puts_back_what_was),
        T(notify__on_a_kernel_without_class_33__goes_by_class_12),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
