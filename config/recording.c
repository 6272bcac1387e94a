/* recording.c - a table of answers for each kind of question. */
#include "config/recording.h"

#include "config/names.h"

#include <stdlib.h>
#include <string.h>

enum ask { ASK_READ, ASK_GLOB, ASK_ENV, ASK_FULL, ASKS };

struct answer {
    struct answer *alike; /* to a question that differs in upper and lower case only */
    const char *asked;
    enum st st;
    uint32_t os;
    const char *why;    /* of a failure */
    struct str bytes;   /* of READ */
    struct texts found; /* of GLOB */
    const char *text;   /* of ENV and FULL */
};

struct table {
    struct names *names; /* to the first of those alike */
    struct answer **list;
    size_t n, cap;
};

struct recording {
    struct arena *arena;
    struct source src; /* while recording */
    struct machine machine;
    bool machine_known, lacking;
    struct table table[ASKS];
};

struct recording *recording_new(void)
{
    struct recording *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->arena = arena_new();
    bool ok = r->arena != NULL;
    for (int i = 0; i < ASKS && ok; i++) {
        r->table[i].names = names_new();
        ok = r->table[i].names != NULL;
    }
    if (ok)
        return r;
    recording_free(r);
    return NULL;
}

void recording_free(struct recording *r)
{
    if (!r)
        return;
    for (int i = 0; i < ASKS; i++) {
        names_free(r->table[i].names);
        free(r->table[i].list);
    }
    arena_free(r->arena);
    free(r);
}

/* --- the table ---------------------------------------------------------------------- */
static struct answer *find(const struct recording *r, enum ask kind, const char *asked)
{
    struct answer *a = names_find(r->table[kind].names, str_of(asked));
    while (a && !str_is(str_of(a->asked), asked))
        a = a->alike;
    return a;
}

static bool grow(struct table *t)
{
    if (t->n < t->cap)
        return true;
    size_t more = t->cap ? t->cap * 2 : 8;
    struct answer **list = realloc(t->list, more * sizeof(struct answer *));
    if (!list)
        return false;
    t->list = list;
    t->cap = more;
    return true;
}

/* False, and r->lacking, when out of memory. */
static bool keep(struct recording *r, enum ask kind, const char *asked, const struct answer *what)
{
    struct table *t = &r->table[kind];
    struct answer *own = grow(t) ? arena_alloc(r->arena, 1, sizeof *own) : NULL;
    const char *text = own ? arena_str(r->arena, str_of(asked)) : NULL;
    struct answer *first = names_find(t->names, str_of(asked));
    bool ok = text && (first || names_add(t->names, str_of(text), own) == ST_OK);
    r->lacking = r->lacking || !ok;
    if (!ok)
        return false;
    *own = *what;
    own->asked = text;
    if (first) {
        own->alike = first->alike;
        first->alike = own;
    }
    t->list[t->n++] = own;
    return true;
}

static enum st say_again(const struct answer *a, struct err *e)
{
    if (a->st == ST_OK)
        return ST_OK;
    err_say(e, a->st, "%s", a->why);
    if (e)
        e->os = a->os;
    return a->st;
}

static enum st not_asked(struct err *e)
{
    return err_say(e, ST_NOTFOUND, "it was not there when the files were read");
}

/* --- recording ---------------------------------------------------------------------- */
static enum st ask_source(struct recording *r, enum ask kind, const char *asked, struct answer *got,
                          struct err *e)
{
    const struct source *s = &r->src;
    got->st = kind == ASK_READ ? s->read(s->ctx, asked, r->arena, &got->bytes, e)
                               : s->glob(s->ctx, asked, r->arena, &got->found, e);
    if (got->st == ST_OK || got->st == ST_NOMEM)
        return got->st;
    got->os = e->os;
    got->why = arena_str(r->arena, str_of(e->text));
    return got->why ? got->st : err_nomem(e);
}

/* Answers are made in the arena where they stay. */
static enum st ask(struct recording *r, enum ask kind, const char *asked, struct answer *got,
                   struct err *e)
{
    struct err why = {0};
    const struct answer *known = find(r, kind, asked);
    if (known) {
        *got = *known;
        return say_again(known, e);
    }
    enum st st = ask_source(r, kind, asked, got, &why);
    if (st != ST_NOMEM && !keep(r, kind, asked, got))
        st = err_nomem(&why);
    r->lacking = r->lacking || st == ST_NOMEM;
    if (e && st != ST_OK)
        *e = why;
    return st;
}

static enum st record_read(void *ctx, const char *path, struct arena *a, struct str *ret,
                           struct err *e)
{
    struct answer got = {.st = ST_OK};
    enum st st = ask(ctx, ASK_READ, path, &got, e);
    (void)a;
    if (st == ST_OK)
        *ret = got.bytes;
    return st;
}

