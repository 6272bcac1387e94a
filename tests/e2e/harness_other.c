/* harness_other.c - see the header. */
#include "harness_other.h"

#include <stdlib.h>

static void write_file(struct world *w, const char *path, const char *name, const char *text)
{
    struct buf mine = w->ini;
    w->ini = (struct buf){0};
    job_file(w, "[service]\nname = %s\n%s", name, text);
    file_write(path, buf_view(&w->ini));
    buf_free(&w->ini);
    w->ini = mine;
}

void other_start(struct world *w, const char *file, const char *name, const char *text,
                 struct other *ret)
{
    char *ini = below(w, file), *out = path_f("%s.out", ini), *err = path_f("%s.err", ini);
    char *command = path_f("\"%s\" run --config \"%s\"", w->jobwarden, ini);
    write_file(w, ini, name, text);
    *ret = (struct other){.job = killing_job()};
    program_start(command, w->dir, ret->job, out, err, &ret->program);
    free(command);
    free(err);
    free(out);
    free(ini);
}

struct str other_await(struct other *o, const char *pattern, size_t n)
{
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS;; Sleep(POLL_MS)) {
        bool alive = program_alive(&o->program); /* before reading: then nothing is missed */
        buf_reset(&o->log);
        file_read(o->program.out, &o->log);
        if (lines_matching(buf_view(&o->log), pattern) >= n)
            return buf_view(&o->log);
        if (!alive || GetTickCount64() >= end)
            fail_msg("the other service %s without '%s':\n%s", alive ? "goes on" : "ended", pattern,
                     buf_text(&o->log));
    }
}

DWORD other_wait(struct other *o, struct buf *err)
{
    DWORD code = program_wait(&o->program);
    assert_true(file_read(o->program.err, err));
    return code;
}

void other_end(struct other *o)
{
    if (program_alive(&o->program))
        job_settle(o->job);
    program_close(&o->program);
    CloseHandle(o->job);
    buf_free(&o->log);
}
