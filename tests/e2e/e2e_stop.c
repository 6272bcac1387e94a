/* e2e_stop.c - how a fleet stops: rung by rung, in parallel, and at once. */
#include "harness.h"

#include <stdlib.h>

/* Its exit code when job_terminate() ended it. */
enum { TERMINATED = (int)0xE0000001u };

static void await_ready(struct world *w, const char *file)
{
    await_file(w, file, "ready", 1, NULL);
}

static void workers__answer_ctrl_c__each_exits_by_its_own_handler(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --on-ctrl-c-exit 41 --echo ready --hold\n"
                "instances = 3\nstdout = ${job}.${instance}.txt\nstop = ctrl-c:1h\n");
    service_start(w);
    await_ready(w, "web.1.txt");
    await_ready(w, "web.2.txt");
    await_ready(w, "web.3.txt");
    assert_int_equal(service_stop(w), 0);
    struct str log = log_now(w);
    assert_int_equal(lines_matching(log, "service.stopping cause=operator"), 1);
    assert_int_equal(lines_matching(log, "job.stopping * cause=operator"), 3);
    assert_int_equal(lines_matching(log, "job.stop_rung * rung=ctrl-c for_ms=3600000"), 3);
    assert_int_equal(lines_matching(log, "job.ended * code=41 * cause=operator"), 3);
    assert_int_equal(lines_matching(log, "job.stopped"), 3);
    assert_int_equal(lines_matching(log, "job.terminated"), 0);
    assert_int_equal(lines_matching(log, "service.stopped exit_code=0"), 1);
    await_file(w, "web.3.txt", "got ctrl-c", 1, NULL);
}

static void worker__ignores_ctrl_c__is_terminated_after_its_rung(struct world *w)
{
    job_file(w, "[job:deaf]\ncommand = @worker --ignore-ctrl-c --spawn 1 --echo ready --hold\n"
                "stdout = deaf.txt\nstop = ctrl-c:3s\n");
    service_start(w);
    await_ready(w, "deaf.txt");
    HANDLE worker = worker_of(w, "deaf.1");
    assert_int_equal(service_stop(w), 0);
    assert_int_equal(process_wait(worker), (DWORD)TERMINATED);
    struct str log = log_now(w);
    assert_int_equal(lines_matching(log, "job.stop_rung job=deaf.1 rung=ctrl-c for_ms=3000"), 1);
    assert_int_equal(lines_matching(log, "job.terminated job=deaf.1"), 1);
    assert_int_equal(lines_matching(log, "job.ended job=deaf.1 * code=0xE0000001"), 1);
    assert_int_equal(lines_matching(log, "job.stopped job=deaf.1"), 1);
    await_file(w, "deaf.txt", "ignored ctrl-c", 1, NULL);
}

static void ladder__has_a_command__it_stops_the_worker_and_knows_its_pid(struct world *w)
{
    job_file(w, "[job:polite]\ncommand = @worker --wait-file please --exit 5\nstop = command:1h\n"
                "stop_command = cmd.exe /d /c \"echo pid=%%JOBWARDEN_PID%%>please\"\n");
    service_start(w);
    await(w, "job.started job=polite.1");
    assert_int_equal(service_stop(w), 0);
    char *expected = path_f("pid=%llu", (unsigned long long)logged(w, "job.started", 0, "pid"));
    await_file(w, "please", expected, 1, NULL);
    free(expected);
    struct str log = log_now(w);
    assert_int_equal(lines_matching(log, "job.stop_rung job=polite.1 rung=command"), 1);
    assert_int_equal(lines_matching(log, "job.ended job=polite.1 * code=5"), 1);
    assert_int_equal(lines_matching(log, "job.terminated"), 0);
}

static void stop_command__fails__the_ladder_goes_on_at_once(struct world *w)
{
    job_file(w, "stop_timeout = 1d\n[defaults]\nstop = command:1h\n"
                "command = @worker --touch ready --hold\n"
                "[job:bad]\nstop_command = @worker --exit 8\n"
                "[job:gone]\nstop_command = no-such-program-anywhere\n");
    service_start(w);
    await_file(w, "ready", "", 2, NULL);
    assert_int_equal(service_stop(w), 0);
    struct str log = log_now(w);
    assert_int_equal(lines_matching(log, "job.stop_rung_failed job=bad.1 * error=*code 8"), 1);
    assert_int_equal(lines_matching(log, "job.stop_rung_failed job=gone.1 * error=*no-such"), 1);
    assert_int_equal(lines_matching(log, "job.terminated"), 2);
}

