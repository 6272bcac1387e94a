/* test_generated.c - the files made from the schema are those that the schema makes now. */
#include "tests/config/fake.h"

#include "config/reference.h"
#include "config/reference_text.h"

#include <stdio.h>
#include <string.h>

static void read_whole(const char *path, struct buf *out)
{
    char full[1024], part[4096];
    size_t n;
    snprintf(full, sizeof full, "%s/%s", JW_SOURCE_DIR, path);
    FILE *f = fopen(full, "rb");
    if (!f)
        fail_msg("%s is missing; run ./dev docs", path);
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        buf_add(out, part, n);
    fclose(f);
}

static void assert_current(const char *path, void (*make)(struct buf *out))
{
    struct buf there = {0}, made = {0};
    read_whole(path, &there);
    make(&made);
    assert_true(buf_ok(&made));
    if (strcmp(buf_text(&there), buf_text(&made)) != 0)
        fail_msg("%s is not what the schema makes; run ./dev docs", path);
    buf_free(&there);
    buf_free(&made);
}

static void reference__as_checked_in__is_current(void **state)
{
    (void)state;
    assert_current("docs/reference.md", reference_markdown);
}

static void limits__as_checked_in__are_current(void **state)
{
    (void)state;
    assert_current("docs/limits.md", reference_limits);
}

/* Every limit is in one of its tables, once. */
static void limits__of_the_schema__have_a_row_each(void **state)
{
    (void)state;
    struct buf made = {0}, row = {0};
    reference_limits(&made);
    for (int i = 0; i < LIMITS; i++) {
        buf_reset(&row);
        buf_f(&row, "\n| `%s` | %s", schema_limit((enum limit_id)i)->key,
              schema_limit((enum limit_id)i)->brief);
        const char *at = strstr(buf_text(&made), buf_text(&row));
        assert_non_null(at);
        assert_null(strstr(at + 1, buf_text(&row)));
    }
    buf_free(&made);
    buf_free(&row);
}

/* What just holds is never reached. */
static void help__of_a_limit__says_what_follows_or_what_it_does(void **state)
{
    (void)state;
    struct buf holds = {0}, reached = {0};
    assert_true(reference_key(STR("affinity"), &holds));
    assert_non_null(strstr(buf_text(&holds), "  what it does: all threads run on"));
    assert_null(strstr(buf_text(&holds), "reached"));
    assert_true(reference_key(STR("guard_commit"), &reached));
    assert_non_null(strstr(buf_text(&reached), "  when it is reached: tells only"));
    buf_free(&holds);
    buf_free(&reached);
}

static void sample__as_checked_in__is_current(void **state)
{
    (void)state;
    assert_current("config/sample.ini", reference_sample);
}

static void dictionary__as_checked_in__is_current(void **state)
{
    (void)state;
    assert_current("tests/fuzz/loader.dict", reference_dictionary);
}

/* Loads the sample; with BARE every line without a blank behind its ';' is taken as a key. */
static void load_sample(bool bare)
{
    struct buf sample = {0}, text = {0};
    reference_sample(&sample);
    for (struct str rest = buf_view(&sample); rest.p;) {
        struct str line = str_cut(&rest, '\n');
        if (bare && line.n > 1 && line.p[0] == ';' && line.p[1] != ' ')
            line = (struct str){line.p + 1, line.n - 1};
        buf_str(&text, line);
        buf_char(&text, '\n');
    }
    const struct fake_file files[] = {{"sample.ini", buf_text(&text), 0, ST_OK},
                                      {"web.env", "A=1\n", 0, ST_OK},
                                      {"jobs.d/more.ini", "", 0, ST_OK},
                                      {0}};
    struct fake f = {.file = files};
    struct config *c = NULL;
    struct buf said = fake_load(&f, &c);
    assert_string_equal(buf_text(&said), "");
    assert_int_equal(c->n, 1);
    assert_int_equal(c->job[0].env.n, bare ? 2 : 0);
    config_free(c);
    buf_free(&said);
    buf_free(&sample);
    buf_free(&text);
}

static void sample__as_it_stands_and_uncommented__loads(void **state)
{
    (void)state;
    load_sample(false);
    load_sample(true);
}

/* Every key of the schema that works stands in it once. */
static void sample__of_every_key__has_a_line(void **state)
{
    (void)state;
    struct buf sample = {0}, line = {0};
    reference_sample(&sample);
    for (size_t i = 0; i < schema_count; i++) {
        const char *key = reference_example_key(&schema[i]);
        buf_reset(&line);
        buf_f(&line, "\n%s%s =", strcmp(key, "command") == 0 ? "" : ";", key);
        assert_int_equal(strstr(buf_text(&sample), buf_text(&line)) != NULL,
                         schema[i].type != NULL);
    }
    buf_free(&sample);
    buf_free(&line);
}

static void example__as_checked_in__loads(void **state)
{
    (void)state;
    struct buf text = {0};
    read_whole("config/example.ini", &text);
    struct config *c = load_good(buf_text(&text));
    assert_true(c->n > 0);
    config_free(c);
    buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reference__as_checked_in__is_current),
        cmocka_unit_test(limits__as_checked_in__are_current),
        cmocka_unit_test(limits__of_the_schema__have_a_row_each),
        cmocka_unit_test(help__of_a_limit__says_what_follows_or_what_it_does),
        cmocka_unit_test(sample__as_checked_in__is_current),
        cmocka_unit_test(dictionary__as_checked_in__is_current),
        cmocka_unit_test(sample__as_it_stands_and_uncommented__loads),
        cmocka_unit_test(sample__of_every_key__has_a_line),
        cmocka_unit_test(example__as_checked_in__loads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
