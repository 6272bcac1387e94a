/* test_rungs.c - the stop ladder, rung by rung, with the real program around real workers. */
#include "tests/host/limit_path.h"
#include "tests/host/test_host.h"

#include "service/process/ctrl.h"
#include "service/win32/file.h"
#include "service/win32/wide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void await_wrote(struct way *p, const char *name, const char *text)
{
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS; !way_wrote(p, name, text); way_turn(p))
        if (GetTickCount64() >= end)
            fail_msg("'%s' did not come into %s; log:\n%s", text, name, buf_text(&p->log));
}

static void touch(const struct way *p, const char *name)
{
    char *path = path_join(p->folder, name);
    scratch_write(path, "", 0);
    free(path);
}

/* Orders the first instance to stop and waits until it is down, for the Nth time. */
static void stop_again(struct way *p, size_t n)
{
    sup_stop(p->app->sup, 0);
    way_await(p, "info job.stopped job=web.1", n);
}

static void stop_one(struct way *p)
{
    stop_again(p, 1);
}

static void stdin_eof__worker_reads_its_input__ends_by_itself(void **state)
{
    struct way *p = *state;
    way_start(p, "[job:web]\ncommand = @worker --echo ready --read-stdin --exit 5\n"
                 "stdout = out.txt\nstop = stdin-eof:1h\n");
    await_wrote(p, "out.txt", "ready\n");
    way_expect(p, "info job.ended", 0);
    stop_one(p);
    way_expect(p, "info job.stop_rung job=web.1 rung=stdin-eof", 1);
    way_expect(p, "* job.ended job=web.1 * code=5", 1);
    way_expect(p, "* job.terminated", 0);
    await_wrote(p, "out.txt", "stdin 0 bytes\n");
    sup_start(p->app->sup, 0); /* the next run has input again */
    way_await(p, "info job.started job=web.1", 2);
    stop_again(p, 2);
}

static void stdin__ladder_without_that_rung__is_at_its_end_at_once(void **state)
{
    struct way *p = *state;
    way_start(p, "[job:web]\ncommand = @worker --read-stdin --exit 5\nstdout = out.txt\n"
                 "restart = never\nsuccess_exit_codes = 5\n");
    way_await(p, "* job.ended job=web.1 * code=5", 1);
    await_wrote(p, "out.txt", "stdin 0 bytes\n");
}

static void event__worker_waits_for_it__ends_by_itself(void **state)
{
    struct way *p = *state;
    way_start(p, "[job:web]\nstop = event:1h\nstdout = out.txt\n"
                 "command = @worker --echo ready --wait-event JOBWARDEN_STOP_EVENT --exit 6\n");
    await_wrote(p, "out.txt", "ready\n");
    stop_one(p);
    way_expect(p, "info job.stop_rung job=web.1 rung=event", 1);
    way_expect(p, "* job.ended job=web.1 * code=6", 1);
    way_expect(p, "* job.terminated", 0);
    sup_start(p->app->sup, 0); /* the event is not set any more */
    way_await(p, "info job.started job=web.1", 2);
    stop_again(p, 2);
    way_expect(p, "* job.ended job=web.1 * code=6", 2);
}

static void close_window__worker_has_one__ends_by_itself(void **state)
{
    struct way *p = *state;
    way_start(p, "[job:web]\ncommand = @worker --window --exit 7\nstdout = out.txt\n"
                 "stop = close-window:1h\nrestart = never\n");
    await_wrote(p, "out.txt", "window ");
    if (way_wrote(p, "out.txt", "window error")) {
        print_message("skipped: no window can be opened here (Wine without a display)\n");
        skip();
    }
    stop_one(p);
    way_expect(p, "info job.stop_rung job=web.1 rung=close-window", 1);
    way_expect(p, "* job.ended job=web.1 * code=7", 1);
    await_wrote(p, "out.txt", "got wm-close\n");
}

static void rung__cannot_work__the_next_follows_at_once(void **state)
{
    struct way *p = *state;
    way_start(p, "[job:web]\ncommand = @worker --echo ready --read-stdin --exit 5\n"
                 "stdout = out.txt\nstop = close-window:1h, stdin-eof:1h\n");
    await_wrote(p, "out.txt", "ready\n");
    stop_one(p);
    way_expect(p, "warning job.stop_rung_failed job=web.1 rung=close-window error=*window", 1);
    way_expect(p, "* job.ended job=web.1 * code=5", 1);
}

