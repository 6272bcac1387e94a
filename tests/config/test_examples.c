/* test_examples.c - the files of config/examples/ are good, and show every key about limits and
 * about how workers come up and stay well. */
#define _POSIX_C_SOURCE 200809L

#include "tests/config/fake.h"

#include "config/schema.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

/* The least that a machine can have. */
static const struct machine small = {.cpus = 1, .groups = 1, .group = {{0, 0x1}}};

static void read_whole(const char *name, struct buf *out)
{
    char path[1024], part[4096];
    size_t n;
    snprintf(path, sizeof path, "%s/config/examples/%s", JW_SOURCE_DIR, name);
    FILE *f = fopen(path, "rb");
    if (!f)
        fail_msg("%s cannot be read", path);
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        buf_add(out, part, n);
    fclose(f);
    assert_true(buf_ok(out));
}

/* Calls EACH with the name and text of every example; returns how many there are. */
static size_t for_all(void (*each)(const char *name, const char *text, void *ctx), void *ctx)
{
    DIR *d = opendir(JW_SOURCE_DIR "/config/examples");
    size_t n = 0;
    assert_non_null(d);
    for (struct dirent *entry = readdir(d); entry; entry = readdir(d)) {
        const char *end = strrchr(entry->d_name, '.');
        struct buf text = {0};
        if (!end || strcmp(end, ".ini") != 0)
            continue;
        read_whole(entry->d_name, &text);
        each(entry->d_name, buf_text(&text), ctx);
        buf_free(&text);
        n++;
    }
    closedir(d);
    return n;
}

static void load(const char *name, const char *text, void *ctx)
{
    (void)ctx;
    const struct fake_file files[] = {{name, text, 0, ST_OK}, {0}};
    struct fake f = {.file = files};
    struct source source = fake_source(&f);
    struct diags *d = diags_new();
    struct config *c = NULL;
    struct buf said = {0};
    source.machine = &small;
    assert_non_null(d);
    config_load(name, &source, &c, d);
    diags_print(d, &said);
    assert_string_equal(buf_text(&said), "");
    assert_true(c->n > 0);
    buf_free(&said);
    diags_free(d);
    config_free(c);
}

static void example__of_each_kind__loads_without_a_warning(void **state)
{
    (void)state;
    assert_true(for_all(load, NULL) >= 12);
}

struct search {
    char line[80]; /* how the key begins its line */
    bool found;
};

static void look_for(const char *name, const char *text, void *ctx)
{
    struct search *s = ctx;
    (void)name;
    s->found = s->found || strstr(text, s->line);
}

/* To say no to kill_on_job_close is a warning. */
static bool shown(const struct field *f)
{
    static const char *const abouts[] = {"readiness", "health", "hooks", "schedule"};
    bool one = f->limit && f->id != LIMIT_KILL_ON_JOB_CLOSE;
    for (size_t i = 0; i < sizeof abouts / sizeof *abouts; i++)
        one = one || strcmp(f->about, abouts[i]) == 0;
    return one && f->type;
}

static void key__about_limits_or_coming_up__stands_in_some_example(void **state)
{
    (void)state;
    for (size_t i = 0; i < schema_count; i++) {
        const struct field *f = &schema[i];
        struct search s = {.found = false};
        if (!shown(f))
            continue;
        bool each = strchr(f->key, '.');
        snprintf(s.line, sizeof s.line, "\n%.*s%s", (int)strcspn(f->key, "."), f->key,
                 each ? "." : " =");
        for_all(look_for, &s);
        if (!s.found)
            fail_msg("no example has %s", f->key);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(example__of_each_kind__loads_without_a_warning),
        cmocka_unit_test(key__about_limits_or_coming_up__stands_in_some_example),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
