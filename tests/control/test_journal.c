/* test_journal.c - the last lines of the log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/buf.h"
#include "service/control/journal.h"

#include <stdlib.h>

static void add(struct journal *j, unsigned i)
{
    struct buf b = {0};
    buf_f(&b, "line %u", i);
    journal_add(j, i, LOG_INFO, buf_view(&b));
    buf_free(&b);
}

static void expect_line(struct journal *j, uint64_t seq, const char *want)
{
    struct happened h;
    assert_true(journal_at(j, seq, &h));
    assert_true(str_is(h.line, want));
    assert_int_equal(h.seq, seq);
}

static void journal__with_few_lines__has_them_all(void **state)
{
    (void)state;
    struct journal *j = journal_new();
    struct happened h;
    assert_int_equal(journal_first(j), journal_next(j));
    assert_false(journal_at(j, 1, &h));
    for (unsigned i = 1; i <= 3; i++)
        add(j, i);
    assert_int_equal(journal_first(j), 1);
    assert_int_equal(journal_next(j), 4);
    expect_line(j, 1, "line 1");
    expect_line(j, 3, "line 3");
    assert_false(journal_at(j, 0, &h));
    assert_false(journal_at(j, 4, &h));
    journal_free(j);
}

static void journal__that_is_full__forgets_the_oldest(void **state)
{
    (void)state;
    struct journal *j = journal_new();
    for (unsigned i = 1; i <= JOURNAL_LINES + 5; i++)
        add(j, i);
    struct happened h;
    assert_int_equal(journal_first(j), 6);
    assert_false(journal_at(j, 5, &h));
    expect_line(j, 6, "line 6");
    expect_line(j, JOURNAL_LINES + 5, "line 4101");
    journal_free(j);
}

static void journal__of_long_lines__keeps_to_its_bytes(void **state)
{
    (void)state;
    struct journal *j = journal_new();
    size_t n = JOURNAL_BYTES / 4;
    char *line = calloc(n, 1);
    assert_non_null(line);
    for (int i = 0; i < 10; i++)
        journal_add(j, i, LOG_INFO, (struct str){line, n});
    assert_int_equal(journal_next(j) - journal_first(j), 4);
    add(j, 1);
    assert_int_equal(journal_next(j) - journal_first(j), 4);
    free(line);
    journal_free(j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(journal__with_few_lines__has_them_all),
        cmocka_unit_test(journal__that_is_full__forgets_the_oldest),
        cmocka_unit_test(journal__of_long_lines__keeps_to_its_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
