/* hostile.c - what a client can do wrong, by chance. */
#include "hostile.h"

#include "common/random.h"
#include "service/pipe/frame.h"
#include "service/pipe/name.h"

#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPEN_AT_ONCE = 40,
    OPEN_MS = 200, /* for an instance that listens */
    STUCK_MS = 20, /* so long a write or read may take; then it is broken off */
    LONG_REQUEST = 200 << 10,
    JUNK_MAX = 512
};

struct crowd {
    struct random r;
    wchar_t *name;
    HANDLE open[OPEN_AT_ONCE], event;
    struct hostile_result result;
};

static unsigned below(struct crowd *w, unsigned n)
{
    return (unsigned)random_below(&w->r, n);
}

static HANDLE enter(const struct crowd *w)
{
    for (int i = 0; i < 10; i++) {
        HANDLE h = CreateFileW(
            w->name, GENERIC_READ | FILE_WRITE_DATA, 0, NULL, OPEN_EXISTING,
            FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION, NULL);
        if (h != INVALID_HANDLE_VALUE || GetLastError() != ERROR_PIPE_BUSY)
            return h;
        WaitNamedPipeW(w->name, OPEN_MS);
    }
    return INVALID_HANDLE_VALUE;
}

/* How many bytes went through before it ended or had to be broken off. */
static DWORD end(const struct crowd *w, HANDLE h, OVERLAPPED *io, BOOL ok)
{
    DWORD n = 0;
    if (!ok && GetLastError() != ERROR_IO_PENDING)
        return 0;
    if (WaitForSingleObject(w->event, STUCK_MS) != WAIT_OBJECT_0)
        CancelIoEx(h, io);
    return GetOverlappedResult(h, io, &n, TRUE) ? n : 0;
}

static void put(const struct crowd *w, HANDLE h, const void *p, size_t n)
{
    OVERLAPPED io = {.hEvent = w->event};
    end(w, h, &io, WriteFile(h, p, (DWORD)n, NULL, &io));
}

static size_t get(const struct crowd *w, HANDLE h, void *p, size_t n)
{
    size_t at = 0;
    while (at < n) {
        OVERLAPPED io = {.hEvent = w->event};
        BOOL ok = ReadFile(h, (char *)p + at, (DWORD)(n - at), NULL, &io);
        DWORD got = end(w, h, &io, ok);
        if (got == 0)
            break;
        at += got;
    }
    return at;
}

/* A frame with the request DO, blown up to LENGTH by blanks; from malloc. */
static void request(struct buf *b, const char *what, size_t length)
{
    struct buf json = {0};
    char head[FRAME_HEAD];
    buf_f(&json, "{\"protocol\":1,\"id\":9,\"do\":\"%s\"", what);
    while (json.n + 1 < length)
        buf_char(&json, ' ');
    buf_char(&json, '}');
    frame_head((uint32_t)json.n, head);
    buf_add(b, head, sizeof head);
    buf_str(b, buf_view(&json));
    buf_free(&json);
}

/* Reads what comes and checks that it is frames, each an object. */
static void listen_to(struct crowd *w, HANDLE h)
{
    struct frames f;
    char bytes[4096];
    size_t n;
    frames_init(&f, FRAME_REPLY_MAX);
    OVERLAPPED io = {.hEvent = w->event};
    while ((n = end(w, h, &io, ReadFile(h, bytes, sizeof bytes, NULL, &io))) > 0) {
        struct str rest = {bytes, n};
        enum frame_found found;
        while ((found = frames_take(&f, &rest)) == FRAME_WHOLE) {
            struct str v = frames_view(&f);
            bool object = v.p[0] == '{' && v.p[v.n - 1] == '}';
            w->result.replies += object;
            w->result.torn += !object;
            frames_next(&f);
        }
        if (found != FRAME_MORE) {
            w->result.torn++;
            break;
        }
        if (!frames_begun(&f) && below(w, 8))
            break;
    }
    frames_free(&f);
}

static void lie(struct crowd *w, HANDLE h)
{
    static const uint32_t lengths[] = {0,          FRAME_REQUEST_MAX + 1, UINT32_MAX,
                                       0x80000000, FRAME_REQUEST_MAX,     1000};
    char head[FRAME_HEAD];
    frame_head(lengths[below(w, 6)], head);
    put(w, h, head, sizeof head);
    put(w, h, "{}", below(w, 3));
    if (below(w, 2))
        listen_to(w, h);
}

static void stop_half_way(struct crowd *w, HANDLE h)
{
    struct buf b = {0};
    request(&b, "status", 0);
    put(w, h, b.p, 1 + below(w, (unsigned)b.n - 1));
    buf_free(&b);
}

