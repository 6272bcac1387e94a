/* e2e_batch.c - the rungs of a stop ladder beside Ctrl+C, batch files, and a worker that nothing
 * moves. */
#include "harness_limits.h"
#include "harness_reload.h"

#include <stdlib.h>

/* Its exit code when nothing else helped. */
static const char *const forced = "job.ended job=web.1 * code=0xE0000001";

static void await_said(struct world *w, const char *text)
{
    await_file(w, "web.txt", text, 1, NULL);
}

static void start(struct world *w, const char *command, const char *keys)
{
    job_file(w, "stop_timeout = 1d\n[job:web]\nstdout = web.txt\ncommand = %s\n%s", command, keys);
    service_start(w);
}

/* Wine without a display makes no windows. */
static void await_window(struct world *w)
{
    struct buf text = {0};
    await_file(w, "web.txt", "window", 1, &text);
    bool open = text_has(buf_view(&text), "window open");
    buf_free(&text);
    if (!open)
        skip_because(w, "no window can be opened here (Wine without a display)");
}

/* --- one rung each ------------------------------------------------------------------------ */
static void stdin_eof__the_worker_reads_its_input__it_ends_by_itself(struct world *w)
{
    start(w, "@worker --echo ready --read-stdin --exit 5", "stop = stdin-eof:1h\n");
    await_said(w, "ready");
    expect_lines(w, "job.ended", 0);
    assert_int_equal(service_stop(w), 0);
    expect_lines(w, "job.stop_rung job=web.1 rung=stdin-eof for_ms=3600000", 1);
    expect_lines(w, "job.ended job=web.1 * code=5 * cause=operator", 1);
    expect_lines(w, "job.terminated", 0);
    await_said(w, "stdin 0 bytes");
}

static void event__the_worker_waits_for_it__it_ends_by_itself(struct world *w)
{
    start(w, "@worker --echo ready --wait-event JOBWARDEN_STOP_EVENT --exit 6",
          "stop = event:1h\n");
    await_said(w, "ready");
    assert_int_equal(service_stop(w), 0);
    expect_lines(w, "job.stop_rung job=web.1 rung=event for_ms=3600000", 1);
    expect_lines(w, "job.ended job=web.1 * code=6 * cause=operator", 1);
    expect_lines(w, "job.terminated", 0);
    await_said(w, "got event");
}

static void close_window__the_worker_has_one__it_ends_by_itself(struct world *w)
{
    start(w, "@worker --window --exit 7", "stop = close-window:1h\nrestart = never\n");
    await_window(w);
    assert_int_equal(service_stop(w), 0);
    expect_lines(w, "job.stop_rung job=web.1 rung=close-window for_ms=3600000", 1);
    expect_lines(w, "job.ended job=web.1 * code=7 * cause=operator", 1);
    expect_lines(w, "job.terminated", 0);
    await_said(w, "got wm-close");
}

static void ctrl_break__on_wine__is_not_available_and_the_next_rung_follows(struct world *w)
{
    bool none = on_wine();
    start(w, "@worker --on-ctrl-c-exit 9 --echo ready --hold", "stop = ctrl-break:1h, ctrl-c:1h\n");
    await_said(w, "ready");
    assert_int_equal(service_stop(w), 0);
    expect_lines(w, "job.stop_rung_failed job=web.1 rung=ctrl-break error=*not available", none);
    expect_lines(w, "job.stop_rung job=web.1 rung=ctrl-c", none);
    expect_lines(w, "job.stop_rung job=web.1 rung=ctrl-break", !none);
    expect_lines(w, "job.ended job=web.1 * code=9", 1);
    await_said(w, none ? "got ctrl-c" : "got ctrl-break");
}

static void close_window__the_worker_has_none__the_next_rung_follows_at_once(struct world *w)
{
    start(w, "@worker --echo ready --read-stdin --exit 5",
          "stop = close-window:1h, stdin-eof:1h\n");
    await_said(w, "ready");
    assert_int_equal(service_stop(w), 0);
    expect_lines(w, "job.stop_rung_failed job=web.1 rung=close-window error=*window", 1);
    expect_lines(w, "job.ended job=web.1 * code=5", 1);
}

/* A last rung but one that goes on only when the test has seen what those before it did. */
#define GATE "stop_command = @worker --wait-file seen --exit 8\n"

static void ladder__of_four__each_rung_is_tried_until_one_works(struct world *w)
{
    start(w, "@worker --ignore-ctrl-c --echo ready --wait-event JOBWARDEN_STOP_EVENT --exit 8",
          GATE "stop = ctrl-c:300ms, stdin-eof:300ms, command:1h, event:1h, ctrl-c:1h\n");
    await_said(w, "ready");
    service_ctrl_c(w);
    await_said(w, "ignored ctrl-c");
    make_file(w, "seen");
    assert_int_equal(service_wait(w), 0);
    expect_lines(w, "job.stop_rung job=web.1 rung=ctrl-c for_ms=300", 1);
    expect_lines(w, "job.stop_rung job=web.1 rung=stdin-eof for_ms=300", 1);
    expect_lines(w, "job.stop_rung_failed job=web.1 rung=command error=*code 8", 1);
    expect_lines(w, "job.stop_rung job=web.1 rung=event for_ms=3600000", 1);
    expect_lines(w, "job.stop_rung job=web.1", 4);
    expect_lines(w, "job.ended job=web.1 * code=8", 1);
    expect_lines(w, "job.terminated", 0);
}

