/* clients.c - see the header. */
#include <winsock2.h>

#include "clients.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DECADE = 10, GAPS_MAX = 64, PAUSE_MS = 20 };

struct gap {
    LONGLONG from, to; /* of the performance counter */
};

struct client {
    struct clients *all;
    unsigned port;
    HANDLE thread;
    /* Under the lock of all: */
    size_t failed;     /* attempts in a row */
    LONGLONG answered; /* begin of the last attempt that got its answer */
    DWORD pid;         /* in that answer */
    size_t gaps;
    struct gap gap[GAPS_MAX]; /* the last one grows while `failed` is not 0 */
};

struct clients {
    CRITICAL_SECTION lock;
    volatile LONG stop;
    size_t n;
    struct client client[DECADE];
};

static struct clients *running; /* one that a test which failed has left */

static LONGLONG now(void)
{
    LARGE_INTEGER t;
    QueryPerformanceCounter(&t);
    return t.QuadPart;
}

/* --- one attempt ------------------------------------------------------------------------- */
enum outcome { ANSWERED, FAILED, UNKNOWN };

/* Wine may keep the connections of a process that has ended open for ever, and a busy machine takes
 * its time: no answer for so long says nothing. */
enum { PATIENCE_MS = 1000 };

static enum outcome ask(SOCKET s, char *text, size_t room)
{
    static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    size_t n = 0;
    int got = 0;
    if (send(s, request, sizeof request - 1, 0) != (int)sizeof request - 1)
        return FAILED;
    while (n + 1 < room && (got = recv(s, text + n, (int)(room - n - 1), 0)) > 0)
        n += (size_t)got;
    text[n] = '\0';
    if (got < 0 && WSAGetLastError() == WSAETIMEDOUT)
        return UNKNOWN;
    return got == 0 && strncmp(text, "HTTP/1.1 200 ", 13) == 0 ? ANSWERED : FAILED;
}

static enum outcome attempt(unsigned port, DWORD *ret_pid)
{
    char text[512];
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((u_short)port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    DWORD patience = PATIENCE_MS;
    SOCKET s = socket(AF_INET, SOCK_STREAM, 0);
    if (s == INVALID_SOCKET)
        return UNKNOWN;
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, (const char *)&patience, sizeof patience);
    enum outcome what = FAILED;
    if (connect(s, (struct sockaddr *)&a, sizeof a) == 0)
        what = ask(s, text, sizeof text);
    closesocket(s);
    const char *pid = what == ANSWERED ? strstr(text, "\r\n\r\npid ") : NULL;
    *ret_pid = pid ? (DWORD)strtoul(pid + 8, NULL, 10) : 0;
    return what;
}

static void note_answer(struct client *c, LONGLONG from, DWORD pid)
{
    c->pid = pid;
    c->answered = from;
    c->failed = 0;
}

static void note_failure(struct client *c, LONGLONG from, LONGLONG to)
{
    if (c->failed++ == 0) {
        c->gaps++;
        if (c->gaps <= GAPS_MAX)
            c->gap[c->gaps - 1] = (struct gap){to, to};
    } else if (c->gaps <= GAPS_MAX) {
        c->gap[c->gaps - 1].to = from;
    }
}

static DWORD WINAPI poll(void *arg)
{
    struct client *c = arg;
    while (!c->all->stop) {
        LONGLONG from = now();
        DWORD pid = 0;
        enum outcome what = attempt(c->port, &pid);
        LONGLONG to = now();
        EnterCriticalSection(&c->all->lock);
        if (what == ANSWERED)
            note_answer(c, from, pid);
        else if (what == FAILED)
            note_failure(c, from, to);
        LeaveCriticalSection(&c->all->lock);
        Sleep(PAUSE_MS); /* how often is for the sharpness of the view, not for its truth */
    }
    return 0;
}

/* --- all of them ------------------------------------------------------------------------- */
struct clients *clients_start(unsigned first, size_t n)
{
    WSADATA data;
    if (running)
        clients_end(running);
    struct clients *c = calloc(1, sizeof *c);
    assert_non_null(c);
    assert_int_equal(WSAStartup(MAKEWORD(2, 2), &data), 0);
    assert_in_range(n, 1, DECADE);
    InitializeCriticalSection(&c->lock);
    running = c;
    for (c->n = 0; c->n < n; c->n++) {
        struct client *one = &c->client[c->n];
        one->all = c;
        one->port = first + (unsigned)c->n;
        one->thread = CreateThread(NULL, 0, poll, one, 0, NULL);
        if (!one->thread)
            fail_msg("no thread: Windows error %lu", GetLastError());
    }
    clients_await_answers(c);
    return c;
}

