/* test_service_name.c - the name of the service in files that may be broken. */
#include "tests/config/fake.h"

#include "config/service_name.h"

#include <string.h>

/* What is found in TEXT; "-" for nothing, "?" for what only the loader knows. */
static void assert_name(struct str text, const char *expected)
{
    bool none = strcmp(expected, "-") == 0, unclear = strcmp(expected, "?") == 0;
    char name[NAME_MAX_BYTES + 1] = "-";
    assert_int_equal(service_name_of(text, name), none      ? SERVICE_NAME_DEFAULT
                                                  : unclear ? SERVICE_NAME_UNCLEAR
                                                            : SERVICE_NAME_FOUND);
    assert_string_equal(name, unclear ? "-" : expected);
}

#define LONGEST "a23456789b23456789c23456789d23456789e23456789f23456789g23456789"

static void name__of_a_file_with_other_mistakes__is_found(void **state)
{
    (void)state;
    assert_name(STR("[service]\nname = Shop\n"), "Shop");
    assert_name(STR("\xEF\xBB\xBF; x\r\n[ service ]\r\n  name=Shop-2 \r\n"), "Shop-2");
    assert_name(STR("[job:a\nnonsense\n=\n[service] x\nnam = y\nname = Shop"), "Shop");
    assert_name(STR("\xFF\n[service\nname = Shop\n[job:a]\nname = other\n"), "Shop");
    assert_name(STR("[job:a]\nname = other\n[service]\nlog_keep = x\n\nname = Shop\nname = B\n"),
                "Shop");
    assert_name(STR("[service]\n[job:a]\n[service]\nname = Shop\n"), "Shop");
    assert_name(STR("[service]\nname = " LONGEST "\n"), LONGEST);
}

static void name__that_is_not_there__is_the_default(void **state)
{
    (void)state;
    assert_name(STR(""), "-");
    assert_name((struct str){NULL, 0}, "-");
    assert_name(STR("name = Shop\n"), "-");
    assert_name(STR("[service]\nlog_keep = 1\n[job:a]\nname = Shop\n"), "-");
    assert_name(STR("[service]\n; name = Shop\n#name = Shop\n"), "-");
    assert_name(STR("[service]\nname\n"), "-");
    assert_name(STR("[service]\nname : Shop\n"), "-"); /* nor does the loader take it */
    assert_name(STR("[service]\nName = Shop\n"), "-");
    assert_name(STR("[service]\n;[include]\n[includes]\n"), "-");
}

static void name__that_is_none_or_may_be_elsewhere__is_unclear(void **state)
{
    (void)state;
    assert_name(STR("[service]\nname =\n"), "?");
    assert_name(STR("[service]\nname = a b\nname = Shop\n"), "?");
    assert_name(STR("[service]\nname = ${env:A}\n"), "?");
    assert_name(STR("[service]\nname = " LONGEST "9\n"), "?");
    assert_name(STR("[service]\nlog_keep = 1\n[include]\nfiles = x.ini\n"), "?");
    assert_name(STR("[include]\nfiles = x.ini\n[service]\nname = Shop\n"), "Shop");
}

/* Whatever is good for the loader is found here. */
static void name__of_a_good_file__is_that_of_the_loader(void **state)
{
    (void)state;
    static const char *const texts[] = {"[job:a]\ncommand = x\n[service]\nname = Shop\n",
                                        "[service]\n\tname\t=\tShop \n[job:a]\ncommand = x"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct fake_file files[] = {{"jobs.ini", texts[i], 0, ST_OK}, {0}};
        struct fake f = {.file = files};
        struct config *c = NULL;
        struct buf said = fake_load(&f, &c);
        assert_non_null(c);
        assert_name(str_of(texts[i]), c->service.name);
        config_free(c);
        buf_free(&said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(name__of_a_file_with_other_mistakes__is_found),
        cmocka_unit_test(name__that_is_not_there__is_the_default),
        cmocka_unit_test(name__that_is_none_or_may_be_elsewhere__is_unclear),
        cmocka_unit_test(name__of_a_good_file__is_that_of_the_loader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
