/* bench_load.c - what loading costs beside its floor: the same bytes through bare inih.
 *
 *   bench_load [ROUNDS] */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */

#include "config/load.h"
#include "config/plan.h"

#include <ini.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { JOBS = 10000, ROUNDS = 15, ROUNDS_MAX = 1000 };

static void fail(const char *what)
{
    fprintf(stderr, "bench_load: %s\n", what);
    exit(1);
}

/* --- the file ----------------------------------------------------------------------- */

/* 10,000 jobs of five keys; CHANGED: one of them has another limit. */
static void write_file(struct buf *out, bool changed)
{
    buf_z(out, "[service]\nname = Bench\nstop_timeout = 60s\n\n");
    for (int i = 0; i < JOBS; i++)
        buf_f(out,
              "[job:j%d]\ncommand = C:\\apps\\worker.exe --port %d --instance ${instance}\n"
              "instances = 1\nrestart = on-failure\nstop = ctrl-c:10s, command:5s\n"
              "stop_command = C:\\apps\\quit.exe\njob_memory_limit = %dM\n\n",
              i, 10000 + i, changed && i == JOBS / 2 ? 768 : 512);
    if (!buf_ok(out))
        fail("out of memory");
}

static enum st read_text(void *ctx, const char *path, struct arena *a, struct str *ret,
                         struct err *e)
{
    (void)path;
    (void)a;
    (void)e;
    *ret = buf_view(ctx);
    return ST_OK;
}

static enum st find_none(void *ctx, const char *pattern, struct arena *a, struct texts *ret,
                         struct err *e)
{
    (void)ctx;
    (void)pattern;
    (void)a;
    (void)e;
    *ret = (struct texts){0};
    return ST_OK;
}

static const char *no_variable(void *ctx, const char *name)
{
    (void)ctx;
    (void)name;
    return NULL;
}

static const char *same_path(void *ctx, const char *path, struct arena *a)
{
    (void)ctx;
    return arena_str(a, str_of(path));
}

/* --- what is timed ------------------------------------------------------------------ */
static struct buf before, after;
static struct config *running;

static int ignore(void *user, const char *section, const char *name, const char *value, int line)
{
    (void)user;
    (void)section;
    (void)name;
    (void)value;
    (void)line;
    return 1;
}

static void parse_bare(void)
{
    if (ini_parse_string(buf_text(&after), ignore, NULL) != 0)
        fail("inih does not take the file");
}

static struct config *load(struct buf *text)
{
    const struct source source = {text, read_text, find_none, no_variable, same_path, NULL, NULL};
    struct diags *d = diags_new();
    struct config *c = NULL;
    if (!d || config_load("/bench.ini", &source, &c, d) != ST_OK) {
        struct buf said = {0};
        if (d)
            diags_print(d, &said);
        fail(buf_text(&said));
    }
    diags_free(d);
    return c;
}

static void load_alone(void)
{
    config_free(load(&after));
}

static void load_and_plan(void)
{
    struct plan p = {0};
    struct config *c = load(&after);
    if (plan_make(running, c, &p, NULL) != ST_OK || p.relimit != 1 || p.n != 1)
        fail("the plan is not of one change");
    plan_free(&p);
    config_free(c);
}

/* --- timing ------------------------------------------------------------------------- */
/* Of this process alone, as others use the machine too. */
static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int compare(const void *pa, const void *pb)
{
    double a = *(const double *)pa, b = *(const double *)pb;
    return (a > b) - (a < b);
}

static const struct {
    const char *what;
    void (*run)(void);
} subjects[] = {{"bare inih", parse_bare}, {"load", load_alone}, {"load and plan", load_and_plan}};
enum { SUBJECTS = sizeof subjects / sizeof *subjects };

int main(int argc, char **argv)
{
    static double ms[SUBJECTS][ROUNDS_MAX];
    int rounds = argc > 1 ? atoi(argv[1]) : ROUNDS;
    if (rounds < 1 || rounds > ROUNDS_MAX)
        fail("usage: bench_load [ROUNDS], at most 1000");
    write_file(&before, false);
    write_file(&after, true);
    running = load(&before);
    /* In turns, so that a slow moment of the machine is one for all. */
    for (int r = 0; r < rounds; r++)
        for (int s = 0; s < SUBJECTS; s++) {
            double begin = now_ms();
            subjects[s].run();
            ms[s][r] = now_ms() - begin;
        }
    printf("%d jobs, %zu bytes, %d rounds; ms: median (least to most), and times bare inih\n", JOBS,
           after.n, rounds);
    for (int s = 0; s < SUBJECTS; s++)
        qsort(ms[s], (size_t)rounds, sizeof ms[s][0], compare);
    for (int s = 0; s < SUBJECTS; s++)
        printf("%-14s %7.2f (%.2f to %.2f)  %.2f\n", subjects[s].what, ms[s][rounds / 2], ms[s][0],
               ms[s][rounds - 1], ms[s][rounds / 2] / ms[0][rounds / 2]);
    printf("%zu bytes a job in the configuration\n", arena_used(running->arena) / JOBS);
    config_free(running);
    buf_free(&before);
    buf_free(&after);
    return 0;
}
