/* scene.c - the folders and files of a scene, and its end. */
#include "scene.h"

#include "service/win32/wide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *in_jobs(const char *name)
{
    return path_f("%s\\%s", JOB_FOLDER, name);
}

char *full_in_jobs(const struct scene *s, const char *name)
{
    char *part = in_jobs(name), *full = below(s->w, part);
    free(part);
    return full;
}

static void copy_file(const char *from, const char *to)
{
    wchar_t *a = wide_or_fail(from), *b = wide_or_fail(to);
    if (!CopyFileW(a, b, FALSE))
        fail_msg("%s cannot be copied to %s: Windows error %lu", from, to, GetLastError());
    free(a);
    free(b);
}

static void make_folders(struct scene *s)
{
    char *programs = below(s->w, PROGRAM_FOLDER), *jobs = below(s->w, JOB_FOLDER);
    folder_make(programs);
    folder_make(jobs);
    s->exe = path_f("%s\\jobwarden.exe", programs);
    s->ini = path_f("%s\\jobs & more (1)!.ini", jobs);
    copy_file(s->w->jobwarden, s->exe);
    free(programs);
    free(jobs);
}

int scene_open(void **state)
{
    static const struct plan nothing = {.bare = true};
    static unsigned count;
    struct scene *s = calloc(1, sizeof *s);
    const struct scene_plan *plan = *state;
    void *world = (void *)&nothing;
    if (!s || world_open(&world) != 0) {
        free(s);
        return -1;
    }
    s->w = world;
    s->run = plan->run;
    *state = s;
    make_folders(s);
    /* Process ids come again, and a name must not. */
    snprintf(s->name, sizeof s->name, "jw-test-%lu-%llu-%u", GetCurrentProcessId(),
             GetTickCount64(), ++count);
    char *log = path_f("logs\\%s.log", s->name);
    s->log = in_jobs(log);
    free(log);
    buf_reset(&s->w->ini);
    job_file(s->w, "[service]\nname = %s\n", s->name);
    return 0;
}

void scene_run(void **state)
{
    struct scene *s = *state;
    s->run(s);
    s->passed = s->w->passed = true;
}

static void print_file(const struct scene *s, const char *name)
{
    struct buf b = {0};
    char *path = below(s->w, name);
    if (file_read(path, &b))
        fprintf(stderr, "----- %s:\n%s", name, buf_text(&b));
    buf_free(&b);
    free(path);
}

int scene_close(void **state)
{
    struct scene *s = *state;
    scene_remove(s);
    if (!s->passed) {
        char *failure = path_f("%s\\logs\\%s.start-failed.log", JOB_FOLDER, s->name);
        print_file(s, s->log);
        print_file(s, failure);
        free(failure);
    }
    void *world = s->w;
    int code = world_close(&world);
    free(s->exe);
    free(s->ini);
    free(s->log);
    free(s);
    return code;
}

void scene_write_jobs(struct scene *s)
{
    file_write(s->ini, buf_view(&s->w->ini));
}

void scene_await_log(struct scene *s, const char *pattern, size_t n, struct buf *out)
{
    await_file(s->w, s->log, pattern, n, out);
}

HANDLE scene_process(struct scene *s, const char *pid_file)
{
    struct buf text = {0};
    char *name = in_jobs(pid_file);
    await_file(s->w, name, NULL, 0, &text);
    HANDLE h = process_open((DWORD)strtoul(buf_text(&text), NULL, 10));
    assert_in_range(s->w->people.n, 0, PEOPLE_MAX - 1);
    s->w->people.process[s->w->people.n++] = h;
    buf_free(&text);
    free(name);
    return h;
}
