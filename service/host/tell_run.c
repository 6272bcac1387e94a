/* tell_run.c - lines about a process or a whole run: they ask the kernel what it has used and who
 * is there. */
#include "service/host/tell.h"

#include "common/exit_code.h"
#include "service/host/accounts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void say_started(const struct saying *s)
{
    const struct unit *u = s->t->unit;
    SAY(s, LOG_NUM("pid", u->pid), LOG_NUM("start", u->starts));
}

void say_ready(const struct saying *s)
{
    SAY(s, LOG_NUM("pid", s->t->unit->pid), LOG_NUM("ready_ms", s->t->number));
}

void say_unhealthy(const struct saying *s)
{
    SAY(s, LOG_NUM("pid", s->t->unit->pid), LOG_NUM("failures", s->t->number),
        LOG_TEXT("error", s->t->text));
}

void say_healthy(const struct saying *s)
{
    SAY(s, LOG_NUM("pid", s->t->unit->pid), LOG_NUM("failures", s->t->number));
}

static uint64_t cpu_ms(const struct account *a)
{
    return (a->user + a->kernel) / TICKS_PER_MS;
}

void say_ended(const struct saying *s)
{
    const struct ending *end = &s->t->unit->last;
    const struct account used = account_of_run(s->r, (uint32_t)s->t->unit->id);
    struct buf code = {0};
    exit_code_print(end->code, &code);
    SAY(s, LOG_NUM("pid", s->t->unit->pid), LOG_TEXT("code", buf_text(&code)),
        LOG_TEXT("name", exit_code_name(end->code)),
        LOG_TEXT("meaning", exit_code_meaning(end->code)),
        LOG_TEXT("cause", cause_names[end->cause]), LOG_TEXT("limit", key_of_limit(end->limit)),
        LOG_NUM("ran_ms", end->ran_ms), log_count("cpu_ms", cpu_ms(&used)),
        log_count("peak_commit", used.peak_commit));
    buf_free(&code);
}

/* "ping.exe[312] worker.exe[320]", at most a dozen of them. */
static void name_members(struct run *run, struct buf *out)
{
    struct members m = {0};
    if (!run || job_members(run->job, true, &m, NULL) != ST_OK)
        return;
    size_t named = 0;
    for (size_t i = 0; i < m.n && named < 12; i++) {
        if (m.v[i].console_host || m.v[i].pid == run->child.pid)
            continue;
        const char *base = m.v[i].image ? strrchr(m.v[i].image, '\\') : NULL;
        buf_f(out, "%s%s[%lu]", named++ ? " " : "",
              base ? base + 1 : m.v[i].image ? m.v[i].image : "?", (unsigned long)m.v[i].pid);
    }
    members_free(&m);
}

void say_leftovers(const struct saying *s)
{
    struct buf names = {0};
    name_members(run_of(s->r, s->t->unit->id), &names);
    SAY(s, LOG_NUM("count", s->t->number), LOG_TEXT("processes", buf_text(&names)));
    buf_free(&names);
}

/* --- the record --------------------------------------------------------------------- */
enum { STAMP_SIZE = 32 };
#define UNIX_EPOCH INT64_C(116444736000000000) /* 1970-01-01 in units of 100 ns since 1601 */

/* "2026-11-22T16:31:04.120Z". */
static void stamp(int64_t unix_ms, char out[STAMP_SIZE])
{
    uint64_t ticks = (uint64_t)(unix_ms * TICKS_PER_MS + UNIX_EPOCH);
    FILETIME f = {.dwLowDateTime = (DWORD)ticks, .dwHighDateTime = (DWORD)(ticks >> 32)};
    SYSTEMTIME t = {0};
    FileTimeToSystemTime(&f, &t); /* fails only beyond the year 30827 */
    snprintf(out, STAMP_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", t.wYear, t.wMonth, t.wDay,
             t.wHour, t.wMinute, t.wSecond, t.wMilliseconds);
}

/* A number that may be 0 and is left out when there is none. */
static struct log_field known_count(const char *key, bool known, uint64_t v)
{
    return known ? LOG_NUM(key, v) : LOG_TEXT(key, NULL);
}

void say_record(const struct saying *s)
{
    const struct record *run = &s->t->unit->record;
    const struct ending *end = &run->end;
    const struct account used = account_of_run(s->r, (uint32_t)s->t->unit->id);
    const bool ran = run->pid != 0, ready = ran && run->ready_at != 0;
    char started[STAMP_SIZE];
    struct buf code = {0};
    stamp(run->started, started);
    exit_code_print(end->code, &code);
    SAY(s, LOG_NUM("start", run->start), log_count("pid", run->pid), LOG_TEXT("started", started),
        known_count("ready_ms", ready, run->ready_at - run->spawned_at),
        known_count("ran_ms", ran, end->ran_ms), LOG_TEXT("cause", cause_names[end->cause]),
        LOG_TEXT("limit", key_of_limit(end->limit)), LOG_TEXT("code", ran ? buf_text(&code) : NULL),
        LOG_TEXT("name", ran ? exit_code_name(end->code) : NULL),
        LOG_TEXT("meaning", ran ? exit_code_meaning(end->code) : NULL),
        log_count("cpu_ms", cpu_ms(&used)), log_count("peak_commit", used.peak_commit),
        log_count("io_read_bytes", used.io.read_bytes),
        log_count("io_write_bytes", used.io.write_bytes),
        log_count("limit_events", run->limit_events), LOG_TEXT("next", state_names[run->next]),
        known_count("next_ms", run->next == S_BACKOFF, run->next_ms),
        LOG_TEXT("reason", *run->reason ? run->reason : NULL));
    buf_free(&code);
}
