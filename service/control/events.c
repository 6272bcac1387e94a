/* events.c - what has happened, and what happens. */
#include "service/control/control_impl.h"

#include "common/log_line.h"
#include "common/wild.h"
#include "service/control/memory.h"

#include <stdlib.h>
#include <string.h>

/* A frame holds at most so many lines; the rest is for the next. */
enum { LINES_A_FRAME = 1000 };

/* --- which lines ---------------------------------------------------------------------- */
/* Who is asked about: names as they are, and the jobs of the groups among them, resolved once. */
struct filter {
    const struct request *r;
    bool all;
    size_t jobs;
    const char **job; /* sorted */
    bool failed;
};

static int by_name(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    const char *p = *x, *q = *y;
    while (*p && ascii_lower(*p) == ascii_lower(*q)) {
        p++;
        q++;
    }
    return ascii_lower(*p) - ascii_lower(*q);
}

static bool is_in_group(const struct request *r, const struct job_spec *spec)
{
    for (size_t i = 0; spec->group && i < r->names; i++)
        if (wild_match(str_of(r->name[i]), str_of(spec->group->name)))
            return true;
    return false;
}

static struct filter filter_of(const struct config *c, const struct request *r)
{
    struct filter f = {.r = r, .all = r->names == 0};
    for (size_t i = 0; i < r->names; i++)
        f.all = f.all || str_ieq(str_of(r->name[i]), STR("all"));
    f.job = f.all ? NULL : calloc(c->jobs + 1, sizeof *f.job);
    f.failed = !f.all && !f.job;
    for (size_t i = 0; f.job && i < c->jobs; i++) {
        const struct definition *d = &c->definition[i];
        if (d->n > 0 && is_in_group(r, &c->job[d->first]))
            f.job[f.jobs++] = d->name;
    }
    if (f.jobs > 1)
        qsort(f.job, f.jobs, sizeof *f.job, by_name);
    return f;
}

static bool knows_job(const struct filter *f, struct str job)
{
    char z[NAME_MAX_BYTES + 1];
    const char *key = z;
    if (f->jobs == 0 || job.n > NAME_MAX_BYTES)
        return false;
    memcpy(z, job.p, job.n);
    z[job.n] = '\0';
    return bsearch(&key, f->job, f->jobs, sizeof *f->job, by_name) != NULL;
}

/* WORD is "web.3", or the name of a job or group, or what somebody wrote for these. */
static bool lets_word(const struct filter *f, struct str word)
{
    struct str rest = word, job = str_cut(&rest, '.');
    for (size_t i = 0; i < f->r->names; i++)
        if (wild_match(str_of(f->r->name[i]), word) || wild_match(str_of(f->r->name[i]), job))
            return true;
    return knows_job(f, job);
}

/* A command may be about several. */
static bool lets_field(const struct filter *f, struct str key, struct str value)
{
    if (str_is(key, "job") || str_is(key, "name") || str_is(key, "instance"))
        return lets_word(f, value);
    while (str_is(key, "names") && value.p && value.n > 0)
        if (lets_word(f, str_cut(&value, ' ')))
            return true;
    return false;
}

static bool lets(const struct filter *f, struct str line)
{
    struct buf value = {0};
    struct str rest = line, key;
    bool yes = f->all;
    log_line_event(&rest);
    while (!yes && log_line_field(&rest, &key, &value))
        yes = !buf_ok(&value) || lets_field(f, key, buf_view(&value)); /* rather too much */
    buf_free(&value);
    return yes;
}

