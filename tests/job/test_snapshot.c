/* test_snapshot.c - what the system says of real processes. */
#include "tests/job/crew.h"

#include "service/limits/holder.h"
#include "service/win32/wine.h"

enum { MB = 1 << 20 };

static void snapshot__of_this_machine__is_sorted_and_has_us_in_it(void **state)
{
    struct crew *c = *state;
    const struct snapshot *s = NULL;
    assert_int_equal(snapshot_take(c->shooter, 4711, &s, NULL), ST_OK);
    assert_int_equal(s->at, 4711);
    assert_true(s->n > 1);
    for (size_t i = 1; i < s->n; i++)
        assert_true(s->proc[i - 1].pid < s->proc[i].pid);
    struct proc own = crew_proc(c, GetCurrentProcessId());
    FILETIME created, ended, kernel, user;
    assert_true(GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel, &user));
    assert_int_equal(own.created,
                     ((uint64_t)created.dwHighDateTime << 32) | created.dwLowDateTime);
    assert_true(own.commit > 0);
    assert_true(own.peak_commit >= own.commit);
    assert_true(own.threads >= 1);
    assert_true(own.handles >= 1);
}

static void worker__of_ours__has_us_as_parent(void **state)
{
    struct crew *c = *state;
    struct hand h;
    crew_start(c, "--hold", &h);
    struct proc p = crew_proc(c, h.pid);
    assert_int_equal(p.parent, GetCurrentProcessId());
    assert_false(p.attendant);
    crew_dismiss(&h);
}

static void console_host__of_a_worker__is_an_attendant_and_the_worker_is_not(void **state)
{
    struct crew *c = *state;
    struct hand h;
    crew_start_with_console(c, "--echo ready --hold", &h);
    crew_wait(&h, "ready");
    const struct snapshot *s = crew_snapshot(c);
    size_t hosts = 0;
    for (size_t i = 0; i < s->n; i++)
        if (s->proc[i].parent == h.pid)
            hosts += s->proc[i].attendant;
    assert_int_equal(hosts, 1);
    assert_false(snapshot_find(s, h.pid)->attendant);
    crew_dismiss(&h);
}

static void commit__of_a_worker_that_leaks__grows_by_what_it_takes(void **state)
{
    struct crew *c = *state;
    struct hand idle, leaky;
    crew_start(c, "--echo ready --hold", &idle);
    crew_start(c, "--leak 67108864 --hold", &leaky);
    crew_wait(&idle, "ready");
    crew_wait(&leaky, "leak ok 67108864");
    uint64_t base = crew_proc(c, idle.pid).commit, with = crew_proc(c, leaky.pid).commit;
    print_message("commit: %llu KiB, and after 64 MiB %llu KiB\n",
                  (unsigned long long)base / 1024, (unsigned long long)with / 1024);
    assert_in_range(with, base + 60 * MB, base + 72 * MB);
    crew_dismiss(&idle);
    crew_dismiss(&leaky);
}

static void user_time__of_a_worker_that_burns__grows_by_what_it_burns(void **state)
{
    struct crew *c = *state;
    struct hand h;
    crew_start(c, "--echo ready --burn 500 --hold", &h);
    crew_wait(&h, "ready");
    crew_wait(&h, "burn ok 500");
    uint64_t ms = crew_proc(c, h.pid).user / 10000;
    print_message("user time after 500 ms: %llu ms\n", (unsigned long long)ms);
    /* Two clocks, each with steps of up to 16 ms; above, what it used before and after. */
    assert_in_range(ms, 460, 900);
    crew_dismiss(&h);
}

static void threads__of_a_worker_that_starts_some__are_counted_right(void **state)
{
    struct crew *c = *state;
    struct hand idle, busy;
    crew_start(c, "--echo ready --hold", &idle);
    crew_start(c, "--threads 25 --hold", &busy);
    crew_wait(&idle, "ready");
    crew_wait(&busy, "threads ok 25");
    if (!on_wine()) { /* Windows' loader has threads of its own for a while */
        assert_true(crew_proc(c, busy.pid).threads >= 26);
    } else {
        assert_int_equal(crew_proc(c, idle.pid).threads, 1);
        assert_int_equal(crew_proc(c, busy.pid).threads, 26);
    }
    crew_dismiss(&idle);
    crew_dismiss(&busy);
}

