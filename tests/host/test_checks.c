/* test_checks.c - checks of ports, files and commands, and many checks together. */
#include "tests/host/checks_scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MANY = 64 };

/* --- ports -------------------------------------------------------------------------- */
static void port__somebody_accepts__is_good(void **state)
{
    struct scene *s = *state;
    begin_port(s, 1, answers_port(s->server), LAB_LIMIT_MS);
    expect_good(s);
}

static void port__nobody_listens__is_bad(void **state)
{
    struct scene *s = *state;
    begin_port(s, 1, find_free_port(), LAB_LIMIT_MS);
    expect_bad(s, "port ");
    assert_non_null(strstr(s->told[0].text, "127.0.0.1"));
    assert_non_null(strstr(s->told[0].text, "connection refused"));
}

static void port__only_ipv6_listens__is_good(void **state)
{
    struct scene *s = *state;
    struct answers *a = answers_open(true, 0);
    if (!a) {
        print_message("skipped: this machine has no ::1\n");
        skip();
    }
    begin_port(s, 1, answers_port(a), LAB_LIMIT_MS);
    expect_good(s);
    answers_close(a);
}

/* --- files -------------------------------------------------------------------------- */
static void file__is_there_or_not__is_good_or_bad(void **state)
{
    struct scene *s = *state;
    char *odd = scratch_path(s->world.lab->folder, ODD_NAME);
    begin(s, 1, CHECK_FILE, ODD_NAME, LAB_LIMIT_MS);
    expect_bad(s, ODD_NAME ": it is not there (Windows error 2)");
    scratch_write(odd, "", 0);
    begin(s, 1, CHECK_FILE, ODD_NAME, LAB_LIMIT_MS); /* relative to the folder of the job file */
    expect_good(s);
    begin(s, 1, CHECK_FILE, odd, LAB_LIMIT_MS);
    expect_good(s);
    begin(s, 1, CHECK_FILE, s->world.lab->folder, LAB_LIMIT_MS); /* a folder */
    expect_good(s);
    begin(s, 1, CHECK_FILE, "no/such/folder", LAB_LIMIT_MS);
    expect_bad(s, "no/such/folder: it is not there (Windows error 3)");
    begin(s, 1, CHECK_FILE, "a|b", LAB_LIMIT_MS);
    expect_bad(s, "a|b: ");
    free(odd);
}

/* More than look at once, and the same path more than once: each has its turn. */
static void files__more_than_look_at_once__are_all_looked_at(void **state)
{
    struct scene *s = *state;
    char name[16];
    char *there = scratch_path(s->world.lab->folder, "there");
    scratch_write(there, "", 0);
    free(there);
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "not %u", i / 2);
        begin(s, i, CHECK_FILE, i % 2 ? "there" : name, LAB_LIMIT_MS);
    }
    checks_end(s->checks, 40); /* one that waits */
    wait_until_told(s, MANY - 1);
    for (size_t i = 0; i < s->told_n; i++) {
        assert_int_equal(s->told[i].good, s->told[i].id % 2);
        assert_int_not_equal(s->told[i].id, 40);
    }
}

static void packets__lost__are_made_up_for_by_a_look(void **state)
{
    struct scene *s = *state;
    ULONGLONG end = GetTickCount64() + LAB_LIMIT_MS;
    s->world.deaf = true;
    begin(s, 1, CHECK_FILE, s->world.lab->folder, LAB_LIMIT_MS);
    begin_http(s, 2, "/good", LAB_LIMIT_MS);
    while (s->told_n < 2) {
        uv_run(&s->world.loop, UV_RUN_NOWAIT);
        checks_look(s->checks);
        SwitchToThread();
        assert_true(GetTickCount64() < end);
    }
    assert_true(s->told[0].good && s->told[1].good);
}

/* --- commands ----------------------------------------------------------------------- */
static void begin_command(struct scene *s, uint64_t id, const char *switches, uint64_t ms)
{
    char *command = lab_command(s->world.lab, switches);
    begin(s, id, CHECK_COMMAND, command, ms);
    free(command);
}

