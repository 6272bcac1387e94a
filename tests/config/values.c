/* values.c - one value, good or bad. */
#include "tests/config/values.h"

#include <string.h>

void assert_good(const struct good *g)
{
    struct arena *a = arena_new();
    union value v = {0}, again = {0};
    struct buf out = {0};
    struct err e = {0};
    enum st st = g->f->type->parse(g->f, str_of(g->text), a, &v, &e);
    if (st != ST_OK)
        fail_msg("%s '%s': %s", g->f->type->name, g->text, e.text);
    g->f->type->print(g->f, &v, &out);
    assert_string_equal(buf_text(&out), g->printed);
    assert_int_equal(g->f->type->parse(g->f, buf_view(&out), a, &again, &e), ST_OK);
    assert_true(g->f->type->equal(&v, &again));
    buf_free(&out);
    arena_free(a);
}

void assert_bad(const struct bad *b)
{
    struct arena *a = arena_new();
    union value v, before;
    struct err e = {0};
    memset(&v, 0xA5, sizeof v);
    before = v;
    enum st st = b->f->type->parse(b->f, str_of(b->text), a, &v, &e);
    if (st != b->st)
        fail_msg("%s '%s' gives %d", b->f->type->name, b->text, (int)st);
    assert_string_equal(e.text, b->said);
    assert_memory_equal(&v, &before, sizeof v);
    arena_free(a);
}