static void ctrl_break__where_the_console_has_none__fails_and_the_ladder_goes_on(struct world *w)
{
    job_file(w, "stop_timeout = 1d\n"
                "[job:web]\ncommand = @worker --on-ctrl-c-exit 9 --echo ready --hold\n"
                "stdout = web.txt\nstop = ctrl-break:1h, ctrl-c:1h\n");
    service_start(w);
    await_ready(w, "web.txt");
    assert_int_equal(service_stop(w), 0);
    struct str log = log_now(w);
    bool none = on_wine();
    assert_int_equal(lines_matching(log, "job.stop_rung job=web.1 rung=ctrl-break"), !none);
    assert_int_equal(lines_matching(log, "job.ended job=web.1 * code=9"), 1);
    assert_int_equal(lines_matching(log, "job.stop_rung_failed job=web.1 rung=ctrl-break error="),
                     none);
    assert_int_equal(lines_matching(log, "job.stop_rung job=web.1 rung=ctrl-c"), none);
    await_file(w, "web.txt", none ? "got ctrl-c" : "got ctrl-break", 1, NULL);
}

static void worker__sends_ctrl_c_to_everybody__hits_its_own_tree_alone(struct world *w)
{
    job_file(w, "[job:quiet]\ncommand = @worker --on-ctrl-c-exit 1 --echo ready --hold\n"
                "instances = 2\nstdout = quiet.${instance}.txt\n"
                "[job:loud]\nrestart = never\ncommand = @worker --on-ctrl-c-exit 33 --wait-file go "
                "--send-ctrl-c-to-all --hold\nstdout = loud.txt\n");
    service_start(w);
    await_ready(w, "quiet.1.txt");
    await_ready(w, "quiet.2.txt");
    HANDLE first = worker_of(w, "quiet.1"), second = worker_of(w, "quiet.2");
    char *go = below(w, "go");
    file_write(go, STR(""));
    free(go);
    await(w, "job.ended job=loud.1 * code=33");
    await(w, "job.failed job=loud.1 reason=*restart = never");
    assert_false(process_gone(first));
    assert_false(process_gone(second));
    assert_true(program_alive(&w->warden));
    assert_int_equal(lines_matching(log_now(w), "service.stopping"), 0);
    assert_int_equal(lines_matching(log_now(w), "job.ended"), 1);
    assert_int_equal(service_stop(w), 1);
    assert_int_equal(lines_matching(log_now(w), "job.ended * code=1 * cause=operator"), 2);
}

static void worker__fails_while_the_fleet_stops__is_not_started_again(struct world *w)
{
    job_file(w, "[job:bad]\ncommand = @worker --on-ctrl-c-exit 3 --echo ready --hold\n"
                "instances = 3\nstdout = bad.${instance}.txt\nrestart = always\n"
                "[job:waits]\ncommand = @worker --exit 1\nrestart_delay = 1h\n"
                "restart_delay_max = 1h\n");
    service_start(w);
    await_ready(w, "bad.1.txt");
    await_ready(w, "bad.2.txt");
    await_ready(w, "bad.3.txt");
    await(w, "job.backoff job=waits.1 * restarts=2");
    assert_int_equal(service_stop(w), 0);
    struct str log = log_now(w);
    assert_int_equal(lines_matching(log, "job.started job=bad.1"), 1);
    assert_int_equal(lines_matching(log, "job.started job=bad.2"), 1);
    assert_int_equal(lines_matching(log, "job.started job=bad.3"), 1);
    assert_int_equal(lines_matching(log, "job.started job=waits.1"), 2);
    assert_int_equal(lines_matching(log, "job.ended * code=3 * cause=operator"), 3);
    assert_int_equal(lines_matching(log, "job.backoff"),
                     lines_matching(log, "job.backoff job=waits.1"));
}

