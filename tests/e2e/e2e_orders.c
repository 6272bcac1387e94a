/* e2e_orders.c - start, stop, restart and kill, as an operator gives them. */
#include "harness_ask.h"
#include "harness_limits.h"
#include "harness_reload.h"

#include <stdlib.h>

/* --- whom they mean --------------------------------------------------------------------- */
static void three_jobs(struct world *w)
{
    job_file(w, "[defaults]\ncommand = @worker --hold\nstop = terminate\n"
                "[group:media]\nhook_timeout = 30s\n"
                "[job:web]\ninstances = 2\ngroup = media\n[job:api]\n[job:wap]\n");
    service_start(w);
    await_running(w, 4);
}

static void orders__by_each_kind_of_name__reach_those_instances(struct world *w)
{
    three_jobs(w);
    HANDLE web1 = worker_of(w, "web.1"), web2 = worker_of(w, "web.2"), api = worker_of(w, "api.1");
    tell(w, "stop web.2 --wait", 0, "web.2 stopped\n");
    assert_true(process_gone(web2));
    assert_false(process_gone(web1));
    tell(w, "stop MEDIA", 0, "2 instances of 1 job: stop ordered\n");
    process_wait(web1);
    await_state(w, "web.1", "stopped");
    tell(w, "start w* --wait", 0, "3 instances of 2 jobs started\n"); /* one runs already */
    await_running(w, 4);
    expect_starts(w, "wap.1", 1);
    tell(w, "start media wap web.1 --wait", 0, "3 instances of 2 jobs started\n");
    assert_false(process_gone(api));
    tell(w, "stop all --wait", 0, "4 instances of 3 jobs stopped\n");
    assert_true(process_gone(api));
    expect_lines(w, "service.stopping", 0);
    tell(w, "start all --wait", 0, "4 instances of 3 jobs started\n");
    await_running(w, 4);
    tell(w, "restart api", 0, "api.1: restart ordered\n");
    await_n(w, "job.ready job=api.1", 3);
    tell(w, "kill all", 0, "4 instances of 3 jobs: kill ordered\n");
    await_n(w, "job.ended * cause=operator", 10);
    await_running(w, 4);
    assert_int_equal(service_stop(w), 0);
}

static void order__one_name_of_two_is_unknown__does_nothing(struct world *w)
{
    three_jobs(w);
    tell(w, "stop web nobody", 4, "there is no job, instance or group 'nobody'");
    tell(w, "restart wep", 4, "did you mean 'web'?");
    tell(w, "kill web.1 web.7", 4, "job 'web' has no instance 7");
    tell(w, "start q* --wait", 4, "'q*'");
    yyjson_doc *doc = told_json(w, "stop web.9 --json", 4);
    yyjson_val *root = yyjson_doc_get_root(doc);
    assert_string_equal(text_in(member(root, "error"), "code"), "no-such-name");
    yyjson_doc_free(doc);
    tell(w, "stop api --wait", 0, "api.1 stopped"); /* what was ordered before would show by now */
    expect_lines(w, "job.stopping", 1);
    expect_lines(w, "control.command", 1 + 5);
    assert_int_equal(service_stop(w), 0);
}

static void order__as_json__says_whom_it_meant_and_what_came(struct world *w)
{
    three_jobs(w);
    yyjson_doc *doc = told_json(w, "stop web --json", 0);
    yyjson_val *root = yyjson_doc_get_root(doc), *meant = member(root, "instances");
    assert_int_equal(yyjson_arr_size(meant), 2);
    assert_true(yyjson_equals_str(yyjson_arr_get(meant, 0), "web.1"));
    assert_int_equal(number_in(root, "of"), 2);
    assert_null(yyjson_obj_get(root, "done"));
    yyjson_doc_free(doc);
    doc = told_json(w, "stop web --json --wait", 0);
    root = yyjson_doc_get_root(doc);
    assert_int_equal(number_in(root, "done"), 2);
    assert_int_equal(yyjson_arr_size(member(root, "failed")), 0);
    yyjson_doc_free(doc);
    assert_int_equal(service_stop(w), 0);
}

/* --- what follows ----------------------------------------------------------------------- */
static void stopped__by_an_order__stays_down_whatever_its_policy(struct world *w)
{
    job_file(w, "[defaults]\ncommand = @worker --hold\nstop = terminate\nrestart = always\n"
                "restart_delay = 0\nrestart_delay_max = 0\nstart_limit = 0\n"
                "[job:a]\n[job:b]\n");
    service_start(w);
    await_running(w, 2);
    tell(w, "stop a --wait", 0, "a.1 stopped");
    for (size_t i = 1; i <= 5; i++) { /* b has five restarts, a none */
        HANDLE b = worker_of(w, "b.1");
        assert_true(TerminateProcess(b, 9));
        await_n(w, "job.ready job=b.1", i + 1);
    }
    expect_starts(w, "a.1", 1);
    assert_string_equal(seen_now(w, "a.1").state, "stopped");
    tell(w, "start a --wait", 0, "a.1 started");
    expect_starts(w, "a.1", 2);
    assert_int_equal(service_stop(w), 0);
}

