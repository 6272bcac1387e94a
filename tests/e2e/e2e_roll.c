/* e2e_roll.c - rolling restarts of ten HTTP workers, watched by clients that ask without pause. */
#include "clients.h"
#include "harness_limits.h"
#include "harness_reload.h"

#include <stdlib.h>

enum { TEN = 10 };

/* The job file with web.0 to web.9; MORE goes before --listen in the command, KEYS after it. */
static void webs(struct world *w, unsigned decade, const char *more, const char *keys)
{
    file_anew(w);
    job_file(w,
             "stop_timeout = 1d\n"
             "[job:web]\ncommand = @worker --on-ctrl-c-exit 0 %s --listen %u${instance} --hold\n"
             "instances = 10\nfirst_instance = 0\nready = http:http://127.0.0.1:%u${instance}/\n"
             "stop = ctrl-c:1h\nrestart_delay = 1h\n"
             "restart_delay_max = 1h\n%s",
             more, decade, decade, keys);
}

struct ten {
    struct world *w;
    unsigned decade;
    struct clients *clients;
    DWORD pid[TEN]; /* of those that answer */
};

/* Held open, so that no process that comes later gets the id of one. */
static void note_pids(struct ten *t)
{
    clients_await_answers(t->clients);
    for (size_t i = 0; i < TEN; i++) {
        char *unit = path_f("web.%zu", i);
        t->pid[i] = clients_pid(t->clients, i);
        assert_int_equal(t->pid[i], GetProcessId(worker_of(t->w, unit)));
        free(unit);
    }
}

static struct ten begin(struct world *w, const char *keys)
{
    struct ten t = {.w = w, .decade = free_decade()};
    webs(w, t.decade, "", keys);
    service_start(w);
    for (int i = 0; i < TEN; i++) {
        char *pattern = path_f("job.ready job=web.%d", i);
        await(w, pattern);
        free(pattern);
    }
    t.clients = clients_start(t.decade * TEN, TEN);
    note_pids(&t);
    return t;
}

/* FROM and those that follow are the processes of before, and those before FROM are not. */
static void expect_kept(struct ten *t, size_t from)
{
    clients_await_answers(t->clients);
    for (size_t i = 0; i < TEN; i++)
        if ((clients_pid(t->clients, i) == t->pid[i]) != (i >= from))
            fail_msg("web.%zu has %s process", i, i >= from ? "another" : "the same");
}

static void end(struct ten *t)
{
    clients_end(t->clients);
    assert_int_equal(service_stop(t->w), 0);
}

/* --- rolls that end well -------------------------------------------------------------------- */
static void changed_command__rolls__nine_of_ten_answer_at_every_moment(struct world *w)
{
    struct ten t = begin(w, "");
    webs(w, t.decade, "--listen-after 300", "");
    reload_expect(w, "same=0 live=0 relimit=0 roll=10 added=0 removed=0");
    await(w, "job.rolled job=web");
    expect_kept(&t, TEN);
    assert_in_range(clients_most_down(t.clients), 0, 1);
    expect_lines(w, "job.roll job=web instances=10 reason=\"the definition has changed\"", 1);
    expect_lines(w, "job.ended * cause=change", TEN);
    expect_lines(w, "job.started", 2 * TEN);
    expect_lines(w, "job.terminated", 0);
    for (int i = 1; i < TEN; i++) { /* the lowest first, each when the one before is ready */
        char *ready = path_f("job.ready job=web.%d", i - 1);
        char *next = path_f("job.stopping job=web.%d", i);
        struct str log = log_now(w);
        struct str up = line_of(log, ready, 1), down = line_of(log, next, 0);
        assert_true(up.p && down.p && up.p < down.p);
        free(ready);
        free(next);
    }
    end(&t);
}

