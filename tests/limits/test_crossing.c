/* test_crossing.c - the say-again rules, each as a table of steps in time. */
#include "tests/limits/scene.h"

enum { AGAIN = SAY_AGAIN_MS };

static void event__many_in_time__said_at_once_and_then_with_the_number_in_between(void **state)
{
    (void)state;
    static const struct {
        uint64_t now;
        bool fresh, said;
        uint32_t repeats;
    } rows[] = {
        {0, true, true, 0},
        {1, true, false, 0},
        {2, false, false, 0},
        {AGAIN - 1, true, false, 0},
        {AGAIN, true, true, 2},
        {AGAIN, true, false, 0},
        {2 * AGAIN - 1, false, false, 0},
        {2 * AGAIN, false, true, 1},
        {9 * AGAIN, true, true, 0},
        {8 * AGAIN, true, false, 0}, /* a clock that goes back */
        {10 * AGAIN, true, true, 1},
    };
    struct crossing c = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t repeats = 0;
        assert_int_equal(crossing_event(&c, rows[i].fresh, rows[i].now, &repeats), rows[i].said);
        assert_int_equal(repeats, rows[i].repeats);
    }
}

static void event__more_than_a_number_holds__stays_at_the_largest(void **state)
{
    (void)state;
    struct crossing c = {.said = true, .unsaid = UINT32_MAX};
    uint32_t repeats = 0;
    assert_false(crossing_event(&c, true, 1, &repeats));
    assert_true(crossing_event(&c, true, AGAIN, &repeats));
    assert_int_equal(repeats, UINT32_MAX);
}

static void quiet__said_again_only_after_a_quiet_time_or_a_rearm(void **state)
{
    (void)state;
    static const struct {
        uint64_t now;
        bool rearm, said;
        uint32_t repeats;
    } rows[] = {
        {0, false, true, 0},
        {AGAIN - 1, false, false, 0},
        {2 * AGAIN - 2, false, false, 0}, /* each one starts the time anew */
        {3 * AGAIN - 2, false, true, 2},
        {3 * AGAIN - 1, true, true, 0},
        {3 * AGAIN, false, false, 0},
    };
    struct crossing c = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t repeats = 0;
        if (rows[i].rearm)
            crossing_rearm(&c);
        assert_int_equal(crossing_quiet(&c, rows[i].now, &repeats), rows[i].said);
        assert_int_equal(repeats, rows[i].repeats);
    }
}

static void once__asked_often__said_the_first_time(void **state)
{
    (void)state;
    struct crossing c = {0};
    assert_true(crossing_once(&c));
    assert_false(crossing_once(&c));
    crossing_rearm(&c);
    assert_true(crossing_once(&c));
}

static void edge__up_and_down__said_on_each_way_up(void **state)
{
    (void)state;
    static const bool beyond[] = {false, true, true, true, false, false, true, false, true};
    static const bool said[] = {false, true, false, false, false, false, true, false, true};
    struct crossing c = {0};
    for (size_t i = 0; i < sizeof beyond; i++)
        assert_int_equal(crossing_edge(&c, beyond[i]), said[i]);
}

static void span__exactly_so_long__said_at_the_boundary_and_once(void **state)
{
    (void)state;
    static const struct {
        uint64_t now;
        bool beyond, said;
    } rows[] = {
        {100, true, false},
        {1099, true, false},
        {1100, true, true},
        {1101, true, false},
        {9000, true, false},
        {9001, false, false},
        {9002, true, false},
        {10001, true, false},
        {10002, true, true},
        {10003, false, false},
        /* one sample that is not beyond begins the time anew */
        {11000, true, false},
        {11999, true, false},
        {11999, false, false},
        {12000, true, false},
        {12999, true, false},
        {13000, true, true},
    };
    struct crossing c = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(crossing_span(&c, rows[i].beyond, rows[i].now, 1000), rows[i].said);
}

static void span__no_duration__said_at_one_sample(void **state)
{
    (void)state;
    struct crossing c = {0};
    assert_true(crossing_span(&c, true, 5, 0));
    assert_false(crossing_span(&c, true, 6, 0));
}

static void total__grows__said_at_each_multiple_above_the_last(void **state)
{
    (void)state;
    static const struct {
        uint64_t total;
        bool said;
        uint64_t next;
    } rows[] = {
        {0, false, 100},  {99, false, 100}, {100, true, 200},  {100, false, 200}, {199, false, 200},
        {200, true, 300}, {750, true, 800}, {799, false, 800}, {801, true, 900},  {20, false, 900},
    };
    struct crossing c = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(crossing_total(&c, rows[i].total, 100), rows[i].said);
        assert_int_equal(crossing_next(&c, 100), rows[i].next);
    }
}

static void total__near_the_largest_number__never_goes_round(void **state)
{
    (void)state;
    struct crossing c = {0};
    uint64_t step = UINT64_C(1) << 63;
    assert_true(crossing_total(&c, UINT64_MAX - 1, step));
    assert_int_equal(crossing_next(&c, step), UINT64_MAX);
    assert_false(crossing_total(&c, UINT64_MAX - 1, step));
}

static void pid__several_in_turn__each_once_in_a_while(void **state)
{
    (void)state;
    struct crossing_pids c = {0};
    for (uint32_t pid = 1; pid <= CROSSING_PIDS; pid++)
        assert_true(crossing_pid(&c, pid, 10));
    for (uint32_t pid = 1; pid <= CROSSING_PIDS; pid++)
        assert_false(crossing_pid(&c, pid, AGAIN + 9));
    assert_true(crossing_pid(&c, 1, AGAIN + 10)); /* by then it is another process */
    assert_true(crossing_pid(&c, 99, AGAIN + 10));
    assert_false(crossing_pid(&c, 99, AGAIN + 10));
    assert_true(crossing_pid(&c, 0, 10));
    assert_true(crossing_pid(&c, 0, 10));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(event__many_in_time__said_at_once_and_then_with_the_number_in_between),
        cmocka_unit_test(event__more_than_a_number_holds__stays_at_the_largest),
        cmocka_unit_test(quiet__said_again_only_after_a_quiet_time_or_a_rearm),
        cmocka_unit_test(once__asked_often__said_the_first_time),
        cmocka_unit_test(edge__up_and_down__said_on_each_way_up),
        cmocka_unit_test(span__exactly_so_long__said_at_the_boundary_and_once),
        cmocka_unit_test(span__no_duration__said_at_one_sample),
        cmocka_unit_test(total__grows__said_at_each_multiple_above_the_last),
        cmocka_unit_test(total__near_the_largest_number__never_goes_round),
        cmocka_unit_test(pid__several_in_turn__each_once_in_a_while),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