void clients_end(struct clients *c)
{
    InterlockedExchange(&c->stop, 1);
    for (size_t i = 0; i < c->n; i++) {
        WaitForSingleObject(c->client[i].thread, INFINITE);
        CloseHandle(c->client[i].thread);
    }
    DeleteCriticalSection(&c->lock);
    WSACleanup();
    running = NULL;
    free(c);
}

/* How many are in such a time now; SIZE_MAX: not all of these times have a moment in common yet. */
static size_t count_down(struct clients *c)
{
    struct gap common = {0, INT64_MAX};
    size_t n = 0;
    EnterCriticalSection(&c->lock);
    for (size_t i = 0; i < c->n; i++) {
        const struct client *one = &c->client[i];
        if (one->failed < 2 || one->gaps > GAPS_MAX)
            continue;
        const struct gap *g = &one->gap[one->gaps - 1];
        common.from = g->from > common.from ? g->from : common.from;
        common.to = g->to < common.to ? g->to : common.to;
        n++;
    }
    LeaveCriticalSection(&c->lock);
    return common.from < common.to ? n : SIZE_MAX;
}

void clients_await_down(struct clients *c, size_t n)
{
    size_t down;
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS; (down = count_down(c)) != n;
         Sleep(POLL_MS))
        if (GetTickCount64() >= end)
            fail_msg("not %zu workers do not answer, but %zd", n, (ptrdiff_t)down);
}

void clients_await_answers(struct clients *c)
{
    LONGLONG since = now();
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS;; Sleep(POLL_MS)) {
        size_t n = 0;
        EnterCriticalSection(&c->lock);
        for (size_t i = 0; i < c->n; i++)
            n += c->client[i].answered > since;
        LeaveCriticalSection(&c->lock);
        if (n == c->n)
            return;
        if (GetTickCount64() >= end)
            fail_msg("%zu of %zu workers answer", n, c->n);
    }
}

DWORD clients_pid(struct clients *c, size_t i)
{
    EnterCriticalSection(&c->lock);
    DWORD pid = c->client[i].pid;
    LeaveCriticalSection(&c->lock);
    return pid;
}

static size_t down_at(const struct clients *c, LONGLONG moment)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++) {
        const struct client *one = &c->client[i];
        bool down = false;
        for (size_t k = 0; k < one->gaps; k++)
            down = down || (one->gap[k].from <= moment && moment < one->gap[k].to);
        n += down;
    }
    return n;
}

/* The number rises only where such a time begins. */
size_t clients_most_down(struct clients *c)
{
    size_t most = 0;
    bool whole = true;
    EnterCriticalSection(&c->lock);
    for (size_t i = 0; i < c->n; i++)
        whole = whole && c->client[i].gaps <= GAPS_MAX;
    for (size_t i = 0; whole && i < c->n; i++)
        for (size_t k = 0; k < c->client[i].gaps; k++) {
            size_t n = down_at(c, c->client[i].gap[k].from);
            most = n > most ? n : most;
        }
    LeaveCriticalSection(&c->lock);
    if (!whole)
        fail_msg("a worker was down more than %d times", GAPS_MAX);
    return most;
}

/* --- ports --------------------------------------------------------------------------------- */
static bool all_free(unsigned first)
{
    SOCKET s[DECADE];
    bool ok = true;
    int n = 0;
    for (; ok && n < DECADE; n++) {
        struct sockaddr_in a = {.sin_family = AF_INET};
        a.sin_port = htons((u_short)(first + (unsigned)n));
        a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        s[n] = socket(AF_INET, SOCK_STREAM, 0);
        ok = s[n] != INVALID_SOCKET && bind(s[n], (struct sockaddr *)&a, sizeof a) == 0;
    }
    while (n-- > 0)
        if (s[n] != INVALID_SOCKET)
            closesocket(s[n]);
    return ok;
}

/* Below those that the system gives out by itself, and begun elsewhere by each program. */
unsigned free_decade(void)
{
    enum { LOWEST = 1100, DECADES = 2000 };
    static unsigned tries;
    WSADATA data;
    assert_int_equal(WSAStartup(MAKEWORD(2, 2), &data), 0);
    for (unsigned i = 0; i < DECADES; i++) {
        unsigned at = LOWEST + (unsigned)((uint64_t)now() / 1000 + 97U * tries++) % DECADES;
        if (all_free(at * DECADE)) {
            WSACleanup();
            return at;
        }
    }
    fail_msg("there are no ten free TCP ports in a row");
    return 0;
}
