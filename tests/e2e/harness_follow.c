/* harness_follow.c - see the header. */
#include "harness_follow.h"

#include <stdlib.h>

void follow(struct world *w, const char *words, struct follower *ret)
{
    char *command = path_f("\"%s\" %s --config jobs.ini", w->jobwarden, words);
    char *out = below(w, "follow.out"), *err = below(w, "follow.err");
    *ret = (struct follower){.w = w, .words = words, .job = killing_job()};
    program_start(command, w->dir, ret->job, out, err, &ret->program);
    free(err);
    free(out);
    free(command);
}

static void give_up(struct follower *f, const char *pattern, const char *why)
{
    struct buf err = {0};
    file_read(f->program.err, &err);
    fail_msg("'%s' %s without '%s':\n%s%s", f->words, why, pattern, buf_text(&f->text),
             buf_text(&err));
}

struct str follower_await(struct follower *f, const char *pattern, size_t n)
{
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS;; Sleep(POLL_MS)) {
        bool alive = program_alive(&f->program); /* before reading: then nothing is missed */
        buf_reset(&f->text);
        file_read(f->program.out, &f->text);
        if (lines_matching(buf_view(&f->text), pattern) >= n)
            return buf_view(&f->text);
        if (!alive)
            give_up(f, pattern, "ended");
        if (GetTickCount64() >= end)
            give_up(f, pattern, "goes on");
    }
}

void follower_end(struct follower *f)
{
    program_close(&f->program);
    CloseHandle(f->job);
    buf_free(&f->text);
}
