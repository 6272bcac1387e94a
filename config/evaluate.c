/* evaluate.c - from the text of an entry to its value. */
#include "config/loader.h"

#include "config/value.h"

#include <string.h>

/* "restart_delay", or "env.PATH". */
static void print_key(const struct entry *e, struct buf *out)
{
    struct str rest = str_of(e->field->key), head = str_cut(&rest, '.');
    buf_str(out, head);
    if (*e->name)
        buf_f(out, ".%s", e->name);
}

static void report_value(struct loader *l, struct entry *e, enum diag_code code, const char *what,
                         const char *hint)
{
    struct buf key = {0};
    print_key(e, &key);
    l->nomem = l->nomem || !buf_ok(&key);
    report_entry(l, code, e, "%s: %s%s%s", buf_text(&key), what, *hint ? "; " : "", hint);
    buf_free(&key);
}

static enum diag_code code_of_value(enum st st)
{
    return st == ST_RANGE         ? CODE_OUT_OF_RANGE
           : st == ST_UNSUPPORTED ? CODE_NOT_SUPPORTED
                                  : CODE_BAD_VALUE;
}

static enum diag_code code_of_substitution(enum st st)
{
    return st == ST_RANGE         ? CODE_VALUE_TOO_LONG
           : st == ST_UNSUPPORTED ? CODE_NOT_SUPPORTED
           : st == ST_NOTFOUND    ? CODE_UNKNOWN_VARIABLE
                                  : CODE_BAD_SUBSTITUTION;
}

bool scan_entry(struct loader *l, struct entry *e, unsigned allowed)
{
    struct err err;
    enum st st = ST_OK;
    if (!e->field->raw)
        st = subst_scan(e->text, allowed, &e->needs, &err);
    else if (e->text.n > 0 && memchr(e->text.p, '$', e->text.n))
        st = err_say(&err, ST_SYNTAX, "no ${...} is replaced here; write the value itself");
    if (st != ST_OK)
        report_value(l, e, code_of_substitution(st), err.text, "");
    return st == ST_OK;
}

struct subst subst_for(const struct loader *l, const char *job, uint32_t instance)
{
    return (struct subst){job, l->service_name, l->config_dir, instance, l->src, NULL, false};
}

static bool parse(struct loader *l, struct entry *e, struct str text, void *dst)
{
    struct err err; /* large, so it is not cleared for each value */
    struct buf hint = {0};
    enum st st = e->field->type->parse(e->field, text, l->keep, dst, &err);
    if (st == ST_OK || st == ST_NOMEM)
        return noted(l, st);
    if (st == ST_SYNTAX)
        schema_hint(e->field, text, &hint);
    report_value(l, e, code_of_value(st), err.text, buf_text(&hint));
    buf_free(&hint);
    return false;
}

static void mark_used(struct loader *l, struct entry *e)
{
    l->unread -= !e->used;
    e->used = true;
}

bool evaluate(struct loader *l, struct entry *e, const struct subst *s, void *dst)
{
    mark_used(l, e);
    if (e->bad || (s->unsure && e->needs & NEEDS_LIMIT))
        return false;
    if (e->value) {
        memcpy(dst, e->value, e->field->size);
        return true;
    }
    if (e->needs == NEEDS_NOTHING)
        return parse(l, e, e->text, dst);
    struct err err;
    buf_reset(&l->text);
    enum st st = subst_expand(e->text, s, &l->text, &err);
    if (noted(l, st))
        return parse(l, e, str_trim(buf_view(&l->text)), dst);
    if (st != ST_NOMEM)
        report_value(l, e, code_of_substitution(st), err.text, "");
    return false;
}

/* The value of E once for all, where no job changes it. */
static void evaluate_once(struct loader *l, struct entry *e)
{
    if (e->bad || e->value || e->needs & (NEEDS_JOB | NEEDS_INSTANCE | NEEDS_LIMIT))
        return;
    struct subst s = subst_for(l, "", 0);
    struct entry **last = &l->last[e->field - schema];
    bool same = *last && str_eq((*last)->text, e->text); /* jobs say much alike */
    void *value = same ? NULL : take(l, l->scratch, 1, e->field->size);
    if (same) {
        e->value = (*last)->value;
        mark_used(l, e);
    } else if (value && evaluate(l, e, &s, value)) {
        e->value = value;
        *last = e;
    }
}

