/* http.c - the test worker as a server: it accepts, and answers every request alike. */
#include <winsock2.h>
#include <ws2tcpip.h>

#include "tests/helper/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

void set_listen_after(struct worker *w, wchar_t **v)
{
    w->listen_after = number(v[0]);
}

void set_listen_file(struct worker *w, wchar_t **v)
{
    w->listen_file = v[0];
}

void set_listen_ipv6(struct worker *w, wchar_t **v)
{
    (void)v;
    w->listen_ipv6 = TRUE;
}

void set_http_fail(struct worker *w, wchar_t **v)
{
    w->http_fail = v[0];
}

void set_http_hang(struct worker *w, wchar_t **v)
{
    w->http_hang = v[0];
}

struct server {
    const struct worker *w;
    u_short port;
};

struct client {
    const struct worker *w;
    SOCKET s;
};

static BOOL is_there(const wchar_t *path)
{
    return path && GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

/* Reads to the empty line; FALSE: the client went before. */
static BOOL read_request(SOCKET s)
{
    char text[4096] = "";
    size_t n = 0;
    while (!strstr(text, "\r\n\r\n")) {
        int got = n + 1 < sizeof text ? recv(s, text + n, (int)(sizeof text - n - 1), 0) : 0;
        if (got <= 0)
            return FALSE;
        n += (size_t)got;
        text[n] = '\0';
    }
    return TRUE;
}

static DWORD WINAPI serve(void *arg)
{
    struct client *c = arg;
    char body[32], text[256];
    if (read_request(c->s)) {
        while (is_there(c->w->http_hang))
            Sleep(20);
        int n = snprintf(body, sizeof body, "pid %lu\n", GetCurrentProcessId());
        n = snprintf(text, sizeof text,
                     "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n"
                     "Connection: close\r\n\r\n%s",
                     is_there(c->w->http_fail) ? "503 Service Unavailable" : "200 OK", n, body);
        send(c->s, text, n, 0);
        shutdown(c->s, SD_SEND);
        while (recv(c->s, text, sizeof text, 0) > 0)
            ; /* closing with unread bytes would reset what was sent */
    }
    closesocket(c->s);
    free(c);
    return 0;
}

static SOCKET open_socket(const struct server *v)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(v->port)};
    struct sockaddr_in6 a6 = {.sin6_family = AF_INET6, .sin6_port = htons(v->port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    a6.sin6_addr.s6_addr[15] = 1;
    BOOL six = v->w->listen_ipv6, only = TRUE;
    SOCKET s = socket(six ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
    if (six)
        setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, (const char *)&only, sizeof only);
    int bad =
        six ? bind(s, (struct sockaddr *)&a6, sizeof a6) : bind(s, (struct sockaddr *)&a, sizeof a);
    if (!bad && listen(s, SOMAXCONN) == 0)
        return s;
    say(STD_OUTPUT_HANDLE, "listen error %d\n", WSAGetLastError());
    closesocket(s);
    return INVALID_SOCKET;
}

static u_short port_of(SOCKET s)
{
    struct sockaddr_in6 a; /* the longer one; the port is at the same place */
    int n = sizeof a;
    return getsockname(s, (struct sockaddr *)&a, &n) == 0 ? ntohs(a.sin6_port) : 0;
}

static DWORD WINAPI listen_thread(void *arg)
{
    struct server *v = arg;
    Sleep((DWORD)v->w->listen_after);
    while (v->w->listen_file && !is_there(v->w->listen_file))
        Sleep(20);
    SOCKET s = open_socket(v);
    if (s == INVALID_SOCKET)
        return 1;
    say(STD_OUTPUT_HANDLE, "listening %u\n", (unsigned)port_of(s));
    for (;;) {
        struct client *c = malloc(sizeof *c);
        if (!c)
            exit(3);
        *c = (struct client){v->w, accept(s, NULL, NULL)};
        if (c->s == INVALID_SOCKET) {
            say(STD_OUTPUT_HANDLE, "accept error %d\n", WSAGetLastError());
            exit(3);
        }
        start_thread(serve, c);
    }
}

void act_listen(struct worker *w, wchar_t **v)
{
    WSADATA data;
    struct server *server = malloc(sizeof *server); /* the thread's, to the end */
    if (!server || WSAStartup(MAKEWORD(2, 2), &data) != 0)
        exit(3);
    *server = (struct server){w, (u_short)number(v[0])};
    start_thread(listen_thread, server);
}
