/* helpers.c - performs stop rungs: those that take but a call, and the short-lived processes of the
 * others, which are the sender of Ctrl+C and stop_command.  A rung that fails makes the ladder go
 * on at once. */
#include "service/host/runs_impl.h"

#include "common/exit_code.h"
#include "service/host/port.h"
#include "service/process/ctrl.h"
#include "service/process/window.h"
#include "service/win32/oserr.h"

#include <stdio.h>
#include <stdlib.h>

/* Attaching to a console that hangs never returns. */
enum { HELPER_MS = 10000 };

/* A free record, at its slot. */
static struct helper *helper_new(struct runs *r, uint32_t *ret_slot)
{
    size_t i = 0;
    while (i < r->helpers && r->helper[i]->used)
        i++;
    if (i == r->helpers) {
        struct helper **grown = realloc(r->helper, (i + 1) * sizeof *grown);
        if (!grown)
            return NULL;
        r->helper = grown;
        r->helper[i] = calloc(1, sizeof **grown);
        if (!r->helper[i])
            return NULL;
        r->helpers++;
    }
    *ret_slot = (uint32_t)i;
    return r->helper[i];
}

/* stop_command runs in the worker's own job, so it ends with it at the latest. */
static enum st run_command(struct runs *r, struct run *run, struct helper *h, struct err *e)
{
    const struct job_spec *spec = sup_find(r->sup, run->id)->spec;
    char pid[16];
    snprintf(pid, sizeof pid, "%lu", (unsigned long)run->child.pid);
    const struct env_var var = {"JOBWARDEN_PID", pid};
    const struct env_vars extra = {1, &var};
    struct launch launch = {0};
    enum st st = launch_prepare(spec, spec->stop_command, r->set.service, r->set.config_dir, &extra,
                                &launch, e);
    struct nest nest = {.n = 0};
    if (st == ST_OK)
        st = levels_open(r->levels, (uint32_t)run->id, &nest, e);
    if (st != ST_OK) {
        launch_free(&launch);
        return err_in(e, "stop_command");
    }
    nest.called[nest.n] = "the worker's own job";
    nest.job[nest.n++] = job_handle(run->job);
    struct spawn s = {.launch = &launch,
                      .jobs = nest.job,
                      .jobs_n = nest.n,
                      .job_names = nest.called,
                      .console = CONSOLE_OWN,
                      .ended = ender_post,
                      .ctx = &h->ender};
    st = spawn_child(&s, &h->child, e);
    launch_free(&launch);
    return st == ST_OK ? ST_OK : err_in(e, "stop_command");
}

/* Who leads to the worker's console: the main process, or once that has ended whoever is left. */
static HANDLE console_member(struct run *run, DWORD *ret_pid)
{
    DWORD code;
    struct members m = {0};
    HANDLE h = NULL;
    *ret_pid = run->child.pid;
    if (child_alive(&run->child, &code))
        return job_open_member(run->job, run->child.pid);
    if (job_members(run->job, true, &m, NULL) != ST_OK)
        return NULL;
    for (size_t i = 0; !h && i < m.n; i++)
        if (!m.v[i].console_host) {
            *ret_pid = m.v[i].pid;
            h = job_open_member(run->job, m.v[i].pid);
        }
    members_free(&m);
    return h;
}

static enum st send_event(struct runs *r, struct run *run, struct helper *h, struct err *e)
{
    DWORD pid = 0;
    h->target = console_member(run, &pid);
    if (!h->target)
        return err_say(e, ST_NOTFOUND, "nobody is left on the worker's console");
    h->deadline = uv_now(r->set.loop) + HELPER_MS;
    return ctrl_send(pid, h->rung == RUNG_CTRL_BREAK, r->helpers_job, ender_post, &h->ender,
                     &h->child, e);
}

static void helper_close(struct helper *h)
{
    child_close(&h->child);
    if (h->target)
        CloseHandle(h->target);
    h->target = NULL;
    h->used = false;
}