static void ctrl_break__where_there_is_none__says_so_and_the_next_follows(void **state)
{
    struct way *p = *state;
    way_start(p, "[job:web]\ncommand = @worker --on-ctrl-c-exit 9 --echo ready --hold\n"
                 "stdout = out.txt\nstop = ctrl-break:1h, ctrl-c:1h\n");
    await_wrote(p, "out.txt", "ready\n");
    stop_one(p);
    way_expect(p, "* job.ended job=web.1 * code=9", 1);
    way_expect(p, "warning job.stop_rung_failed job=web.1 rung=ctrl-break error=*not available",
               on_wine());
    await_wrote(p, "out.txt", on_wine() ? "got ctrl-c\n" : "got ctrl-break\n");
}

static void rung__run_was_started_without_it__is_refused_in_words(void **state)
{
    struct way *p = *state;
    struct err e = {0};
    way_start(p, "[job:web]\ncommand = @worker --hold\n" QUIET);
    struct run *run = run_of(p->app->runs, way_unit(p, 0)->id);
    assert_non_null(run);
    const struct rung input = {RUNG_STDIN_EOF, 1000}, event = {RUNG_EVENT, 1000};
    assert_int_equal(rung_ask(p->app->runs, run, &input, &e), ST_UNSUPPORTED);
    assert_non_null(strstr(e.text, "standard input"));
    assert_int_equal(rung_ask(p->app->runs, run, &event, &e), ST_UNSUPPORTED);
    assert_non_null(strstr(e.text, "stop event"));
}

static void worker__ignores_everything__is_terminated_after_the_last_rung(void **state)
{
    struct way *p = *state;
    way_start(p, "[job:web]\ncommand = @worker --ignore-everything\nstdout = out.txt\n"
                 "stop = ctrl-c:300ms, close-window:300ms, stdin-eof:300ms, event:300ms\n");
    await_wrote(p, "out.txt", "window ");
    stop_one(p);
    bool window = !way_wrote(p, "out.txt", "window error"); /* there may be no desktop */
    way_expect(p, "info job.stop_rung job=web.1", window ? 4 : 3);
    way_expect(p, "* job.terminated job=web.1", 1);
    way_expect(p, "* job.ended job=web.1 * code=0xE0000001", 1);
    await_wrote(p, "out.txt", "ignored ctrl-c\n");
    await_wrote(p, "out.txt", "stdin 0 bytes\n");
    await_wrote(p, "out.txt", "got event JOBWARDEN_STOP_EVENT\n");
    if (window)
        await_wrote(p, "out.txt", "ignored wm-close\n");
}

static void name__of_its_event_is_taken__the_worker_does_not_start(void **state)
{
    struct way *p = *state;
    char name[SIGNAL_NAME_SIZE];
    way_load(p, "[job:web]\ncommand = @worker --hold\nstop = event:1h\nrestart = never\n" QUIET);
    snprintf(name, sizeof name, "%s%s.web.1.stop", p->app->runs->set.prefix,
             p->app->config->service.name);
    HANDLE taken = CreateEventA(NULL, TRUE, FALSE, name);
    assert_non_null(taken);
    sup_start_all(p->app->sup);
    way_await(p, "* job.start_failed job=web.1 error=*stop is already taken", 1);
    CloseHandle(taken);
    way_expect(p, "info job.started", 0);
}

/* --- batch files --------------------------------------------------------------------- */
static void write_batch(const struct way *p, const char *text)
{
    char *path = path_join(p->folder, "web.bat");
    scratch_write(path, text, strlen(text));
    free(path);
}

/* Windows' cmd.exe asks "Terminate batch job (Y/N)?" once the worker has ended; Wine's does not. */
static void batch_file__gets_ctrl_c__ends_without_an_answer(void **state)
{
    struct way *p = *state;
    static const char *const ladder[] = {"stop = ctrl-c:1h\n", "stop = ctrl-c:1h, stdin-eof:1h\n"};
    for (int i = 0; i < 2; i++) {
        struct buf ini = {0};
        write_batch(p, "@echo off\r\n%WORKER% --on-ctrl-c-exit 3 --echo ready --hold\r\n"
                       "%WORKER% --echo more\r\n");
        buf_f(&ini, "[job:web]\ncommand = .\\web.bat\nenv.WORKER = @worker\nstdout = out.%d\n%s", i,
              ladder[i]);
        way_start(p, buf_text(&ini));
        await_wrote(p, i ? "out.1" : "out.0", "ready\n");
        stop_one(p);
        way_expect(p, "* job.terminated", 0);
        way_expect(p, "* job.stop_rung job=web.1 rung=stdin-eof", 0);
        await_wrote(p, i ? "out.1" : "out.0", "got ctrl-c\n");
        way_unload(p);
        way_forget_lines(p);
        buf_free(&ini);
    }
}

