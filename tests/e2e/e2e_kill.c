/* e2e_kill.c - jobwarden.exe itself is ended hard: its jobs' last handles close, and with them goes
 * everything. */
#include "harness.h"

#include <stdlib.h>

enum { ROUNDS = 20, TREES = 2, TREE = 3 };

static void await_names_gone(struct world *w, const char *job, int n)
{
    for (int i = 1; i <= n; i++) {
        char *unit = path_f("%s.%d", job, i), *name = job_name(w, unit);
        await_name_gone(name);
        free(name);
        free(unit);
    }
}

static void people_now(struct world *w, bool settle, struct people *ret)
{
    people_close(ret);
    for (int i = 1; i <= TREES; i++) {
        char *unit = path_f("tree.%d", i), *name = job_name(w, unit);
        HANDLE job = job_open(name);
        if (settle)
            job_settle(job);
        job_people(job, ret);
        CloseHandle(job);
        free(name);
        free(unit);
    }
}

/* All workers and their children, once they are all there. */
static void fleet_people(struct world *w, struct people *ret)
{
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS;; Sleep(POLL_MS)) {
        people_now(w, false, ret);
        if (ret->n == TREES * TREE) /* the last one has only just been made */
            people_now(w, true, ret);
        if (ret->n == TREES * TREE)
            return;
        if (GetTickCount64() >= end)
            fail_msg("%zu of %d processes came", ret->n, TREES * TREE);
    }
}

static void killed__twenty_times__no_worker_or_grandchild_is_left(struct world *w)
{
    job_file(w, "[job:tree]\ncommand = @worker --spawn 1 --spawn-depth 2 --ignore-ctrl-c --hold\n"
                "instances = %d\nstdout = null\n",
             TREES);
    for (int round = 0; round < ROUNDS; round++) {
        struct people people = {0};
        service_start(w);
        await_n(w, "job.started", TREES);
        fleet_people(w, &people);
        assert_true(people_all_alive(&people));
        assert_true(TerminateProcess(w->warden.process, 1));
        program_wait(&w->warden);
        people_wait_gone(&people);
        people_close(&people);
        await_names_gone(w, "tree", TREES);
    }
}

static void killed_while_it_starts_and_restarts_workers__none_is_left(struct world *w)
{
    if (on_wine()) /* see job_settle() */
        skip_because(w, "Wine 8's server does not survive the end of a starting process");
    job_file(w, "[job:short]\ncommand = @worker --touch seen --detach-child --after 10 --exit 1\n"
                "instances = 4\nrestart_delay = 0\nrestart_delay_max = 0\nstart_limit = 0\n"
                "stdout = null\n");
    for (int round = 0; round < 4; round++) {
        struct people people = {0};
        service_start(w);
        await_n(w, "job.started", (size_t)(8 + 5 * round));
        job_people(w->job, &people); /* jobwarden.exe and all below it */
        assert_true(TerminateProcess(w->warden.process, 1));
        program_wait(&w->warden);
        people_wait_gone(&people);
        people_close(&people);
        /* And those that were made after we looked. */
        for (ULONGLONG end = GetTickCount64() + GENEROUS_MS;; Sleep(POLL_MS)) {
            job_people(w->job, &people);
            size_t left = people.n;
            people_close(&people);
            if (left == 0)
                break;
            if (GetTickCount64() >= end)
                fail_msg("%zu processes are left", left);
        }
        await_names_gone(w, "short", 4);
    }
}

static void killed_and_started_again__jobs_of_the_same_names_can_be_made(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\n");
    service_start(w);
    HANDLE worker = worker_of(w, "web.1");
    char *name = job_name(w, "web.1");
    HANDLE job = job_open(name);
    free(name);
    job_settle(job);
    CloseHandle(job);
    assert_true(TerminateProcess(w->warden.process, 1));
    program_wait(&w->warden);
    process_wait(worker);
    people_close(&w->people); /* Wine keeps a job as long as anyone holds a former member */
    await_names_gone(w, "web", 1);
    service_start(w);
    await(w, "job.started job=web.1");
    assert_int_equal(service_stop(w), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E_BARE(killed__twenty_times__no_worker_or_grandchild_is_left),
        E2E(killed_while_it_starts_and_restarts_workers__none_is_left),
        E2E_BARE(killed_and_started_again__jobs_of_the_same_names_can_be_made),
    };
    return cmocka_run_group_tests_name("the service is ended hard", tests, NULL, NULL);
}
