/* e2e_levels.c - fleet, groups, instances: nested Job Objects and the limits on them. */
#include "harness_limits.h"

#include <stdlib.h>
#include <string.h>

/* The job of the whole fleet; the caller frees it. */
static char *fleet_name(struct world *w)
{
    char *name = job_name(w, "");
    name[strlen(name) - 1] = '\0'; /* the dot before the unit */
    return name;
}

static HANDLE open_named(char *name)
{
    HANDLE h = job_open(name);
    free(name);
    return h;
}

static void await_leaked(struct world *w, const char *file)
{
    await_file(w, file, "leak ok", 1, NULL);
}

/* Three workers of 8, 16 and up to 128 MiB share the tighter of the two caps. */
static void share(struct world *w, const char *service_cap, const char *group_cap)
{
    job_file(w,
             OFTEN "%s[group:pool]\n%s[defaults]\ngroup = pool\nstdout = ${job}.txt\n" TWICE
                   "[job:small]\ncommand = @worker --leak 8388608 --hold\n"
                   "[job:mid]\ncommand = @worker --leak 16777216 --hold\n"
                   "[job:big]\ncommand = " LEAK "\n",
             service_cap, group_cap);
    service_start(w);
    sampler_must_hold(w, "job_memory_limit");
    HANDLE small = worker_of(w, "small.1"), mid = worker_of(w, "mid.1");
    HANDLE big = worker_of(w, "big.1");
    await_leaked(w, "small.txt");
    await_leaked(w, "mid.txt");
    make_file(w, "go");
    assert_int_equal(process_wait(big), TERMINATED);
    await_n(w, "job.backoff job=big.1", 2); /* it does the same once more */
    assert_false(process_gone(small));
    assert_false(process_gone(mid));
    expect_lines(w, "job.ended job=big.1 * cause=limit", 2);
    expect_lines(w, "job.ended", 2);
}

static void group__cap_shared_by_three__the_biggest_is_ended_and_the_others_live(struct world *w)
{
    const char *const reached = "error limit.reached level=group name=pool limit=job_memory_limit "
                                "configured=67108864 * by=sampler reaction=log instance=big.1";
    share(w, "", "job_memory_limit = 64M\n");
    assert_true(lines_matching(log_now(w), reached) >= 1);
    assert_in_range(logged(w, reached, 0, "measured"), 64 * MIB + 1, 200 * MIB);
    assert_int_equal(service_stop(w), 0);
}

static void fleet__cap_shared_by_three__the_biggest_is_ended_and_the_others_live(struct world *w)
{
    char *reached = path_f("error limit.reached level=fleet name=%s limit=job_memory_limit "
                           "configured=67108864 * by=sampler reaction=log instance=big.1",
                           w->service);
    share(w, "job_memory_limit = 64M\n", "job_memory_limit = 1G\n");
    assert_true(lines_matching(log_now(w), reached) >= 1);
    expect_lines(w, "limit.reached level=group", 0);
    assert_int_equal(service_stop(w), 0);
    free(reached);
}

static void group__of_both_caps_the_tighter_one__is_the_one_that_is_told(struct world *w)
{
    share(w, "job_memory_limit = 1G\n", "job_memory_limit = 64M\n");
    assert_true(lines_matching(log_now(w), "limit.reached level=group name=pool") >= 1);
    expect_lines(w, "limit.reached level=fleet", 0);
    assert_int_equal(service_stop(w), 0);
}