/* A program of that name that stays after Ctrl+C and then does nothing, as one does that asks. */
static void make_interpreter(const struct way *p)
{
    char *self = path_of_self(), *folder = path_join(self, "..");
    char *worker = path_join(folder, "..\\helper\\worker.exe");
    char *copy = path_join(p->folder, "cmd.exe");
    wchar_t *from = path_wide(worker), *to = path_wide(copy);
    assert_true(CopyFileW(from, to, TRUE));
    free(self);
    free(folder);
    free(worker);
    free(copy);
    free(from);
    free(to);
}

static void interpreter__waits_for_input_after_ctrl_c__is_ended(void **state)
{
    struct way *p = *state;
    make_interpreter(p);
    way_start(p, "[job:web]\ncommand = .\\cmd.exe --ignore-ctrl-c --echo ready --read-stdin\n"
                 "stdout = out.txt\nstop = ctrl-c:1h, stdin-eof:1h\n");
    await_wrote(p, "out.txt", "ready");
    stop_one(p);
    way_expect(p, "info job.batch_ended job=web.1 processes=1", 1);
    way_expect(p, "* job.ended job=web.1 * code=0xC000013A", 1);
    way_expect(p, "* job.stop_rung job=web.1 rung=stdin-eof", 0);
    way_expect(p, "* job.terminated", 0);
}

static void interpreter__its_program_takes_its_time__is_left_alone_until_it_ends(void **state)
{
    struct way *p = *state;
    make_interpreter(p);
    way_start(p, "[job:web]\nstdout = out.txt\nstop = ctrl-c:1h, stdin-eof:1h\n"
                 "env.WORKER = @worker\ncommand = .\\cmd.exe --ignore-ctrl-c --run \"%WORKER% "
                 "--ignore-ctrl-c --echo ready --wait-file go --echo gone\" --read-stdin\n");
    await_wrote(p, "out.txt", "ready\n");
    sup_stop(p->app->sup, 0);
    await_wrote(p, "out.txt", "ignored ctrl-c\n");
    struct run *run = run_of(p->app->runs, way_unit(p, 0)->id);
    while (!run->batch.watched)
        way_turn(p);
    for (ULONGLONG end = GetTickCount64() + 3 * BATCH_QUIET_MS; GetTickCount64() < end;)
        way_turn(p);
    way_expect(p, "info job.batch_ended", 0);
    touch(p, "go");
    way_await(p, "info job.stopped job=web.1", 1);
    way_expect(p, "info job.batch_ended job=web.1 processes=1", 1);
    await_wrote(p, "out.txt", "gone\n");
    way_expect(p, "* job.terminated", 0);
}

static int run_ladder(void)
{
    const struct CMUnitTest tests[] = {
        WAY(stdin_eof__worker_reads_its_input__ends_by_itself),
        WAY(stdin__ladder_without_that_rung__is_at_its_end_at_once),
        WAY(event__worker_waits_for_it__ends_by_itself),
        WAY(close_window__worker_has_one__ends_by_itself),
        WAY(rung__cannot_work__the_next_follows_at_once),
        WAY(ctrl_break__where_there_is_none__says_so_and_the_next_follows),
        WAY(rung__run_was_started_without_it__is_refused_in_words),
        WAY(worker__ignores_everything__is_terminated_after_the_last_rung),
        WAY(name__of_its_event_is_taken__the_worker_does_not_start),
        WAY(batch_file__gets_ctrl_c__ends_without_an_answer),
        WAY(interpreter__waits_for_input_after_ctrl_c__is_ended),
        WAY(interpreter__its_program_takes_its_time__is_left_alone_until_it_ends),
    };
    return cmocka_run_group_tests_name("rungs", tests, NULL, NULL);
}

int wmain(int argc, wchar_t **argv);

/* The sender of Ctrl+C is this program too. */
int wmain(int argc, wchar_t **argv)
{
    char *verb = argc > 1 ? utf8_of(argv[1]) : NULL;
    bool sender = verb && strcmp(verb, CTRL_VERB) == 0;
    free(verb);
    if (sender)
        return ctrl_helper_main(argc, argv);
    /* Wine starts the program that owns the desktop when somebody first needs one, and in the job
     * of whoever that is; Windows has it from the start. */
    GetDesktopWindow();
    return test_signals() + run_ladder();
}
