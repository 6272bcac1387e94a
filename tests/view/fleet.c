/* fleet.c - numbers that go up and down. */
#include "fleet.h"

static const char *const states[] = {"running", "running",  "running", "failed", "running",
                                     "backoff", "starting", "running", "exited", "stopped",
                                     "running", "stopping", "waiting"};
enum { STATES = sizeof states / sizeof *states, MIB = 1 << 20 };

/* 0 up to MOST and down again, at a pace of its own. */
static unsigned wave(unsigned frame, unsigned i, unsigned most)
{
    unsigned at = (frame * (1 + i % 3) + i * 7) % (2 * most);
    return at < most ? at : 2 * most - at;
}

static void running(unsigned frame, unsigned i, struct buf *out)
{
    unsigned long long commit = (40 + wave(frame * 20, i, 200)) * (unsigned long long)MIB;
    buf_f(out, ",\"pid\":%u,\"uptime_ms\":%llu,\"cpu\":%u,\"commit\":%llu", 4000 + i,
          3600000ull * i + 1000ull * frame, wave(frame * 50, i, 600), commit);
    if (i % 2 == 0)
        buf_f(out, ",\"commit_limit\":%llu,\"cpu_limit\":600", 256ull * MIB);
}

static void instance(unsigned frame, unsigned i, struct buf *out)
{
    const char *state = states[i % STATES];
    bool runs = str_is(str_of(state), "running") || str_is(str_of(state), "stopping");
    buf_f(out, "%s{\"name\":\"web.%u\",\"job\":\"web\",\"instance\":%u,\"group\":\"media\"",
          i ? "," : "", i + 1, i + 1);
    buf_f(out, ",\"state\":\"%s\",\"restarts\":%u", state, i * 37 % 11);
    if (runs)
        running(frame, i, out);
    if (str_is(str_of(state), "failed"))
        buf_z(out, ",\"reason\":\"start_limit: 5 starts within 1m\",\"last\":{\"cause\":\"exit\","
                   "\"code\":7,\"ran_ms\":120,\"ago_ms\":60000}");
    if (str_is(str_of(state), "backoff"))
        buf_f(out, ",\"next_ms\":%u,\"reason\":\"restart = always\"", 5000 - frame % 5 * 1000);
    buf_z(out, i % 8 == 2 ? ",\"overridden\":[\"job_memory_limit\"]}" : "}");
}

void fleet_frame(unsigned frame, unsigned instances, struct buf *out)
{
    buf_f(
        out,
        "{\"ok\":true,\"service\":{\"name\":\"Jobwarden\",\"version\":\"0.1.0\",\"uptime_ms\":%llu,"
        "\"memory\":17179869184,\"cpu\":%u,\"commit\":%llu},\"instances\":[",
        86400000ull + 1000ull * frame, 2000 + wave(frame * 100, 0, 3000),
        (4000ull + wave(frame * 50, 0, 4000)) * MIB);
    for (unsigned i = 0; i < instances; i++)
        instance(frame, i, out);
    buf_f(out,
          "],\"events\":[{\"time\":\"2026-11-22T16:%02u:%02u.734Z\",\"level\":\"%s\",\"line\":"
          "\"job.ready job=web.%u frame=%u\"}]}",
          frame / 60 % 60, frame % 60, frame % 7 == 3 ? "warning" : "info", frame % 30 + 1, frame);
}
