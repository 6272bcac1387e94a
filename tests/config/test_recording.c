/* test_recording.c - a load is kept, and done again without the files. */
#include "tests/config/fake.h"

#include "config/recording.h"

#include <stdio.h>
#include <string.h>

static const struct env_var variables[] = {{"SITE", "north"}, {"site", "south"}, {NULL, NULL}};

static const struct fake_file files[] = {
    {"jobs.ini",
     "[include]\nfiles = d/*.ini, more.ini, e/*.ini\n[job:a]\ncommand = x ${env:SITE} ${env:site}\n"
     "env_file = a.env\n[job:b]\ncommand = y\nenv_file = a.env\n",
     0, ST_OK},
    {"d/2.ini", "[job:two]\ncommand = x\n", 0, ST_OK},
    {"d/1.ini", "[job:one]\ncommand = x\n", 0, ST_OK},
    {"more.ini", "[job:more]\ncommand = x\naffinity = 7\n", 0, ST_OK},
    {"a.env", "A=1\n", 0, ST_OK},
    {0}};

/* The same names, with other contents, or none. */
static const struct fake_file others[] = {
    {"jobs.ini", "[job:z]\ncommand = z\n", 0, ST_OK}, {"d/3.ini", "x", 0, ST_OK}, {0}};

/* Loads from SRC; *config is what it prints, *said the diagnostics.  The caller frees both. */
static enum st load(const struct source *src, struct buf *config, struct buf *said)
{
    struct diags *d = diags_new();
    struct config *c = NULL;
    enum st st = config_load("jobs.ini", src, &c, d);
    *config = *said = (struct buf){0};
    diags_print(d, said);
    if (c)
        config_print(c, config);
    config_free(c);
    diags_free(d);
    return st;
}

/* Records a load of the fake, then compares it with a replay after the world has changed. */
static struct recording *assert_replayed(struct fake *f, enum st expected)
{
    struct recording *r = recording_new();
    const struct source plain = fake_source(f), recorded = recording_source(r, &plain);
    struct buf config, said, again, said_again, direct, said_direct;
    assert_int_equal(load(&plain, &direct, &said_direct), expected);
    assert_int_equal(load(&recorded, &config, &said), expected);
    assert_true(recording_whole(r));
    f->file = others;
    f->env = NULL;
    f->reads = 0;
    const struct source replay = recording_replay(r);
    assert_int_equal(load(&replay, &again, &said_again), expected);
    assert_int_equal(f->reads, 0);
    assert_string_equal(buf_text(&config), buf_text(&direct));
    assert_string_equal(buf_text(&said), buf_text(&said_direct));
    assert_string_equal(buf_text(&again), buf_text(&direct));
    assert_string_equal(buf_text(&said_again), buf_text(&said_direct));
    struct buf *const all[] = {&config, &said, &again, &said_again, &direct, &said_direct};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        buf_free(all[i]);
    return r;
}

static void replay__after_the_files_have_changed__loads_the_same(void **state)
{
    (void)state;
    static const struct machine machine = {.cpus = 4, .groups = 1, .group = {{0, 0xf}}};
    struct fake f = {.file = files, .env = variables, .machine = &machine};
    recording_free(assert_replayed(&f, ST_OK)); /* with a warning about affinity, again */
}

static void recording__of_a_load__lists_its_files_and_patterns_once(void **state)
{
    (void)state;
    static const char *const read[] = {"jobs.ini", "/conf/d/1.ini", "/conf/d/2.ini",
                                       "/conf/more.ini", "/conf/a.env"};
    static const char *const patterns[] = {"d/*.ini", "more.ini", "e/*.ini"};
    struct fake f = {.file = files, .env = variables};
    struct recording *r = assert_replayed(&f, ST_OK);
    assert_int_equal(recording_files(r), 5);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(recording_file(r, i), read[i]);
    assert_int_equal(recording_patterns(r), 3);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(recording_pattern(r, i), patterns[i]);
    assert_true(recording_size(r) < 4096);
    recording_free(r);
}

static void replay__of_a_load_with_mistakes__has_the_same_mistakes(void **state)
{
    (void)state;
    static const struct fake_file bad[] = {
        {"jobs.ini",
         "[include]\nfiles = none.ini, no.ini\n[job:a]\ncommand = x ${env:NOT}\nenv_file = b.env\n",
         0, ST_OK},
        {"no.ini", "", 0, ST_DENIED},
        {0}};
    struct fake f = {.file = bad};
    struct recording *r = assert_replayed(&f, ST_SYNTAX);
    assert_int_equal(recording_files(r), 4); /* one that is missing may come */
    recording_free(r);
}

static void replay__of_no_load__has_nothing(void **state)
{
    (void)state;
    struct recording *r = recording_new();
    const struct source s = recording_replay(r);
    struct buf config, said;
    assert_int_equal(load(&s, &config, &said), ST_SYNTAX);
    assert_non_null(strstr(buf_text(&said), "it was not there when the files were read"));
    assert_null(s.machine);
    assert_int_equal(recording_files(r) + recording_patterns(r), 0);
    buf_free(&config);
    buf_free(&said);
    recording_free(r);
}

static void recording__asked_twice__reads_once(void **state)
{
    (void)state;
    struct fake f = {.file = files, .env = variables};
    struct recording *r = recording_new();
    struct arena *a = arena_new();
    const struct source plain = fake_source(&f), s = recording_source(r, &plain);
    struct str one = {0}, two = {0};
    assert_int_equal(s.read(s.ctx, "a.env", a, &one, NULL), ST_OK);
    assert_int_equal(s.read(s.ctx, "a.env", a, &two, NULL), ST_OK);
    assert_int_equal(f.reads, 1);
    assert_true(str_eq(one, two));
    assert_int_equal(s.read(s.ctx, "A.env", a, &two, NULL), ST_NOTFOUND); /* another file here */
    assert_int_equal(s.read(s.ctx, "A.env", a, &two, NULL), ST_NOTFOUND);
    assert_int_equal(f.reads, 2);
    assert_string_equal(s.env(s.ctx, "SITE"), "north");
    assert_string_equal(s.env(s.ctx, "site"), "south");
    assert_null(s.env(s.ctx, "Site"));
    assert_null(s.env(s.ctx, "Site"));
    arena_free(a);
    recording_free(r);
    recording_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replay__after_the_files_have_changed__loads_the_same),
        cmocka_unit_test(recording__of_a_load__lists_its_files_and_patterns_once),
        cmocka_unit_test(replay__of_a_load_with_mistakes__has_the_same_mistakes),
        cmocka_unit_test(replay__of_no_load__has_nothing),
        cmocka_unit_test(recording__asked_twice__reads_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
