/* figure_health.c - CPU time of this process for a check by HTTP, against a server in another one.
 *
 * The floor is WinHTTP alone: a bare asynchronous GET over one session, each with a connection of
 * its own, as the checks have.  Under Wine the CPU time of its server is in neither. */
#include "tests/bench/bench.h"

#include "service/host/checks.h"
#include "service/host/port.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>
#include <winhttp.h>

enum { CHECKS = 1000, AT_ONCE = 4, PER_S = 20, TIMEOUT_MS = 30000 };

struct server {
    HANDLE process;
    unsigned port;
};

static struct server serve(void)
{
    struct server s = {0};
    char exe[MAX_PATH], said[16] = "";
    HANDLE out = NULL, in = NULL;
    SECURITY_ATTRIBUTES sa = {sizeof sa, NULL, TRUE};
    STARTUPINFOA si = {.cb = sizeof si, .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION pi = {0};
    DWORD n = 0;
    if (!GetModuleFileNameA(NULL, exe, MAX_PATH) || !CreatePipe(&out, &in, &sa, 0))
        die("CreatePipe");
    char *name = strrchr(exe, '\\') + 1;
    snprintf(name, (size_t)(exe + MAX_PATH - name), "bench_serve.exe");
    si.hStdOutput = in;
    if (!CreateProcessA(exe, NULL, NULL, NULL, TRUE, CREATE_NO_WINDOW, NULL, NULL, &si, &pi))
        die(exe);
    CloseHandle(pi.hThread);
    CloseHandle(in);
    if (!ReadFile(out, said, sizeof said - 1, &n, NULL))
        die("the server did not start");
    CloseHandle(out);
    s.process = pi.hProcess;
    s.port = (unsigned)strtoul(said, NULL, 10);
    return s;
}

static double cpu_us(void)
{
    FILETIME born, died, kernel, user;
    if (!GetProcessTimes(GetCurrentProcess(), &born, &died, &kernel, &user))
        die("GetProcessTimes");
    ULARGE_INTEGER k = {.LowPart = kernel.dwLowDateTime, .HighPart = kernel.dwHighDateTime};
    ULARGE_INTEGER u = {.LowPart = user.dwLowDateTime, .HighPart = user.dwHighDateTime};
    return (double)(k.QuadPart + u.QuadPart) / 10.0;
}

/* --- the floor ---------------------------------------------------------------------- */
struct bare {
    HANDLE over;
    bool ok;
    char body[4096];
};

/* Everything on WinHTTP's threads: to the end of the body, or a failure. */
static void CALLBACK on_status(HINTERNET request, DWORD_PTR ctx, DWORD what, void *info, DWORD n)
{
    struct bare *b = (struct bare *)ctx;
    bool more = true;
    (void)info;
    if (what == WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE)
        more = WinHttpReceiveResponse(request, NULL);
    else if (what == WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE ||
             (what == WINHTTP_CALLBACK_STATUS_READ_COMPLETE && n > 0))
        more = WinHttpReadData(request, b->body, sizeof b->body, NULL);
    else
        more = false;
    if (more)
        return;
    b->ok = what == WINHTTP_CALLBACK_STATUS_READ_COMPLETE && n == 0;
    SetEvent(b->over);
}

static bool get(HINTERNET session, unsigned port, HANDLE over)
{
    struct bare b = {.over = over};
    DWORD off = WINHTTP_DISABLE_KEEP_ALIVE, status = 0, bytes = sizeof status;
    HINTERNET c = WinHttpConnect(session, L"127.0.0.1", (INTERNET_PORT)port, 0);
    HINTERNET r = c ? WinHttpOpenRequest(c, L"GET", L"/good", NULL, NULL, NULL, 0) : NULL;
    bool ok = r && WinHttpSetOption(r, WINHTTP_OPTION_DISABLE_FEATURE, &off, sizeof off) &&
              WinHttpSetStatusCallback(r, on_status, WINHTTP_CALLBACK_FLAG_ALL_COMPLETIONS, 0) !=
                  WINHTTP_INVALID_STATUS_CALLBACK &&
              WinHttpSendRequest(r, NULL, 0, NULL, 0, 0, (DWORD_PTR)&b) &&
              WaitForSingleObject(over, TIMEOUT_MS) == WAIT_OBJECT_0 && b.ok &&
              WinHttpQueryHeaders(r, WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER, NULL,
                                  &status, &bytes, NULL);
    WinHttpCloseHandle(r);
    WinHttpCloseHandle(c);
    return ok && status == 200;
}

static double floor_once(unsigned port)
{
    HINTERNET session = WinHttpOpen(L"bench", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL,
                                    WINHTTP_FLAG_ASYNC);
    HANDLE over = CreateEventW(NULL, FALSE, FALSE, NULL);
    double began = cpu_us();
    for (int i = 0; i < CHECKS; i++)
        if (!session || !over || !get(session, port, over))
            die("a bare GET failed");
    double us = (cpu_us() - began) / CHECKS;
    WinHttpCloseHandle(session);
    CloseHandle(over);
    return us;
}

/* --- ours --------------------------------------------------------------------------- */
struct bench {
    uv_loop_t loop;
    uv_async_t bell;
    struct queue *queue;
    struct port *port;
    struct checks *checks;
    char url[64];
    unsigned begun, ended;
};

static void ring(void *ctx)
{
    uv_async_send(ctx);
}

static void on_bell(uv_async_t *bell)
{
    struct bench *b = bell->data;
    struct note n;
    bool lost = false;
    while (queue_take(b->queue, &n, 1, &lost) > 0)
        checks_packet(b->checks, n.number);
}

static void begin(struct bench *b, uint64_t id)
{
    static const struct job_spec spec = {.unit = "web.1"};
    const struct check check = {.kind = CHECK_HTTP, .text = b->url, .timeout_ms = TIMEOUT_MS};
    struct err e = {0};
    b->begun++;
    if (checks_begin(b->checks, id, &spec, &check, &e) != ST_OK)
        die(e.text);
}

static void on_answer(void *ctx, uint64_t id, uint32_t serial, bool good, const char *text)
{
    struct bench *b = ctx;
    (void)serial;
    if (!good)
        die(text);
    if (++b->ended == CHECKS)
        uv_stop(&b->loop);
    else if (b->begun < CHECKS)
        begin(b, id);
}

static double ours_once(unsigned port)
{
    struct bench b = {.ended = 0};
    uv_loop_init(&b.loop);
    uv_async_init(&b.loop, &b.bell, on_bell);
    b.bell.data = &b;
    snprintf(b.url, sizeof b.url, "http://127.0.0.1:%u/good", port);
    if (queue_new(ring, &b.bell, &b.queue, NULL) != ST_OK ||
        port_open(b.queue, false, &b.port, NULL) != ST_OK)
        die("port_open");
    const struct checks_setup setup = {.loop = &b.loop,
                                       .port = port_handle(b.port),
                                       .config_dir = "C:\\",
                                       .answer = on_answer,
                                       .ctx = &b};
    if (checks_new(&setup, &b.checks, NULL) != ST_OK)
        die("checks_new");
    double began = cpu_us();
    for (uint64_t i = 0; i < AT_ONCE; i++)
        begin(&b, i);
    uv_run(&b.loop, UV_RUN_DEFAULT);
    double us = (cpu_us() - began) / CHECKS;
    queue_shut(b.queue);
    checks_shut(b.checks);
    uv_close((uv_handle_t *)&b.bell, NULL);
    uv_run(&b.loop, UV_RUN_DEFAULT);
    uv_loop_close(&b.loop);
    checks_free(b.checks);
    port_close(b.port);
    queue_free(b.queue);
    return us;
}

void figure_health(size_t samples)
{
    struct sample v[SAMPLES_MAX];
    struct server s = serve();
    double sum = 0, floor = 0;
    for (size_t i = 0; i < samples; i++) {
        v[i].floor = floor_once(s.port);
        v[i].ours = ours_once(s.port);
        sum += v[i].ours;
        floor += v[i].floor;
    }
    TerminateProcess(s.process, 0);
    CloseHandle(s.process);
    report_ratio("CPU time of a check by HTTP", "us", v, samples, false, "1000 us, not a ratio");
    printf("  200 checks every 10 s: %.2f %% of one CPU; WinHTTP alone %.2f %%\n",
           sum / (double)samples * PER_S / 10000, floor / (double)samples * PER_S / 10000);
}
