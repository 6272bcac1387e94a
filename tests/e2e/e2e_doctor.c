/* e2e_doctor.c - what the command line says about limits: doctor, grant, and check on this
 * machine. */
#include "harness_limits.h"
#include "harness_said.h"

#include <stdlib.h>
#include <string.h>
#include <yyjson.h>

enum holder { KERNEL, SAMPLER, NOBODY };
static const char *const holder_words[] = {"kernel", "sampler", "nobody"};

/* Every limit, and who holds it where the kernel keeps hardly any (Wine 8). */
static const struct {
    const char *key;
    enum holder wine;
} limits[] = {
    {"process_memory_limit", SAMPLER},  {"job_memory_limit", SAMPLER},
    {"process_time_limit", SAMPLER},    {"job_time_limit", SAMPLER},
    {"active_process_limit", SAMPLER},  {"notify_job_memory_high", SAMPLER},
    {"notify_job_memory_low", SAMPLER}, {"notify_job_time", SAMPLER},
    {"notify_io_read_bytes", NOBODY},   {"notify_io_write_bytes", NOBODY},
    {"notify_cpu_rate", NOBODY},        {"notify_net_rate", NOBODY},
    {"guard_commit", SAMPLER},          {"guard_handles", SAMPLER},
    {"guard_threads", SAMPLER},         {"guard_cpu", SAMPLER},
    {"working_set_min", NOBODY},        {"working_set_max", NOBODY},
    {"cpu_rate_cap", NOBODY},           {"cpu_rate_soft_cap", NOBODY},
    {"cpu_rate_weight", NOBODY},        {"cpu_rate_min", NOBODY},
    {"cpu_rate_max", NOBODY},           {"affinity", NOBODY},
    {"subset_affinity", NOBODY},        {"priority_class", NOBODY},
    {"scheduling_class", NOBODY},       {"breakaway", KERNEL},
    {"kill_on_job_close", KERNEL},      {"die_on_unhandled_exception", NOBODY},
    {"net_max_bandwidth", NOBODY},      {"net_dscp_tag", NOBODY},
    {"ui_restrictions", NOBODY},
};
enum { LIMIT_COUNT = sizeof limits / sizeof *limits };

/* Guards are nobody else's; of the others only Wine's kernel is known here. */
static void expect_holder(size_t i, struct str word)
{
    bool guard = strncmp(limits[i].key, "guard_", 6) == 0;
    bool known = false;
    for (size_t k = 0; k < 3; k++)
        known = known || str_is(word, holder_words[k]);
    if (!known || ((guard || on_wine()) && !str_is(word, holder_words[limits[i].wine])))
        fail_msg("%s is held by '%.*s'", limits[i].key, (int)word.n, word.p);
}

static struct str next_word(struct str *rest)
{
    *rest = str_trim(*rest);
    return str_cut(rest, ' ');
}

static void doctor__as_text__has_a_line_for_each_limit_and_the_system(struct world *w)
{
    static const char *const about[] = {"system ", "processors ",
                                        "SeIncreaseBasePriorityPrivilege ",
                                        "SeCreateGlobalPrivilege ", "inside a Job Object "};
    bool seen[LIMIT_COUNT] = {false};
    struct said s = say(w, "doctor");
    assert_int_equal(s.code, 0);
    for (size_t i = 0; i < sizeof about / sizeof *about; i++)
        if (!text_has(buf_view(&s.out), about[i]))
            fail_msg("no '%s' in\n%s", about[i], buf_text(&s.out));
    assert_true(text_has(buf_view(&s.out), on_wine() ? "Wine" : "Windows"));
    for (struct str rest = buf_view(&s.out), line; line_next(&rest, &line);) {
        struct str key = next_word(&line);
        for (size_t i = 0; i < LIMIT_COUNT; i++) {
            if (!str_is(key, limits[i].key))
                continue;
            assert_false(seen[i]);
            seen[i] = true;
            expect_holder(i, next_word(&line));
        }
    }
    for (size_t i = 0; i < LIMIT_COUNT; i++)
        if (!seen[i])
            fail_msg("no line about %s in\n%s", limits[i].key, buf_text(&s.out));
    said_free(&s);
}

static void expect_row(yyjson_val *row, bool *seen)
{
    const char *key = yyjson_get_str(yyjson_obj_get(row, "limit"));
    assert_non_null(key);
    for (size_t i = 0; i < LIMIT_COUNT; i++) {
        if (strcmp(key, limits[i].key) != 0)
            continue;
        assert_false(seen[i]);
        seen[i] = true;
        const char *by = yyjson_get_str(yyjson_obj_get(row, "held_by"));
        assert_non_null(by);
        expect_holder(i, str_of(by));
        assert_true(yyjson_is_bool(yyjson_obj_get(row, "accepted")));
        assert_true(yyjson_is_uint(yyjson_obj_get(row, "windows_error")));
        assert_true(yyjson_is_str(yyjson_obj_get(row, "why")));
        return;
    }
    fail_msg("what is '%s'?", key);
}

