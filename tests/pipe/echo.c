/* echo.c - the loop. */
#include "echo.h"

#include <process.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum note_kind { NOTE_REQUEST, NOTE_GONE, NOTE_SENT };

struct echo_note {
    struct echo_note *next;
    enum note_kind kind;
    uint64_t client;
    char *text;
};

static void note(struct echo *e, enum note_kind kind, uint64_t client, char *text)
{
    struct echo_note *n = calloc(1, sizeof *n);
    if (!n)
        abort();
    *n = (struct echo_note){.kind = kind, .client = client, .text = text};
    EnterCriticalSection(&e->lock);
    if (e->end)
        e->end->next = n;
    else
        e->first = n;
    e->end = n;
    LeaveCriticalSection(&e->lock);
    WakeAllConditionVariable(&e->changed);
}

static void on_request(void *ctx, uint64_t client, enum role role, const struct pipe_caller *who,
                       struct str bytes)
{
    struct buf b = {0};
    if (str_is(bytes, "who"))
        buf_f(&b, "echo %s %s %s", role == ROLE_COMMAND ? "command" : "look", who->account,
              who->pid == GetCurrentProcessId() ? "here" : "elsewhere");
    else
        buf_str(&b, bytes);
    if (!buf_ok(&b))
        abort();
    note(ctx, NOTE_REQUEST, client, b.p);
}

static void on_gone(void *ctx, uint64_t client)
{
    note(ctx, NOTE_GONE, client, NULL);
}

static void on_sent(void *ctx, uint64_t client)
{
    note(ctx, NOTE_SENT, client, NULL);
}

static void reply(struct echo *e, uint64_t client, const char *text, bool last)
{
    struct buf b = {0};
    buf_z(&b, text);
    pipe_server_reply(e->server, client, &b, last);
    if (b.p) /* it was to be taken over */
        abort();
}

static void reply_big(struct echo *e, uint64_t client, size_t n)
{
    struct buf b = {.p = malloc(n + 1), .n = n, .cap = n + 1};
    if (!b.p)
        abort();
    memset(b.p, 'b', n);
    b.p[n] = '\0';
    pipe_server_reply(e->server, client, &b, true);
}

static bool drop(uint64_t *list, unsigned *n, uint64_t client)
{
    for (unsigned i = 0; i < *n; i++)
        if (list[i] == client) {
            list[i] = list[--*n];
            return true;
        }
    return false;
}

static void serve(struct echo *e, uint64_t client, const char *text)
{
    unsigned n;
    if (strncmp(text, "echo ", 5) == 0) {
        reply(e, client, text + 5, true);
    } else if (sscanf(text, "count %u", &n) == 1) {
        for (unsigned i = 1; i <= n; i++) {
            char frame[32];
            snprintf(frame, sizeof frame, "%u of %u", i, n);
            reply(e, client, frame, i == n);
        }
    } else if (sscanf(text, "big %u", &n) == 1) {
        reply_big(e, client, n);
    } else if (strcmp(text, "stream") == 0) {
        e->streaming[e->streams++] = client;
        reply(e, client, "streamed", false);
    } else if (strcmp(text, "hold") == 0) {
        e->held[e->helds++] = client;
        e->count[ECHO_HELD]++;
    } else if (strcmp(text, "bye") == 0) {
        reply(e, client, "good bye", false);
        pipe_server_hang_up(e->server, client);
    } else {
        reply(e, client, text, true);
    }
}

/* Under the lock, as is all above but the callbacks. */
static void handle(struct echo *e, const struct echo_note *n)
{
    switch (n->kind) {
    case NOTE_REQUEST:
        serve(e, n->client, n->text);
        e->count[ECHO_REQUESTS]++;
        break;
    case NOTE_GONE:
        drop(e->held, &e->helds, n->client);
        drop(e->streaming, &e->streams, n->client);
        e->count[ECHO_GONE]++;
        break;
    case NOTE_SENT:
        e->count[ECHO_SENT]++;
        for (unsigned i = 0; i < e->streams; i++)
            if (e->streaming[i] == n->client)
                reply(e, n->client, "streamed", false);
        break;
    }
}

