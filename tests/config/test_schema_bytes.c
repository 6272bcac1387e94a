/* test_schema_bytes.c - every byte of a spec belongs to one row of the table. */
#include "tests/config/values.h"

struct map {
    unsigned char owner[sizeof(struct job_spec)]; /* 1: starts here, 2: goes on */
};

static void own(struct map *m, size_t offset, size_t size)
{
    for (size_t i = offset; i < offset + size; i++) {
        assert_int_equal(m->owner[i], 0); /* no other row has it */
        m->owner[i] = i == offset ? 1 : 2;
    }
}
#define OWN(m, S, member) own(m, offsetof(struct S, member), sizeof(((struct S *)0)->member))

static void own_rows(struct map *m, enum section section)
{
    for (size_t i = 0; i < schema_count; i++)
        if (schema_in(&schema[i], section) && schema[i].type && !schema[i].apart)
            own(m, schema_offset(&schema[i], section), schema[i].size);
}

/* What nobody owns is padding: less than an alignment, and in front of something that needs it. */
static void assert_only_padding(const struct map *m, size_t size)
{
    for (size_t i = 0; i < size;) {
        size_t n = 0;
        while (i + n < size && !m->owner[i + n])
            n++;
        if (n > 0 && (n > 7 || i % 8 == 0))
            fail_msg("bytes %zu to %zu belong to no row", i, i + n - 1);
        i += n + 1;
    }
}

static void schema__every_byte_of_a_job_spec__belongs_to_one_row(void **state)
{
    (void)state;
    struct map m = {{0}};
    OWN(&m, job_spec, job);
    OWN(&m, job_spec, instance);
    OWN(&m, job_spec, unit);
    OWN(&m, job_spec, at);
    OWN(&m, job_spec, env);
    OWN(&m, job_spec, group);
    OWN(&m, job_spec, limits.on_limit_key);
    own_rows(&m, SECTION_JOB);
    assert_only_padding(&m, sizeof(struct job_spec));
}

static void schema__every_byte_of_a_service_spec__belongs_to_one_row(void **state)
{
    (void)state;
    struct map m = {{0}};
    OWN(&m, service_spec, capped);
    OWN(&m, service_spec, limits.on_limit_key);
    own_rows(&m, SECTION_SERVICE);
    assert_only_padding(&m, sizeof(struct service_spec));
}

static void schema__every_byte_of_a_group_spec__belongs_to_one_row(void **state)
{
    (void)state;
    struct map m = {{0}};
    OWN(&m, group_spec, name);
    OWN(&m, group_spec, at);
    OWN(&m, group_spec, origin);
    OWN(&m, group_spec, limits.on_limit_key);
    own_rows(&m, SECTION_GROUP);
    assert_only_padding(&m, sizeof(struct group_spec));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schema__every_byte_of_a_job_spec__belongs_to_one_row),
        cmocka_unit_test(schema__every_byte_of_a_service_spec__belongs_to_one_row),
        cmocka_unit_test(schema__every_byte_of_a_group_spec__belongs_to_one_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
