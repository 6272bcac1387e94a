/* answers.c - plain winsock; serves one connection after the other. */
#include <winsock2.h>
#include <ws2tcpip.h>

#include "tests/host/answers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HELD_MAX = 512, LONG_BODY = 1 << 20 };

struct answers {
    SOCKET listener;
    struct sockaddr_storage at;
    int at_n;
    HANDLE thread;
    SRWLOCK lock; /* over the rest */
    SOCKET held[HELD_MAX];
    size_t held_n, accepted;
    bool stop;
};

static const struct {
    const char *path, *answer;
    bool hold;
} pages[] = {
    {"/good", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", false},
    {"/none", "HTTP/1.1 204 No Content\r\n\r\n", false},
    {"/moved", "HTTP/1.1 302 Found\r\nLocation: /good\r\nContent-Length: 0\r\n\r\n", false},
    {"/round", "HTTP/1.1 302 Found\r\nLocation: /round\r\nContent-Length: 0\r\n\r\n", false},
    {"/gone", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", false},
    {"/down", "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy", false},
    {"/secret",
     "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n", false},
    {"/odd", "HTTP/1.1 500 Bad\tthing\x01\r\nContent-Length: 0\r\n\r\n", false},
    {"/long", "HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n", false},
    {"/nonsense", "this is no HTTP\r\n\r\n", false},
    {"/hangup", "", false},
    {"/endless", "HTTP/1.1 200 OK\r\n\r\nfirst", true},
    {"/never", "", true},
};

static bool hold(struct answers *a, SOCKET s)
{
    AcquireSRWLockExclusive(&a->lock);
    bool room = a->held_n < HELD_MAX;
    if (room)
        a->held[a->held_n++] = s;
    ReleaseSRWLockExclusive(&a->lock);
    return room;
}

/* The request up to its empty line; false: it is none, or the other end has closed. */
static bool hear(SOCKET s, char *text, size_t cap)
{
    size_t n = 0;
    for (int got = 1; n + 1 < cap; n += (size_t)got) {
        text[n] = '\0';
        if (strstr(text, "\r\n\r\n"))
            return true;
        got = recv(s, text + n, (int)(cap - n - 1), 0);
        if (got <= 0 || text[0] != 'G')
            return false;
    }
    return false;
}

static void send_long(SOCKET s)
{
    static const char zeroes[4096];
    for (size_t n = 0; n < LONG_BODY; n += sizeof zeroes)
        if (send(s, zeroes, sizeof zeroes, 0) <= 0)
            return; /* the other end has had enough */
}

static void serve(struct answers *a, SOCKET s)
{
    char text[4096], want[64];
    bool kept = false;
    if (hear(s, text, sizeof text))
        for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
            snprintf(want, sizeof want, "GET %s HTTP/1.", pages[i].path);
            if (strncmp(text, want, strlen(want)) != 0)
                continue;
            send(s, pages[i].answer, (int)strlen(pages[i].answer), 0);
            if (strcmp(pages[i].path, "/long") == 0)
                send_long(s);
            kept = pages[i].hold && hold(a, s);
        }
    if (kept)
        return;
    shutdown(s, SD_SEND);
    closesocket(s);
}

static DWORD WINAPI accept_all(void *ctx)
{
    struct answers *a = ctx;
    for (;;) {
        SOCKET s = accept(a->listener, NULL, NULL);
        if (s == INVALID_SOCKET)
            return 1;
        AcquireSRWLockExclusive(&a->lock);
        a->accepted++;
        bool stop = a->stop;
        ReleaseSRWLockExclusive(&a->lock);
        if (stop) {
            closesocket(s);
            return 0;
        }
        serve(a, s);
    }
}

static bool listen_on(struct answers *a, bool ipv6, unsigned port)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)&a->at;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&a->at;
    if (ipv6)
        *v6 = (struct sockaddr_in6){.sin6_family = AF_INET6,
                                    .sin6_port = htons((u_short)port),
                                    .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    else
        *v4 = (struct sockaddr_in){.sin_family = AF_INET,
                                   .sin_port = htons((u_short)port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    a->at_n = ipv6 ? sizeof *v6 : sizeof *v4;
    a->listener = socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM, IPPROTO_TCP);
    return a->listener != INVALID_SOCKET &&
           bind(a->listener, (const struct sockaddr *)&a->at, a->at_n) == 0 &&
           getsockname(a->listener, (struct sockaddr *)&a->at, &a->at_n) == 0 &&
           listen(a->listener, SOMAXCONN) == 0;
}

struct answers *answers_open(bool ipv6, unsigned port)
{
    WSADATA data;
    struct answers *a = calloc(1, sizeof *a);
    if (!a || WSAStartup(MAKEWORD(2, 2), &data) != 0) {
        free(a);
        return NULL;
    }
    InitializeSRWLock(&a->lock);
    if (listen_on(a, ipv6, port))
        a->thread = CreateThread(NULL, 0, accept_all, a, 0, NULL);
    if (a->thread)
        return a;
    if (a->listener != INVALID_SOCKET)
        closesocket(a->listener);
    WSACleanup();
    free(a);
    return NULL;
}

unsigned answers_port(const struct answers *a)
{
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)&a->at; /* of both, at one place */
    return ntohs(v4->sin_port);
}

static size_t read_count(const struct answers *a, const size_t *count)
{
    SRWLOCK *lock = (SRWLOCK *)&a->lock;
    AcquireSRWLockExclusive(lock);
    size_t n = *count;
    ReleaseSRWLockExclusive(lock);
    return n;
}

size_t answers_accepted(const struct answers *a)
{
    return read_count(a, &a->accepted);
}

size_t answers_held(const struct answers *a)
{
    return read_count(a, &a->held_n);
}

void answers_let_go(struct answers *a)
{
    AcquireSRWLockExclusive(&a->lock);
    for (size_t i = 0; i < a->held_n; i++)
        closesocket(a->held[i]);
    a->held_n = 0;
    ReleaseSRWLockExclusive(&a->lock);
}

void answers_close(struct answers *a)
{
    if (!a)
        return;
    AcquireSRWLockExclusive(&a->lock);
    a->stop = true;
    ReleaseSRWLockExclusive(&a->lock);
    SOCKET s = socket(a->at.ss_family, SOCK_STREAM, IPPROTO_TCP); /* wakes accept() */
    connect(s, (const struct sockaddr *)&a->at, a->at_n);
    WaitForSingleObject(a->thread, INFINITE);
    closesocket(s);
    CloseHandle(a->thread);
    closesocket(a->listener);
    answers_let_go(a);
    WSACleanup();
    free(a);
}