static void restart__of_three__goes_in_turns_and_each_has_another_process(struct world *w)
{
    enum { N = 3 };
    HANDLE before[N], other;
    job_file(w, "[defaults]\ncommand = @worker --hold\nstop = terminate\n"
                "[job:web]\ninstances = 3\nrestart_parallel = 1\n[job:other]\n");
    service_start(w);
    await_running(w, N + 1);
    other = worker_of(w, "other.1");
    for (int i = 0; i < N; i++) {
        char *unit = path_f("web.%d", i + 1);
        before[i] = worker_of(w, unit);
        free(unit);
    }
    tell(w, "restart web --wait", 0, "3 instances of 1 job restarted\n");
    await_running(w, N + 1);
    for (int i = 0; i < N; i++) {
        char *unit = path_f("web.%d", i + 1), *down = path_f("job.stopping job=web.%d", i + 1);
        char *up = path_f("job.ready job=web.%d", i); /* of the one before */
        assert_true(process_gone(before[i]));
        assert_ptr_not_equal(worker_of(w, unit), before[i]);
        expect_starts(w, unit, 2);
        struct str log = log_now(w), ready = line_of(log, up, 1), stopping = line_of(log, down, 0);
        assert_non_null(stopping.p);
        if (i > 0 && (!ready.p || ready.p > stopping.p))
            fail_msg("%s was taken down before the one before was up", unit);
        free(up);
        free(down);
        free(unit);
    }
    assert_false(process_gone(other));
    expect_lines(w, "job.stopping job=other.1", 0);
    assert_int_equal(service_stop(w), 0);
}

static void kill__each_restart_policy__decides_as_after_a_crash(struct world *w)
{
    job_file(w, "[defaults]\ncommand = @worker --hold\nstop = ctrl-c:1h\n"
                "[job:never]\nrestart = never\n[job:always]\nrestart = always\n"
                "[job:failure]\nrestart = on-failure\n");
    service_start(w);
    await_running(w, 3);
    HANDLE never = worker_of(w, "never.1"), always = worker_of(w, "always.1");
    tell(w, "kill never always failure", 0, "3 instances of 3 jobs: kill ordered\n");
    process_wait(never);
    process_wait(always);
    await(w, "job.failed job=never.1 reason=*restart = never");
    await_n(w, "job.ready job=always.1", 2);
    await_n(w, "job.ready job=failure.1", 2);
    expect_starts(w, "never.1", 1);
    expect_lines(w, "job.ended * cause=operator", 3);
    expect_lines(w, "job.stop_rung", 0); /* no ladder */
    tell(w, "kill never.1", 1, "never.1 is not running");
    tell(w, "start never --wait", 0, "never.1 started");
    tell(w, "kill all", 0, "kill ordered");
    await_n(w, "job.ended * cause=operator", 6);
    service_ctrl_c(w);
    await(w, "service.stopping");
    service_wait(w);
}

/* --- waiting for it --------------------------------------------------------------------- */
static void wait__an_instance_fails__says_which_and_why_and_ends_with_1(struct world *w)
{
    job_file(w, "[defaults]\nrestart = never\nstop = terminate\n"
                "[job:good]\ncommand = @worker --hold\n"
                "[job:bad]\ncommand = @worker --exit 3\n"
                "[job:done]\ncommand = @worker --exit 0\n");
    service_start(w);
    await(w, "job.failed job=bad.1");
    await(w, "job.exited job=done.1");
    tell(w, "start done --wait", 0, "done.1 started\n"); /* and has exited with success */
    tell(w, "start bad --wait", 1, "bad.1: failed; restart = never\n0 of 1 started\n");
    tell(w, "start all --wait", 1, "bad.1: failed; restart = never\n2 of 3 started\n");
    tell(w, "restart good bad --wait", 1, "1 of 2 restarted\n");
    yyjson_doc *doc = told_json(w, "start bad --json --wait", 1);
    yyjson_val *root = yyjson_doc_get_root(doc);
    yyjson_val *bad = named_in(member(root, "failed"), "bad.1");
    assert_string_equal(text_in(bad, "state"), "failed");
    assert_int_equal(number_in(root, "done"), 0);
    yyjson_doc_free(doc);
    tell(w, "start good --wait", 0, "good.1 started");
    service_stop(w);
}