/* --- as JSON ----------------------------------------------------------------------------- */
static yyjson_mut_val *event_json(yyjson_mut_doc *doc, const struct happened *h)
{
    yyjson_mut_val *o = yyjson_mut_obj(doc), *fields = yyjson_mut_obj(doc);
    struct buf value = {0};
    struct str rest = h->line, key;
    yyjson_mut_obj_add_uint(doc, o, "seq", h->seq);
    json_moment(doc, o, "time", h->time);
    yyjson_mut_obj_add_str(doc, o, "level", log_level_names[h->level]);
    json_str(doc, o, "event", log_line_event(&rest));
    json_str(doc, o, "line", h->line);
    while (log_line_field(&rest, &key, &value)) {
        if (!buf_ok(&value))
            memory_lacks(doc);
        yyjson_mut_val *k = yyjson_mut_strncpy(doc, key.p, key.n);
        json_str(doc, fields, "", buf_view(&value)); /* its value, which then gets its key */
        yyjson_mut_val *v = yyjson_mut_obj_remove_key(fields, "");
        yyjson_mut_obj_add(fields, k, v);
    }
    yyjson_mut_obj_add_val(doc, o, "fields", fields);
    buf_free(&value);
    return o;
}

bool events_add(struct control *c, const struct request *r, uint64_t *cursor, struct reply *out)
{
    const struct filter f = filter_of(sup_config(c->world.sup), r);
    uint64_t first = journal_first(c->journal), next = journal_next(c->journal), lost = 0;
    yyjson_mut_val *list = yyjson_mut_arr(out->doc);
    size_t n = 0;
    if (*cursor < first) {
        lost = first - *cursor;
        *cursor = first;
    }
    for (; *cursor < next && n < LINES_A_FRAME; (*cursor)++) {
        struct happened h;
        if (!journal_at(c->journal, *cursor, &h)) {
            lost++;
        } else if (lets(&f, h.line)) {
            yyjson_mut_arr_append(list, event_json(out->doc, &h));
            n++;
        }
    }
    if (f.failed)
        memory_lacks(out->doc);
    free(f.job);
    yyjson_mut_obj_add_val(out->doc, out->root, "events", list);
    yyjson_mut_obj_add_uint(out->doc, out->root, "lost", lost);
    return n > 0 || lost > 0;
}

/* --- the last so many --------------------------------------------------------------------- */
static uint64_t begin_at(struct control *c, const struct request *r, uint64_t *ret_n)
{
    const struct filter f = filter_of(sup_config(c->world.sup), r);
    uint64_t at = journal_next(c->journal), first = journal_first(c->journal), n = 0;
    struct happened h;
    while (at > first && n < r->n) {
        at--;
        n += journal_at(c->journal, at, &h) && lets(&f, h.line);
    }
    free(f.job);
    *ret_n = n;
    return at;
}

/* More may follow than fits one frame. */
static void send_all(struct asked *a, uint64_t cursor)
{
    struct control *c = a->c;
    bool more;
    do {
        struct reply out = reply_begin(a->request->id);
        events_add(c, a->request, &cursor, &out);
        more = cursor < journal_next(c->journal);
        more = reply_send(&c->world, a->caller->client, &out, more) && more;
    } while (more);
}

void events_go_on(struct control *c, struct deal *d)
{
    if (d->unread || d->cursor == journal_next(c->journal))
        return;
    struct reply out = reply_begin(d->request.id);
    if (!events_add(c, &d->request, &d->cursor, &out)) {
        reply_drop(&out);
        return;
    }
    d->unread = true;
    if (!reply_send(&c->world, d->client, &out, true))
        deal_end(c, d);
}

void do_events(struct asked *a)
{
    struct no no;
    uint64_t found, cursor = begin_at(a->c, a->request, &found);
    struct selection x = {0};
    /* A name that means nobody is a mistake here too, unless something was told of it. */
    if (a->request->names > 0 && found == 0 &&
        !select_units(a->c->world.sup, a->request->name, a->request->names, &x, &no)) {
        refuse(a, &no);
        return;
    }
    selection_free(&x);
    if (!a->request->follow) {
        send_all(a, cursor);
        return;
    }
    struct deal *d = deal_begin(a, DEAL_EVENTS);
    if (!d)
        return;
    d->cursor = cursor;
    /* Also when there is nothing: the client then knows that it is heard. */
    struct reply out = reply_begin(d->request.id);
    events_add(a->c, &d->request, &d->cursor, &out);
    d->unread = true;
    if (!reply_send(&a->c->world, d->client, &out, true))
        deal_end(a->c, d);
}