static void levels__of_a_capped_fleet__are_nested_jobs_with_names(struct world *w)
{
    job_file(w, "active_process_limit = 100\n[group:pool]\nactive_process_limit = 50\n"
                "[group:other]\nactive_process_limit = 50\n"
                "[defaults]\ncommand = @worker --hold\n"
                "[job:in]\ngroup = pool\ninstances = 2\n"
                "[job:beside]\ngroup = other\n"
                "[job:alone]\n");
    service_start(w);
    await_n(w, "job.started", 4);
    HANDLE fleet = open_named(fleet_name(w)), pool = open_named(job_name(w, "pool"));
    HANDLE other = open_named(job_name(w, "other")), one = open_named(job_name(w, "in.1"));
    static const struct {
        const char *unit;
        bool in_pool, in_other, in_one;
    } rows[] = {{"in.1", true, false, true},
                {"in.2", true, false, false},
                {"beside.1", false, true, false},
                {"alone.1", false, false, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        HANDLE h = worker_of(w, rows[i].unit);
        assert_true(job_has(fleet, h));
        assert_int_equal(job_has(pool, h), rows[i].in_pool);
        assert_int_equal(job_has(other, h), rows[i].in_other);
        assert_int_equal(job_has(one, h), rows[i].in_one);
    }
    CloseHandle(fleet);
    CloseHandle(pool);
    CloseHandle(other);
    CloseHandle(one);
    assert_int_equal(service_stop(w), 0);
    people_close(&w->people); /* Wine keeps a job as long as anyone holds a former member */
    char *names[] = {fleet_name(w), job_name(w, "pool"), job_name(w, "in.1")};
    for (size_t i = 0; i < 3; i++) {
        await_name_gone(names[i]);
        free(names[i]);
    }
}

static void group__its_members_end_again_and_again__each_new_one_is_in_it(struct world *w)
{
    job_file(w, "[group:pool]\nactive_process_limit = 50\n"
                "[job:short]\ncommand = @worker --after 30 --exit 1\ngroup = pool\ninstances = 2\n"
                "restart_delay = 10ms\nrestart_delay_max = 10ms\nstart_limit = 0\n"
                "[job:steady]\ncommand = @worker --hold\ngroup = pool\n");
    service_start(w);
    HANDLE steady = worker_of(w, "steady.1"), pool = open_named(job_name(w, "pool"));
    await_n(w, "job.started job=short.1", 6);
    await_n(w, "job.started job=short.2", 6);
    expect_lines(w, "job.start_failed", 0);
    assert_true(job_has(pool, steady));
    assert_false(process_gone(steady));
    /* Whoever is there now is one of the group's. */
    struct people now = {0};
    char *name = job_name(w, "short.1");
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS; now.n == 0; Sleep(1)) {
        HANDLE job = NULL;
        if (GetTickCount64() >= end)
            fail_msg("short.1 was never seen");
        if (!job_exists(name))
            continue;
        job = job_open(name);
        job_people(job, &now);
        CloseHandle(job);
    }
    for (size_t i = 0; i < now.n; i++)
        assert_true(job_has(pool, now.process[i]));
    people_close(&now);
    free(name);
    CloseHandle(pool);
    service_stop(w);
}

static void group__its_job_time_limit__ends_all_its_members(struct world *w)
{
    job_file(w, OFTEN "[group:pool]\njob_time_limit = 500ms\n"
                      "[defaults]\ngroup = pool\nrestart = never\n"
                      "[job:busy]\ncommand = @worker --wait-file go --burn 600000\n"
                      "[job:idle]\ncommand = @worker --hold\n"
                      "[job:apart]\ncommand = @worker --hold\ngroup = none\n");
    service_start(w);
    sampler_must_hold(w, "job_time_limit");
    HANDLE busy = worker_of(w, "busy.1"), idle = worker_of(w, "idle.1");
    HANDLE apart = worker_of(w, "apart.1");
    make_file(w, "go");
    await(w, "error limit.reached level=group name=pool limit=job_time_limit configured=500 * "
             "by=sampler");
    assert_int_equal(process_wait(busy), TERMINATED);
    assert_int_equal(process_wait(idle), TERMINATED);
    await(w, "job.ended job=busy.1 * cause=limit");
    await(w, "job.ended job=idle.1 * cause=limit");
    assert_false(process_gone(apart));
    expect_lines(w, "limit.reached", 1);
    assert_int_equal(service_stop(w), 1);
}

static void group__its_process_memory_limit__ends_the_one_and_blames_its_instance(struct world *w)
{
    job_file(w, OFTEN "[group:pool]\nprocess_memory_limit = 32M\n"
                      "[defaults]\ngroup = pool\n" TWICE "[job:leak]\ncommand = " LEAK "\n"
                      "[job:other]\ncommand = @worker --hold\n");
    service_start(w);
    sampler_must_hold(w, "process_memory_limit");
    HANDLE leak = worker_of(w, "leak.1"), other = worker_of(w, "other.1");
    make_file(w, "go");
    await(w, "error limit.reached level=group name=pool limit=process_memory_limit "
             "configured=33554432 * by=sampler reaction=log instance=leak.1");
    assert_int_equal(process_wait(leak), TERMINATED);
    await(w, "job.ended job=leak.1 * cause=limit");
    await_n(w, "job.started job=leak.1", 2);
    assert_false(process_gone(other));
    assert_int_equal(service_stop(w), 0);
}

