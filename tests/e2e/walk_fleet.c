/* walk_fleet.c - see walk_fleet.h. */
#include "walk_fleet.h"

#include "service/pipe/client.h"

#include <stdlib.h>
#include <string.h>

struct pipe_client *fleet_connect(struct world *w)
{
    struct err e = {0};
    struct pipe_client *c = NULL;
    await(w, "service.started");
    if (pipe_client_open(NULL, w->service, &c, &e) != ST_OK)
        fail_msg("%s", e.text);
    assert_in_range(w->rings, 0, RINGS_MAX - 1);
    return w->ring[w->rings++] = c;
}

yyjson_doc *fleet_ask(struct pipe_client *c, const char *json)
{
    struct err e = {0};
    struct buf frame = {0};
    char *request = path_f("{\"protocol\":1,\"id\":3,%s}", json);
    if (pipe_client_send(c, str_of(request), &e) != ST_OK)
        fail_msg("%s: %s", request, e.text);
    enum pipe_got got = pipe_client_receive(c, &frame, GENEROUS_MS, NULL, &e);
    if (got != PIPE_GOT_FRAME)
        fail_msg("%s: %s", request, got == PIPE_GOT_NOTHING ? "no answer" : e.text);
    yyjson_doc *reply = yyjson_read(frame.p, frame.n, 0);
    assert_non_null(reply);
    assert_int_equal(reply_number(reply, "/id"), 3);
    assert_null(yyjson_doc_ptr_get(reply, "/more"));
    buf_free(&frame);
    free(request);
    return reply;
}

yyjson_val *reply_at(yyjson_doc *reply, const char *path)
{
    yyjson_val *v = yyjson_doc_ptr_get(reply, path);
    if (!v)
        fail_msg("there is no %s in %s", path, yyjson_write(reply, 0, NULL));
    return v;
}

uint64_t reply_number(yyjson_doc *reply, const char *path)
{
    yyjson_val *v = reply_at(reply, path);
    assert_true(yyjson_is_uint(v));
    return yyjson_get_uint(v);
}

bool reply_ok(yyjson_doc *reply)
{
    return yyjson_get_bool(reply_at(reply, "/ok"));
}

static uint64_t number_of(yyjson_val *o, const char *key)
{
    return yyjson_get_uint(yyjson_obj_get(o, key));
}

void fleet_look(struct pipe_client *c, struct fleet *ret)
{
    yyjson_doc *reply = fleet_ask(c, "\"do\":\"status\"");
    yyjson_val *list = reply_at(reply, "/instances"), *o;
    size_t at, all;
    *ret = (struct fleet){0};
    yyjson_arr_foreach(list, at, all, o)
    {
        assert_in_range(ret->n, 0, FLEET_MAX - 1);
        struct fleet_one *one = &ret->one[ret->n++];
        const char *name = yyjson_get_str(yyjson_obj_get(o, "name"));
        assert_non_null(name);
        assert_in_range(strlen(name), 1, WALK_NAME - 1);
        memcpy(one->name, name, strlen(name) + 1);
        one->pid = number_of(o, "pid");
        one->starts = number_of(o, "starts");
        one->running = yyjson_equals_str(yyjson_obj_get(o, "state"), "running") && one->pid;
        one->changed = yyjson_get_bool(yyjson_obj_get(o, "changed"));
    }
    yyjson_doc_free(reply);
}

const struct fleet_one *fleet_find(const struct fleet *f, const char *name)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->one[i].name, name) == 0)
            return &f->one[i];
    return NULL;
}
