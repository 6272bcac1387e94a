/* test_tail.c - where the last lines of a file begin, and where its reading ends. */
#include "tests/host/test_host.h"

#include "service/control/journal.h"
#include "service/host/chronicle.h"
#include "service/host/inbox.h"
#include "service/host/tail_file.h"
#include "service/win32/file.h"
#include "tests/win32/scratch.h"

#include <stdlib.h>
#include <string.h>

enum { READ_MAX = 1 << 20, CHUNK = 64 << 10 };

struct book {
    char *folder, *path;
    struct tail_at t;
};

static void open_book(struct book *b, struct str text)
{
    *b = (struct book){.folder = scratch_make()};
    b->path = scratch_path(b->folder, "log.txt");
    scratch_write(b->path, text.p, text.n);
    b->t.path = path_wide(b->path);
    assert_non_null(b->t.path);
}

static void close_book(struct book *b)
{
    tail_file_close(&b->t);
    free(b->t.path);
    scratch_remove(b->folder);
    free(b->path);
}

/* All that is read to the end, after the last LINES lines were looked for. */
static void expect_last(struct str text, uint64_t lines, struct str want)
{
    struct book b;
    struct err e = {0};
    struct buf got = {0};
    open_book(&b, text);
    assert_int_equal(tail_file_open(&b.t, lines, READ_MAX, &e), ST_OK);
    for (size_t before = 1; got.n != before;) {
        before = got.n;
        assert_int_equal(tail_file_read(&b.t, CHUNK, false, &got, &e), ST_OK);
    }
    assert_int_equal(got.n, want.n);
    assert_memory_equal(buf_text(&got), want.p ? want.p : "", want.n);
    buf_free(&got);
    close_book(&b);
}

static void last_lines__of_each_kind_of_end__are_whole(void **state)
{
    (void)state;
    expect_last(STR("a\nb\nc\n"), 2, STR("b\nc\n"));
    expect_last(STR("a\nb\nc"), 2, STR("b\nc")); /* a line that is still being written is one */
    expect_last(STR("a\nb\nc\n"), 3, STR("a\nb\nc\n"));
    expect_last(STR("a\nb\nc\n"), 99, STR("a\nb\nc\n"));
    expect_last(STR("a\nb\nc\n"), 0, STR(""));
    expect_last(STR("\n\n\n"), 2, STR("\n\n"));
    expect_last(STR(""), 5, STR(""));
}

static void last_lines__longer_than_a_block__are_found(void **state)
{
    (void)state;
    struct buf text = {0};
    for (int i = 0; i < 5; i++) {
        for (int k = 0; k < CHUNK - 1 + i; k++)
            buf_char(&text, (char)('a' + i));
        buf_char(&text, '\n');
    }
    size_t three = 2 * (CHUNK) + 1;
    expect_last(buf_view(&text), 3, (struct str){text.p + three, text.n - three});
    buf_free(&text);
}

static void character__cut_by_the_end_of_a_piece__comes_whole_with_the_next(void **state)
{
    (void)state;
    struct book b;
    struct err e = {0};
    struct buf got = {0};
    open_book(&b, STR("ab\xE2\x82\xAC"));
    assert_int_equal(tail_file_open(&b.t, 1, READ_MAX, &e), ST_OK);
    assert_int_equal(tail_file_read(&b.t, 4, false, &got, &e), ST_OK);
    assert_string_equal(buf_text(&got), "ab");
    assert_int_equal(tail_file_read(&b.t, 4, false, &got, &e), ST_OK);
    assert_string_equal(buf_text(&got), "ab\xE2\x82\xAC");
    buf_free(&got);
    close_book(&b);
}

