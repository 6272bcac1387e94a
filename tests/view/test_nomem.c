/* test_nomem.c - each allocation fails once: what is shown is whole, or says that memory ran out.
 * The linker leads every allocation of the room through here. */
#include "stage.h"

#include "fleet.h"
#include "service/view/view.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);

static long left = LONG_MAX; /* so many succeed, then one fails */

static bool denied(void)
{
    return left-- == 0;
}

void *__wrap_malloc(size_t n)
{
    return denied() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return denied() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
    return denied() ? NULL : __real_realloc(p, n);
}

static const struct {
    const char *reply;
    void (*view)(yyjson_val *reply, const struct view_style *style, struct buf *out);
} views[] = {{"status_fleet", view_status}, {"limits_levels", view_limits},
             {"ps_tree", view_ps},          {"events_some", view_events},
             {"plan_taken", view_changes},     {"progress_some", view_progress},
             {"plan_refused", view_changes}};

/* How many of its allocations were made to fail. */
static long fail_each(size_t i, yyjson_val *reply)
{
    const struct view_style style = {true, 60, true};
    struct buf whole = {0};
    long n = 0;
    views[i].view(reply, &style, &whole);
    assert_true(buf_ok(&whole));
    for (bool failed = true; failed; n++) {
        struct buf said = {0};
        left = n;
        views[i].view(reply, &style, &said);
        failed = left < 0;
        left = LONG_MAX;
        if (buf_ok(&said))
            assert_string_equal(buf_text(&said), buf_text(&whole));
        else
            assert_true(failed);
        buf_free(&said);
    }
    buf_free(&whole);
    return n - 1;
}

static void text__with_one_allocation_failing__is_whole_or_failed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        yyjson_doc *doc = page_reply(views[i].reply);
        assert_true(fail_each(i, yyjson_doc_get_root(doc)) > 0);
        yyjson_doc_free(doc);
    }
}

static void frame__with_one_allocation_failing__is_left_out(void **state)
{
    struct stage *s = *state;
    struct buf json = {0};
    long n = 0;
    stage_frames(s, 1);
    fleet_frame(77, s->instances, &json);
    yyjson_doc *next = yyjson_read(buf_text(&json), json.n, 0);
    buf_free(&json);
    assert_non_null(next);
    assert_true(stage_shows(s, "web.1   running    4000       0s"));
    for (bool failed = true; failed; n++) {
        left = n;
        top_frame(s->top, yyjson_doc_get_root(next));
        failed = left < 0;
        left = LONG_MAX;
        /* One that is left out leaves the one before, or else all of it is there. */
        char *text = stage_text(s);
        bool old = strstr(text, "   running    4000       0s") != NULL;
        bool whole = strstr(text, "web.1   running    4000   1m 17s") && strstr(text, "web.15  ");
        assert_true(old || whole);
        assert_non_null(strstr(text, "30 instances: 3 failed"));
        if (!failed)
            assert_true(whole);
        free(text);
    }
    assert_true(n > 3);
    yyjson_doc_free(next);
}

static void drawing__with_one_allocation_failing__goes_on(void **state)
{
    struct stage *s = *state;
    stage_frames(s, 1);
    long n = 0;
    for (bool failed = true; failed; n++) {
        top_resize(s->top, 80 + (unsigned)n % 2, 24); /* so that it needs another grid */
        left = n;
        const struct grid *g = top_draw(s->top);
        failed = left < 0;
        left = LONG_MAX;
        assert_true(g->cell || g->width == 0);
    }
    assert_true(n > 3);
    left = 0;
    struct top *none = top_new(true);
    left = LONG_MAX;
    assert_null(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text__with_one_allocation_failing__is_whole_or_failed),
        cmocka_unit_test_setup_teardown(frame__with_one_allocation_failing__is_left_out, stage_open,
                                        stage_close),
        cmocka_unit_test_setup_teardown(drawing__with_one_allocation_failing__goes_on, stage_open,
                                        stage_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
