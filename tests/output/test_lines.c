/* test_lines.c - where a stream is cut, without a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/random.h"
#include "service/process/output_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct str text(const char *z)
{
    return str_of(z);
}

static void assert_step(struct lines_step got, bool roll, bool stamp, size_t n)
{
    assert_int_equal(got.roll, roll);
    assert_int_equal(got.stamp, stamp);
    assert_int_equal(got.n, n);
}

static void stamp__of_a_moment_in_the_east__is_local_time_with_offset(void **state)
{
    (void)state;
    const struct moment m = {2026, 11, 22, 15, 42, 1, 123, 60};
    char out[STAMP_BYTES];
    moment_stamp(&m, out);
    assert_memory_equal(out, "2026-11-22T15:42:01.123+01:00 ", STAMP_BYTES);
}

static void stamp__of_a_moment_in_the_west__counts_hours_and_minutes(void **state)
{
    (void)state;
    const struct moment m = {2026, 1, 2, 3, 4, 5, 6, -210};
    char out[STAMP_BYTES];
    moment_stamp(&m, out);
    assert_memory_equal(out, "2026-01-02T03:04:05.006-03:30 ", STAMP_BYTES);
}

static void day__of_the_next_day_month_or_year__differs(void **state)
{
    (void)state;
    struct moment m = {.year = 2026, .month = 12, .day = 31, .hour = 23};
    uint32_t old = moment_day(&m);
    m.hour = 24;
    assert_int_equal(moment_day(&m), old);
    assert_int_not_equal(moment_day(&(struct moment){.year = 2027, .month = 1, .day = 1}), old);
    assert_int_not_equal(moment_day(&(struct moment){.year = 2026, .month = 11, .day = 31}), old);
    assert_int_not_equal(old, 0);
}

static void next__no_limit__takes_everything(void **state)
{
    (void)state;
    const struct lines l = {.size = 1000};
    assert_step(lines_next(&l, text("a\nb\nc"), 0, true), false, false, 5);
}

static void next__what_just_fits__is_taken_whole(void **state)
{
    (void)state;
    const struct lines l = {.max_size = 10, .size = 6};
    assert_step(lines_next(&l, text("a\nb\n"), 0, true), false, false, 4);
}

static void next__more_than_fits__is_cut_after_the_last_line_that_does(void **state)
{
    (void)state;
    const struct lines l = {.max_size = 10, .size = 5};
    assert_step(lines_next(&l, text("a\nb\nc\n"), 0, true), false, false, 4);
}

static void next__first_line_does_not_fit__rolls(void **state)
{
    (void)state;
    const struct lines l = {.max_size = 10, .size = 9};
    assert_step(lines_next(&l, text("a\nb\n"), 0, true), true, false, 0);
}

static void next__full_file_that_may_not_roll__grows(void **state)
{
    (void)state;
    const struct lines l = {.max_size = 10, .size = 10};
    assert_step(lines_next(&l, text("a\nb\n"), 0, false), false, false, 4);
}

static void next__line_longer_than_the_limit__goes_whole_into_a_new_file(void **state)
{
    (void)state;
    struct lines l = {.max_size = 4, .size = 2};
    assert_true(lines_next(&l, text("abcdefgh\ni\n"), 0, true).roll);
    lines_rolled(&l, 0);
    assert_step(lines_next(&l, text("abcdefgh\ni\n"), 0, true), false, false, 9);
}

static void next__rest_of_a_line__stays_in_its_file(void **state)
{
    (void)state;
    struct lines l = {.max_size = 4};
    lines_added(&l, text("abc"), 0);
    assert_step(lines_next(&l, text("defgh\ni\n"), 0, true), false, false, 6);
}

static void next__line_without_end__is_cut_past_its_bound_and_not_before(void **state)
{
    (void)state;
    struct lines l = {.max_size = 4, .mid_line = true, .size = LINE_WHOLE, .line = LINE_WHOLE - 1};
    assert_false(lines_next(&l, text("x"), 0, true).roll);
    lines_added(&l, text("x"), 0);
    assert_true(lines_next(&l, text("x"), 0, true).roll);
    assert_false(lines_next(&l, text("x"), 0, false).roll);
    lines_rolled(&l, 0);
    assert_step(lines_next(&l, text("x"), 0, true), false, false, 1);
}

static void next__stamped__takes_one_line_and_counts_the_stamp(void **state)
{
    (void)state;
    struct lines l = {.max_size = STAMP_BYTES + 2, .stamped = true};
    assert_step(lines_next(&l, text("a\nb\n"), 0, true), false, true, 2);
    l.size = 1;
    assert_true(lines_next(&l, text("a\nb\n"), 0, true).roll);
}

static void next__stamped_line_in_pieces__is_stamped_once(void **state)
{
    (void)state;
    struct lines l = {.stamped = true};
    assert_step(lines_next(&l, text("ab"), 0, true), false, true, 2);
    lines_added(&l, text("ab"), 0);
    assert_step(lines_next(&l, text("c\nd"), 0, true), false, false, 2);
    lines_added(&l, text("c\n"), 0);
    assert_step(lines_next(&l, text("d"), 0, true), false, true, 1);
}

static void next__daily__rolls_at_the_first_line_of_another_day(void **state)
{
    (void)state;
    struct lines l = {.daily = true};
    lines_added(&l, text("a"), 7);
    assert_false(lines_next(&l, text("b\n"), 8, true).roll); /* the rest of yesterday's line */
    lines_added(&l, text("b\n"), 8);
    assert_false(lines_next(&l, text("c\n"), 7, true).roll);
    assert_true(lines_next(&l, text("c\n"), 8, true).roll);
    assert_false(lines_next(&l, text("c\n"), 8, false).roll);
    lines_rolled(&l, 8);
    assert_step(lines_next(&l, text("c\n"), 8, true), false, false, 2);
}

