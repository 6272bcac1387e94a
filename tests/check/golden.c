/* golden.c - finds the cases, runs and compares them. */
#include "golden.h"

#include <stdlib.h>
#include <string.h>

const struct env_var golden_env[] = {{"CHECK_SITE", "north"}, {NULL, NULL}};

/* A wrong folder must not pass for one without mistakes. */
enum { CASES_LEAST = 100, ERROR_CODE = 1 };

struct one {
    const struct runner *r;
    const char *file;     /* as it is given to `check` */
    const char *expected; /* path of the text */
    const struct made *made;
};

/* --- comparing ---------------------------------------------------------------------- */

/* The exit code goes with the text: 1 where an error is named, else 0. */
static int code_of(struct str text)
{
    while (text.n > 0) {
        struct str line = str_cut(&text, '\n');
        struct str mark = STR(": error[");
        for (size_t i = 0; i + mark.n <= line.n; i++)
            if (memcmp(line.p + i, mark.p, mark.n) == 0)
                return ERROR_CODE;
    }
    return 0;
}

static void compare(const struct runner *r, const char *folder, const char *file,
                    struct str expected)
{
    struct buf said = {0};
    int code = r->check(r, folder, file, &said);
    bool same = str_eq(buf_view(&said), expected);
    if (!same)
        diff_print(expected, buf_view(&said));
    buf_free(&said);
    assert_true(same);
    assert_int_equal(code, code_of(expected));
}

void golden_expect(const struct runner *r, const char *folder, const char *file,
                   const char *expected)
{
    compare(r, folder, file, str_of(expected));
}

static void rewrite(const struct one *one)
{
    struct buf said = {0};
    int code = one->r->check(one->r, one->r->cases, one->file, &said);
    assert_int_equal(code, code_of(buf_view(&said)));
    one->r->write(one->expected, buf_view(&said));
    buf_free(&said);
}

static void kept__check__says_what_is_expected(void **state)
{
    const struct one *one = *state;
    const struct runner *r = one->r;
    struct arena *a = arena_new();
    struct str expected = {0};
    struct err e = {0};
    assert_non_null(a);
    if (r->update)
        rewrite(one);
    if (r->source.read(r->source.ctx, one->expected, a, &expected, &e) != ST_OK)
        fail_msg("%s: %s", one->expected, e.text);
    compare(r, r->cases, one->file, expected);
    arena_free(a);
}

static void made__check__says_what_is_expected(void **state)
{
    const struct one *one = *state;
    struct buf ini = {0}, expected = {0}, path = {0};
    one->made->make(one->file, &ini, &expected);
    buf_f(&path, "%s/%s", one->r->scratch, one->file);
    assert_true(buf_ok(&ini) && buf_ok(&expected) && buf_ok(&path));
    one->r->write(buf_text(&path), buf_view(&ini));
    compare(one->r, one->r->scratch, one->file, buf_view(&expected));
    buf_free(&ini);
    buf_free(&expected);
    buf_free(&path);
}

/* --- what is no file of text --------------------------------------------------------- */
static void file__that_does_not_exist__is_said(void **state)
{
    const struct runner *r = *state;
    golden_expect(r, r->cases, "missing.ini",
                  "missing.ini: error[unreadable-file]: cannot be opened: ... (Windows error 2); "
                  "write a job file there, or name another one\n");
}

static void file__that_is_a_folder__is_said(void **state)
{
    const struct runner *r = *state;
    golden_expect(r, r->cases, "good_includes",
                  "good_includes: error[unreadable-file]: it is a folder, not a file\n");
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(file__that_does_not_exist__is_said),
    cmocka_unit_test(file__that_is_a_folder__is_said),
};
enum { OTHERS = sizeof others / sizeof *others };

/* --- listing ------------------------------------------------------------------------ */
static const char *text_of(struct arena *a, const char *before, struct str stem, const char *after)
{
    struct buf b = {0};
    buf_z(&b, before);
    buf_str(&b, stem);
    buf_z(&b, after);
    const char *text = arena_str(a, buf_view(&b));
    assert_true(buf_ok(&b) && text);
    buf_free(&b);
    return text;
}

static bool is_file(const struct runner *r, struct arena *a, const char *name)
{
    struct err e = {0};
    struct str bytes;
    const char *path = text_of(a, r->cases, STR("/"), name);
    return r->source.read(r->source.ctx, path, a, &bytes, &e) == ST_OK;
}

/* The case whose text is at EXPECTED: NAME.ini, or main.ini in the folder NAME. */
static struct CMUnitTest kept_case(const struct runner *r, struct arena *a, const char *expected)
{
    struct str stem = str_of(expected);
    for (const char *p = expected; *p; p++)
        if (*p == '/' || *p == '\\')
            stem = str_of(p + 1);
    stem.n -= strlen(".expected");
    const char *file = text_of(a, "", stem, ".ini");
    if (!is_file(r, a, file))
        file = text_of(a, "", stem, "/main.ini");
    struct one *one = arena_alloc(a, 1, sizeof *one);
    assert_non_null(one);
    *one = (struct one){r, file, expected, NULL};
    return (struct CMUnitTest){text_of(a, "", stem, ""), kept__check__says_what_is_expected, NULL,
                               NULL, one};
}

static struct CMUnitTest made_case(const struct runner *r, struct arena *a, const struct made *made)
{
    struct one *one = arena_alloc(a, 1, sizeof *one);
    assert_non_null(one);
    *one = (struct one){r, made->name, NULL, made};
    return (struct CMUnitTest){made->name, made__check__says_what_is_expected, NULL, NULL, one};
}

/* TEST with the runner as its state. */
static struct CMUnitTest plain_case(const struct runner *r, struct CMUnitTest test)
{
    union {
        const struct runner *in;
        void *out;
    } u = {r}; /* cmocka's state is not const; the tests only read it */
    test.initial_state = u.out;
    return test;
}

static int run_all(const struct runner *r, struct arena *a)
{
    struct texts found = {0};
    struct err e = {0};
    const char *pattern = text_of(a, r->cases, STR("/*"), ".expected");
    if (r->source.glob(r->source.ctx, pattern, a, &found, &e) != ST_OK || found.n < CASES_LEAST) {
        print_error("%s: only %u cases are there %s\n", pattern, (unsigned)found.n, e.text);
        return 1;
    }
    struct CMUnitTest *test =
        arena_alloc(a, found.n + made_count + OTHERS + r->more_n, sizeof *test);
    size_t n = 0;
    if (!test)
        return 1;
    for (uint32_t i = 0; i < found.n; i++)
        test[n++] = kept_case(r, a, found.text[i]);
    for (size_t i = 0; i < made_count; i++)
        test[n++] = made_case(r, a, &made_cases[i]);
    for (size_t i = 0; i < OTHERS; i++)
        test[n++] = plain_case(r, others[i]);
    for (size_t i = 0; i < r->more_n; i++)
        test[n++] = plain_case(r, r->more[i]);
    return _cmocka_run_group_tests("check", test, n, NULL, NULL);
}

int golden_run(const struct runner *r)
{
    struct arena *a = arena_new();
    int failed = a ? run_all(r, a) : 1;
    arena_free(a);
    return failed;
}
