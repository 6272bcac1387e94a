/* e2e_two.c - two services on one machine: apart by their names, and never two of one name. */
#include "harness_ask.h"
#include "harness_limits.h"
#include "harness_other.h"
#include "harness_reload.h"

#include <stdlib.h>
#include <string.h>

#define JOB                                                                                        \
    "[job:web]\ncommand = @worker --echo \"of ${service}\" --hold\nstop = terminate\n"             \
    "stdout = ${service}.${job}.txt\n"

/* `jobwarden.exe WORDS` of the other service; must end with CODE and have said PIECE. */
static void tell_other(struct world *w, const char *words, DWORD code, const char *piece)
{
    char *all = path_f("%s --config other.ini", words);
    expect(w, all, code, piece);
    free(all);
}

static DWORD worker_pid(struct world *w, const char *service)
{
    char *words = path_f("status web --json --service %s", service);
    struct said s = say(w, words);
    yyjson_doc *doc = yyjson_read(buf_text(&s.out), s.out.n, 0);
    yyjson_val *root = yyjson_doc_get_root(doc);
    assert_int_equal(s.code, 0);
    assert_string_equal(text_in(member(root, "service"), "name"), service);
    yyjson_val *v = named_in(member(root, "instances"), "web.1");
    DWORD pid = (DWORD)number_in(v, "pid");
    yyjson_doc_free(doc);
    said_free(&s);
    free(words);
    return pid;
}

static void services__of_two_names__never_meet(struct world *w)
{
    struct other o;
    char *name = path_f("%s-b", w->service), *spare = path_f("start web --service %s", name);
    job_file(w, JOB);
    service_start(w);
    other_start(w, "other.ini", name, JOB, &o);
    other_await(&o, "job.ready job=web.1", 1);
    await_running(w, 1);
    DWORD mine = worker_pid(w, w->service), its = worker_pid(w, name);
    assert_int_equal(mine, GetProcessId(worker_of(w, "web.1")));
    assert_int_not_equal(mine, its);
    char *job = job_name(w, "web.1");
    char *other_job = path_f("%.*s%s.web.1", (int)(strchr(job, '\\') + 1 - job), job, name);
    assert_true(job_exists(job) && job_exists(other_job));
    HANDLE h = job_open(job), process = process_open(its);
    assert_false(job_has(h, process));
    CloseHandle(h);
    tell_other(w, "stop web --wait", 0, "web.1 stopped");
    process_wait(process);
    CloseHandle(process);
    tell(w, "status", 0, "1 instance: 1 running");
    tell_other(w, "status", 3, "1 instance: 1 stopped");
    expect_lines(w, "control.command", 0);
    char *own_log = path_f("logs\\%s.log", name), *log = path_f("logs\\%s.log", w->service);
    char *own_text = path_f("%s.web.txt", name), *text = path_f("%s.web.txt", w->service);
    await_file(w, own_log, "job.stopped job=web.1", 1, NULL);
    await_file(w, log, "job.ready job=web.1", 1, NULL);
    await_file(w, own_text, name, 1, NULL);
    await_file(w, text, w->service, 1, NULL);
    assert_int_equal(service_stop(w), 0);
    expect(w, spare, 0, "web.1: start ordered"); /* the other one goes on */
    other_await(&o, "job.ready job=web.1", 2);
    other_end(&o);
    free(text);
    free(own_text);
    free(log);
    free(own_log);
    free(other_job);
    free(job);
    free(spare);
    free(name);
}

/* A second one with these keys does not come up, and says why. */
static void expect_refused(struct world *w, const char *keys, const char *why)
{
    struct other o;
    struct buf err = {0};
    char *text = path_f("%s" JOB, keys);
    other_start(w, "other.ini", w->service, text, &o);
    DWORD code = other_wait(&o, &err);
    if (code == 0 || !text_has(buf_view(&err), why))
        fail_msg("the second one ended with %lu:\n%s", code, buf_text(&err));
    assert_int_equal(lines_in(buf_view(&err)), 1);
    other_end(&o);
    buf_free(&err);
    free(text);
}

static void second_of_a_name__is_refused__until_the_first_has_ended(struct world *w)
{
    struct other o;
    struct buf out = {0}, err = {0};
    char *why =
        path_f("jobwarden: a service named '%s' is already running on this machine", w->service);
    job_file(w, "object_namespace = local\n" JOB);
    service_start(w);
    await_running(w, 1);
    HANDLE mine = worker_of(w, "web.1");
    assert_int_equal(verb(w, "run --config jobs.ini", &out, &err), 1); /* the same file */
    assert_true(text_has(buf_view(&err), why));
    expect_refused(w, "object_namespace = local\n", why);
    expect_refused(w, "object_namespace = global\n", "already runs on this machine");
    tell(w, "status", 0, "1 instance: 1 running"); /* of the first, which has not noticed */
    tell_other(w, "status", 0, "1 instance: 1 running");
    assert_false(process_gone(mine));
    expect_starts(w, "web.1", 1);
    assert_int_equal(service_stop(w), 0);
    other_start(w, "other.ini", w->service, JOB, &o);
    other_await(&o, "job.ready job=web.1", 1);
    tell(w, "status", 0, "1 instance: 1 running");
    other_end(&o);
    buf_free(&err);
    buf_free(&out);
    free(why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(services__of_two_names__never_meet),
        E2E(second_of_a_name__is_refused__until_the_first_has_ended),
    };
    return cmocka_run_group_tests_name("two services", tests, NULL, NULL);
}
