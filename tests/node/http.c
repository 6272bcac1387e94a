/* http.c - plain winsock, blocking, with time limits. */
#include <winsock2.h>

#include "http.h"

#include <string.h>

enum { ANSWER_MS = 5000 };

bool http_open(void)
{
    WSADATA data;
    return WSAStartup(MAKEWORD(2, 2), &data) == 0;
}

void http_close(void)
{
    WSACleanup();
}

static struct sockaddr_in address(uint16_t port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

bool port_free(uint16_t port)
{
    struct sockaddr_in a = address(port);
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (s == INVALID_SOCKET)
        return false;
    bool ok = bind(s, (const struct sockaddr *)&a, sizeof a) == 0;
    closesocket(s);
    return ok;
}

static bool ask(SOCKET s, struct buf *answer)
{
    static const char request[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    char text[1024];
    if (send(s, request, (int)sizeof request - 1, 0) != (int)sizeof request - 1)
        return false;
    for (int n; (n = recv(s, text, sizeof text, 0)) != 0;) {
        if (n < 0)
            return false;
        buf_add(answer, text, (size_t)n);
    }
    return str_starts(buf_view(answer), "HTTP/1.1 200 ");
}

bool http_get(uint16_t port, struct buf *answer)
{
    struct sockaddr_in a = address(port);
    DWORD limit = ANSWER_MS;
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (s == INVALID_SOCKET)
        return false;
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, (const char *)&limit, sizeof limit);
    setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, (const char *)&limit, sizeof limit);
    bool ok = connect(s, (const struct sockaddr *)&a, sizeof a) == 0 && ask(s, answer);
    closesocket(s);
    return ok;
}
