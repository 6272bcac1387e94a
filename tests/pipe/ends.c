/* ends.c - clients, with the framing and without. */
#include "echo.h"

#include "service/pipe/frame.h"
#include "service/pipe/name.h"

#include <sddl.h>
#include <stdlib.h>
#include <string.h>

struct pipe_client *echo_client(const struct echo *e)
{
    struct pipe_client *c = NULL;
    struct err err = {0};
    if (pipe_client_open(NULL, e->service, &c, &err) != ST_OK)
        fail_msg("%s", err.text);
    return c;
}

void client_says(struct pipe_client *c, const char *request)
{
    struct err err = {0};
    if (pipe_client_send(c, str_of(request), &err) != ST_OK)
        fail_msg("%s", err.text);
}

static void hear(struct pipe_client *c, struct buf *frame)
{
    struct err err = {0};
    enum pipe_got got = pipe_client_receive(c, frame, ECHO_LIMIT_MS, NULL, &err);
    if (got != PIPE_GOT_FRAME)
        fail_msg("no frame but %d: %s", got, err.text);
}

void client_hears(struct pipe_client *c, const char *text)
{
    struct buf frame = {0};
    hear(c, &frame);
    assert_string_equal(buf_text(&frame), text);
    buf_free(&frame);
}

void client_hears_of(struct pipe_client *c, const char *text)
{
    struct buf frame = {0};
    hear(c, &frame);
    if (!strstr(buf_text(&frame), text))
        fail_msg("'%s' is not in '%s'", text, buf_text(&frame));
    buf_free(&frame);
}

void client_is_closed(struct pipe_client *c)
{
    struct buf frame = {0};
    struct err err = {0};
    enum pipe_got got = pipe_client_receive(c, &frame, ECHO_LIMIT_MS, NULL, &err);
    if (got != PIPE_GOT_CLOSED)
        fail_msg("not closed but %d: %s%s", got, err.text, buf_text(&frame));
    assert_int_equal(err.st, ST_NOTFOUND);
    buf_free(&frame);
}

void client_asks(struct pipe_client *c, const char *request, const char *text)
{
    client_says(c, request);
    client_hears(c, text);
}

HANDLE bare_pipe(const char *service, const wchar_t *sddl)
{
    SECURITY_ATTRIBUTES sa = {.nLength = sizeof sa};
    wchar_t *name = pipe_name(NULL, service);
    assert_non_null(name);
    assert_true(ConvertStringSecurityDescriptorToSecurityDescriptorW(
        sddl, SDDL_REVISION_1, &sa.lpSecurityDescriptor, NULL));
    HANDLE h = CreateNamedPipeW(name, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED,
                                PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS,
                                PIPE_UNLIMITED_INSTANCES, 4096, 4096, 0, &sa);
    LocalFree(sa.lpSecurityDescriptor);
    free(name);
    return h;
}

HANDLE bare_open(const char *service)
{
    wchar_t *name = pipe_name(NULL, service);
    ULONGLONG until = GetTickCount64() + ECHO_LIMIT_MS;
    HANDLE h = INVALID_HANDLE_VALUE;
    assert_non_null(name);
    while (GetTickCount64() < until) {
        h = CreateFileW(name, GENERIC_READ | FILE_WRITE_DATA, 0, NULL, OPEN_EXISTING,
                        FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION,
                        NULL);
        if (h != INVALID_HANDLE_VALUE || GetLastError() != ERROR_PIPE_BUSY)
            break;
        WaitNamedPipeW(name, 100);
    }
    free(name);
    assert_ptr_not_equal(h, INVALID_HANDLE_VALUE);
    return h;
}

/* The end of an operation that began with OK. */
static bool ended(HANDLE pipe, OVERLAPPED *io, BOOL ok, DWORD *n)
{
    ok = ok || GetLastError() == ERROR_IO_PENDING;
    if (ok && WaitForSingleObject(io->hEvent, ECHO_LIMIT_MS) != WAIT_OBJECT_0) {
        CancelIoEx(pipe, io);
        GetOverlappedResult(pipe, io, n, TRUE);
        fail_msg("the pipe hangs");
    }
    ok = ok && GetOverlappedResult(pipe, io, n, TRUE);
    CloseHandle(io->hEvent);
    return ok;
}

void bare_write(HANDLE pipe, const void *p, size_t n)
{
    OVERLAPPED io = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    DWORD done = 0;
    assert_true(ended(pipe, &io, WriteFile(pipe, p, (DWORD)n, NULL, &io), &done));
    assert_int_equal(done, n);
}

void bare_frame(HANDLE pipe, const char *text)
{
    struct buf b = {0};
    char head[FRAME_HEAD];
    frame_head((uint32_t)strlen(text), head);
    buf_add(&b, head, sizeof head);
    buf_z(&b, text);
    bare_write(pipe, b.p, b.n);
    buf_free(&b);
}

/* What is there, at most CAP; 0: the pipe is closed. */
static DWORD read_some(HANDLE pipe, void *p, size_t cap)
{
    OVERLAPPED io = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    DWORD got = 0;
    BOOL ok = ReadFile(pipe, p, (DWORD)cap, NULL, &io);
    return ended(pipe, &io, ok, &got) ? got : 0;
}

bool bare_read(HANDLE pipe, void *p, size_t n)
{
    for (size_t at = 0; at < n;) {
        DWORD got = read_some(pipe, (char *)p + at, n - at);
        if (got == 0)
            return false;
        at += got;
    }
    return true;
}

void bare_hears_of(HANDLE pipe, const char *text)
{
    unsigned char head[FRAME_HEAD];
    char body[1024] = "";
    assert_true(bare_read(pipe, head, sizeof head));
    size_t n = head[0] | (size_t)head[1] << 8;
    assert_int_equal(head[2] | head[3], 0);
    assert_true(n < sizeof body);
    assert_true(bare_read(pipe, body, n));
    if (!strstr(body, text))
        fail_msg("'%s' is not in '%s'", text, body);
}

void bare_is_closed(HANDLE pipe)
{
    char bytes[4096];
    while (read_some(pipe, bytes, sizeof bytes) > 0)
        ;
}