/* The rows' defaults as entries, so that all values come about in one way. */
static void make_defaults(struct loader *l)
{
    l->dflt = take(l, l->scratch, schema_count, sizeof *l->dflt);
    for (size_t i = 0; l->dflt && i < schema_count; i++) {
        struct entry *e = &l->dflt[i];
        *e = (struct entry){.field = &schema[i],
                            .name = "",
                            .limit = LIMIT_NONE,
                            .text = str_of(schema[i].dflt),
                            .used = true};
        if (schema[i].type && schema[i].dflt)
            scan_entry(l, e, ~0u);
    }
}

static void fill_service(struct loader *l, const struct field *f, struct service_spec *ret)
{
    struct subst s = subst_for(l, "", 0);
    void *member = (char *)ret + schema_offset(f, SECTION_SERVICE);
    for (struct entry *e = l->service ? l->service->entry : NULL; e; e = e->next)
        if (e->field == f && evaluate(l, e, &s, member))
            return;
    evaluate(l, &l->dflt[f - schema], &s, member);
}

void evaluate_reactions(struct loader *l, struct sect *const *level, size_t levels,
                        struct limits *ret)
{
    struct subst none = subst_for(l, "", 0);
    bool said[LIMIT_REACHABLE] = {false};
    for (size_t i = 0; i < levels; i++)
        for (struct entry *e = level[i]->entry; e && !l->nomem; e = e->next) {
            if (e->limit == LIMIT_NONE || said[e->limit])
                continue;
            said[e->limit] = true;
            evaluate(l, e, &none, &ret->on_limit_key[e->limit]);
        }
}

/* Whether any limit needs a Job Object above all others. */
static bool capped(const struct limits *l)
{
    for (int i = 0; i < LIMITS; i++)
        if (i != LIMIT_KILL_ON_JOB_CLOSE && limits_have(l, (enum limit_id)i))
            return true;
    return false;
}

void evaluate_service(struct loader *l, struct service_spec *ret)
{
    make_defaults(l);
    if (l->nomem)
        return;
    const struct field *name = schema_find(SECTION_SERVICE, STR("name"));
    fill_service(l, name, ret);
    l->service_name = l->src->service ? l->src->service : ret->name;
    for (size_t i = 0; i < schema_count && !l->nomem; i++)
        if (schema_in(&schema[i], SECTION_SERVICE) && schema[i].type && !schema[i].apart &&
            &schema[i] != name)
            fill_service(l, &schema[i], ret);
    if (l->service && !l->nomem)
        evaluate_reactions(l, &l->service, 1, &ret->limits);
    ret->capped = capped(&ret->limits);
}

void evaluate_common(struct loader *l)
{
    l->last = take(l, l->scratch, schema_count, sizeof *l->last);
    for (size_t i = 0; i < schema_count && !l->nomem; i++)
        if (schema[i].section == SECTION_JOB && schema[i].dflt)
            evaluate_once(l, &l->dflt[i]);
    for (struct sect *s = l->sects; s; s = s->next)
        for (struct entry *e = s->entry; e && !l->nomem; e = e->next)
            if (s->kind == KIND_DEFAULTS || s->kind == KIND_TEMPLATE || s->kind == KIND_JOB)
                evaluate_once(l, e);
}

void evaluate_unused(struct loader *l)
{
    for (struct sect *s = l->sects; s && l->unread > 0; s = s->next) {
        struct subst any = subst_for(l, *s->name ? s->name : "job", 1);
        any.unsure = true; /* nobody's limits */
        for (struct entry *e = s->entry; e && !l->nomem; e = e->next) {
            void *value = e->used ? NULL : take(l, l->scratch, 1, e->field->size);
            if (value)
                evaluate(l, e, &any, value);
        }
    }
}