static void next__daily_with_an_empty_or_unknown_file__does_not_roll(void **state)
{
    (void)state;
    const struct lines empty = {.daily = true, .day = 7}, unknown = {.daily = true, .size = 5};
    assert_false(lines_next(&empty, text("c\n"), 8, true).roll);
    assert_false(lines_next(&unknown, text("c\n"), 8, true).roll);
}

static void whole__of_bytes_with_and_without_line_end__ends_after_the_last(void **state)
{
    (void)state;
    assert_int_equal(lines_whole(text("a\nbc\nd")), 5);
    assert_int_equal(lines_whole(text("abc")), 0);
    assert_int_equal(lines_whole((struct str){0}), 0);
}

/* Runs one random stream through the cuts and puts the files together again. */
static void stream(uint64_t seed)
{
    enum { ALL = 20000 };
    struct random r = {seed};
    char *all = malloc(ALL), *back = malloc(ALL);
    assert_non_null(all);
    assert_non_null(back);
    for (size_t i = 0; i < ALL; i++)
        all[i] = random_below(&r, 12) == 0 ? '\n' : 'x';
    struct lines l = {.max_size = 1 + random_below(&r, 200)};
    size_t n = 0;
    struct str rest = {all, 0};
    for (size_t at = 0; at < ALL || rest.n > 0;) {
        if (rest.n == 0) {
            rest = (struct str){all + at, (size_t)random_below(&r, 300) + 1};
            rest.n = rest.n > ALL - at ? ALL - at : rest.n;
            at += rest.n;
        }
        struct lines_step s = lines_next(&l, rest, 0, true);
        if (s.roll) {
            assert_true(n > 0 && back[n - 1] == '\n');
            assert_true(l.size > 0);
            lines_rolled(&l, 0);
            continue;
        }
        assert_in_range(s.n, 1, rest.n);
        struct str piece = {rest.p, s.n};
        bool over = l.size + s.n > l.max_size;
        bool one_line = lines_whole((struct str){piece.p, s.n - 1}) == 0;
        assert_true(!over || one_line);
        memcpy(back + n, piece.p, s.n);
        n += s.n;
        lines_added(&l, piece, 0);
        rest = (struct str){rest.p + s.n, rest.n - s.n};
    }
    assert_int_equal(n, ALL);
    assert_memory_equal(all, back, ALL);
    free(all);
    free(back);
}

static void next__random_streams__keep_every_byte_and_roll_between_lines(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++)
        stream(seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stamp__of_a_moment_in_the_east__is_local_time_with_offset),
        cmocka_unit_test(stamp__of_a_moment_in_the_west__counts_hours_and_minutes),
        cmocka_unit_test(day__of_the_next_day_month_or_year__differs),
        cmocka_unit_test(next__no_limit__takes_everything),
        cmocka_unit_test(next__what_just_fits__is_taken_whole),
        cmocka_unit_test(next__more_than_fits__is_cut_after_the_last_line_that_does),
        cmocka_unit_test(next__first_line_does_not_fit__rolls),
        cmocka_unit_test(next__full_file_that_may_not_roll__grows),
        cmocka_unit_test(next__line_longer_than_the_limit__goes_whole_into_a_new_file),
        cmocka_unit_test(next__rest_of_a_line__stays_in_its_file),
        cmocka_unit_test(next__line_without_end__is_cut_past_its_bound_and_not_before),
        cmocka_unit_test(next__stamped__takes_one_line_and_counts_the_stamp),
        cmocka_unit_test(next__stamped_line_in_pieces__is_stamped_once),
        cmocka_unit_test(next__daily__rolls_at_the_first_line_of_another_day),
        cmocka_unit_test(next__daily_with_an_empty_or_unknown_file__does_not_roll),
        cmocka_unit_test(whole__of_bytes_with_and_without_line_end__ends_after_the_last),
        cmocka_unit_test(next__random_streams__keep_every_byte_and_roll_between_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
