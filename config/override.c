/* override.c - values that were set by command, put in place of those that are written. */
#include "config/loader.h"

#include "config/lines.h"
#include "config/origin.h"
#include "config/value.h"

#include <string.h>

static const struct place set_here = {ORIGIN_SET, 0};

static const char *nearest(const struct loader *l, enum kind kind, struct str name)
{
    const char *near = NULL;
    for (const struct sect *s = l->sects; s; s = s->next)
        if (s->kind == kind && *s->name)
            near = nearer_word(name, near, s->name);
    return near;
}

/* NULL: there is none, which is reported. */
static struct sect *find_section(struct loader *l, const struct override *o)
{
    char c[CLIP];
    enum kind kind = o->group ? KIND_GROUP : KIND_JOB;
    enum diag_code code = o->group ? CODE_UNKNOWN_GROUP : CODE_UNKNOWN_JOB;
    struct str name = str_of(o->section_name);
    struct sect *s = names_find(o->group ? l->group_names : l->job_names, name);
    if (s)
        return s;
    const char *near = nearest(l, kind, name), *word = kind_rows[kind].word;
    clip(name, c);
    if (near)
        report(l, code, set_here, "there is no %s '%s'; did you mean '%s'?", word, c, near);
    else
        report(l, code, set_here, "there is no %s '%s'", word, c);
    return NULL;
}

static bool check_text(struct loader *l, struct str text)
{
    struct err e = {0};
    enum diag_code code = CODE_SYNTAX;
    bool newline = text.n > 0 && memchr(text.p, '\n', text.n);
    if (newline)
        report(l, CODE_SYNTAX, set_here, "a value has one line");
    else if (!line_ok(text, &code, &e))
        report(l, code, set_here, "%s", e.text);
    else
        return true;
    return false;
}

/* Takes out what S says before ENTRY, its last, for the same key. */
static void replace(struct sect *s, const struct entry *entry)
{
    struct entry **at = &s->entry;
    while (*at != entry) {
        struct entry *e = *at;
        if (e->field == entry->field && str_ieq(str_of(e->name), str_of(entry->name)))
            *at = e->next;
        else
            at = &e->next;
    }
}

static void apply(struct reading *r, const struct override *o)
{
    struct str key = str_trim(str_of(o->key)), value = str_trim(str_of(o->value));
    struct sect *s =
        check_text(r->l, key) && check_text(r->l, value) ? find_section(r->l, o) : NULL;
    if (!s)
        return;
    struct entry **behind = s->tail;
    r->now = s;
    memset(r->key, 0, schema_count * sizeof *r->key); /* what is written is no repetition */
    names_clear(r->dotted);
    section_key(r, 0, key, value);
    if (s->tail != behind)
        replace(s, *behind);
}

/* As it was asked for, with the section's own name. */
static void keep(struct loader *l, const struct override *o, struct override *ret)
{
    const struct sect *s =
        names_find(o->group ? l->group_names : l->job_names, str_of(o->section_name));
    *ret = (struct override){
        .section_name = s ? s->name : o->section_name,
        .group = o->group,
        .key = take_str(l, l->keep, str_trim(str_of(o->key))),
        .value = take_str(l, l->keep, str_trim(str_of(o->value))),
    };
}

void overrides_apply(struct loader *l, struct config *c)
{
    static const struct file set = {.shown = ORIGIN_SET};
    struct reading r = {.l = l, .file = &set};
    if (l->overrides == 0)
        return;
    struct override *own = take(l, l->keep, l->overrides, sizeof *own);
    r.key = take(l, l->scratch, schema_count, sizeof *r.key);
    r.next = take(l, l->scratch, schema_count, sizeof *r.next);
    r.dotted = names_new();
    l->nomem = l->nomem || !r.dotted;
    for (size_t i = 0; i < l->overrides && !l->nomem; i++) {
        apply(&r, &l->override[i]);
        keep(l, &l->override[i], &own[i]);
    }
    names_free(r.dotted);
    c->overrides = l->overrides;
    c->override = own;
}
