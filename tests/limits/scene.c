/* scene.c - a level and its processes. */
#include "tests/limits/scene.h"

#include <string.h>

void scene_open(struct scene *s, enum holder who)
{
    memset(s, 0, sizeof *s);
    for (int i = 0; i < LIMITS; i++)
        s->holders.of[i] = who;
    scene_level(s, LEVEL_INSTANCE);
}

void scene_level(struct scene *s, enum level_kind kind)
{
    level_free(s->level);
    s->level = NULL;
    s->kind = kind;
}

void scene_ready(struct scene *s)
{
    if (s->level)
        return;
    s->level = level_new(s->kind, &s->limits, &s->holders, SCENE_CPUS);
    assert_non_null(s->level);
    assert_int_equal(level_begin(s->level), ST_OK);
}

void scene_close(struct scene *s)
{
    level_free(s->level);
    s->level = NULL;
}

struct proc *scene_proc(struct scene *s, uint32_t number)
{
    assert_true(s->n < SCENE_PROCS);
    struct proc *p = &s->proc[s->n++];
    *p = (struct proc){.pid = number, .created = number, .threads = 1, .handles = 1};
    return p;
}

struct proc *scene_find(struct scene *s, uint32_t number)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->proc[i].pid == number)
            return &s->proc[i];
    fail_msg("no process %u", number);
    return NULL;
}

void scene_gone(struct scene *s, uint32_t number)
{
    *scene_find(s, number) = s->proc[s->n - 1];
    s->n--;
}

static size_t keep(struct scene *s, size_t made)
{
    assert_true(made <= REACHED_MAX);
    assert_int_equal(s->out[REACHED_MAX].limit, LIMIT_NONE);
    return s->made = made;
}

static void mark(struct scene *s)
{
    memset(s->out, 0, sizeof s->out);
    s->out[REACHED_MAX].limit = LIMIT_NONE;
}

size_t scene_sample(struct scene *s, uint64_t at)
{
    const struct proc *list[SCENE_PROCS] = {0};
    scene_ready(s);
    for (size_t i = 0; i < s->n; i++)
        list[i] = &s->proc[i];
    mark(s);
    return keep(s, level_sample(s->level, list, s->n, at, s->out));
}

size_t scene_message(struct scene *s, uint32_t number, uint32_t pid, uint64_t now)
{
    scene_ready(s);
    mark(s);
    return keep(s, level_message(s->level, number, pid, 0, now, s->out));
}

size_t scene_violation(struct scene *s, struct violation x, uint64_t now)
{
    scene_ready(s);
    mark(s);
    return keep(s, level_violation(s->level, &x, 0, now, s->out));
}

const struct reached *scene_reached(const struct scene *s, enum limit_id limit, size_t skip)
{
    for (size_t i = 0; i < s->made; i++)
        if (s->out[i].limit == limit && skip-- == 0)
            return &s->out[i];
    return NULL;
}
