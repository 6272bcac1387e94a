/* test_usage.c - looking up and adding. */
#include "tests/limits/scene.h"

#include <string.h>

static void find__every_pid_and_those_between__found_or_not(void **state)
{
    (void)state;
    struct proc proc[7];
    memset(proc, 0, sizeof proc);
    for (uint32_t n = 0; n <= 7; n++) {
        for (uint32_t i = 0; i < n; i++)
            proc[i].pid = 4 * (i + 1);
        struct snapshot s = {1, n, proc};
        for (uint32_t pid = 0; pid < 40; pid++) {
            bool there = pid != 0 && pid % 4 == 0 && pid / 4 <= n;
            assert_ptr_equal(snapshot_find(&s, pid), there ? &proc[pid / 4 - 1] : NULL);
        }
    }
}

static void sum__an_attendant_among_others__counts_for_nothing(void **state)
{
    (void)state;
    struct proc a = {.pid = 1, .commit = 10, .threads = 2, .handles = 3};
    struct proc b = {.pid = 2, .commit = 20, .threads = 4, .handles = 5};
    struct proc c = {.pid = 3, .commit = 99, .threads = 9, .handles = 9, .attendant = true};
    const struct proc *list[] = {&a, &c, &b};
    struct usage u = usage_sum(list, 3);
    assert_int_equal(u.commit, 30);
    assert_int_equal(u.processes, 2);
    assert_int_equal(u.threads, 6);
    assert_int_equal(u.handles, 8);
    assert_int_equal(u.at, 0);
    assert_int_equal(u.cpu, 0);
}

static void sum__more_handles_than_a_number_holds__stays_at_the_largest(void **state)
{
    (void)state;
    struct proc a = {.handles = UINT32_MAX - 1}, b = {.handles = 5};
    const struct proc *list[] = {&a, &b};
    assert_int_equal(usage_sum(list, 2).handles, UINT32_MAX);
}

/* Every member of an account is a uint64_t, so the tables below can go over them as over an
 * array; the last two are peaks. */
enum { FIELDS = sizeof(struct account) / sizeof(uint64_t), PEAKS = 2 };

static struct account account_of(uint64_t first, uint64_t step)
{
    uint64_t v[FIELDS];
    struct account a;
    for (uint64_t i = 0; i < FIELDS; i++)
        v[i] = first + i * step;
    memcpy(&a, v, sizeof a);
    return a;
}

static void add__all_members_different__each_is_added_and_peaks_are_the_larger(void **state)
{
    (void)state;
    assert_int_equal(offsetof(struct account, peak_process_commit), (FIELDS - PEAKS) * 8);
    struct account a = account_of(1000, 1), b = account_of(5000, 7);
    account_add(&a, &b);
    uint64_t v[FIELDS];
    memcpy(v, &a, sizeof v);
    for (uint64_t i = 0; i < FIELDS; i++)
        assert_int_equal(v[i], (i < FIELDS - PEAKS ? 1000 + i : 0) + 5000 + i * 7);
    struct account c = account_of(1, 0);
    account_add(&a, &c); /* smaller peaks change nothing */
    assert_int_equal(a.peak_commit, 5000 + (FIELDS - 1) * 7);
}

static void best__now_the_one_now_the_other_larger__each_member_by_itself(void **state)
{
    (void)state;
    struct account a = account_of(100, 10), b = account_of(200, 1), was = a;
    account_best(&a, &b);
    uint64_t v[FIELDS];
    memcpy(v, &a, sizeof v);
    for (uint64_t i = 0; i < FIELDS; i++)
        assert_int_equal(v[i], 100 + i * 10 > 200 + i ? 100 + i * 10 : 200 + i);
    account_best(&was, &was);
    assert_int_equal(was.user, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(find__every_pid_and_those_between__found_or_not),
        cmocka_unit_test(sum__an_attendant_among_others__counts_for_nothing),
        cmocka_unit_test(sum__more_handles_than_a_number_holds__stays_at_the_largest),
        cmocka_unit_test(add__all_members_different__each_is_added_and_peaks_are_the_larger),
        cmocka_unit_test(best__now_the_one_now_the_other_larger__each_member_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
