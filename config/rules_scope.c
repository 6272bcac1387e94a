/* rules_scope.c - where the keys of one level stand, and what they say in words. */
#include "config/rules_scope.h"

#include <stdio.h>
#include <string.h>

/* "on_limit.KEY" is one row for many keys. */
static bool is_key(const struct entry *e, const char *key)
{
    static const char each[] = "on_limit.";
    size_t n = sizeof each - 1;
    if (strcmp(e->field->key, key) == 0)
        return true;
    return strncmp(key, each, n) == 0 && strncmp(e->field->key, each, n) == 0 &&
           strcmp(e->name, key + n) == 0;
}

static struct entry *find(const struct scope *s, const char *key, size_t *rank)
{
    for (*rank = 0; *rank < s->levels; (*rank)++)
        for (struct entry *e = s->level[*rank]->entry; e; e = e->next)
            if (is_key(e, key))
                return e;
    return NULL;
}

struct entry *scope_entry(const struct scope *s, const char *key)
{
    size_t rank;
    return find(s, key, &rank);
}

struct place scope_place(const struct scope *s, const char *key)
{
    const struct entry *e = scope_entry(s, key);
    return e ? e->at : s->at;
}

bool scope_good(const struct scope *s, const char *key)
{
    const struct entry *e = scope_entry(s, key);
    return !e || !e->bad;
}

bool scope_own(const struct scope *s, const char *key)
{
    size_t rank;
    const struct entry *e = find(s, key, &rank);
    return e && !e->bad && rank == 0;
}

bool scope_lacks(const struct scope *s, const char *key)
{
    return !s->doubtful && scope_good(s, key);
}

const char *scope_later(const struct scope *s, const char *a, const char *b)
{
    size_t rank_a, rank_b;
    const struct entry *x = find(s, a, &rank_a), *y = find(s, b, &rank_b);
    if (rank_a != rank_b)
        return rank_a < rank_b ? a : b;
    return x && y && x->at.line > y->at.line ? a : b;
}

/* --- words -------------------------------------------------------------------------- */
const char *limit_key(enum limit_id id)
{
    return schema_limit(id)->key;
}

const char *limit_text(const struct limits *l, enum limit_id id, char out[LIMIT_TEXT])
{
    const struct field *f = schema_limit(id);
    struct buf b = {0};
    f->type->print(f, (const char *)l + f->offset, &b);
    snprintf(out, LIMIT_TEXT, "%s", buf_text(&b));
    buf_free(&b);
    return out;
}

const char *scope_text(const struct scope *s, char out[LIMIT_TEXT])
{
    snprintf(out, LIMIT_TEXT, "[%s%s%s]", s->kind, s->name ? ":" : "", s->name ? s->name : "");
    return out;
}
