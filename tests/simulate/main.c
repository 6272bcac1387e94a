/* main.c - simulate: seeds, one after the other, until an invariant breaks; then the shortest
 * script that breaks it, which --replay runs again. */
#define _DEFAULT_SOURCE
#include "tests/simulate/isolate.h"
#include "tests/simulate/scale.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STEPS_DEFAULT = 200, NAMES_MAX = 64 };

static const char usage[] =
    "usage: simulate [--seeds N] [--from SEED] [--steps N] [--events N] [--go-on] [--tales]\n"
    "       simulate --replay FILE\n"
    "       simulate --scale\n"
    "  --seeds N    so many scripts (1000)\n"
    "  --from SEED  the first one (1)\n"
    "  --steps N    of each script (200)\n"
    "  --events N   as many scripts as it takes for N calls of the supervisor\n"
    "  --go-on      after a broken invariant too; each is shown once\n"
    "  --tales      how often each thing was told\n"
    "  --replay F   the script F, and everything that is told\n"
    "  --scale      events a second with 500, 1000 and 2000 units\n";

struct options {
    struct seeds seeds;
    const char *replay;
    bool go_on, scale, tales;
};

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* --- options ------------------------------------------------------------------------ */
static bool number(const char *text, uint64_t *ret)
{
    char *end;
    if (!text || *text < '0' || *text > '9')
        return false;
    *ret = strtoull(text, &end, 10);
    return *end == '\0';
}

static bool read_options(int argc, char **argv, struct options *o)
{
    bool seeds = false;
    for (int i = 1; i < argc; i++) {
        uint64_t n = 0;
        const char *word = argv[i], *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(word, "--go-on") == 0) {
            o->go_on = true;
        } else if (strcmp(word, "--scale") == 0) {
            o->scale = true;
        } else if (strcmp(word, "--tales") == 0) {
            o->tales = true;
        } else if (strcmp(word, "--replay") == 0 && value) {
            o->replay = argv[++i];
        } else if (number(value, &n)) {
            i++;
            if (strcmp(word, "--seeds") == 0)
                o->seeds.count = n;
            else if (strcmp(word, "--from") == 0)
                o->seeds.from = n;
            else if (strcmp(word, "--steps") == 0)
                o->seeds.steps = (size_t)n;
            else if (strcmp(word, "--events") == 0)
                o->seeds.events = n;
            else
                return false;
            seeds = seeds || strcmp(word, "--seeds") == 0;
        } else {
            return false;
        }
    }
    if (o->seeds.events != UINT64_MAX && !seeds)
        o->seeds.count = UINT64_MAX;
    return true;
}

/* --- one script --------------------------------------------------------------------- */
static bool read_script(const char *path, struct script *ret)
{
    struct buf text = {0};
    char piece[4096];
    size_t n, line = 0;
    FILE *f = fopen(path, "r");
    if (!f) {
        perror(path);
        return false;
    }
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_add(&text, piece, n);
    fclose(f);
    bool ok = buf_ok(&text) && script_parse(buf_text(&text), ret, &line);
    if (!ok)
        fprintf(stderr, "%s:%zu: this is no step\n", path, line);
    buf_free(&text);
    return ok;
}

static int replay(const char *path, struct outcome *v)
{
    struct script s = {0};
    if (!read_script(path, &s))
        return 2;
    bool ok = isolate_script(&s, v, false, true);
    if (ok)
        printf("%" PRIu64 " events, nothing is broken (%016" PRIx64 ")\n", v->events, v->hash);
    else
        printf("%s at step %zu: %s\n", v->invariant, v->step, v->text);
    script_free(&s);
    return ok ? 0 : 1;
}

static void show(uint64_t seed, size_t steps, struct outcome *v)
{
    struct script s = {0};
    struct buf text = {0};
    struct outcome first = *v;
    script_generate(seed, steps, &s);
    printf("# seed %" PRIu64 " breaks %s at step %zu of %zu: %s\n", seed, v->invariant, v->step,
           s.n, v->text);
    shrink(&s, v);
    if (v->failed)
        printf("# shrunk to %zu steps: %s: %s\n", s.n, v->invariant, v->text);
    else
        printf("# by itself the script breaks nothing\n");
    script_print(&s, &text);
    fputs(buf_text(&text), stdout);
    fflush(stdout);
    *v = first; /* its counts */
    buf_free(&text);
    script_free(&s);
}

/* --- many --------------------------------------------------------------------------- */
/* The invariants that were shown, and how often each was broken. */
struct broken {
    char name[NAMES_MAX][sizeof((struct outcome *)0)->invariant];
    uint64_t times[NAMES_MAX];
    size_t n;
};

static bool is_new(struct broken *b, const char *name)
{
    for (size_t i = 0; i < b->n; i++)
        if (strcmp(b->name[i], name) == 0) {
            b->times[i]++;
            return false;
        }
    if (b->n < NAMES_MAX) {
        snprintf(b->name[b->n], sizeof b->name[b->n], "%s", name);
        b->times[b->n++] = 1;
    }
    return true;
}

static void summary(const struct options *o, const struct outcome *v, const struct broken *b,
                    uint64_t seeds, double s)
{
    printf("%" PRIu64 " seeds from %" PRIu64 ", %" PRIu64 " events, %.1f s: %.0f events/s, %.1f "
           "seeds/s\n",
           seeds, o->seeds.from, v->events, s, (double)v->events / s, (double)seeds / s);
    for (size_t i = 0; i < b->n; i++)
        printf("%s: broken by %" PRIu64 " seeds\n", b->name[i], b->times[i]);
    for (int i = 0; o->tales && i < HAPPENINGS; i++)
        printf("%10" PRIu64 " %s\n", v->tales[i], tale_words[i]);
}

static int run_seeds(const struct options *o, struct outcome *v)
{
    struct seeds todo = o->seeds;
    struct broken b = {.n = 0};
    double began = seconds();
    bool ok = isolate_seeds(&todo, v);
    uint64_t end = todo.from + todo.count;
    while (!ok) {
        uint64_t seed = v->seed;
        if (is_new(&b, v->invariant))
            show(seed, todo.steps, v);
        todo.from = seed + 1;
        todo.count = end - todo.from;
        if (!o->go_on || todo.count == 0 || v->events >= todo.events)
            break;
        ok = isolate_seeds(&todo, v);
    }
    summary(o, v, &b, v->seed - o->seeds.from + 1, seconds() - began);
    return b.n == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct options o = {.seeds = {1, 1000, UINT64_MAX, STEPS_DEFAULT}};
    if (!read_options(argc, argv, &o)) {
        fputs(usage, stderr);
        return 2;
    }
    struct outcome *v = isolate_memory();
    if (o.replay)
        return replay(o.replay, v);
    if (o.scale)
        return scale(v);
    return run_seeds(&o, v);
}
