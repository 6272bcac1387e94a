/* harness_port.c - see the header.  The system gives one out and takes it back. */
#include <winsock2.h>

#include "harness_port.h"

#include "harness.h"

unsigned free_port(void)
{
    WSADATA data;
    struct sockaddr_in a = {.sin_family = AF_INET};
    int n = sizeof a;
    assert_int_equal(WSAStartup(MAKEWORD(2, 2), &data), 0);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    SOCKET s = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(s != INVALID_SOCKET);
    assert_int_equal(bind(s, (struct sockaddr *)&a, n), 0);
    assert_int_equal(getsockname(s, (struct sockaddr *)&a, &n), 0);
    closesocket(s);
    WSACleanup();
    return ntohs(a.sin_port);
}