/* --- the hard end ---------------------------------------------------------------------- */
static void service__is_killed__all_levels_end_and_can_be_made_again(struct world *w)
{
    job_file(w, "active_process_limit = 100\n[group:pool]\nactive_process_limit = 50\n"
                "[job:tree]\ncommand = @worker --spawn 1 --spawn-depth 2 --hold\ngroup = pool\n"
                "stdout = null\ninstances = 2\n"
                "[job:alone]\ncommand = @worker --hold\n");
    for (int round = 0; round < 3; round++) {
        struct people people = {0};
        service_start(w);
        await_n(w, "job.started", 3);
        char *const names[] = {fleet_name(w), job_name(w, "pool"), job_name(w, "tree.1")};
        HANDLE fleet = job_open(names[0]);
        await_people(fleet, 7, &people); /* two trees of three, and one */
        job_settle(fleet);
        CloseHandle(fleet);
        assert_true(TerminateProcess(w->warden.process, 1));
        program_wait(&w->warden);
        people_wait_gone(&people);
        people_close(&people);
        for (size_t i = 0; i < 3; i++) {
            await_name_gone(names[i]);
            free(names[i]);
        }
    }
}

/* --- breakaway ------------------------------------------------------------------------- */
static HANDLE broken_away(struct world *w, const char *file)
{
    struct buf text = {0};
    await_file(w, file, "breakaway ok", 1, &text);
    struct str line = line_of(buf_view(&text), "breakaway ok", 0);
    HANDLE h = process_open((DWORD)strtoul(line.p + sizeof "breakaway ok", NULL, 10));
    buf_free(&text);
    w->people.process[w->people.n++] = h;
    return h;
}

static void breakaway__refused_explicit_or_silent__is_as_the_job_says(struct world *w)
{
    job_file(w, "[defaults]\ncommand = @worker --breakaway --hold\nstdout = ${job}.txt\n"
                "[job:refused]\n"
                "[job:explicit]\nbreakaway = explicit\n"
                "[job:silent]\nbreakaway = silent\ncommand = @worker --fork 1 --hold\n"
                "[job:held]\ncommand = @worker --fork 1 --hold\nbreakaway = explicit\n");
    service_start(w);
    await_file(w, "refused.txt", "breakaway error 5", 1, NULL);
    HANDLE away = broken_away(w, "explicit.txt");
    HANDLE job = open_named(job_name(w, "explicit.1"));
    assert_false(job_has(job, away));
    CloseHandle(job);
    HANDLE silent = process_open(child_pid(w, "silent.txt", 0));
    job = open_named(job_name(w, "silent.1"));
    assert_false(job_has(job, silent));
    CloseHandle(job);
    HANDLE held = process_open(child_pid(w, "held.txt", 0)); /* it did not ask */
    job = open_named(job_name(w, "held.1"));
    assert_true(job_has(job, held));
    CloseHandle(job);
    CloseHandle(held);
    CloseHandle(silent);
    assert_int_equal(service_stop(w), 0);
}

static void breakaway__the_group_forbids_it__the_child_stays_in_the_group(struct world *w)
{
    job_file(w, "[group:pool]\nactive_process_limit = 50\n"
                "[job:free]\ncommand = @worker --breakaway --hold\nbreakaway = explicit\n"
                "group = pool\nstdout = free.txt\n");
    service_start(w);
    HANDLE away = broken_away(w, "free.txt");
    HANDLE one = open_named(job_name(w, "free.1")), pool = open_named(job_name(w, "pool"));
    assert_false(job_has(one, away));
    assert_true(job_has(pool, away));
    CloseHandle(one);
    CloseHandle(pool);
    service_stop(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(group__cap_shared_by_three__the_biggest_is_ended_and_the_others_live),
        E2E(fleet__cap_shared_by_three__the_biggest_is_ended_and_the_others_live),
        E2E_BARE(group__of_both_caps_the_tighter_one__is_the_one_that_is_told),
        E2E(levels__of_a_capped_fleet__are_nested_jobs_with_names),
        E2E(group__its_members_end_again_and_again__each_new_one_is_in_it),
        E2E(group__its_job_time_limit__ends_all_its_members),
        E2E(group__its_process_memory_limit__ends_the_one_and_blames_its_instance),
        E2E_BARE(service__is_killed__all_levels_end_and_can_be_made_again),
        E2E(breakaway__refused_explicit_or_silent__is_as_the_job_says),
        E2E(breakaway__the_group_forbids_it__the_child_stays_in_the_group),
    };
    return cmocka_run_group_tests_name("fleet, groups, instances", tests, NULL, NULL);
}
