/* test_pages.c - every kind of reply as text, on terminals of several widths and for pipes. */
#include "pages.h"

#include "service/view/view.h"

#include <string.h>

static void logs(yyjson_val *reply, const struct view_style *style, struct buf *out)
{
    view_logs(reply, true, style, out);
}

static void progress(yyjson_val *reply, const struct view_style *style, struct buf *out)
{
    view_progress(reply, style, out);
    buf_char(out, '\n');
}

static void done(yyjson_val *reply, const struct view_style *style, struct buf *out)
{
    view_done(reply, "stop", style, out);
}

static void error(yyjson_val *reply, const struct view_style *style, struct buf *out)
{
    view_error(reply, style, out);
    buf_char(out, '\n');
}

/* A page is named KIND_WHAT and shown by the view of its kind. */
static const struct {
    const char *kind;
    void (*view)(yyjson_val *reply, const struct view_style *style, struct buf *out);
} kinds[] = {{"status", view_status}, {"limits", view_limits}, {"ps", view_ps},
             {"events", view_events}, {"logs", logs},          {"plan", view_changes},
             {"done", done},          {"progress", progress},  {"error", error}};

static const struct page {
    const char *reply, *expected;
    struct view_style style;
} pages[] = {
    {"status_fleet", "status_fleet.pipe", {false, 0, true}},
    {"status_fleet", "status_fleet.120", {false, 120, true}},
    {"status_fleet", "status_fleet.80", {false, 80, true}},
    {"status_fleet", "status_fleet.40", {false, 40, false}},
    {"status_fleet", "status_fleet.10", {false, 10, false}},
    {"status_fleet", "status_fleet.colour", {true, 100, true}},
    {"status_hostile", "status_hostile.pipe", {false, 0, true}},
    {"status_hostile", "status_hostile.100", {false, 100, true}},
    {"status_hostile", "status_hostile.ascii", {false, 100, false}},
    {"status_none", "status_none.pipe", {false, 0, true}},
    {"limits_levels", "limits_levels.pipe", {false, 0, true}},
    {"limits_levels", "limits_levels.60", {false, 60, true}},
    {"limits_levels", "limits_levels.colour", {true, 80, true}},
    {"ps_tree", "ps_tree.pipe", {false, 0, true}},
    {"ps_tree", "ps_tree.60", {false, 60, true}},
    {"ps_tree", "ps_tree.ascii", {false, 80, false}},
    {"events_some", "events_some.pipe", {false, 0, true}},
    {"events_some", "events_some.colour", {true, 80, true}},
    {"logs_worker", "logs_worker.pipe", {false, 0, true}},
    {"logs_worker", "logs_worker.80", {false, 80, true}},
    {"logs_missing", "logs_missing.80", {false, 80, true}},
    {"plan_taken", "plan_taken.80", {false, 80, true}},
    {"plan_taken", "plan_taken.colour", {true, 80, true}},
    {"plan_dry", "plan_dry.80", {false, 80, true}},
    {"plan_same", "plan_same.80", {false, 80, true}},
    {"plan_refused", "plan_refused.80", {false, 80, true}},
    {"error_refused", "error_refused.80", {false, 80, true}},
    {"error_none", "error_none.80", {false, 80, true}},
    {"progress_some", "progress_some.80", {false, 80, true}},
    {"progress_some", "progress_some.20", {false, 20, true}},
    {"done_partly", "done_partly.80", {false, 80, true}},
    {"done_all", "done_all.80", {false, 80, true}},
    {"done_one", "done_one.80", {false, 80, true}},
    {"done_ordered", "done_ordered.80", {false, 80, true}},
};
enum { PAGES = sizeof pages / sizeof *pages };

static void reply__shown__is_the_kept_text(void **state)
{
    const struct page *page = *state;
    yyjson_doc *doc = page_reply(page->reply);
    struct buf said = {0};
    bool shown = false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strncmp(page->reply, kinds[i].kind, strlen(kinds[i].kind)) != 0)
            continue;
        kinds[i].view(yyjson_doc_get_root(doc), &page->style, &said);
        shown = true;
    }
    yyjson_doc_free(doc);
    assert_true(shown);
    page_expect(page->expected, &said);
    buf_free(&said);
}

int main(void)
{
    struct CMUnitTest tests[PAGES];
    for (size_t i = 0; i < PAGES; i++) {
        union {
            const struct page *in;
            void *out;
        } u = {&pages[i]}; /* cmocka's state is not const; the test only reads it */
        tests[i] = (struct CMUnitTest){pages[i].expected, reply__shown__is_the_kept_text, NULL,
                                       NULL, u.out};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
