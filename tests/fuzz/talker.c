/* talker.c - see talker.h. */
#include "tests/fuzz/talker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yyjson.h>

#define ID_MAX (UINT64_C(1) << 53)

void talker_expect(bool what, const char *text)
{
    if (what)
        return;
    fprintf(stderr, "not so: %s\n", text);
    abort();
}

/* --- what it sends ------------------------------------------------------------------------ */
void talker_connect(struct talker *t, uint64_t client, bool may_command)
{
    *t = (struct talker){.client = client, .may_command = may_command};
    frames_init(&t->frames, FRAME_REQUEST_MAX);
}

static uint64_t id_of(struct str request)
{
    yyjson_doc *doc = yyjson_read(request.p, request.n, 0);
    yyjson_val *id = yyjson_obj_get(yyjson_doc_get_root(doc), "id");
    uint64_t n = yyjson_is_uint(id) ? yyjson_get_uint(id) : 0;
    yyjson_doc_free(doc);
    return n <= ID_MAX ? n : 0;
}

static void ask(struct talker *t, struct control *c)
{
    const struct caller caller = {t->client, t->may_command, "DOMAIN\\somebody", 4711};
    struct str request = frames_view(&t->frames);
    t->id = id_of(request);
    t->asked = t->giving = true;
    control_request(c, &caller, request);
    t->giving = false;
    frames_next(&t->frames);
}

/* Whole requests go out while nothing is owed. */
static void take(struct talker *t, struct control *c, struct str *bytes)
{
    enum frame_found found = FRAME_MORE;
    while (!t->asked && (found = frames_take(&t->frames, bytes)) == FRAME_WHOLE)
        ask(t, c);
    if (!t->asked && (found == FRAME_BAD || found == FRAME_NOMEM))
        talker_leave(t, c);
}

static void go_on(struct talker *t, struct control *c)
{
    struct buf all = t->waits;
    struct str rest = buf_view(&all);
    t->waits = (struct buf){0};
    take(t, c, &rest);
    if (t->client)
        buf_str(&t->waits, rest);
    buf_free(&all);
}

void talker_send(struct talker *t, struct control *c, struct str bytes, size_t piece)
{
    while (t->client && bytes.n > 0) {
        size_t n = piece < bytes.n ? piece : bytes.n;
        buf_add(&t->waits, bytes.p, n);
        bytes.p += n;
        bytes.n -= n;
        go_on(t, c);
    }
}

void talker_read(struct talker *t, struct control *c)
{
    if (!t->client || !t->unread)
        return;
    t->unread = false;
    control_sent(c, t->client);
    go_on(t, c);
}

void talker_leave(struct talker *t, struct control *c)
{
    uint64_t client = t->client;
    t->client = 0; /* nothing is to be sent from now on */
    if (client)
        control_gone(c, client);
    frames_free(&t->frames);
    buf_free(&t->waits);
    *t = (struct talker){.client = 0};
}

/* --- what it is sent ---------------------------------------------------------------------- */
static void check_refusal(yyjson_val *root, bool last)
{
    yyjson_val *error = yyjson_obj_get(root, "error"), *code = yyjson_obj_get(error, "code");
    bool known = false;
    for (int i = REFUSAL_NONE + 1; i < REFUSALS; i++)
        known = known || yyjson_equals_str(code, refusal_names[i]);
    talker_expect(known, "a refusal has a code of the protocol");
    talker_expect(yyjson_get_len(yyjson_obj_get(error, "text")) > 0, "and says why");
    talker_expect(last, "nothing comes after it");
}

static bool once(yyjson_val *o)
{
    size_t at, all, n = 0;
    yyjson_val *key, *v;
    yyjson_obj_foreach(o, at, all, key, v)
    {
        n += yyjson_obj_get(o, yyjson_get_str(key)) == v;
    }
    return n == yyjson_obj_size(o);
}

void talker_hear(struct talker *t, struct str frame, bool last)
{
    talker_expect(t->asked, "what is sent was asked for");
    talker_expect(last || t->giving || t->tailing || !t->unread, "a stream waits until it is read");
    talker_expect(frame.n > 0 && frame.n <= FRAME_REPLY_MAX, "a frame has its size");
    yyjson_doc *doc = yyjson_read(frame.p, frame.n, 0);
    yyjson_val *root = yyjson_doc_get_root(doc), *ok = yyjson_obj_get(root, "ok");
    talker_expect(yyjson_is_obj(root), "a frame is one JSON object");
    talker_expect(once(root), "whose members are there once");
    talker_expect(yyjson_get_uint(yyjson_obj_get(root, "protocol")) == PROTOCOL_VERSION,
                  "it has its protocol");
    yyjson_val *id = yyjson_obj_get(root, "id");
    talker_expect(yyjson_is_uint(id) && yyjson_get_uint(id) == t->id, "and its request's id");
    talker_expect(yyjson_is_bool(ok), "it says whether it went well");
    talker_expect(yyjson_get_bool(yyjson_obj_get(root, "more")) == !last, "and whether more comes");
    if (yyjson_get_bool(ok))
        talker_expect(!yyjson_obj_get(root, "error"), "what went well has no error");
    else
        check_refusal(root, last);
    yyjson_doc_free(doc);
    t->unread = true;
    if (last)
        t->asked = t->tailing = t->reloading = false;
}