static void wait__its_time_is_over__says_so_and_the_order_stays(struct world *w)
{
    job_file(w, "stop_timeout = 1d\n[job:deaf]\n"
                "command = @worker --ignore-ctrl-c --touch up --hold\nstop = ctrl-c:1h\n");
    service_start(w);
    await_file(w, "up", NULL, 0, NULL);
    HANDLE deaf = worker_of(w, "deaf.1");
    tell(w, "stop deaf --timeout 100ms", 1,
         "deaf.1: stopping; not done when the time was over\n0 of 1 stopped\n");
    assert_false(process_gone(deaf));
    await(w, "job.stop_rung job=deaf.1 rung=ctrl-c");
    assert_string_equal(seen_now(w, "deaf.1").state, "stopping");
    tell(w, "kill deaf", 0, "deaf.1: kill ordered");
    process_wait(deaf);
    await_state(w, "deaf.1", "stopped");
    tell(w, "stop deaf --wait --timeout 1h", 0, "deaf.1 stopped\n");
    expect_starts(w, "deaf.1", 1);
    assert_int_equal(service_stop(w), 0);
}

static void wait__while_the_service_stops__a_start_is_refused(struct world *w)
{
    job_file(w, "stop_timeout = 1d\n[job:deaf]\n"
                "command = @worker --ignore-ctrl-c --touch up --hold\nstop = ctrl-c:1h\n");
    service_start(w);
    await_file(w, "up", NULL, 0, NULL);
    service_ctrl_c(w);
    await(w, "service.stopping");
    tell(w, "start deaf --wait", 1, "the service is being stopped; nothing is started");
    tell(w, "status", 3, "the service is being stopped");
    tell(w, "kill deaf", 0, "deaf.1: kill ordered");
    assert_int_equal(service_wait(w), 0);
}

/* --- jobs that need one another --------------------------------------------------------- */
static void needed__is_stopped_and_restarted__those_who_need_it_go_with_it(struct world *w)
{
    job_file(w, "[defaults]\ncommand = @worker --hold\nstop = terminate\n"
                "[job:db]\n[job:app]\nrequires = db\n[job:other]\n");
    service_start(w);
    await_running(w, 3);
    HANDLE other = worker_of(w, "other.1"), app = worker_of(w, "app.1");
    tell(w, "stop db --wait", 0, "db.1 stopped\n");
    assert_true(process_gone(app));
    expect_before(w, "job.ended job=app.1", "job.stopping job=db.1");
    expect_lines(w, "job.stopping job=app.1 * cause=dependency", 1);
    struct seen waits = await_state(w, "app.1", "waiting");
    assert_int_equal(waits.pid, 0);
    tell(w, "status app", 3, "waits for db");
    tell(w, "start db --wait", 0, "db.1 started\n"); /* app follows by itself */
    await_n(w, "job.ready job=app.1", 2);
    tell(w, "restart db --wait", 0, "db.1 restarted\n");
    await_running(w, 3);
    assert_int_equal(seen_now(w, "db.1").starts, 3);
    assert_false(process_gone(other));
    assert_int_equal(service_stop(w), 0);
}

/* --- how they are written --------------------------------------------------------------- */
static void order__written_wrong__is_told_how_it_is_right(struct world *w)
{
    static const struct {
        const char *words, *says;
    } rows[] = {
        {"stop", "a name is missing; usage: jobwarden.exe stop NAME..."},
        {"kill --json", "a name is missing; usage: jobwarden.exe kill NAME..."},
        {"stop web --wiat", "there is no option '--wiat'; did you mean '--wait'?"},
        {"stop web --follow", "--follow does not go with 'stop'"},
        {"kill web --wait", "--wait does not go with 'kill'"},
        {"status -n 5", "--lines does not go with 'status'"},
        {"stop web --timeout", "--timeout needs a value: --timeout TIME"},
        {"stop web --timeout soon", "'soon' is no time for --timeout"},
        {"logs web -n many", "'many' is no number of lines from 0 to 10000"},
        {"reload now", "too many words; usage: jobwarden.exe reload"},
        {"set web", "set needs KEY=VALUE"},
        {"set web job_memory_limit", "'job_memory_limit' is no setting; write KEY=VALUE"},
        {"stpo web", "there is no command 'stpo'; did you mean 'stop'?"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect(w, rows[i].words, 2, rows[i].says);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(orders__by_each_kind_of_name__reach_those_instances),
        E2E(order__one_name_of_two_is_unknown__does_nothing),
        E2E(order__as_json__says_whom_it_meant_and_what_came),
        E2E(stopped__by_an_order__stays_down_whatever_its_policy),
        E2E(restart__of_three__goes_in_turns_and_each_has_another_process),
        E2E(kill__each_restart_policy__decides_as_after_a_crash),
        E2E(wait__an_instance_fails__says_which_and_why_and_ends_with_1),
        E2E(wait__its_time_is_over__says_so_and_the_order_stays),
        E2E(wait__while_the_service_stops__a_start_is_refused),
        E2E(needed__is_stopped_and_restarted__those_who_need_it_go_with_it),
        E2E(order__written_wrong__is_told_how_it_is_right),
    };
    return cmocka_run_group_tests_name("orders of an operator", tests, NULL, NULL);
}