static void handles__of_a_worker_that_leaks_them__grow(void **state)
{
    struct crew *c = *state;
    struct hand idle, leaky;
    crew_start(c, "--echo ready --hold", &idle);
    crew_start(c, "--handles 1000 --hold", &leaky);
    crew_wait(&idle, "ready");
    crew_wait(&leaky, "handles ok 1000");
    uint32_t base = crew_proc(c, idle.pid).handles, with = crew_proc(c, leaky.pid).handles;
    print_message("handles: %u, and after 1000 more %u\n", base, with);
    /* Wine counts the places of its table, which grows by doubling and not for the first few. */
    assert_true(with >= 1000);
    assert_true(with - base >= (on_wine() ? 900u : 1000u));
    crew_dismiss(&idle);
    crew_dismiss(&leaky);
}

static void process__that_has_ended__is_not_there(void **state)
{
    struct crew *c = *state;
    struct hand h;
    crew_start(c, "--hold", &h);
    assert_non_null(snapshot_find(crew_snapshot(c), h.pid));
    DWORD pid = h.pid;
    TerminateProcess(h.process, 0);
    assert_int_equal(WaitForSingleObject(h.process, CREW_LIMIT_MS), WAIT_OBJECT_0);
    ULONGLONG until = GetTickCount64() + CREW_LIMIT_MS;
    while (snapshot_find(crew_snapshot(c), pid))
        assert_true(GetTickCount64() < until);
    crew_dismiss(&h);
}

static void many_processes__more_than_the_first_buffer_holds__are_all_there(void **state)
{
    struct crew *c = *state;
    enum { MANY = 10 };
    struct hand h[MANY];
    /* 80 bytes a thread: 10 * 100 * 80 is more than the 64 KiB of the beginning. */
    for (size_t i = 0; i < MANY; i++)
        crew_start(c, "--threads 100 --hold", &h[i]);
    for (size_t i = 0; i < MANY; i++)
        crew_wait(&h[i], "threads ok 100");
    const struct snapshot *s = crew_snapshot(c);
    for (size_t i = 0; i < MANY; i++)
        assert_true(snapshot_find(s, h[i].pid) && snapshot_find(s, h[i].pid)->threads > 100);
    for (size_t i = 0; i < MANY; i++)
        crew_dismiss(&h[i]);
}

static void snapshots__a_hundred__leave_no_handle_behind(void **state)
{
    struct crew *c = *state;
    crew_snapshot(c);
    unsigned before = crew_handles();
    for (int i = 0; i < 100; i++)
        crew_snapshot(c);
    assert_int_equal(crew_handles(), before);
}

static void counters__of_this_system__are_judged_by_our_own_work(void **state)
{
    struct counters k = {0};
    struct err e = {0};
    (void)state;
    unsigned before = crew_handles();
    if (snapshot_counters(&k, &e) != ST_OK)
        fail_msg("%s", e.text);
    assert_true(k.commit);
    assert_true(k.times);
    if (on_wine())
        print_message("Wine keeps no I/O counters: io is %s\n", k.io ? "true" : "false");
    else
        assert_true(k.io);
    assert_int_equal(crew_handles(), before);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, crew_setup, crew_teardown)
    const struct CMUnitTest tests[] = {
        T(snapshot__of_this_machine__is_sorted_and_has_us_in_it),
        T(worker__of_ours__has_us_as_parent),
        T(console_host__of_a_worker__is_an_attendant_and_the_worker_is_not),
        T(commit__of_a_worker_that_leaks__grows_by_what_it_takes),
        T(user_time__of_a_worker_that_burns__grows_by_what_it_burns),
        T(threads__of_a_worker_that_starts_some__are_counted_right),
        T(handles__of_a_worker_that_leaks_them__grow),
        T(process__that_has_ended__is_not_there),
        T(many_processes__more_than_the_first_buffer_holds__are_all_there),
        T(snapshots__a_hundred__leave_no_handle_behind),
        T(counters__of_this_system__are_judged_by_our_own_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