static enum st helper_ask(struct runs *r, struct run *run, enum rung_kind rung, struct err *e)
{
    uint32_t slot = 0;
    struct helper *h = helper_new(r, &slot);
    if (!h)
        return err_nomem(e);
    *h = (struct helper){
        .id = run->id, .rung = rung, .ender = {r->set.port, PORT_KEY_HELPER | slot}};
    enum st st = rung == RUNG_COMMAND ? run_command(r, run, h, e) : send_event(r, run, h, e);
    h->used = st == ST_OK;
    if (st != ST_OK)
        helper_close(h);
    return st;
}

static enum st close_windows(struct run *run, struct err *e)
{
    const uint32_t *pid = NULL;
    size_t n = 0;
    enum st st = job_pids(run->job, &pid, &n, e);
    return st == ST_OK ? window_close(pid, n, e) : st;
}

static enum st end_input(struct run *run, struct err *e)
{
    if (!run->stdin_write)
        return err_say(e, ST_UNSUPPORTED,
                       "the worker's standard input has ended already, or was never a pipe: it was "
                       "started before its ladder had the rung");
    CloseHandle(run->stdin_write);
    run->stdin_write = NULL;
    return ST_OK;
}

enum st rung_ask(struct runs *r, struct run *run, const struct rung *rung, struct err *e)
{
    switch (rung->kind) {
    case RUNG_CLOSE_WINDOW:
        return close_windows(run, e);
    case RUNG_STDIN_EOF:
        return end_input(run, e);
    case RUNG_EVENT:
        return signals_stop(&run->signals, e);
    case RUNG_CTRL_C:
    case RUNG_CTRL_BREAK:
    case RUNG_COMMAND:
        return helper_ask(r, run, rung->kind, e);
    case RUNG_TERMINATE: /* hands.kill does that */
    case RUNG_KINDS:
        break;
    }
    return err_say(e, ST_UNSUPPORTED, "this is no rung");
}

static void say_failure(const struct helper *h, DWORD code, char *text, size_t cap)
{
    char words[256];
    if (h->rung == RUNG_COMMAND) {
        struct buf b = {0};
        exit_code_print(code, &b);
        snprintf(text, cap, "stop_command ended with exit code %s", buf_text(&b));
        buf_free(&b);
        return;
    }
    os_words(code, words, sizeof words);
    snprintf(text, cap, "the console event could not be sent: %s (Windows error %lu)", words,
             (unsigned long)code);
}

void runs_helper_ended(struct runs *r, uint32_t helper)
{
    DWORD code = 0;
    if (helper >= r->helpers || !r->helper[helper]->used)
        return;
    struct helper *h = r->helper[helper];
    if (child_alive(&h->child, &code))
        return; /* a packet of the slot's last user */
    helper_close(h);
    struct run *run = run_of(r, h->id);
    if (code != 0) {
        char text[400];
        say_failure(h, code, text, sizeof text);
        sup_note_rung_failed(r->sup, h->id, h->rung, text);
    } else if (run && h->rung != RUNG_COMMAND) {
        batch_interrupted(r, run);
    }
}

void runs_look_at_helpers(struct runs *r)
{
    uint64_t now = uv_now(r->set.loop);
    for (size_t i = 0; i < r->helpers; i++) {
        struct helper *h = r->helper[i];
        if (h->used && h->deadline != 0 && now >= h->deadline)
            TerminateProcess(h->child.process, ERROR_TIMEOUT); /* its end then comes as any other */
        if (h->used)
            runs_helper_ended(r, (uint32_t)i); /* if the packet was lost */
    }
}

void helpers_end(struct runs *r)
{
    for (size_t i = 0; i < r->helpers; i++) {
        if (r->helper[i]->used)
            TerminateProcess(r->helper[i]->child.process, ERROR_PROCESS_ABORTED);
        helper_close(r->helper[i]);
        free(r->helper[i]);
    }
    free(r->helper);
    r->helper = NULL;
    r->helpers = 0;
}
