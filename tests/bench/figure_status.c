/* figure_status.c - `status` of 1,000 instances, from the request to the last byte of the reply.
 *
 * The floor is a bare pipe: a thread that reads the same request and writes a frame of the same
 * size, and a client that reads it, both by plain blocking calls. */
#include "tests/bench/bench.h"
#include "tests/bench/control.h"
#include "tests/bench/simulated.h"

#include "service/pipe/client.h"

#include <process.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INSTANCES = 1000, PIPE_BYTES = 64 << 10 };

static const char request[] = "{\"protocol\":1,\"id\":1,\"do\":\"status\"}";

/* --- ours -------------------------------------------------------------------------------- */
static double ours_once(struct pipe_client *client, struct buf *frame)
{
    struct err e = {0};
    double began = now_ms();
    if (pipe_client_send(client, STR("{\"protocol\":1,\"id\":1,\"do\":\"status\"}"), &e) != ST_OK ||
        pipe_client_receive(client, frame, WAIT_MS, NULL, &e) != PIPE_GOT_FRAME)
        die("there is no reply");
    return now_ms() - began;
}

/* --- the floor ------------------------------------------------------------------------------ */
struct bare {
    wchar_t name[80];
    HANDLE server, client, thread;
    unsigned char *frame;
    DWORD n; /* bytes of the frame, its head included */
};

static void read_whole(HANDLE h, void *to, DWORD n)
{
    DWORD got = 0;
    for (DWORD at = 0; at < n; at += got)
        if (!ReadFile(h, (char *)to + at, n - at, &got, NULL) || got == 0)
            die("the bare pipe cannot be read");
}

static void write_whole(HANDLE h, const void *from, DWORD n)
{
    DWORD done = 0;
    for (DWORD at = 0; at < n; at += done)
        if (!WriteFile(h, (const char *)from + at, n - at, &done, NULL))
            die("the bare pipe cannot be written");
}

static unsigned __stdcall serve(void *ctx)
{
    struct bare *b = ctx;
    char got[4 + sizeof request];
    if (!ConnectNamedPipe(b->server, NULL) && GetLastError() != ERROR_PIPE_CONNECTED)
        die("ConnectNamedPipe");
    for (;;) {
        read_whole(b->server, got, 4 + sizeof request - 1);
        if (got[4] != '{')
            return 0;
        write_whole(b->server, b->frame, b->n);
    }
}

static void bare_open(struct bare *b, size_t reply)
{
    *b = (struct bare){.n = (DWORD)reply + 4};
    swprintf(b->name, sizeof b->name / sizeof *b->name, L"\\\\.\\pipe\\jwbench-%lu",
             GetCurrentProcessId());
    b->frame = calloc(1, b->n);
    b->server = CreateNamedPipeW(b->name, PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE | PIPE_WAIT, 1,
                                 PIPE_BYTES, PIPE_BYTES, 0, NULL);
    if (!b->frame || b->server == INVALID_HANDLE_VALUE)
        die("CreateNamedPipe");
    b->thread = (HANDLE)_beginthreadex(NULL, 0, serve, b, 0, NULL);
    b->client = CreateFileW(b->name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (!b->thread || b->client == INVALID_HANDLE_VALUE)
        die("the bare pipe cannot be opened");
}

static void ask_bare(const struct bare *b, char first)
{
    char all[4 + sizeof request] = {sizeof request - 1};
    memcpy(all + 4, request, sizeof request);
    all[4] = first;
    write_whole(b->client, all, 4 + sizeof request - 1);
}

static double floor_once(const struct bare *b, char *reply)
{
    double began = now_ms();
    ask_bare(b, '{');
    read_whole(b->client, reply, b->n);
    return now_ms() - began;
}

static void bare_close(struct bare *b)
{
    ask_bare(b, 'x');
    WaitForSingleObject(b->thread, WAIT_MS);
    CloseHandle(b->thread);
    CloseHandle(b->client);
    CloseHandle(b->server);
    free(b->frame);
}

/* --- both ------------------------------------------------------------------------------- */
static void write_text(struct buf *out)
{
    buf_f(out,
          "[service]\nname = Bench\nmax_concurrent_starts = 0\n[defaults]\njob_memory_limit = 1G\n"
          "[group:apps]\n[job:worker]\ncommand = C:\\apps\\worker.exe --port ${instance}\n"
          "group = apps\ninstances = %d\n",
          (int)INSTANCES);
}

void figure_status(size_t samples)
{
    struct sample v[SAMPLES_MAX];
    struct buf text = {0}, frame = {0};
    struct pipe_client *client = NULL;
    struct err e = {0};
    struct bare bare;
    char service[40];
    write_text(&text);
    snprintf(service, sizeof service, "jwbench-status-%lu", GetCurrentProcessId());
    struct simulated_load holds = simulated_load(&text);
    struct simulated fleet;
    simulated_start(&fleet, holds.config);
    struct bench_control *c = bench_control_start(service, fleet.sup);
    if (pipe_client_open(NULL, service, &client, &e) != ST_OK)
        die(e.text);
    ours_once(client, &frame);
    printf("%-34s %12zu bytes\n", "status of 1,000 instances", frame.n);
    bare_open(&bare, frame.n);
    char *reply = malloc(bare.n);
    for (size_t i = 0; i < samples && reply; i++) {
        v[i].floor = floor_once(&bare, reply);
        v[i].ours = ours_once(client, &frame);
    }
    report_more("status of 1,000 instances", "ms", v, samples, "20 ms more");
    free(reply);
    bare_close(&bare);
    pipe_client_close(client);
    bench_control_stop(c);
    sup_free(fleet.sup);
    simulated_unload(&holds);
    buf_free(&frame);
    buf_free(&text);
}
