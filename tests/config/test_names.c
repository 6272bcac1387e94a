/* test_names.c - the table of names. */
#include "tests/config/fake.h"

#include "config/names.h"

#include <stdio.h>

static void names__of_another_case__are_the_same(void **state)
{
    (void)state;
    struct names *t = names_new();
    int a = 0, b = 0;
    assert_null(names_find(t, STR("Path")));
    assert_int_equal(names_add(t, STR("Path"), &a), ST_OK);
    assert_int_equal(names_add(t, STR("Pat"), &b), ST_OK);
    assert_ptr_equal(names_find(t, STR("PATH")), &a);
    assert_ptr_equal(names_find(t, STR("pat")), &b);
    names_clear(t);
    assert_null(names_find(t, STR("path")));
    names_free(t);
}

static void names__many_of_them__are_all_found(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    static char name[MANY][24];
    struct names *t = names_new();
    for (int i = 0; i < MANY; i++) {
        snprintf(name[i], sizeof name[i], "name-%d", i);
        assert_int_equal(names_add(t, str_of(name[i]), name[i]), ST_OK);
    }
    for (int i = 0; i < MANY; i++)
        assert_ptr_equal(names_find(t, str_of(name[i])), name[i]);
    assert_null(names_find(t, STR("name-5000")));
    names_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names__of_another_case__are_the_same),
        cmocka_unit_test(names__many_of_them__are_all_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
