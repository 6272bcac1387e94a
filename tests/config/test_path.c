/* test_path.c - paths as text, of both kinds. */
#include "tests/config/fake.h"

#include "config/path.h"

#include <string.h>

static void folder__of_every_kind_of_path__keeps_roots_whole(void **state)
{
    (void)state;
    static const struct {
        const char *path, *dir, *base;
    } rows[] = {
        {"jobs.ini", "", "jobs.ini"},
        {"a/jobs.ini", "a", "jobs.ini"},
        {"a\\b/jobs.ini", "a\\b", "jobs.ini"},
        {"a//jobs.ini", "a", "jobs.ini"},
        {"/jobs.ini", "/", "jobs.ini"},
        {"C:\\jobs.ini", "C:\\", "jobs.ini"},
        {"C:\\x\\jobs.ini", "C:\\x", "jobs.ini"},
        {"C:jobs.ini", "C:", "jobs.ini"},
        {"\\\\host\\share\\jobs.ini", "\\\\host\\share", "jobs.ini"},
        {"a/", "a", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(str_is(path_dir(str_of(rows[i].path)), rows[i].dir));
        assert_true(str_is(path_base(str_of(rows[i].path)), rows[i].base));
    }
}

static void joining__an_absolute_path__leaves_it_alone(void **state)
{
    (void)state;
    static const struct {
        const char *dir, *path, *whole;
    } rows[] = {
        {"", "a.log", "a.log"},
        {"conf", "a.log", "conf/a.log"},
        {"C:\\conf", "a.log", "C:\\conf\\a.log"},
        {"C:\\", "a.log", "C:\\a.log"},
        {"/", "a.log", "/a.log"},
        {"conf", "/a.log", "/a.log"},
        {"conf", "\\a.log", "\\a.log"},
        {"conf", "D:\\a.log", "D:\\a.log"},
        {"conf", "\\\\h\\s\\a", "\\\\h\\s\\a"},
        {"conf", "", "conf/"},
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(source_path_join(a, str_of(rows[i].dir), str_of(rows[i].path)),
                            rows[i].whole);
    arena_free(a);
}

static void key__of_one_file_written_in_many_ways__is_one(void **state)
{
    (void)state;
    static const char *const ways[] = {"logs/A.log", "logs\\a.LOG", "./logs/a.log",
                                       "x/../logs/a.log", "/conf/logs/a.log"};
    struct fake f = {0};
    struct source source = fake_source(&f);
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        assert_string_equal(path_key(&source, ways[i], a), "\\conf\\logs\\a.log");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folder__of_every_kind_of_path__keeps_roots_whole),
        cmocka_unit_test(joining__an_absolute_path__leaves_it_alone),
        cmocka_unit_test(key__of_one_file_written_in_many_ways__is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