/* The new ones listen only when they may: what is down stays down until then. */
static void roll_by(struct world *w, const char *keys, size_t n)
{
    struct ten t = begin(w, keys);
    webs(w, t.decade, "--listen-file go", keys);
    reload_expect(w, "same=0 live=0 relimit=0 roll=10 added=0 removed=0");
    clients_await_down(t.clients, n);
    await_n(w, "job.started", TEN + n);
    reload_ring(w); /* the loop has turned, and takes no further one */
    await_n(w, "config.taken", 2);
    clients_await_down(t.clients, n);
    expect_lines(w, "job.stopping", n);
    expect_lines(w, "job.started", TEN + n);
    assert_int_equal(clients_most_down(t.clients), n);
    make_file(w, "go");
    await(w, "job.rolled job=web");
    expect_kept(&t, TEN);
    assert_int_equal(clients_most_down(t.clients), n); /* at every moment since, too */
    expect_lines(w, "job.started", 2 * TEN);
    end(&t);
}

static void restart_parallel__is_one__one_is_down_until_it_is_ready(struct world *w)
{
    roll_by(w, "", 1);
}

static void restart_parallel__is_three__three_are_down_until_they_are_ready(struct world *w)
{
    roll_by(w, "restart_parallel = 3\n", 3);
}

/* --- rolls that do not ---------------------------------------------------------------------- */
static void expect_given_up(struct ten *t)
{
    struct world *w = t->w;
    await(w, "error job.roll_stopped job=web instance=web.0 left=9 "
             "names=\"web.1 web.2 web.3 web.4 web.5 web.6 web.7 web.8 web.9\"");
    expect_lines(w, "job.stopping job=web.0 * cause=change", 1);
    for (int i = 1; i < TEN; i++) {
        char *pattern = path_f("job.stopping job=web.%d", i);
        expect_lines(w, pattern, 0);
        free(pattern);
    }
    clients_await_down(t->clients, 1);
    assert_int_equal(clients_most_down(t->clients), 1);
    for (size_t i = 1; i < TEN; i++)
        assert_int_equal(clients_pid(t->clients, i), t->pid[i]);
}

static void
changed_command__ends_at_once__the_roll_stops_and_a_corrected_one_goes_on(struct world *w)
{
    struct ten t = begin(w, "");
    webs(w, t.decade, "--crash", "");
    reload_expect(w, "same=0 live=0 relimit=0 roll=10 added=0 removed=0");
    expect_given_up(&t);
    webs(w, t.decade, "--listen-after 100", "");
    reload_expect(w, "same=0 * relimit=0 * added=0 removed=0");
    await(w, "job.rolled job=web");
    expect_kept(&t, TEN);
    assert_int_equal(clients_most_down(t.clients), 1);
    expect_lines(w, "job.roll_stopped", 1);
    end(&t);
}

static void
changed_command__is_never_ready__the_roll_stops_and_the_old_one_comes_back(struct world *w)
{
    struct ten t = begin(w, "");
    webs(w, t.decade, "--listen-file never", "ready_timeout = 2s\n");
    reload_expect(w, "same=0 live=0 relimit=0 roll=10 added=0 removed=0");
    expect_given_up(&t);
    await(w, "job.ended job=web.0 * cause=not-ready");
    webs(w, t.decade, "", "");
    reload_expect(w, "same=9 * relimit=0 * added=0 removed=0");
    expect_kept(&t, 1);
    assert_int_equal(clients_most_down(t.clients), 1);
    end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(changed_command__rolls__nine_of_ten_answer_at_every_moment),
        E2E(restart_parallel__is_one__one_is_down_until_it_is_ready),
        E2E(restart_parallel__is_three__three_are_down_until_they_are_ready),
        E2E(changed_command__ends_at_once__the_roll_stops_and_a_corrected_one_goes_on),
        E2E(changed_command__is_never_ready__the_roll_stops_and_the_old_one_comes_back),
    };
    return cmocka_run_group_tests_name("rolling restarts", tests, NULL, NULL);
}
