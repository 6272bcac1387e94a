/* pages.c - reading, comparing, writing. */
#include "pages.h"

#include "tests/check/golden.h"

#include <stdio.h>
#include <stdlib.h>

static void path_of(const char *name, const char *end, char out[512])
{
    snprintf(out, 512, JW_CASES "/%s%s", name, end);
}

static bool read_file(const char *path, struct buf *out)
{
    char piece[4096];
    FILE *f = fopen(path, "rb");
    if (!f)
        return false;
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_add(out, piece, n);
    fclose(f);
    return buf_ok(out);
}

yyjson_doc *page_reply(const char *name)
{
    char path[512];
    struct buf text = {0};
    path_of(name, ".json", path);
    if (!read_file(path, &text))
        fail_msg("%s cannot be read", path);
    yyjson_doc *doc = yyjson_read(text.p, text.n, 0);
    buf_free(&text);
    if (!doc)
        fail_msg("%s is not JSON", path);
    return doc;
}

void page_expect(const char *name, const struct buf *said)
{
    char path[512];
    struct buf expected = {0};
    path_of(name, "", path);
    assert_true(buf_ok(said));
    if (getenv("JOBWARDEN_UPDATE_GOLDEN")) {
        FILE *f = fopen(path, "wb");
        assert_non_null(f);
        assert_int_equal(fwrite(buf_text(said), 1, said->n, f), said->n);
        assert_int_equal(fclose(f), 0);
    }
    bool found = read_file(path, &expected);
    bool same = found && str_eq(buf_view(&expected), buf_view(said));
    if (!same) {
        print_message("%s%s\n", path, found ? "" : " cannot be read");
        diff_print(buf_view(&expected), buf_view(said));
    }
    buf_free(&expected);
    assert_true(same);
}