/* --- nothing helps ------------------------------------------------------------------------- */
static void worker__ignores_everything__is_terminated_after_the_whole_ladder(struct world *w)
{
    start(w, "@worker --ignore-everything",
          GATE "stop = ctrl-c:500ms, close-window:500ms, stdin-eof:500ms, event:500ms, "
               "command:1h\n");
    await_window(w);
    HANDLE worker = worker_of(w, "web.1");
    service_ctrl_c(w);
    await_said(w, "ignored ctrl-c");
    await_said(w, "ignored wm-close");
    await_said(w, "stdin 0 bytes");
    await_said(w, "got event");
    assert_false(process_gone(worker));
    make_file(w, "seen");
    assert_int_equal(service_wait(w), 0);
    assert_int_equal(process_wait(worker), TERMINATED);
    expect_lines(w, "job.stop_rung job=web.1", 5);
    expect_order(w, "job.stop_rung job=web.1 rung=ctrl-c",
                 "job.stop_rung job=web.1 rung=close-window");
    expect_order(w, "job.stop_rung job=web.1 rung=close-window",
                 "job.stop_rung job=web.1 rung=stdin-eof");
    expect_order(w, "job.stop_rung job=web.1 rung=stdin-eof", "job.stop_rung job=web.1 rung=event");
    expect_order(w, "job.stop_rung job=web.1 rung=event", "job.terminated job=web.1");
    expect_lines(w, "job.terminated job=web.1", 1);
    expect_lines(w, forced, 1);
    expect_lines(w, "job.stopped job=web.1", 1);
}

/* --- batch files --------------------------------------------------------------------------- */
/* Of web.1: the interpreter and its program. */
static void await_batch(struct world *w, struct people *ret)
{
    char *name = job_name(w, "web.1");
    HANDLE job = job_open(name);
    free(name);
    await_people(job, 2, ret);
    CloseHandle(job);
}

/* Windows' cmd.exe would ask "Terminate batch job (Y/N)?" and wait for ever. */
static void batch_worker__gets_ctrl_c__ends_with_no_answer_from_anybody(struct world *w)
{
    make_batch(w, "web.bat",
               "@echo off\r\n@worker --on-ctrl-c-exit 3 --echo ready --hold\r\n"
               "@worker --echo more --hold\r\n");
    start(w, ".\\web.bat", "stop = ctrl-c:1h\n");
    await_said(w, "ready");
    HANDLE main_process = worker_of(w, "web.1");
    struct people tree = {0};
    await_batch(w, &tree);
    assert_int_equal(service_stop(w), 0);
    process_wait(main_process);
    assert_true(people_all_gone(&tree));
    people_close(&tree);
    expect_lines(w, "job.terminated", 0);
    expect_lines(w, "job.stop_rung job=web.1 rung=ctrl-c", 1);
    expect_lines(w, "job.stopped job=web.1", 1);
    await_said(w, "got ctrl-c");
}

static void batch_worker__its_program_takes_its_time__is_waited_for(struct world *w)
{
    make_batch(w, "web.bat",
               "@echo off\r\n"
               "@worker --ignore-ctrl-c --echo ready --wait-file go --echo done --exit 0\r\n");
    start(w, ".\\web.bat", "stop = ctrl-c:1h\n");
    await_said(w, "ready");
    service_ctrl_c(w);
    await_said(w, "ignored ctrl-c");
    expect_lines(w, "job.stopped", 0);
    make_file(w, "go");
    assert_int_equal(service_wait(w), 0);
    await_said(w, "done");
    expect_lines(w, "job.terminated", 0);
}

static void batch_worker__ignores_everything__is_terminated_with_its_interpreter(struct world *w)
{
    make_batch(w, "web.bat", "@echo off\r\n@worker --ignore-ctrl-c --echo ready --hold\r\n");
    start(w, ".\\web.bat", "stop = ctrl-c:500ms\n");
    await_said(w, "ready");
    struct people tree = {0};
    await_batch(w, &tree);
    assert_int_equal(service_stop(w), 0);
    assert_true(people_all_gone(&tree));
    people_close(&tree);
    expect_lines(w, "job.terminated job=web.1", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(stdin_eof__the_worker_reads_its_input__it_ends_by_itself),
        E2E(event__the_worker_waits_for_it__it_ends_by_itself),
        E2E(close_window__the_worker_has_one__it_ends_by_itself),
        E2E(ctrl_break__on_wine__is_not_available_and_the_next_rung_follows),
        E2E(close_window__the_worker_has_none__the_next_rung_follows_at_once),
        E2E(ladder__of_four__each_rung_is_tried_until_one_works),
        E2E(worker__ignores_everything__is_terminated_after_the_whole_ladder),
        E2E(batch_worker__gets_ctrl_c__ends_with_no_answer_from_anybody),
        E2E(batch_worker__its_program_takes_its_time__is_waited_for),
        E2E(batch_worker__ignores_everything__is_terminated_with_its_interpreter),
    };
    /* Wine starts the program that owns the desktop when somebody first needs one, and in the job
     * of whoever that is; Windows has it from the start. */
    GetDesktopWindow();
    return cmocka_run_group_tests_name("rungs and batch files", tests, NULL, NULL);
}
