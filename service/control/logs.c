/* logs.c - what workers wrote: which files that are; the host reads them. */
#include "service/control/control_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 256 };

static bool is_file(const char *path)
{
    return strcmp(path, "null") != 0 && strcmp(path, "stdout") != 0;
}

struct files {
    struct tail_file *v;
    size_t n;
    bool full;
};

/* One that several write to is there once. */
static void add(struct files *f, const struct job_spec *spec, const char *stream, const char *path)
{
    if (!is_file(path))
        return;
    for (size_t i = 0; i < f->n; i++)
        if (str_ieq(str_of(f->v[i].path), str_of(path)))
            return;
    if (f->n == FILES_MAX) {
        f->full = true;
        return;
    }
    f->v[f->n++] = (struct tail_file){
        .name = spec->unit, .stream = stream, .path = path, .stamped = spec->log_timestamps == YES};
}

static bool collect(struct asked *a, const struct selection *x, struct files *f, struct no *no)
{
    const struct request *r = a->request;
    char one[UNIT_NAME_SIZE + 8];
    for (size_t i = 0; i < x->n; i++) {
        const struct job_spec *spec = sup_unit(a->c->world.sup, x->slot[i])->spec;
        bool both = strcmp(spec->err, "stdout") == 0;
        if (r->out || (both && r->err))
            add(f, spec, "stdout", spec->out);
        if (r->err && !both)
            add(f, spec, "stderr", spec->err);
    }
    if (f->full)
        return say_no(no, REFUSAL_REFUSED, "that would be more than %d files; name fewer instances",
                      (int)FILES_MAX);
    if (x->n == 1)
        snprintf(one, sizeof one, "%s has", sup_unit(a->c->world.sup, x->slot[0])->spec->unit);
    if (x->n == 0)
        return say_no(no, REFUSAL_REFUSED,
                      "'%s' has no instances: its job is disabled, or instances is 0",
                      r->names ? r->name[0] : "all");
    if (f->n == 0)
        return say_no(no, REFUSAL_REFUSED, "%s no log file: %s null; set %s to a path",
                      x->n == 1 ? one : "these instances have",
                      r->out && r->err ? "stdout and stderr are"
                      : r->out         ? "stdout is"
                                       : "stderr is",
                      r->out && r->err ? "them" : "it");
    return true;
}

static bool begin(struct asked *a, struct no *no)
{
    struct control *c = a->c;
    struct selection x = {0};
    struct files f = {calloc(FILES_MAX, sizeof(struct tail_file)), 0, false};
    bool ok = f.v || say_no(no, REFUSAL_FAILED, "out of memory");
    ok = ok && select_units(c->world.sup, a->request->name, a->request->names, &x, no) &&
         collect(a, &x, &f, no);
    struct deal *d = ok ? deal_begin(a, DEAL_LOGS) : NULL;
    bool told = ok && !d; /* deal_begin() has refused it */
    if (d &&
        !c->world.tail(c->world.ctx, d->client, f.v, f.n, d->request.n, d->request.follow, no)) {
        *a->request = d->request;
        d->request = (struct request){0};
        deal_end(c, d);
        ok = false;
    }
    selection_free(&x);
    free(f.v);
    return ok || told;
}

void do_logs(struct asked *a)
{
    struct no no;
    if (!begin(a, &no))
        refuse(a, &no);
}

void control_tailed(struct control *c, uint64_t client, const struct tailed *t)
{
    struct deal *d = deal_find(c, client, DEAL_LOGS);
    if (!d)
        return;
    struct reply out = reply_begin(d->request.id);
    if (t->file) {
        json_text(out.doc, out.root, "name", t->file->name);
        json_text(out.doc, out.root, "stream", t->file->stream);
        json_text(out.doc, out.root, "file", t->path);
        yyjson_mut_obj_add_uint(out.doc, out.root, "files", t->files);
        json_str(out.doc, out.root, "text", t->text);
        json_text(out.doc, out.root, "problem", t->why);
    }
    d->unread = true;
    if (!reply_send(&c->world, client, &out, !t->last) || t->last)
        deal_end(c, d);
}
