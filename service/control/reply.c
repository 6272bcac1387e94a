/* reply.c - see reply.h. */
#include "service/control/reply.h"

#include "common/moment.h"
#include "common/utf.h"
#include "service/control/memory.h"

#include <stdlib.h>
#include <string.h>

struct reply reply_begin(uint64_t id)
{
    struct reply r = {.failed = calloc(1, sizeof(bool))};
    r.doc = r.failed ? memory_doc(r.failed) : NULL;
    r.root = yyjson_mut_obj(r.doc);
    yyjson_mut_doc_set_root(r.doc, r.root);
    yyjson_mut_obj_add_uint(r.doc, r.root, "protocol", PROTOCOL_VERSION);
    yyjson_mut_obj_add_uint(r.doc, r.root, "id", id);
    yyjson_mut_obj_add_bool(r.doc, r.root, "ok", true);
    return r;
}

void reply_drop(struct reply *r)
{
    yyjson_mut_doc_free(r->doc);
    free(r->failed);
    *r = (struct reply){.doc = NULL};
}

/* An empty frame is all that can be had without memory: the host then hangs up. */
static bool send(const struct world *w, uint64_t client, struct reply *r, bool last)
{
    static const char poor[] = "{\"protocol\":1,\"id\":0,\"ok\":false,\"error\":{\"code\":"
                               "\"failed\",\"text\":\"the service is out of memory\"}}";
    struct buf frame = {0};
    size_t n = 0;
    char *text = r->failed ? memory_text(r->doc, r->failed, 0, &n) : NULL;
    bool whole = text != NULL;
    reply_drop(r);
    if (text) {
        frame = (struct buf){.p = text, .n = n, .cap = n + 1};
    } else {
        buf_z(&frame, poor);
        last = true;
    }
    w->send(w->ctx, client, &frame, last);
    return whole;
}

bool reply_send(const struct world *w, uint64_t client, struct reply *r, bool more)
{
    if (more)
        yyjson_mut_obj_add_bool(r->doc, r->root, "more", true);
    return send(w, client, r, !more);
}

void reply_refuse(const struct world *w, uint64_t client, uint64_t id, const struct no *no,
                  struct reply *r)
{
    struct reply own = r->doc ? *r : reply_begin(id);
    yyjson_mut_val *error = yyjson_mut_obj(own.doc);
    yyjson_mut_obj_remove_key(own.root, "ok");
    yyjson_mut_obj_add_bool(own.doc, own.root, "ok", false);
    yyjson_mut_obj_add_str(own.doc, error, "code", refusal_names[no->code]);
    json_text(own.doc, error, "text", no->why.text);
    yyjson_mut_obj_add_val(own.doc, own.root, "error", error);
    *r = (struct reply){.doc = NULL};
    send(w, client, &own, true);
}

/* --- members ------------------------------------------------------------------------ */
/* S with U+FFFD for each byte that is not UTF-8. */
static void mend(struct str s, struct buf *out)
{
    while (s.n > 0) {
        size_t good = utf8_valid(s);
        buf_add(out, s.p, good);
        if (good < s.n)
            buf_z(out, "\xEF\xBF\xBD");
        good += good < s.n;
        s = (struct str){s.p + good, s.n - good};
    }
}

static yyjson_mut_val *json_of_buf(yyjson_mut_doc *doc, const struct buf *b)
{
    if (!buf_ok(b))
        memory_lacks(doc);
    return yyjson_mut_strncpy(doc, buf_text(b), b->n);
}

static yyjson_mut_val *text_of(yyjson_mut_doc *doc, struct str s)
{
    if (utf8_valid(s) == s.n)
        return yyjson_mut_strncpy(doc, s.n ? s.p : "", s.n);
    struct buf b = {0};
    mend(s, &b);
    yyjson_mut_val *v = json_of_buf(doc, &b);
    buf_free(&b);
    return v;
}

void json_str(yyjson_mut_doc *doc, yyjson_mut_val *o, const char *key, struct str text)
{
    yyjson_mut_obj_add(o, yyjson_mut_str(doc, key), text_of(doc, text));
}

void json_buf(yyjson_mut_doc *doc, yyjson_mut_val *o, const char *key, struct buf *text)
{
    if (!buf_ok(text))
        memory_lacks(doc);
    json_str(doc, o, key, buf_view(text));
    buf_free(text);
}

void json_text(yyjson_mut_doc *doc, yyjson_mut_val *o, const char *key, const char *text)
{
    if (text)
        json_str(doc, o, key, str_of(text));
}

void json_push(yyjson_mut_doc *doc, yyjson_mut_val *list, const char *text)
{
    yyjson_mut_arr_append(list, text_of(doc, str_of(text)));
}

void json_moment(yyjson_mut_doc *doc, yyjson_mut_val *o, const char *key, int64_t ms)
{
    char text[MOMENT_SIZE];
    moment_print(ms, text);
    json_text(doc, o, key, text);
}
