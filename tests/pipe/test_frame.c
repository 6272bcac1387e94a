/* test_frame.c - bytes in, frames out, however they are cut; and lengths that lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/random.h"
#include "service/pipe/frame.h"

#include <string.h>

enum { LIMIT = FRAME_REQUEST_MAX };

static void put(struct buf *b, const char *text)
{
    char head[FRAME_HEAD];
    frame_head((uint32_t)strlen(text), head);
    buf_add(b, head, sizeof head);
    buf_z(b, text);
}

static enum frame_found take(struct frames *f, const char *p, size_t n)
{
    struct str s = {p, n};
    enum frame_found found = frames_take(f, &s);
    assert_int_equal(s.n, 0);
    return found;
}

static void head__of_a_number__is_little_endian(void **state)
{
    (void)state;
    char head[FRAME_HEAD];
    frame_head(0x01020384, head);
    assert_memory_equal(head, "\x84\x03\x02\x01", FRAME_HEAD);
}

static void frames__in_one_piece__come_one_after_the_other(void **state)
{
    (void)state;
    struct frames f;
    struct buf b = {0};
    frames_init(&f, LIMIT);
    put(&b, "first");
    put(&b, "the second");
    struct str rest = buf_view(&b);
    assert_int_equal(frames_take(&f, &rest), FRAME_WHOLE);
    assert_true(str_is(frames_view(&f), "first"));
    size_t waits = rest.n;
    assert_int_equal(frames_take(&f, &rest), FRAME_WHOLE); /* it is still there */
    assert_int_equal(rest.n, waits);
    frames_next(&f);
    assert_int_equal(frames_take(&f, &rest), FRAME_WHOLE);
    assert_true(str_is(frames_view(&f), "the second"));
    assert_int_equal(rest.n, 0);
    frames_next(&f);
    assert_int_equal(frames_take(&f, &rest), FRAME_MORE);
    frames_free(&f);
    buf_free(&b);
}

static void frames__cut_anywhere__are_the_same(void **state)
{
    (void)state;
    static const char *const texts[] = {"a", "{\"do\":\"status\"}", "x y z",
                                        "0123456789012345678901234567890123456789"};
    struct random r = {7};
    for (int round = 0; round < 2000; round++) {
        struct buf b = {0};
        struct frames f;
        frames_init(&f, LIMIT);
        for (size_t i = 0; i < 4; i++)
            put(&b, texts[i]);
        size_t seen = 0;
        for (size_t at = 0; at < b.n;) {
            size_t n = 1 + (size_t)random_below(&r, round % 2 ? 3 : 40);
            struct str piece = {b.p + at, n < b.n - at ? n : b.n - at};
            at += piece.n;
            while (frames_take(&f, &piece) == FRAME_WHOLE) {
                assert_true(seen < 4 && str_is(frames_view(&f), texts[seen]));
                seen++;
                frames_next(&f);
            }
            assert_int_equal(piece.n, 0);
        }
        assert_int_equal(seen, 4);
        assert_false(frames_begun(&f));
        frames_free(&f);
        buf_free(&b);
    }
}

static void frame__that_has_only_begun__is_known(void **state)
{
    (void)state;
    struct frames f;
    frames_init(&f, LIMIT);
    assert_false(frames_begun(&f));
    assert_int_equal(take(&f, "\x02", 1), FRAME_MORE);
    assert_true(frames_begun(&f));
    assert_int_equal(take(&f, "\0\0\0a", 4), FRAME_MORE);
    assert_true(frames_begun(&f));
    assert_int_equal(take(&f, "b", 1), FRAME_WHOLE);
    assert_false(frames_begun(&f));
    frames_free(&f);
}

static void length__of_zero_or_above_the_limit__is_bad_for_good(void **state)
{
    (void)state;
    static const uint32_t bad[] = {0, LIMIT + 1, 0x7FFFFFFF, UINT32_MAX};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct frames f;
        char head[FRAME_HEAD];
        frames_init(&f, LIMIT);
        frame_head(bad[i], head);
        assert_int_equal(take(&f, head, sizeof head), FRAME_BAD);
        assert_int_equal(f.body.cap, 0);
        struct str more = STR("\1\0\0\0a");
        assert_int_equal(frames_take(&f, &more), FRAME_BAD);
        assert_int_equal(more.n, 5);
        frames_free(&f);
    }
}

static void length__at_the_limit__is_taken(void **state)
{
    (void)state;
    struct frames f;
    char head[FRAME_HEAD], piece[4096];
    frames_init(&f, LIMIT);
    frame_head(LIMIT, head);
    memset(piece, 'x', sizeof piece);
    assert_int_equal(take(&f, head, sizeof head), FRAME_MORE);
    for (size_t i = 1; i < LIMIT / sizeof piece; i++)
        assert_int_equal(take(&f, piece, sizeof piece), FRAME_MORE);
    assert_int_equal(take(&f, piece, sizeof piece), FRAME_WHOLE);
    assert_int_equal(frames_view(&f).n, LIMIT);
    frames_next(&f);
    assert_int_equal(f.body.cap, 0); /* a connection that goes on costs little again */
    frames_free(&f);
}

static void length__that_lies__costs_no_more_than_what_came(void **state)
{
    (void)state;
    struct frames f;
    char head[FRAME_HEAD];
    frames_init(&f, FRAME_REPLY_MAX);
    frame_head(FRAME_REPLY_MAX, head);
    assert_int_equal(take(&f, head, sizeof head), FRAME_MORE);
    assert_int_equal(take(&f, "{}", 2), FRAME_MORE);
    assert_true(f.body.cap < 1024);
    frames_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(head__of_a_number__is_little_endian),
        cmocka_unit_test(frames__in_one_piece__come_one_after_the_other),
        cmocka_unit_test(frames__cut_anywhere__are_the_same),
        cmocka_unit_test(frame__that_has_only_begun__is_known),
        cmocka_unit_test(length__of_zero_or_above_the_limit__is_bad_for_good),
        cmocka_unit_test(length__at_the_limit__is_taken),
        cmocka_unit_test(length__that_lies__costs_no_more_than_what_came),
    };
    return cmocka_run_group_tests_name("frames", tests, NULL, NULL);
}