static void rubbish(struct crowd *w, HANDLE h)
{
    static const char *const nearly[] = {
        "{",
        "[]",
        "null",
        "\"\"",
        "{\"protocol\":2,\"do\":\"status\"}",
        "{\"protocol\":1}",
        "{\"protocol\":1,\"do\":7}",
        "{\"protocol\":1,\"id\":-1,\"do\":\"status\"}",
        "{\"protocol\":1,\"do\":\"no such thing\"}",
        "{\"protocol\":1,\"do\":\"status\",\"x\":1}",
        "{\"protocol\":1,\"do\":\"logs\",\"n\":99999999999999999999}",
        "\xFF\xFE\x80",
        "{\"protocol\":1,\"do\":\"status\",\"names\":[\"\\u0000\\ud800\"]}",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["};
    char junk[FRAME_HEAD + JUNK_MAX];
    size_t n = 1 + below(w, JUNK_MAX);
    for (size_t i = 0; i < sizeof junk; i++)
        junk[i] = (char)below(w, 256);
    switch (below(w, 3)) {
    case 0: /* not even a head */
        put(w, h, junk, n);
        break;
    case 1:
        frame_head((uint32_t)n, junk);
        put(w, h, junk, FRAME_HEAD + n);
        break;
    default: {
        const char *text = nearly[below(w, sizeof nearly / sizeof *nearly)];
        n = strlen(text);
        frame_head((uint32_t)n, junk);
        memcpy(junk + FRAME_HEAD, text, n);
        put(w, h, junk, FRAME_HEAD + n);
        break;
    }
    }
    if (below(w, 2)) {
        char first[FRAME_HEAD];
        get(w, h, first, sizeof first);
    }
}

static void ask_for_much(struct crowd *w, HANDLE h)
{
    struct buf b = {0};
    request(&b, "events\",\"n\":10000,\"follow\":true,\"x\":\"", LONG_REQUEST);
    put(w, h, b.p, b.n);
    buf_free(&b);
}

static void crowd_in(struct crowd *w, HANDLE h)
{
    struct buf b = {0};
    for (unsigned i = 1 + below(w, 300); i > 0; i--)
        request(&b, "check", 0);
    put(w, h, b.p, b.n);
    buf_free(&b);
}

static void drip(struct crowd *w, HANDLE h)
{
    struct buf b = {0};
    request(&b, "check", 0);
    for (size_t at = 0, n; at < b.n; at += n) {
        n = 1 + below(w, 12);
        n = n < b.n - at ? n : b.n - at;
        put(w, h, b.p + at, n);
    }
    buf_free(&b);
    listen_to(w, h);
}

static void break_off(struct crowd *w, HANDLE h)
{
    char some[1000];
    ask_for_much(w, h);
    get(w, h, some, 1 + below(w, sizeof some));
}

static void leave(struct crowd *w, HANDLE h)
{
    (void)w;
    (void)h;
}

static void (*const acts[HOSTILE_KINDS])(struct crowd *w, HANDLE h) = {
    [HOSTILE_LEAVES] = leave,        [HOSTILE_LIES] = lie,
    [HOSTILE_STOPS] = stop_half_way, [HOSTILE_RUBBISH] = rubbish,
    [HOSTILE_DEAF] = ask_for_much,   [HOSTILE_CROWDS] = crowd_in,
    [HOSTILE_DRIPS] = drip,          [HOSTILE_BREAKS_OFF] = break_off,
};

/* H stays in the place of one that has stayed for long. */
static void stay(struct crowd *w, HANDLE h)
{
    unsigned i = below(w, OPEN_AT_ONCE);
    if (w->open[i])
        CloseHandle(w->open[i]);
    w->open[i] = h;
}

struct hostile_result hostile_run(const char *service, unsigned connections, unsigned seed)
{
    struct crowd w = {.r = {seed},
                      .name = pipe_name(NULL, service),
                      .event = CreateEventW(NULL, TRUE, FALSE, NULL)};
    for (unsigned i = 0; w.name && w.event && i < connections; i++) {
        HANDLE h = enter(&w);
        if (h == INVALID_HANDLE_VALUE) {
            w.result.refused++;
            continue;
        }
        unsigned kind = below(&w, HOSTILE_KINDS);
        acts[kind](&w, h);
        w.result.made[kind]++;
        if (kind != HOSTILE_LEAVES && below(&w, 4) == 0)
            stay(&w, h);
        else
            CloseHandle(h);
    }
    for (unsigned i = 0; i < OPEN_AT_ONCE; i++)
        if (w.open[i])
            CloseHandle(w.open[i]);
    if (w.event)
        CloseHandle(w.event);
    free(w.name);
    return w.result;
}
