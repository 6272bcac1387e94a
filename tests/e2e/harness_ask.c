/* harness_ask.c - see the header. */
#include "harness_ask.h"

#include "service/pipe/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- by jobwarden.exe ------------------------------------------------------------------- */
static char *with_config(const char *words)
{
    return path_f("%s --config jobs.ini", words);
}

struct said told(struct world *w, const char *words)
{
    char *all = with_config(words);
    struct said s = say(w, all);
    free(all);
    return s;
}

void tell(struct world *w, const char *words, DWORD code, const char *piece)
{
    char *all = with_config(words);
    expect(w, all, code, piece);
    free(all);
}

yyjson_doc *told_json(struct world *w, const char *words, DWORD code)
{
    struct said s = told(w, words);
    yyjson_doc *doc = yyjson_read(buf_text(&s.out), s.out.n, 0);
    if (s.code != code || !doc)
        fail_msg("'%s' ended with %lu, not %lu with JSON:\n%s%s", words, s.code, code,
                 buf_text(&s.out), buf_text(&s.err));
    said_free(&s);
    return doc;
}

/* --- over the pipe ---------------------------------------------------------------------- */
yyjson_doc *ask(struct world *w, const char *request)
{
    struct err e = {0};
    struct pipe_client *c = NULL;
    struct buf frame = {0};
    yyjson_doc *doc = NULL;
    if (pipe_client_open(NULL, w->service, &c, &e) != ST_OK ||
        pipe_client_send(c, str_of(request), &e) != ST_OK)
        fail_msg("%s: %s", request, e.text);
    do {
        yyjson_doc_free(doc);
        if (pipe_client_receive(c, &frame, GENEROUS_MS, NULL, &e) != PIPE_GOT_FRAME)
            fail_msg("%s: %s", request, e.text);
        doc = yyjson_read(buf_text(&frame), frame.n, 0);
        if (!doc)
            fail_msg("%s: not JSON: %s", request, buf_text(&frame));
    } while (yyjson_get_bool(yyjson_obj_get(yyjson_doc_get_root(doc), "more")));
    buf_free(&frame);
    pipe_client_close(c);
    return doc;
}

static yyjson_doc *status(struct world *w)
{
    await(w, "service.started");
    return ask(w, "{\"protocol\":1,\"do\":\"status\"}");
}

struct seen seen_now(struct world *w, const char *unit)
{
    struct seen s = {.pid = 0};
    yyjson_doc *doc = status(w);
    yyjson_val *v = named_in(member(yyjson_doc_get_root(doc), "instances"), unit);
    if (!v)
        fail_msg("there is no instance %s", unit);
    snprintf(s.state, sizeof s.state, "%s", text_in(v, "state"));
    s.pid = yyjson_get_uint(yyjson_obj_get(v, "pid"));
    s.starts = number_in(v, "starts");
    s.overridden = yyjson_obj_get(v, "overridden") != NULL;
    s.changed = yyjson_get_bool(yyjson_obj_get(v, "changed"));
    yyjson_doc_free(doc);
    return s;
}

struct seen await_state(struct world *w, const char *unit, const char *state)
{
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS;; Sleep(POLL_MS)) {
        struct seen s = seen_now(w, unit);
        if (strcmp(s.state, state) == 0)
            return s;
        if (GetTickCount64() >= end)
            fail_msg("%s is %s, not %s", unit, s.state, state);
    }
}

void await_running(struct world *w, size_t n)
{
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS;; Sleep(POLL_MS)) {
        yyjson_doc *doc = status(w);
        yyjson_val *sum = member(yyjson_doc_get_root(doc), "summary");
        uint64_t running = number_in(sum, "running"), all = number_in(sum, "instances");
        yyjson_doc_free(doc);
        if (running == n && all == n)
            return;
        if (GetTickCount64() >= end)
            fail_msg("%llu of %llu instances run, not %zu", (unsigned long long)running,
                     (unsigned long long)all, n);
    }
}

/* --- members ---------------------------------------------------------------------------- */
yyjson_val *member(yyjson_val *object, const char *name)
{
    yyjson_val *v = yyjson_obj_get(object, name);
    if (!v)
        fail_msg("there is no \"%s\"", name);
    return v;
}

const char *text_in(yyjson_val *object, const char *name)
{
    yyjson_val *v = member(object, name);
    if (!yyjson_is_str(v))
        fail_msg("\"%s\" is no text", name);
    return yyjson_get_str(v);
}

uint64_t number_in(yyjson_val *object, const char *name)
{
    yyjson_val *v = member(object, name);
    if (!yyjson_is_uint(v))
        fail_msg("\"%s\" is no number", name);
    return yyjson_get_uint(v);
}

yyjson_val *named_in(yyjson_val *list, const char *name)
{
    size_t at, n;
    yyjson_val *v;
    yyjson_arr_foreach(list, at, n,
                       v) if (yyjson_equals_str(yyjson_obj_get(v, "name"), name)) return v;
    return NULL;
}