static enum st record_glob(void *ctx, const char *pattern, struct arena *a, struct texts *ret,
                           struct err *e)
{
    struct answer got = {.st = ST_OK};
    enum st st = ask(ctx, ASK_GLOB, pattern, &got, e);
    (void)a;
    if (st == ST_OK)
        *ret = got.found;
    return st;
}

static const char *record_env(void *ctx, const char *name)
{
    struct recording *r = ctx;
    const struct answer *known = find(r, ASK_ENV, name);
    if (known)
        return known->text;
    const char *value = r->src.env(r->src.ctx, name);
    struct answer got = {.text = value ? arena_str(r->arena, str_of(value)) : NULL};
    r->lacking = r->lacking || (value && !got.text);
    if (!value || got.text)
        keep(r, ASK_ENV, name, &got);
    return value; /* right, even where it could not be kept */
}

static const char *record_full(void *ctx, const char *path, struct arena *a)
{
    struct recording *r = ctx;
    const struct answer *known = find(r, ASK_FULL, path);
    (void)a;
    if (known)
        return known->text;
    struct answer got = {.text = r->src.full(r->src.ctx, path, r->arena)};
    r->lacking = r->lacking || !got.text;
    return got.text && keep(r, ASK_FULL, path, &got) ? got.text : NULL;
}

struct source recording_source(struct recording *r, const struct source *src)
{
    r->src = *src;
    r->machine_known = src->machine != NULL;
    if (src->machine)
        r->machine = *src->machine;
    return (struct source){r,          record_read, record_glob,
                           record_env, record_full, src->machine ? &r->machine : NULL,
                           src->service};
}

/* --- replaying ---------------------------------------------------------------------- */
static enum st replay_read(void *ctx, const char *path, struct arena *a, struct str *ret,
                           struct err *e)
{
    const struct answer *known = find(ctx, ASK_READ, path);
    (void)a;
    if (known && known->st == ST_OK)
        *ret = known->bytes;
    return known ? say_again(known, e) : not_asked(e);
}

static enum st replay_glob(void *ctx, const char *pattern, struct arena *a, struct texts *ret,
                           struct err *e)
{
    const struct answer *known = find(ctx, ASK_GLOB, pattern);
    (void)a;
    if (!known || known->st == ST_OK)
        *ret = known ? known->found : (struct texts){0};
    return known ? say_again(known, e) : ST_OK;
}

static const char *replay_env(void *ctx, const char *name)
{
    const struct answer *known = find(ctx, ASK_ENV, name);
    return known ? known->text : NULL;
}

static const char *replay_full(void *ctx, const char *path, struct arena *a)
{
    const struct answer *known = find(ctx, ASK_FULL, path);
    return known ? known->text : arena_str(a, str_of(path));
}

struct source recording_replay(const struct recording *r)
{
    return (struct source){(void *)r,  replay_read, replay_glob,
                           replay_env, replay_full, r->machine_known ? &r->machine : NULL,
                           NULL};
}

/* --- what it holds ------------------------------------------------------------------ */
bool recording_whole(const struct recording *r)
{
    return !r->lacking;
}

size_t recording_files(const struct recording *r)
{
    return r->table[ASK_READ].n;
}

const char *recording_file(const struct recording *r, size_t i)
{
    return r->table[ASK_READ].list[i]->asked;
}

size_t recording_patterns(const struct recording *r)
{
    return r->table[ASK_GLOB].n;
}

const char *recording_pattern(const struct recording *r, size_t i)
{
    return r->table[ASK_GLOB].list[i]->asked;
}

size_t recording_size(const struct recording *r)
{
    return arena_used(r->arena);
}

static bool same_texts(const struct texts *a, const struct texts *b)
{
    bool same = a->n == b->n;
    for (uint32_t i = 0; same && i < a->n; i++)
        same = strcmp(a->text[i], b->text[i]) == 0;
    return same;
}

static bool same_answer(const struct answer *a, const struct answer *b)
{
    bool texts = !a->text == !b->text && (!a->text || strcmp(a->text, b->text) == 0);
    return strcmp(a->asked, b->asked) == 0 && a->st == b->st && texts &&
           str_eq(a->bytes, b->bytes) && same_texts(&a->found, &b->found);
}

bool recording_same(const struct recording *a, const struct recording *b)
{
    for (int kind = 0; kind < ASKS; kind++) {
        const struct table *x = &a->table[kind], *y = &b->table[kind];
        if (x->n != y->n)
            return false;
        for (size_t i = 0; i < x->n; i++)
            if (!same_answer(x->list[i], y->list[i]))
                return false;
    }
    return true;
}
