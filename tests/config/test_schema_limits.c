/* test_schema_limits.c - the rows of limits, and what is asked of limits by their numbers. */
#include "tests/config/values.h"

#include <string.h>

static void schema__every_limit__has_one_row_with_what_follows(void **state)
{
    (void)state;
    unsigned rows[LIMITS + 1] = {0};
    for (size_t i = 0; i < schema_count; i++) {
        const struct field *f = &schema[i];
        assert_true(f->id <= LIMIT_NONE);
        rows[f->id]++;
        assert_int_equal(f->hit != NULL, f->id != LIMIT_NONE);
        assert_true(f->id == LIMIT_NONE || f->limit);
        assert_true(!f->message || f->id < LIMIT_REACHABLE);
        assert_true(!f->gone || !f->type);
        assert_true(!f->limit || f->gone || (f->dflt && f->example) ||
                    !strcmp(f->key, "hook_timeout"));
    }
    for (int i = 0; i < LIMITS; i++) {
        assert_int_equal(rows[i], 1);
        const struct field *f = schema_limit((enum limit_id)i);
        assert_int_equal(f->id, i);
        assert_int_equal(schema_limit_id(str_of(f->key)), i);
    }
    assert_int_equal(schema_limit_id(STR("command")), LIMIT_NONE);
    assert_int_equal(schema_limit_id(STR("on_limit")), LIMIT_NONE);
    assert_int_equal(schema_limit_id(STR("nonsense")), LIMIT_NONE);
}

/* What is set is had, and what is not is not: by the row's own example and default. */
static void limits__with_one_set_by_its_example__have_that_one(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    for (int i = 0; i < LIMITS; i++) {
        enum limit_id id = (enum limit_id)i;
        const struct field *f = schema_limit(id);
        struct limits l;
        memset(&l, 0, sizeof l);
        const char *on = id == LIMIT_KILL_ON_JOB_CLOSE ? "yes" : f->example;
        const char *off = id == LIMIT_KILL_ON_JOB_CLOSE ? "no" : f->dflt;
        void *member = (char *)&l + f->offset;
        assert_int_equal(f->type->parse(f, str_of(on), a, member, NULL), ST_OK);
        for (int k = 0; k < LIMITS; k++)
            if (limits_have(&l, (enum limit_id)k) != (k == i))
                fail_msg("%s is set, and so seems %s", f->key, schema_limit((enum limit_id)k)->key);
        assert_int_equal(f->type->parse(f, str_of(off), a, member, NULL), ST_OK);
        assert_false(limits_have(&l, id));
    }
    arena_free(a);
}

static void reactions__by_their_words__are_those_of_on_limit(void **state)
{
    (void)state;
    const struct field *each = schema_find(SECTION_JOB, STR("on_limit.x"));
    const struct field *all = schema_find(SECTION_JOB, STR("on_limit"));
    assert_string_equal(each->words[0], "none");
    for (int i = 1; i < REACTIONS; i++) {
        assert_string_equal(each->words[i], reaction_names[i]);
        assert_string_equal(all->words[i - 1], reaction_names[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schema__every_limit__has_one_row_with_what_follows),
        cmocka_unit_test(limits__with_one_set_by_its_example__have_that_one),
        cmocka_unit_test(reactions__by_their_words__are_those_of_on_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