static void stop_timeout__rungs_last_longer__caps_the_whole_fleet(struct world *w)
{
    job_file(w, "stop_timeout = 1s\n"
                "[job:deaf]\ncommand = @worker --ignore-ctrl-c --touch ready --hold\n"
                "instances = 3\nstop = ctrl-c:1h, ctrl-c:1h\n");
    service_start(w);
    await_file(w, "ready", "", 3, NULL);
    assert_int_equal(service_stop(w), 0);
    struct str log = log_now(w);
    assert_int_equal(lines_matching(log, "config.warning * stop-timeout"), 1);
    assert_int_equal(lines_matching(log, "service.stopping * within_ms=1000"), 1);
    assert_int_equal(lines_matching(log, "job.stop_rung * for_ms=3600000"), 3);
    assert_int_equal(lines_matching(log, "job.terminated"), 3);
    assert_int_equal(lines_matching(log, "job.stopped"), 3);
}

static void second_ctrl_c__while_workers_take_their_time__ends_them_at_once(struct world *w)
{
    job_file(w, "stop_timeout = 1d\n"
                "[job:deaf]\ncommand = @worker --ignore-ctrl-c --spawn 1 --touch ready --hold\n"
                "instances = 3\n"
                "stop = ctrl-c:1h\n");
    service_start(w);
    await_file(w, "ready", "", 3, NULL);
    service_ctrl_c(w);
    await_n(w, "job.stop_rung", 3);
    assert_int_equal(lines_matching(log_now(w), "job.terminated"), 0);
    service_ctrl_c(w);
    assert_int_equal(service_wait(w), 0);
    struct str log = log_now(w);
    assert_int_equal(lines_matching(log, "service.stop_now"), 1);
    assert_int_equal(lines_matching(log, "job.terminated"), 3);
    assert_int_equal(lines_matching(log, "job.stopped"), 3);
}

static void thirty_workers__one_ctrl_c__all_are_asked_before_any_has_ended(struct world *w)
{
    job_file(w, "stop_timeout = 1d\n"
                "[job:many]\ncommand = @worker --ignore-ctrl-c --touch ready --wait-file go\n"
                "instances = 30\nstop = ctrl-c:1h\nstdout = null\n");
    service_start(w);
    await_file(w, "ready", "", 30, NULL);
    service_ctrl_c(w);
    struct str log = await_n(w, "job.stop_rung * rung=ctrl-c", 30);
    assert_int_equal(lines_matching(log, "job.ended"), 0);
    char *go = below(w, "go");
    file_write(go, STR(""));
    free(go);
    assert_int_equal(service_wait(w), 0);
    log = log_now(w);
    assert_int_equal(lines_matching(log, "job.ended * code=0"), 30);
    assert_int_equal(lines_matching(log, "job.stopped"), 30);
    assert_int_equal(lines_matching(log, "job.terminated"), 0);
}

static void stopped_worker__its_children_ignore_everything__go_with_it(struct world *w)
{
    job_file(w, "[job:tree]\ncommand = @worker --on-ctrl-c-exit 0 --detach-child --echo ready "
                "--hold\nstdout = tree.txt\nstop = ctrl-c:5s\n");
    service_start(w);
    await_ready(w, "tree.txt");
    char *name = job_name(w, "tree.1");
    HANDLE job = job_open(name);
    free(name);
    struct people tree = {0};
    job_people(job, &tree);
    CloseHandle(job);
    assert_int_equal(tree.n, 2);
    assert_int_equal(service_stop(w), 0);
    assert_true(people_all_gone(&tree));
    people_close(&tree);
    assert_int_equal(lines_matching(log_now(w), "job.ended job=tree.1 * code=0"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(workers__answer_ctrl_c__each_exits_by_its_own_handler),
        E2E(worker__ignores_ctrl_c__is_terminated_after_its_rung),
        E2E(ladder__has_a_command__it_stops_the_worker_and_knows_its_pid),
        E2E(stop_command__fails__the_ladder_goes_on_at_once),
        E2E(ctrl_break__where_the_console_has_none__fails_and_the_ladder_goes_on),
        E2E(worker__sends_ctrl_c_to_everybody__hits_its_own_tree_alone),
        E2E(worker__fails_while_the_fleet_stops__is_not_started_again),
        E2E(stop_timeout__rungs_last_longer__caps_the_whole_fleet),
        E2E(second_ctrl_c__while_workers_take_their_time__ends_them_at_once),
        E2E(thirty_workers__one_ctrl_c__all_are_asked_before_any_has_ended),
        E2E(stopped_worker__its_children_ignore_everything__go_with_it),
    };
    return cmocka_run_group_tests_name("stopping", tests, NULL, NULL);
}