static void doctor__as_json__parses_and_has_the_same_limits(struct world *w)
{
    bool seen[LIMIT_COUNT] = {false};
    struct said s = say(w, "doctor --json");
    assert_int_equal(s.code, 0);
    yyjson_doc *doc = yyjson_read(s.out.p, s.out.n, 0);
    if (!doc)
        fail_msg("this is not JSON:\n%s", buf_text(&s.out));
    yyjson_val *root = yyjson_doc_get_root(doc), *list = yyjson_obj_get(root, "limits"), *row;
    size_t i, n;
    assert_true(yyjson_get_uint(yyjson_obj_get(root, "processors")) > 0);
    assert_true(yyjson_is_str(yyjson_obj_get(root, "system")));
    /* Every program of a test is in a job of the test's. */
    assert_true(yyjson_get_bool(yyjson_obj_get(root, "in_job")));
    assert_int_equal(yyjson_arr_size(list), LIMIT_COUNT);
    yyjson_arr_foreach(list, i, n, row) expect_row(row, seen);
    yyjson_doc_free(doc);
    said_free(&s);
}

static void doctor__with_words__is_wrong_usage(struct world *w)
{
    expect(w, "doctor web", 2, "too many words");
    expect(w, "doctor --revoke", 2, "--revoke does not go with");
}

/* --- grant --------------------------------------------------------------------------- */
static void grant__typed_wrong__is_code_2_and_says_how(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\nui_restrictions = handles\n");
    save(w);
    expect(w, "grant --config jobs.ini", 2,
           "a name is missing; usage: jobwarden.exe grant JOB HANDLE");
    expect(w, "grant web.1 --config jobs.ini", 2,
           "a word is missing; usage: jobwarden.exe grant JOB HANDLE");
    expect(w, "grant web.1 0x10 more --config jobs.ini", 2, "too many words");
    static const char *const bad[] = {"window", "0", "0x", "12x", "0x100000000"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char *words = path_f("grant web.1 %s --config jobs.ini", bad[i]);
        char *said = path_f("'%s' is not a handle", bad[i]);
        expect(w, words, 2, said);
        free(said);
        free(words);
    }
}

static void grant__job_is_unknown_unrestricted_or_not_running__is_told(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\nui_restrictions = handles, desktop\n"
                "[job:free]\ncommand = @worker --hold\n"
                "[job:desk]\ncommand = @worker --hold\nui_restrictions = desktop\n");
    save(w);
    expect(w, "grant wob 0x10010 --config jobs.ini", 1, "there is no job 'wob'");
    expect(w, "grant web.2 0x10010 --config jobs.ini", 1, "there is no job 'web.2'");
    expect(w, "grant free 0x10010 --config jobs.ini", 1, "no ui_restrictions = handles");
    expect(w, "grant desk.1 0x10010 --config jobs.ini", 1, "no ui_restrictions = handles");
    expect(w, "grant web.1 0x10010 --config jobs.ini", 1, "while the instance runs");
    expect(w, "grant web.1 0x10010 --config gone.ini", 1, "gone.ini");
}

static void grant__running_instances__may_use_the_handle(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\nui_restrictions = handles\n"
                "instances = 2\n");
    service_start(w);
    await_n(w, "job.started", 2);
    /* Wine answers yes to any number; Windows wants a window of this session. */
    unsigned handle = on_wine() ? 0x10010 : (unsigned)(uintptr_t)GetDesktopWindow();
    char *one = path_f("grant web.1 0x%X --config jobs.ini", handle);
    char *all = path_f("grant WEB %u --config jobs.ini", handle);
    char *back = path_f("grant web.2 0x%X --revoke --config jobs.ini", handle);
    expect(w, one, 0, "");
    expect(w, all, 0, "");
    expect(w, back, 0, "");
    free(one);
    free(all);
    free(back);
    assert_int_equal(service_stop(w), 0);
}

/* --- check ---------------------------------------------------------------------------- */
static void check__ui_restrictions_and_nesting__is_an_error_with_its_place(struct world *w)
{
    job_file(w, "[group:pool]\nactive_process_limit = 9\n"
                "[job:web]\ncommand = @worker --hold\ngroup = pool\nui_restrictions = desktop\n");
    save(w); /* lines 1 and 2 are [service] and its name */
    expect(w, "check jobs.ini", 1, "jobs.ini:8: error[nested-ui]");
    service_start(w);
    assert_int_equal(service_wait(w), 1); /* and nothing was started */
    expect_lines(w, "job.started", 0);
}

static void check__what_only_this_machine_cannot__is_a_warning(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\naffinity = 0, 31:63\n");
    save(w);
    expect(w, "check jobs.ini", 0, "jobs.ini:5: warning[");
}

static void check__io_rates__are_gone_from_windows(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\nio_max_iops = 100\n");
    save(w);
    expect(w, "check jobs.ini", 1, "Windows removed I/O rate control in Windows 10 1607");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(doctor__as_text__has_a_line_for_each_limit_and_the_system),
        E2E(doctor__as_json__parses_and_has_the_same_limits),
        E2E(doctor__with_words__is_wrong_usage),
        E2E(grant__typed_wrong__is_code_2_and_says_how),
        E2E(grant__job_is_unknown_unrestricted_or_not_running__is_told),
        E2E_BARE(grant__running_instances__may_use_the_handle),
        E2E(check__ui_restrictions_and_nesting__is_an_error_with_its_place),
        E2E(check__what_only_this_machine_cannot__is_a_warning),
        E2E(check__io_rates__are_gone_from_windows),
    };
    return cmocka_run_group_tests_name("limits on the command line", tests, NULL, NULL);
}