static void command__ends__is_good_or_bad_by_its_exit_code(void **state)
{
    struct scene *s = *state;
    begin_command(s, 1, "--exit 0", LAB_LIMIT_MS);
    expect_good(s);
    begin_command(s, 1, "--exit 3", LAB_LIMIT_MS);
    expect_bad(s, "health_command");
    assert_non_null(strstr(s->told[0].text, "3"));
}

static void command__over_its_time__is_bad(void **state)
{
    struct scene *s = *state;
    begin_command(s, 1, "--hold", 300);
    expect_bad(s, "health_command");
    assert_non_null(strstr(s->told[0].text, "300 ms"));
}

static void command__cannot_be_started__is_bad_or_refused(void **state)
{
    struct scene *s = *state;
    struct err e = {0};
    const char *text = e.text;
    if (try_begin(s, 1, CHECK_COMMAND, "\"C:\\no such\\well.exe\"", 1000, &e) == ST_OK) {
        expect_bad(s, "health_command");
        text = s->told[0].text;
    }
    assert_non_null(strstr(text, "C:\\no such\\well.exe"));
}

/* --- together ----------------------------------------------------------------------- */
static void check__of_a_run_that_has_one__is_refused(void **state)
{
    struct scene *s = *state;
    struct err e = {0};
    begin_http(s, 1, "/never", LAB_LIMIT_MS);
    assert_int_equal(try_begin(s, 1, CHECK_FILE, "x", 1000, &e), ST_BUSY);
    checks_end(s->checks, 1);
    assert_int_equal(try_begin(s, 1, CHECK_FILE, s->world.lab->folder, LAB_LIMIT_MS, &e), ST_OK);
    expect_good(s);
}

static void answer__begins_the_next_check__works(void **state)
{
    struct scene *s = *state;
    s->again = 5;
    begin_http(s, 1, "/down", LAB_LIMIT_MS);
    wait_until_told(s, 6);
    for (size_t i = 1; i < s->told_n; i++)
        assert_true(s->told[i].good);
}

static void checks__many_at_once__all_answer(void **state)
{
    struct scene *s = *state;
    for (unsigned i = 0; i < MANY; i++)
        begin_http(s, i, i % 2 ? "/good" : "/down", LAB_LIMIT_MS);
    assert_int_equal(checks_running(s->checks), MANY);
    wait_until_told(s, MANY);
    bool seen[MANY] = {false};
    for (unsigned i = 0; i < MANY; i++) {
        assert_false(seen[s->told[i].id]);
        seen[s->told[i].id] = true;
        assert_int_equal(s->told[i].good, s->told[i].id % 2);
    }
}

static void check__that_hangs__holds_up_nobody_else(void **state)
{
    struct scene *s = *state;
    begin_http(s, 1, "/never", LAB_LIMIT_MS);
    turn_until_held(s, 1);
    for (unsigned i = 2; i < 10; i++)
        begin_http(s, i, "/good", LAB_LIMIT_MS);
    while (s->told_n < 8)
        uv_run(&s->world.loop, UV_RUN_ONCE);
    assert_int_equal(checks_running(s->checks), 1);
}

static void packet__of_nobody_or_of_an_earlier_check__does_nothing(void **state)
{
    struct scene *s = *state;
    begin_http(s, 1, "/never", LAB_LIMIT_MS);
    turn_until_held(s, 1);
    for (uint32_t i = 0; i < 100; i++) {
        checks_packet(s->checks, i);
        checks_packet(s->checks, i | 0x40000000);
    }
    checks_packet(s->checks, UINT32_MAX);
    assert_int_equal(s->told_n, 0);
    assert_int_equal(checks_running(s->checks), 1);
}

/* Its time goes by, and the loop does not turn; libuv looks at the timers next. */
static void begin_and_hold_up(struct scene *s)
{
    enum { MS = 50 };
    begin_port(s, 1, answers_port(s->server), MS);
    ULONGLONG over = GetTickCount64() + 4 * MS;
    while (GetTickCount64() < over || answers_accepted(s->server) == 0)
        SwitchToThread();
}

