/* test_diff_rows.c - a difference in every row of the table, and what it costs. */
#include "tests/config/told.h"
#include "tests/config/values.h"

#include <string.h>

/* --- specs to start from ------------------------------------------------------------ */
union spec {
    struct job_spec job;
    struct group_spec group;
    struct service_spec service;
};

static const char base_text[] = "[service]\njob_memory_limit = 1T\n[group:g]\n"
                                "[job:a]\ncommand = x\ngroup = g\n";

/* A copy of the spec of the kind OWNER. */
static void take_base(const struct config *c, enum section owner, union spec *ret)
{
    memset(ret, 0, sizeof *ret);
    if (owner == SECTION_JOB)
        ret->job = c->job[0];
    else if (owner == SECTION_GROUP)
        ret->group = c->group[0];
    else
        ret->service = c->service;
}

/* --- every row ---------------------------------------------------------------------- */

/* More values of types that have parts, so that each part is seen to count. */
static const struct {
    const struct value_type *type;
    const char *text[8];
} more[] = {
    {&ty_ready,
     {"port:1", "port:2", "http://a/", "https://a/", "http://b/", "file:a", "file:b", "event"}},
    {&ty_ladder,
     {"terminate", "ctrl-c:1s", "ctrl-c:2s", "event:1s", "ctrl-c:1s, ctrl-c:1s",
      "ctrl-c:1s, ctrl-c:2s", "ctrl-c:1s, command:1s", "stdin-eof:1s"}},
    {&ty_codes, {"", "0", "1", "0, 1", "1, 0", "-1"}},
    {&ty_causes, {"exit", "crash", "limit", "exit, crash", "job_memory_limit", "guard_cpu"}},
    {&ty_schedule,
     {"0 0 * * *", "1 0 * * *", "0 1 * * *", "0 0 1 * *", "0 0 * 1 *", "0 0 * * 1", "every 10m",
      "every 11m"}},
    {&ty_names, {"x", "y", "x, y", "y, x"}},
    {&ty_access,
     {"", "command: x", "look: x", "command: y", "command: x, y", "command: x; look: y",
      "command: x; look: y, z"}},
    {&ty_text, {"", "x", "X", "x y"}},
    {&ty_name, {"x", "X", "x-y"}},
    {&ty_path, {"x", "X", "x/y"}},
    {&ty_output, {"null", "x", "X", "x.log"}},
    {&ty_command, {"x", "x y", "X", "\"x\" y"}},
    {&ty_hook, {"none", "x", "x y", "X"}},
    {&ty_url, {"http://a/", "http://b/", "https://a/", "http://a/b", "http://a:81/"}},
    {&ty_flags, {"none", "desktop", "handles", "desktop, handles"}},
    {&ty_cpus, {"none", "0", "1", "0-1", "1:0", "0, 1:0"}},
    {&ty_share, {"none", "1%", "2%", "1 cpu", "0.01 cpus"}},
    {&ty_small, {"none", "0", "1", "2"}},
    {&ty_tolerance, {"none", "low short", "low long", "high short"}},
    {&ty_guard_size, {"none", "1G", "2G", "1G for 1m", "1G for 2m"}},
    {&ty_guard_count, {"none", "1", "2", "1 for 1m", "1 for 2m"}},
    {&ty_guard_share, {"none", "1%", "1 cpu", "2%", "1% for 1m", "1% for 2m"}},
    {&ty_port, {"none", "80", "81"}},
};

enum { TEXTS_MAX = 64, TEXT_SIZE = 256 };

/* Values of one row, each another one. */
struct values {
    const struct field *f;
    struct arena *a;
    size_t n;
    union value value[TEXTS_MAX], again[TEXTS_MAX]; /* the same, read twice */
    char printed[TEXTS_MAX][TEXT_SIZE];
};

/* Takes TEXT in where the row allows it and it is a new value. */
static void add(struct values *v, const char *text)
{
    const struct value_type *t = v->f->type;
    struct buf out = {0};
    assert_true(v->n < TEXTS_MAX);
    union value *value = &v->value[v->n], *again = &v->again[v->n];
    memset(value, 0, sizeof *value);
    memset(again, 0, sizeof *again);
    if (t->parse(v->f, str_of(text), v->a, value, NULL) != ST_OK)
        return;
    assert_int_equal(t->parse(v->f, str_of(text), v->a, again, NULL), ST_OK);
    t->print(v->f, value, &out);
    assert_true(out.n < TEXT_SIZE);
    for (size_t i = 0; i < v->n; i++)
        if (strcmp(v->printed[i], buf_text(&out)) == 0)
            goto out;
    strcpy(v->printed[v->n++], buf_text(&out));
out:
    buf_free(&out);
}

static void collect(struct values *v, const struct field *f, struct arena *a)
{
    struct buf bound = {0};
    v->f = f;
    v->a = a;
    v->n = 0;
    if (f->dflt)
        add(v, f->dflt);
    if (f->example)
        add(v, f->example);
    for (size_t i = 0; f->words && f->words[i]; i++)
        add(v, f->words[i]);
    for (int b = 0; b < 4 && f->type->print_number; b++) {
        uint64_t bounds[] = {f->min, f->max, f->min + 1, f->max - 1};
        buf_reset(&bound);
        f->type->print_number(bounds[b], &bound);
        add(v, buf_text(&bound));
    }
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        for (size_t k = 0; more[i].type == f->type && k < 8 && more[i].text[k]; k++)
            add(v, more[i].text[k]);
    if (f->type == &ty_yes_no) {
        add(v, "yes");
        add(v, "no");
    }
    buf_free(&bound);
}

