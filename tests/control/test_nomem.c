/* test_nomem.c - every allocation fails once: whatever is answered is whole, or says that memory
 * was lacking. */
#include "tests/control/stage.h"

#include <stdlib.h>
#include <string.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);

static long fuse = -1; /* allocations until one fails; below 0: none does */

static bool paused;

static void pause(bool on)
{
    paused = on;
}

static bool burns(void)
{
    return !paused && fuse >= 0 && fuse-- == 0;
}

void *__wrap_malloc(size_t n)
{
    return burns() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return burns() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
    return burns() ? NULL : __real_realloc(p, n);
}

/* What JSON gets when memory lacks nothing, as text. */
static char *whole_answer(struct stage *s, const char *json)
{
    char *text = yyjson_val_write(stage_once(s, json), 0, NULL);
    assert_non_null(text);
    return text;
}

static void expect_whole_or_no(struct stage *s, const char *json)
{
    const struct caller caller = {1, true, "somebody", 1};
    struct buf request = {0};
    char *want = whole_answer(s, json);
    buf_f(&request, "{\"protocol\":1,\"id\":9,%s}", json);
    for (long n = 0;; n++) {
        stage_clear(s);
        fuse = n;
        control_request(s->control, &caller, buf_view(&request));
        bool failed = fuse < 0;
        fuse = -1;
        assert_in_range(s->n, 0, 1); /* not even an error without any memory */
        if (s->n == 1 && yyjson_get_bool(at(stage_frame(s, 0), "ok"))) {
            char *got = yyjson_val_write(stage_frame(s, 0), 0, NULL);
            assert_string_equal(got, want);
            free(got);
        } else if (s->n == 1) {
            assert_string_equal(text_at(stage_frame(s, 0), "error/code"), "failed");
        }
        if (!failed)
            break;
    }
    buf_free(&request);
    free(want);
}

static void answers__when_memory_is_short__are_whole_or_say_so(void **state)
{
    (void)state;
    struct stage s;
    stage_prepare(&s, "a2 b1", NULL, NULL);
    SET_EACH(&s.scene.set[0], 0, limits.job_memory, 8 << 20);
    s.group = "apps";
    stage_run(&s);
    s.pause = pause;
    s.measure = (struct measure){.known = true, .now = {.at = 60000, .commit = 5}};
    s.processes = 1;
    s.process[0] = (struct process_row){.proc = {.pid = 10}, .image = "a.exe", .command = "a"};
    journal_add(s.journal, 0, LOG_INFO, STR("job.ready job=a.0 text=\"a b\""));
    expect_whole_or_no(&s, "\"do\":\"status\",\"names\":[\"a\",\"b.0\"]");
    expect_whole_or_no(&s, "\"do\":\"limits\"");
    expect_whole_or_no(&s, "\"do\":\"ps\"");
    expect_whole_or_no(&s, "\"do\":\"events\",\"n\":1,\"names\":[\"a\"]");
    expect_whole_or_no(&s, "\"do\":\"check\"");
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers__when_memory_is_short__are_whole_or_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
