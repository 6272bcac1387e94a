/* test_change.c - reload and set: what is ordered, and how it is told. */
#include "tests/control/stage.h"

#include <string.h>

static void set__of_a_job_or_group__is_ordered_by_its_own_name(void **state)
{
    (void)state;
    static struct group_spec group = {.name = "apps"};
    struct stage s;
    stage_prepare(&s, "a1", NULL, NULL);
    s.scene.set[0].config.groups = 1;
    s.scene.set[0].config.group = &group;
    stage_run(&s);
    stage_ask(&s, 1, true, "\"do\":\"set\",\"name\":\"A\",\"keys\":{\"job_memory_limit\":\"2G\"}");
    assert_int_equal(s.reloads, 1);
    assert_string_equal(s.reload.target, "a");
    assert_false(s.reload.group || s.reload.reset || s.reload.dry_run);
    assert_string_equal(s.reload.setting[0].key, "job_memory_limit");
    assert_string_equal(s.reload.setting[0].value, "2G");
    control_gone(s.control, 1);
    stage_ask(&s, 1, true, "\"do\":\"set\",\"name\":\"APPS\",\"reset\":true,\"dry_run\":true");
    assert_string_equal(s.reload.target, "apps");
    assert_true(s.reload.group && s.reload.reset && s.reload.dry_run);
    control_gone(s.control, 1);
    stage_refused(&s, "\"do\":\"set\",\"name\":\"b\",\"reset\":true", "no-such-name", "'b'");
    stage_refused(&s, "\"do\":\"set\",\"name\":\"a.0\",\"reset\":true", "refused", "'set a'");
    stage_refused(&s, "\"do\":\"set\",\"name\":\"b.0\",\"reset\":true", "no-such-name", "'b.0'");
    stage_refused(&s, "\"do\":\"set\",\"name\":\"all\",\"reset\":true", "refused", "by its name");
    stage_refused(&s, "\"do\":\"set\",\"name\":\"a*\",\"reset\":true", "refused", "by its name");
    stage_close(&s);
}

static void values__that_may_be_secrets__are_not_in_the_log(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    stage_ask(&s, 1, true,
              "\"do\":\"set\",\"name\":\"a\",\"keys\":{\"env.TOKEN\":\"hunter2\","
              "\"job_memory_limit\":\"2G\"}");
    assert_non_null(strstr(buf_text(&s.log), "names=\"a env.TOKEN=... job_memory_limit=2G\""));
    assert_null(strstr(buf_text(&s.log), "hunter2"));
    stage_close(&s);
}

static void reload__that_was_taken__tells_plan_and_counts(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    stage_ask(&s, 1, true, "\"do\":\"reload\"");
    assert_int_equal(s.n, 0);
    assert_null(s.reload.target);
    const struct plan_line line = {.kind = PLAN_CHANGED,
                                   .at = {"jobs.ini", 3},
                                   .subject = "job a",
                                   .key = "job_memory_limit",
                                   .from = "512M",
                                   .to = "1G",
                                   .cost = APPLY_RELIMIT,
                                   .instances = 1,
                                   .text = "jobs.ini:3: job a: ..."};
    const struct plan plan = {.n = 1, .line = &line, .relimit = 1};
    const struct takeover taken = {.relimit = 1};
    struct diags *d = diags_new();
    diag_add(d, SEV_WARNING, (struct place){"jobs.ini", 7}, "some-code", "mind that");
    control_reloaded(s.control, 1,
                     &(struct reloaded){.plan = &plan, .taken = &taken, .mistakes = d});
    yyjson_val *v = stage_frame(&s, 0);
    assert_true(s.sent[0].last);
    assert_string_equal(text_at(v, "plan/changes/0/file"), "jobs.ini");
    assert_int_equal(number_at(v, "plan/changes/0/line"), 3);
    assert_string_equal(text_at(v, "plan/changes/0/cost"), "relimit");
    assert_string_equal(text_at(v, "plan/changes/0/to"), "1G");
    assert_int_equal(number_at(v, "plan/relimit"), 1);
    assert_int_equal(number_at(v, "taken/relimit"), 1);
    assert_string_equal(text_at(v, "mistakes/0/severity"), "warning");
    assert_string_equal(text_at(v, "mistakes/0/text"), "mind that");
    diags_free(d);
    stage_close(&s);
}

static void reload__with_mistakes__is_refused_with_all_of_them(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    stage_ask(&s, 1, true, "\"do\":\"reload\"");
    struct diags *d = diags_new();
    diag_add(d, SEV_ERROR, (struct place){"jobs.ini", 7}, "some-code", "wrong");
    diag_add(d, SEV_ERROR, (struct place){"jobs.ini", 8}, "some-code", "wrong too");
    control_reloaded(
        s.control, 1,
        &(struct reloaded){.refusal = REFUSAL_REFUSED, .why = "it has mistakes", .mistakes = d});
    yyjson_val *v = stage_frame(&s, 0);
    assert_false(yyjson_get_bool(at(v, "ok")));
    assert_string_equal(text_at(v, "error/code"), "refused");
    assert_int_equal(yyjson_arr_size(at(v, "mistakes")), 2);
    diags_free(d);
    stage_close(&s);
}

static void reload__that_cannot_be_begun__is_refused_by_the_host(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    say_no(&s.reload_no, REFUSAL_BUSY, "too many reloads wait");
    stage_refused(&s, "\"do\":\"reload\"", "busy", "too many reloads wait");
    stage_close(&s);
}

static void reload__whose_client_has_left__is_told_to_nobody(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    stage_ask(&s, 1, true, "\"do\":\"reload\"");
    control_gone(s.control, 1);
    control_reloaded(s.control, 1, &(struct reloaded){.refusal = REFUSAL_NONE});
    assert_int_equal(s.n, 0);
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(set__of_a_job_or_group__is_ordered_by_its_own_name),
        cmocka_unit_test(values__that_may_be_secrets__are_not_in_the_log),
        cmocka_unit_test(reload__that_was_taken__tells_plan_and_counts),
        cmocka_unit_test(reload__with_mistakes__is_refused_with_all_of_them),
        cmocka_unit_test(reload__that_cannot_be_begun__is_refused_by_the_host),
        cmocka_unit_test(reload__whose_client_has_left__is_told_to_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