static void check__in_time_while_the_loop_was_held_up__is_good(void **state)
{
    struct scene *s = *state;
    s->once = begin_and_hold_up;
    uv_async_send(&s->world.bell);
    expect_good(s);
}

/* Handles that are on their way to be closed are, in a moment; what the server still accepts has
 * nobody at its other end. */
static void wait_handles(struct scene *s, unsigned most)
{
    ULONGLONG end = GetTickCount64() + LAB_LIMIT_MS;
    while (lab_handles() > most) {
        if (GetTickCount64() > end)
            fail_msg("%u handles are open, not %u", lab_handles(), most);
        answers_let_go(s->server);
        SwitchToThread();
    }
}

static void end_many(struct scene *s, unsigned n)
{
    for (unsigned i = 0; i < n; i += 8) {
        for (unsigned k = 0; k < 8; k++)
            begin_http(s, k, "/never", LAB_LIMIT_MS);
        begin_port(s, 8, answers_port(s->server), LAB_LIMIT_MS);
        begin(s, 9, CHECK_FILE, s->world.lab->folder, LAB_LIMIT_MS);
        if (i % 16 == 0) /* half of them before they have got anywhere */
            turn_until_held(s, 8);
        for (unsigned k = 0; k < 10; k++)
            checks_end(s->checks, k);
        answers_let_go(s->server);
        uv_run(&s->world.loop, UV_RUN_NOWAIT);
    }
}

static void checks__ended_in_flight__tell_nothing_and_give_everything_back(void **state)
{
    struct scene *s = *state;
    /* One handle lost a check would be ENDED of them; WinHTTP's pools come and go
     * (under Wine the level moves by a hundred, without growing). */
    enum { ENDED = 400, SLACK = ENDED / 2 };
    end_many(s, ENDED);
    s->told_n = 0;
    unsigned before = lab_handles();
    end_many(s, ENDED);
    s->told_n = 0;
    assert_int_equal(checks_running(s->checks), 0);
    begin_http(s, 1, "/good", LAB_LIMIT_MS);
    expect_good(s);
    wait_handles(s, before + SLACK);
}

static void shut__with_many_in_flight__waits_for_none_and_tells_nothing(void **state)
{
    struct scene *s = *state;
    for (unsigned i = 0; i < MANY; i++)
        begin_http(s, i, "/never", LAB_LIMIT_MS);
    turn_until_held(s, MANY);
    for (unsigned i = 0; i < MANY; i++)
        begin(s, 100 + i, CHECK_FILE, s->world.lab->folder, LAB_LIMIT_MS);
    begin_port(s, 200, answers_port(s->server), LAB_LIMIT_MS);
    begin_command(s, 201, "--hold", LAB_LIMIT_MS);
    close_checks(s);
    assert_int_equal(s->told_n, 0);
    assert_int_equal(answers_held(s->server), MANY); /* not one had to end before */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(port__somebody_accepts__is_good),
        SCENE(port__nobody_listens__is_bad),
        SCENE(port__only_ipv6_listens__is_good),
        SCENE(file__is_there_or_not__is_good_or_bad),
        SCENE(files__more_than_look_at_once__are_all_looked_at),
        SCENE(packets__lost__are_made_up_for_by_a_look),
        SCENE(command__ends__is_good_or_bad_by_its_exit_code),
        SCENE(command__over_its_time__is_bad),
        SCENE(command__cannot_be_started__is_bad_or_refused),
        SCENE(check__of_a_run_that_has_one__is_refused),
        SCENE(answer__begins_the_next_check__works),
        SCENE(checks__many_at_once__all_answer),
        SCENE(check__that_hangs__holds_up_nobody_else),
        SCENE(packet__of_nobody_or_of_an_earlier_check__does_nothing),
        SCENE(check__in_time_while_the_loop_was_held_up__is_good),
        SCENE(checks__ended_in_flight__tell_nothing_and_give_everything_back),
        SCENE(shut__with_many_in_flight__waits_for_none_and_tells_nothing),
    };
    return _cmocka_run_group_tests("checks by HTTP", http_tests, http_tests_n, NULL, NULL) +
           cmocka_run_group_tests_name("checks", tests, NULL, NULL);
}
