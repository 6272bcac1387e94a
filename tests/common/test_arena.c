/* test_arena.c */
#include "common/arena.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static void memory__of_every_size__is_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    static unsigned char *piece[2000];
    for (size_t i = 0; i < 2000; i++) {
        piece[i] = arena_alloc(a, i % 7 == 0 ? 5000 : i % 40, 3);
        assert_non_null(piece[i]);
        assert_int_equal((uintptr_t)piece[i] % 16, 0);
        for (size_t b = 0; b < (i % 7 == 0 ? 5000 : i % 40) * 3; b++) {
            assert_int_equal(piece[i][b], 0);
            piece[i][b] = (unsigned char)i;
        }
    }
    for (size_t i = 0; i < 2000; i++)
        for (size_t b = 0; b < (i % 7 == 0 ? 5000 : i % 40) * 3; b++)
            assert_int_equal(piece[i][b], (unsigned char)i);
    assert_true(arena_used(a) > 2000 * 15);
    arena_free(a);
}

static void memory__more_than_there_can_be__is_refused(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    assert_null(arena_alloc(a, SIZE_MAX / 2, 3));
    assert_null(arena_alloc(a, SIZE_MAX, 1));
    assert_null(arena_alloc(a, SIZE_MAX - 20, 1));
    assert_non_null(arena_alloc(a, 0, 8));
    assert_non_null(arena_alloc(a, 8, 0));
    arena_free(a);
    arena_free(NULL);
}

static void text__with_a_length__is_copied_and_terminated(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    char from[] = "abcdef";
    char *copy = arena_str(a, (struct str){from, 3});
    memset(from, 'z', 6);
    assert_string_equal(copy, "abc");
    assert_string_equal(arena_str(a, (struct str){NULL, 0}), "");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory__of_every_size__is_zeroed_aligned_and_apart),
        cmocka_unit_test(memory__more_than_there_can_be__is_refused),
        cmocka_unit_test(text__with_a_length__is_copied_and_terminated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