static bool only_of_the_job(const struct field *f)
{
    static const char *const keys[] = {"after", "enabled", "first_instance", "instances",
                                       "requires"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!f->limit && f->section == SECTION_JOB && strcmp(f->key, keys[i]) == 0)
            return true;
    return false;
}

static bool has_rung(const struct ladder *l, enum rung_kind kind)
{
    for (uint32_t i = 0; i < l->n; i++)
        if (l->rung[i].kind == kind)
            return true;
    return false;
}

/* What it costs to go from one value of F to another one. */
static enum apply expected_cost(const struct field *f, const union value *was,
                                const union value *is)
{
    bool gains =
        f->type == &ty_ladder &&
        ((has_rung(&is->ladder, RUNG_EVENT) && !has_rung(&was->ladder, RUNG_EVENT)) ||
         (has_rung(&is->ladder, RUNG_STDIN_EOF) && !has_rung(&was->ladder, RUNG_STDIN_EOF)));
    return gains ? APPLY_RESPAWN : f->apply;
}

static void check_pair(const struct values *v, enum section owner, const struct config *c, size_t a,
                       size_t b)
{
    const struct field *f = v->f;
    union spec was, is;
    enum apply cost = APPLY_COUNT;
    struct told t = {0};
    size_t offset = schema_offset(f, owner);
    take_base(c, owner, &was);
    take_base(c, owner, &is);
    memcpy((char *)&was + offset, &v->value[a], f->size);
    memcpy((char *)&is + offset, a == b ? &v->again[b] : &v->value[b], f->size);
    bool differs = diff_specs(owner, &was, &is, &cost, &t);
    if (differs != (a != b && !only_of_the_job(f)))
        fail_msg("%s: '%s' and '%s' %s", f->key, v->printed[a], v->printed[b],
                 differs ? "differ" : "do not differ");
    if (differs) {
        struct buf text = {0};
        enum apply expected = expected_cost(f, &v->value[a], &v->value[b]);
        buf_f(&text, "%s:%s ", f->key, apply_names[expected]);
        assert_string_equal(buf_text(&t.text), buf_text(&text));
        assert_int_equal(cost, expected);
        buf_free(&text);
    } else {
        assert_int_equal(cost, APPLY_COUNT);
        assert_string_equal(buf_text(&t.text), "");
    }
    buf_free(&t.text);
}

static void check_row(const struct field *f, enum section owner, const struct config *c)
{
    static struct values v;
    struct arena *a = arena_new();
    collect(&v, f, a);
    if (v.n < 2)
        fail_msg("%s: no two values of the type '%s' are known here", f->key, f->type->name);
    for (size_t i = 0; i < v.n; i++)
        for (size_t k = 0; k < v.n; k++)
            check_pair(&v, owner, c, i, k);
    arena_free(a);
}

static void diff__of_every_row__tells_it_with_its_cost_and_nothing_of_the_same_value(void **state)
{
    (void)state;
    static const enum section owners[] = {SECTION_JOB, SECTION_GROUP, SECTION_SERVICE};
    struct config *c = load_good(base_text);
    for (size_t s = 0; s < 3; s++)
        for (size_t i = 0; i < schema_count; i++)
            if (schema_in(&schema[i], owners[s]) && schema[i].type && !schema[i].apart)
                check_row(&schema[i], owners[s], c);
    config_free(c);
}

/* A type with parts, or whose values are elsewhere, needs values above: those that the rows have
 * may differ in one part alone. */
static void types__of_the_schema__have_values_here_or_are_one_number(void **state)
{
    (void)state;
    for (size_t i = 0; i < schema_count; i++) {
        const struct value_type *t = schema[i].apart ? NULL : schema[i].type;
        size_t k = 0;
        while (k < sizeof more / sizeof *more && more[k].type != t)
            k++;
        if (t && k == sizeof more / sizeof *more && schema[i].size > sizeof(uint64_t))
            fail_msg("the type '%s' of %s needs values", t->name, schema[i].key);
    }
}

/* Those without a member are looked for by name, so a new one must be thought of. */
static void rows__without_a_member__are_those_that_are_known(void **state)
{
    (void)state;
    static const char *const known[] = {"env.NAME", "env_file",     "extends",
                                        "group",    "on_limit.KEY", "files"};
    size_t n = 0;
    for (size_t i = 0; i < schema_count; i++)
        if (schema[i].apart)
            assert_string_equal(schema[i].key, known[n++]);
    assert_int_equal(n, sizeof known / sizeof *known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(diff__of_every_row__tells_it_with_its_cost_and_nothing_of_the_same_value),
        cmocka_unit_test(types__of_the_schema__have_values_here_or_are_one_number),
        cmocka_unit_test(rows__without_a_member__are_those_that_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
