/* top_scene.c - a frame of the service as rows that remember. */
#include "service/view/top_impl.h"

#include "service/view/view.h"

#include <stdlib.h>
#include <string.h>

void scene_free(struct scene *s)
{
    if (s)
        arena_free(s->arena);
}

/* A copy that lives as long as the scene. */
static struct str keep(struct scene *s, struct str text)
{
    char *copy = arena_str(s->arena, text);
    s->failed = s->failed || !copy;
    return copy ? (struct str){copy, text.n} : (struct str){0};
}

/* The rows come in the same order nearly always, so the one that follows the last found is tried
 * first. */
static const struct top_row *find(const struct scene *was, const char *name, size_t *hint)
{
    for (size_t i = 0; was && i < was->rows; i++) {
        size_t at = (*hint + i) % was->rows;
        if (strcmp(was->row[at].name, name) == 0) {
            *hint = at + 1;
            return &was->row[at];
        }
    }
    return NULL;
}

static void remember(struct top_row *row, const struct top_row *before)
{
    unsigned n = before ? before->samples : 0, skip = n == HISTORY;
    uint64_t cpu = row->cpu == NOT_KNOWN ? 0 : row->cpu;
    uint64_t kib = row->commit == NOT_KNOWN ? 0 : row->commit / 1024;
    if (n > 0) {
        memcpy(row->cpu_past, before->cpu_past + skip, (n - skip) * sizeof *row->cpu_past);
        memcpy(row->commit_past, before->commit_past + skip, (n - skip) * sizeof *row->commit_past);
    }
    n -= skip;
    row->cpu_past[n] = (uint16_t)(cpu < UINT16_MAX ? cpu : UINT16_MAX);
    row->commit_past[n] = (uint32_t)(kib < UINT32_MAX ? kib : UINT32_MAX);
    row->samples = n + 1;
}

/* False for what is no instance: without a name, or with one that no instance can have. */
static bool read_row(struct scene *s, yyjson_val *v, struct top_row *row)
{
    struct str name = member_text(v, "name");
    struct buf why = {0};
    if (name.n == 0 || name.n >= TOP_NAME || memchr(name.p, 0, name.n))
        return false;
    view_why(v, &why);
    *row = (struct top_row){
        .name = keep(s, name).p,
        .state = keep(s, member_text(v, "state")),
        .group = keep(s, member_text(v, "group")),
        .why = keep(s, buf_view(&why)),
        .rank = state_rank(member_text(v, "state")),
        .overridden = yyjson_arr_size(member_list(v, "overridden")) > 0,
        .pid = member_number(v, "pid"),
        .uptime = member_number(v, "uptime_ms"),
        .restarts = member_number(v, "restarts"),
        .cpu = member_number(v, "cpu"),
        .cpu_limit = member_count(v, "cpu_limit"),
        .commit = member_number(v, "commit"),
        .commit_limit = member_count(v, "commit_limit"),
    };
    s->failed = s->failed || !buf_ok(&why);
    buf_free(&why);
    return !s->failed;
}

static void read_service(struct scene *s, yyjson_val *reply)
{
    yyjson_val *v = member_object(reply, "service");
    s->service = keep(s, member_text(v, "name"));
    s->version = keep(s, member_text(v, "version"));
    s->stopping = member_yes(v, "stopping");
    s->uptime = member_number(v, "uptime_ms");
    s->memory = member_count(v, "memory");
    s->commit = member_number(v, "commit");
    s->cpu = member_number(v, "cpu");
}

struct scene *scene_of(yyjson_val *reply, const struct scene *was)
{
    yyjson_val *list = member_list(reply, "instances"), *v;
    size_t i, n, room = yyjson_arr_size(list), hint = 0;
    struct arena *arena = arena_new();
    struct scene *s = arena ? arena_alloc(arena, 1, sizeof *s) : NULL;
    if (s) {
        s->arena = arena;
        s->row = arena_alloc(arena, room, sizeof *s->row);
        s->shown = arena_alloc(arena, room, sizeof *s->shown);
        s->scratch = arena_alloc(arena, room, sizeof *s->scratch);
    }
    if (!s || !s->row || !s->shown || !s->scratch) {
        arena_free(arena);
        return NULL;
    }
    read_service(s, reply);
    yyjson_arr_foreach(list, i, n, v)
    {
        struct top_row *row = &s->row[s->rows];
        if (!read_row(s, v, row))
            continue;
        remember(row, find(was, row->name, &hint));
        s->count[row->rank]++;
        s->rows++;
    }
    if (s->failed) {
        scene_free(s);
        return NULL;
    }
    return s;
}
