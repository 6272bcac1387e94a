/* test_list.c - processes as trees. */
#include "tests/control/stage.h"

static void give_tree(struct stage *s)
{
    s->processes = 2;
    s->process[0] = (struct process_row){.proc = {.pid = 10,
                                                  .parent = 1,
                                                  .created = UINT64_C(116444736000000000),
                                                  .user = 50000,
                                                  .commit = 7,
                                                  .threads = 3,
                                                  .handles = 4},
                                         .main = true,
                                         .image = "C:\\a.exe",
                                         .command = "a.exe --password secret"};
    s->process[1] = (struct process_row){.proc = {.pid = 11, .parent = 10}, .depth = 1};
}

static void processes__of_an_instance__are_told_with_their_parents(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    give_tree(&s);
    yyjson_val *v = stage_once(&s, "\"do\":\"ps\",\"names\":[\"a\"]");
    assert_string_equal(text_at(v, "instances/0/name"), "a.0");
    assert_int_equal(number_at(v, "instances/0/processes/0/pid"), 10);
    assert_true(yyjson_get_bool(at(v, "instances/0/processes/0/main")));
    assert_string_equal(text_at(v, "instances/0/processes/0/started"), "1970-01-01T00:00:00.000Z");
    assert_int_equal(number_at(v, "instances/0/processes/0/cpu_ms"), 5);
    assert_string_equal(text_at(v, "instances/0/processes/0/command"), "a.exe --password secret");
    assert_false(has(v, "instances/0/processes/0/parent"));
    assert_int_equal(number_at(v, "instances/0/processes/1/parent"), 10);
    assert_int_equal(number_at(v, "instances/0/processes/1/depth"), 1);
    stage_close(&s);
}

static void command_lines__for_one_who_may_only_look__are_left_out(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    give_tree(&s);
    stage_ask(&s, 2, false, "\"do\":\"ps\"");
    yyjson_val *v = stage_frame(&s, 0);
    assert_string_equal(text_at(v, "instances/0/processes/0/image"), "C:\\a.exe");
    assert_false(has(v, "instances/0/processes/0/command"));
    stage_close(&s);
}

static void instance__whose_processes_cannot_be_read__says_so(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "a1", NULL, NULL);
    yyjson_val *v = stage_once(&s, "\"do\":\"ps\"");
    assert_string_equal(text_at(v, "instances/0/problem"), "Windows does not say");
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(processes__of_an_instance__are_told_with_their_parents),
        cmocka_unit_test(command_lines__for_one_who_may_only_look__are_left_out),
        cmocka_unit_test(instance__whose_processes_cannot_be_read__says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