static unsigned __stdcall loop(void *arg)
{
    struct echo *e = arg;
    EnterCriticalSection(&e->lock);
    for (;;) {
        while (!e->first && !e->stop)
            SleepConditionVariableCS(&e->changed, &e->lock, INFINITE);
        struct echo_note *n = e->first;
        if (!n)
            break;
        e->first = n->next;
        if (!e->first)
            e->end = NULL;
        handle(e, n);
        free(n->text);
        free(n);
        WakeAllConditionVariable(&e->changed);
    }
    LeaveCriticalSection(&e->lock);
    return 0;
}

struct access *echo_access(const char *look, const char *command, const char *master)
{
    struct access *a = NULL;
    struct err err = {0};
    struct access_setup setup = {
        .look = &look, .command = &command, .looks = look != NULL, .commands = command != NULL};
    if (access_new_for(&setup, master, &a, &err) != ST_OK)
        fail_msg("%s", err.text);
    return a;
}

void echo_start_for(struct echo *e, struct pipe_times times, struct access *access)
{
    static unsigned made;
    struct err err = {0};
    *e = (struct echo){0};
    snprintf(e->service, sizeof e->service, "JobwardenPipeTest-%lu-%u", GetCurrentProcessId(),
             ++made);
    InitializeCriticalSection(&e->lock);
    InitializeConditionVariable(&e->changed);
    struct pipe_setup setup = {.service = e->service,
                               .access = access,
                               .times = times,
                               .request = on_request,
                               .gone = on_gone,
                               .sent = on_sent,
                               .ctx = e};
    /* The loop needs the server's address, so it waits for the lock. */
    EnterCriticalSection(&e->lock);
    e->thread = (HANDLE)_beginthreadex(NULL, 0, loop, e, 0, NULL);
    assert_non_null(e->thread);
    enum st st = pipe_server_start(&setup, &e->server, &err);
    LeaveCriticalSection(&e->lock);
    if (st != ST_OK)
        fail_msg("%s", err.text);
}

void echo_start(struct echo *e, struct pipe_times times)
{
    echo_start_for(e, times, echo_access(NULL, NULL, NULL));
}

void echo_stop(struct echo *e, uint32_t grace_ms)
{
    pipe_server_stop(e->server, grace_ms);
    EnterCriticalSection(&e->lock);
    e->stop = true;
    e->server = NULL;
    LeaveCriticalSection(&e->lock);
    WakeAllConditionVariable(&e->changed);
    assert_int_equal(WaitForSingleObject(e->thread, ECHO_LIMIT_MS), WAIT_OBJECT_0);
    CloseHandle(e->thread);
    DeleteCriticalSection(&e->lock);
}

void echo_wait(struct echo *e, enum echo_count what, unsigned n)
{
    ULONGLONG until = GetTickCount64() + ECHO_LIMIT_MS;
    EnterCriticalSection(&e->lock);
    while (e->count[what] < n && GetTickCount64() < until)
        SleepConditionVariableCS(&e->changed, &e->lock, 1000);
    unsigned got = e->count[what];
    LeaveCriticalSection(&e->lock);
    if (got < n)
        fail_msg("counter %d has come to %u, not to %u", what, got, n);
}

unsigned echo_counted(struct echo *e, enum echo_count what)
{
    EnterCriticalSection(&e->lock);
    unsigned n = e->count[what];
    LeaveCriticalSection(&e->lock);
    return n;
}

void echo_release(struct echo *e)
{
    EnterCriticalSection(&e->lock);
    while (e->helds > 0)
        reply(e, e->held[--e->helds], "held", true);
    LeaveCriticalSection(&e->lock);
}

uint64_t echo_last_held(struct echo *e)
{
    EnterCriticalSection(&e->lock);
    uint64_t id = e->helds > 0 ? e->held[e->helds - 1] : 0;
    LeaveCriticalSection(&e->lock);
    assert_true(id != 0);
    return id;
}
