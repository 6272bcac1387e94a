/* test_hostile.c - every view and the live view, fed with every kept reply after each of its
 * values, one at a time, has become something else.  Nothing may crash, and nothing may steer a
 * terminal. */
#include "pages.h"

#include "service/view/top.h"
#include "service/view/view.h"

#include <string.h>

static const char *const replies[] = {"status_fleet", "status_hostile", "limits_levels",
                                      "ps_tree",      "events_some",    "logs_worker",
                                      "logs_missing", "plan_taken",     "plan_refused",
                                      "done_partly",  "progress_some",  "error_none"};

static const char *const instead[] = {"null",
                                      "true",
                                      "-1",
                                      "1e300",
                                      "18446744073709551615",
                                      "[]",
                                      "{}",
                                      "\"\"",
                                      "[[[]]]",
                                      "[null, 1, \"x\", {}]",
                                      "\"\\u001b]0;x\\u0007\\u009b\\u202e\\u0000 end\"",
                                      "{\"name\": {}, \"state\": [], \"cause\": 1}"};
enum { INSTEAD = sizeof instead / sizeof *instead };

static void steers_nothing(const struct buf *out)
{
    struct str rest = buf_view(out);
    assert_true(buf_ok(out));
    for (size_t i = 0; i < rest.n; i++) {
        unsigned char c = (unsigned char)rest.p[i];
        if ((c < 0x20 && c != '\n') || c == 0x7F)
            fail_msg("a control character %u is in: %s", c, buf_text(out));
        /* C1, U+0080 to U+009F; and U+202E, of the marks of direction. */
        if (c == 0xC2 && i + 1 < rest.n && (unsigned char)rest.p[i + 1] < 0xA0)
            fail_msg("a control character of C1 is in: %s", buf_text(out));
        if (i + 2 < rest.n && memcmp(rest.p + i, "\xE2\x80\xAE", 3) == 0)
            fail_msg("a mark of direction is in: %s", buf_text(out));
    }
}

static void show_all(yyjson_val *reply, unsigned width, struct buf *out)
{
    const struct view_style style = {false, width, true};
    view_status(reply, &style, out);
    view_limits(reply, &style, out);
    view_ps(reply, &style, out);
    view_events(reply, &style, out);
    view_changes(reply, &style, out);
    view_progress(reply, &style, out);
    view_done(reply, "kill", &style, out);
    view_error(reply, &style, out);
    if (width > 0)
        view_logs(reply, true, &style, out);
}

static void show_live(struct top *t, yyjson_val *reply)
{
    static uint64_t now;
    top_tick(t, now += 1000, "12:00:00");
    top_frame(t, reply);
    const struct grid *g = top_draw(t);
    for (size_t i = 0; i < (size_t)g->width * g->height; i++) {
        uint32_t c = g->cell[i].c;
        assert_true(c == 0 || (c >= 0x20 && (c < 0x7F || c >= 0xA0)));
        assert_true(c < 0x202A || c > 0x202E);
    }
}

/* --- changing one value ------------------------------------------------------------- */
/* The value number *LEFT below V, counted from its children on. */
static bool change(yyjson_mut_doc *doc, yyjson_mut_val *v, size_t *left, yyjson_val *by)
{
    size_t i, n;
    yyjson_mut_val *key, *child;
    if (yyjson_mut_is_obj(v)) {
        yyjson_mut_obj_foreach(v, i, n, key, child)
        {
            if ((*left)-- == 0) {
                yyjson_mut_obj_replace(v, key, yyjson_val_mut_copy(doc, by));
                return true;
            }
            if (change(doc, child, left, by))
                return true;
        }
    } else if (yyjson_mut_is_arr(v)) {
        yyjson_mut_arr_foreach(v, i, n, child)
        {
            if ((*left)-- == 0) {
                yyjson_mut_arr_replace(v, i, yyjson_val_mut_copy(doc, by));
                return true;
            }
            if (change(doc, child, left, by))
                return true;
        }
    }
    return false;
}

/* False when there is no value number WHICH. */
static bool show_changed(yyjson_doc *of, size_t which, yyjson_val *by, struct top *t)
{
    yyjson_mut_doc *doc = yyjson_doc_mut_copy(of, NULL);
    bool changed = change(doc, yyjson_mut_doc_get_root(doc), &which, by);
    if (changed) {
        yyjson_doc *reply = yyjson_mut_doc_imut_copy(doc, NULL);
        struct buf out = {0};
        assert_non_null(reply);
        show_all(yyjson_doc_get_root(reply), 0, &out);
        show_all(yyjson_doc_get_root(reply), 50, &out);
        steers_nothing(&out);
        buf_free(&out);
        show_live(t, yyjson_doc_get_root(reply));
        yyjson_doc_free(reply);
    }
    yyjson_mut_doc_free(doc);
    return changed;
}

static void reply__with_each_value_changed__is_shown_without_harm(void **state)
{
    (void)state;
    size_t shown = 0;
    struct top *t = top_new(true);
    assert_non_null(t);
    top_resize(t, 100, 20);
    for (size_t r = 0; r < sizeof replies / sizeof *replies; r++) {
        yyjson_doc *of = page_reply(replies[r]);
        for (size_t k = 0; k < INSTEAD; k++) {
            yyjson_doc *by = yyjson_read(instead[k], strlen(instead[k]), 0);
            assert_non_null(by);
            for (size_t i = 0; show_changed(of, i, yyjson_doc_get_root(by), t); i++)
                shown++;
            yyjson_doc_free(by);
        }
        yyjson_doc_free(of);
    }
    top_free(t);
    assert_true(shown > 2000);
}

static void reply__that_is_no_object__is_shown_without_harm(void **state)
{
    (void)state;
    struct top *t = top_new(false);
    assert_non_null(t);
    top_resize(t, 40, 10);
    for (size_t k = 0; k <= INSTEAD; k++) {
        yyjson_doc *doc = k < INSTEAD ? yyjson_read(instead[k], strlen(instead[k]), 0) : NULL;
        struct buf out = {0};
        show_all(yyjson_doc_get_root(doc), 30, &out);
        steers_nothing(&out);
        buf_free(&out);
        show_live(t, yyjson_doc_get_root(doc));
        yyjson_doc_free(doc);
    }
    top_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reply__with_each_value_changed__is_shown_without_harm),
        cmocka_unit_test(reply__that_is_no_object__is_shown_without_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