static void reader__that_does_not_follow__ends_where_the_file_ended(void **state)
{
    (void)state;
    struct book b;
    struct err e = {0};
    struct buf got = {0};
    open_book(&b, STR("one\n"));
    assert_int_equal(tail_file_open(&b.t, 1, READ_MAX, &e), ST_OK);
    HANDLE h = CreateFileW(b.t.path, FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                           OPEN_EXISTING, 0, NULL);
    DWORD done = 0;
    assert_true(WriteFile(h, "two\n", 4, &done, NULL));
    CloseHandle(h);
    for (int i = 0; i < 3; i++)
        assert_int_equal(tail_file_read(&b.t, CHUNK, false, &got, &e), ST_OK);
    assert_string_equal(buf_text(&got), "one\n");
    assert_int_equal(tail_file_read(&b.t, CHUNK, true, &got, &e), ST_OK); /* who follows goes on */
    assert_string_equal(buf_text(&got), "one\ntwo\n");
    buf_free(&got);
    close_book(&b);
}

/* --- to the loop -------------------------------------------------------------------------- */
static void count(void *ctx)
{
    InterlockedIncrement(ctx);
}

static void chronicle__of_lines__rings_once_and_brings_them_in_order(void **state)
{
    (void)state;
    volatile LONG rings = 0;
    struct err e = {0};
    struct chronicle *c = NULL;
    struct journal *j = journal_new();
    struct happened h;
    assert_int_equal(chronicle_new(count, (void *)&rings, &c, &e), ST_OK);
    assert_false(chronicle_fetch(c, j));
    chronicle_add(c, 1, LOG_INFO, STR("first"));
    chronicle_add(c, 2, LOG_WARNING, STR(""));
    assert_int_equal(rings, 1);
    assert_true(chronicle_fetch(c, j));
    chronicle_add(c, 3, LOG_INFO, STR("third"));
    assert_int_equal(rings, 2);
    assert_true(chronicle_fetch(c, j));
    assert_int_equal(journal_next(j), 4);
    assert_true(journal_at(j, 1, &h) && str_is(h.line, "first") && h.time == 1);
    assert_true(journal_at(j, 2, &h) && h.line.n == 0 && h.level == LOG_WARNING);
    assert_true(journal_at(j, 3, &h) && str_is(h.line, "third"));
    chronicle_mute(c);
    chronicle_add(c, 4, LOG_INFO, STR("late"));
    assert_int_equal(rings, 2);
    chronicle_free(c);
    journal_free(j);
}

static void inbox__of_letters__keeps_their_order_and_says_once_that_some_are_lost(void **state)
{
    (void)state;
    volatile LONG rings = 0;
    struct err e = {0};
    struct inbox *b = NULL;
    struct mail *all = NULL;
    assert_int_equal(inbox_new(count, (void *)&rings, &b, &e), ST_OK);
    inbox_put(b, mail_new(MAIL_REQUEST, 1));
    assert_false(inbox_take(b, &all));
    inbox_put(b, mail_new(MAIL_SENT, 2));
    inbox_put(b, mail_new(MAIL_GONE, 3));
    inbox_lose(b);
    assert_true(inbox_take(b, &all)); /* behind what was not delivered yet */
    assert_false(inbox_take(b, &all));
    for (uint64_t i = 1; i <= 3; i++) {
        struct mail *m = all;
        assert_non_null(m);
        assert_int_equal(m->client, i);
        all = m->next;
        mail_free(m);
    }
    assert_null(all);
    assert_int_equal(rings, 3);
    inbox_put(b, mail_new(MAIL_GONE, 4)); /* and frees what nobody took */
    inbox_free(b);
}

int test_tail(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(last_lines__of_each_kind_of_end__are_whole),
        cmocka_unit_test(last_lines__longer_than_a_block__are_found),
        cmocka_unit_test(character__cut_by_the_end_of_a_piece__comes_whole_with_the_next),
        cmocka_unit_test(reader__that_does_not_follow__ends_where_the_file_ended),
        cmocka_unit_test(chronicle__of_lines__rings_once_and_brings_them_in_order),
        cmocka_unit_test(inbox__of_letters__keeps_their_order_and_says_once_that_some_are_lost),
    };
    return cmocka_run_group_tests_name("tail, chronicle, inbox", tests, NULL, NULL);
}
