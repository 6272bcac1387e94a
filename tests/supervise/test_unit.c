/* test_unit.c - an audit of the state table, and the step in each state. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "service/supervise/unit.h"
#include "tests/supervise/ended.h"

#include <string.h>

typedef void cell_check(enum state at, enum event ev, const struct edge *e);

static void each_cell(cell_check *check)
{
    for (int s = 0; s < STATES; s++)
        for (int ev = 0; ev < EVENTS; ev++)
            check((enum state)s, (enum event)ev, &unit_edges[s][ev]);
}

#define CELL_TRUE(cond)                                                                            \
    do {                                                                                           \
        if (!(cond))                                                                               \
            fail_msg("%s, %s: %s", state_names[at], event_names[ev], #cond);                       \
    } while (0)

static bool has_run(enum state at)
{
    return at == S_STARTING || at == S_RUNNING || at == S_STOPPING;
}

static void is_filled(enum state at, enum event ev, const struct edge *e)
{
    CELL_TRUE(e->how > FORGOTTEN && e->how <= DECIDE);
    CELL_TRUE((unsigned)e->to < STATES);
}

static void moves_as_its_word_says(enum state at, enum event ev, const struct edge *e)
{
    CELL_TRUE((e->how == STAY || e->how == NEVER) == (e->to == at));
    if (e->how == NEVER)
        CELL_TRUE(e->acts == 0);
    if (e->how == DECIDE)
        CELL_TRUE(e->to == S_STOPPED); /* when it is not wanted up */
}

static void acts_where_it_may(enum state at, enum event ev, const struct edge *e)
{
    CELL_TRUE(!(e->acts & A_SPAWN) || (e->to == S_STARTING && !has_run(at)));
    CELL_TRUE((e->to == S_STARTING && e->how == GO) == !!(e->acts & A_SPAWN));
    CELL_TRUE(!(e->acts & A_RELEASE) || ev == E_EMPTY);
    CELL_TRUE(ev != E_EMPTY || e->how == NEVER || (e->how == DECIDE && e->acts & A_RELEASE));
    CELL_TRUE(!(e->acts & A_FORGET) || ev == E_WANT_UP || ev == E_RENEW || ev == E_DUE);
    CELL_TRUE(!(e->acts & A_RUNTIME) || e->to == S_RUNNING);
    CELL_TRUE((e->to == S_RUNNING && e->how == GO) == !!(e->acts & A_RUNTIME));
    CELL_TRUE((e->to == S_PREPARING && e->how == GO) == !!(e->acts & A_PREPARE));
    CELL_TRUE(!(e->acts & A_AWAIT) || (at == S_STARTING && ev == E_SPAWNED && e->how == STAY));
    CELL_TRUE(!(e->acts & A_LINE_UP) || e->to == S_WAITING);
    CELL_TRUE(!(e->acts & A_UNPREPARE) || at == S_PREPARING);
    /* Entering a wait always finds out what for; a hook that has not answered is ended. */
    CELL_TRUE(e->how != GO || e->to != S_WAITING || e->acts & A_LINE_UP);
    CELL_TRUE(e->how != GO || at != S_PREPARING || ev == E_PREPARED || e->acts & A_UNPREPARE);
    unsigned way_down = A_ASK | A_NEXT_RUNG | A_LEFTOVERS | A_SWEEP | A_KILL;
    CELL_TRUE(!(e->acts & way_down) || e->to == S_STOPPING);
    /* Entering the way down always begins something, else nothing would ever be due. */
    CELL_TRUE(e->how != GO || e->to != S_STOPPING || e->acts & (A_ASK | A_SWEEP | A_KILL));
}

static void knows_whether_there_is_a_run(enum state at, enum event ev, const struct edge *e)
{
    bool about_run = (ev >= E_SPAWNED && ev <= E_UNWELL) || ev == E_RUNG_FAILED;
    CELL_TRUE(!about_run || has_run(at) || e->how == NEVER);
    if (has_run(at)) /* only an empty job or a start that failed leads down */
        CELL_TRUE(has_run(e->to) || ev == E_EMPTY || ev == E_NOT_SPAWNED);
    if (ev == E_PREPARED || ev == E_NOT_PREPARED)
        CELL_TRUE(at == S_PREPARING || e->how == NEVER);
    if (ev == E_GO)
        CELL_TRUE(at == S_WAITING || e->how == NEVER);
    /* The kernel's word and every order are welcome whenever there is a run. */
    if (has_run(at) && ((ev >= E_MAIN_ENDED && ev <= E_KILL) || ev == E_WANT_UP ||
                        ev == E_WANT_DOWN || ev == E_END_NOW))
        CELL_TRUE(e->how != NEVER);
}

static void heeds_orders(enum state at, enum event ev, const struct edge *e)
{
    if (ev == E_WANT_UP || ev == E_WANT_DOWN || ev == E_END_NOW)
        CELL_TRUE(e->how != NEVER);
    if (ev == E_WANT_DOWN || ev == E_END_NOW)
        CELL_TRUE(e->to == S_STOPPED || e->to == S_STOPPING || e->to == S_FAILED ||
                  e->to == S_EXITED);
    if (ev == E_END_NOW && has_run(at))
        CELL_TRUE(e->to == S_STOPPING && e->acts == A_KILL);
}

/* What others bring about comes at any time, and ends no run but by the ladder. */
static void heeds_others(enum state at, enum event ev, const struct edge *e)
{
    if (ev != E_LINE_UP && ev != E_DEPENDENCY && ev != E_RENEW && ev != E_DUE)
        return;
    CELL_TRUE(e->how == GO || e->how == STAY);
    CELL_TRUE(ev == E_DEPENDENCY || ev == E_RENEW || !has_run(at) || e->how == STAY);
    if ((ev == E_DEPENDENCY || ev == E_RENEW) && (at == S_STARTING || at == S_RUNNING))
        CELL_TRUE(e->how == GO && e->to == S_STOPPING && e->acts == A_ASK);
    if (ev == E_DEPENDENCY && (at == S_PREPARING || at == S_BACKOFF || at == S_WAITING))
        CELL_TRUE(e->to == S_WAITING && e->acts & A_LINE_UP);
    if ((ev == E_RENEW || ev == E_DUE) && (at == S_BACKOFF || at == S_FAILED || at == S_EXITED))
        CELL_TRUE(e->to == S_WAITING && e->acts == (A_FORGET | A_LINE_UP));
}

static void heeds_limits(enum state at, enum event ev, const struct edge *e)
{
    if (!has_run(at) || (ev != E_LIMIT && ev != E_KILL))
        return;
    CELL_TRUE(e->to == S_STOPPING);
    if (ev == E_KILL)
        CELL_TRUE(e->acts == A_KILL);
    else /* what is on its way down is not asked from the beginning */
        CELL_TRUE(e->acts == (at == S_STOPPING ? 0u : (unsigned)A_ASK));
}

static void unit_edges__every_cell__is_filled(void **state)
{
    (void)state;
    each_cell(is_filled);
}

static void unit_edges__every_cell__moves_as_its_word_says(void **state)
{
    (void)state;
    each_cell(moves_as_its_word_says);
}

static void unit_edges__every_cell__acts_where_it_may(void **state)
{
    (void)state;
    each_cell(acts_where_it_may);
}

static void unit_edges__every_cell__knows_whether_there_is_a_run(void **state)
{
    (void)state;
    each_cell(knows_whether_there_is_a_run);
}

static void unit_edges__every_cell__heeds_orders(void **state)
{
    (void)state;
    each_cell(heeds_orders);
}

static void unit_edges__every_cell__heeds_others(void **state)
{
    (void)state;
    each_cell(heeds_others);
}

static void unit_edges__every_cell__heeds_limits(void **state)
{
    (void)state;
    each_cell(heeds_limits);
}

static void names__of_states_and_events__are_there_once(void **state)
{
    (void)state;
    for (int i = 0; i < STATES; i++)
        for (int j = 0; j < i; j++) /* before and after the spawn is one word for people */
            assert_int_equal(strcmp(state_names[i], state_names[j]) == 0,
                             i == S_STARTING && j == S_PREPARING);
    for (int i = 0; i < WAITS; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(wait_names[i], wait_names[j]);
    for (int i = 0; i < EVENTS; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(event_names[i], event_names[j]);
    assert_string_equal(state_names[S_BACKOFF], "backoff");
    assert_string_equal(state_names[S_PREPARING], "starting");
}

static const struct job_spec always = {
    .restart = RESTART_ALWAYS, .restart_delay = 500, .restart_delay_max = 500, .min_uptime = 100};

static struct step step_of(struct unit u, enum event ev, struct ending end)
{
    struct history h = u.history;
    if (!u.spec)
        u.spec = &always;
    return unit_step(&u, ev, &end, 9000, 0, &h);
}

static void unit_step__each_move__goes_where_it_should(void **state)
{
    (void)state;
    static const struct {
        enum state at;
        enum event ev;
        bool want_up;
        enum state to;
        unsigned acts;
    } rows[] = {
        {S_STOPPED, E_WANT_UP, true, S_WAITING, A_FORGET | A_LINE_UP},
        {S_STOPPED, E_DUE, false, S_STOPPED, 0},
        {S_STOPPED, E_WANT_DOWN, false, S_STOPPED, 0},
        {S_WAITING, E_WANT_DOWN, false, S_STOPPED, 0},
        {S_WAITING, E_END_NOW, false, S_STOPPED, 0},
        {S_WAITING, E_WANT_UP, true, S_WAITING, A_FORGET | A_LINE_UP},
        {S_WAITING, E_LINE_UP, true, S_WAITING, A_LINE_UP},
        {S_WAITING, E_DUE, true, S_WAITING, A_LINE_UP},
        {S_WAITING, E_TIMER, true, S_WAITING, A_LINE_UP},
        {S_WAITING, E_GO, true, S_PREPARING, A_PREPARE},
        {S_PREPARING, E_PREPARED, true, S_STARTING, A_SPAWN},
        {S_PREPARING, E_NOT_PREPARED, true, S_BACKOFF, 0},
        {S_PREPARING, E_NOT_PREPARED, false, S_STOPPED, 0},
        {S_PREPARING, E_WANT_UP, true, S_PREPARING, 0},
        {S_PREPARING, E_WANT_DOWN, false, S_STOPPED, A_UNPREPARE},
        {S_PREPARING, E_END_NOW, false, S_STOPPED, A_UNPREPARE},
        {S_PREPARING, E_DEPENDENCY, true, S_WAITING, A_UNPREPARE | A_LINE_UP},
        {S_PREPARING, E_RENEW, true, S_WAITING, A_UNPREPARE | A_LINE_UP},
        {S_STARTING, E_SPAWNED, true, S_STARTING, A_AWAIT},
        {S_STARTING, E_TIMER, true, S_STOPPING, A_ASK}, /* ready_timeout */
        {S_STARTING, E_DEPENDENCY, true, S_STOPPING, A_ASK},
        {S_STARTING, E_LIMIT, true, S_STOPPING, A_ASK},
        {S_STARTING, E_NOT_SPAWNED, true, S_BACKOFF, 0},
        {S_STARTING, E_NOT_SPAWNED, false, S_STOPPED, 0},
        {S_STARTING, E_READY, true, S_RUNNING, A_RUNTIME},
        {S_STARTING, E_WANT_DOWN, false, S_STOPPING, A_ASK},
        {S_STARTING, E_END_NOW, false, S_STOPPING, A_KILL},
        {S_STARTING, E_MAIN_ENDED, true, S_STOPPING, A_LEFTOVERS | A_KILL},
        {S_STARTING, E_ONLY_ATTENDANTS, true, S_STOPPING, A_SWEEP},
        {S_STARTING, E_EMPTY, true, S_BACKOFF, A_RELEASE},
        {S_STARTING, E_EMPTY, false, S_STOPPED, A_RELEASE},
        {S_RUNNING, E_WANT_UP, true, S_RUNNING, 0},
        {S_RUNNING, E_WANT_DOWN, false, S_STOPPING, A_ASK},
        {S_RUNNING, E_TIMER, true, S_STOPPING, A_ASK},
        {S_RUNNING, E_MAIN_ENDED, true, S_STOPPING, A_LEFTOVERS | A_KILL},
        {S_RUNNING, E_ONLY_ATTENDANTS, true, S_STOPPING, A_SWEEP},
        {S_RUNNING, E_EMPTY, true, S_BACKOFF, A_RELEASE},
        {S_RUNNING, E_END_NOW, false, S_STOPPING, A_KILL},
        {S_RUNNING, E_LIMIT, true, S_STOPPING, A_ASK},
        {S_RUNNING, E_KILL, true, S_STOPPING, A_KILL},
        {S_RUNNING, E_UNWELL, true, S_STOPPING, A_ASK},
        {S_RUNNING, E_DEPENDENCY, true, S_STOPPING, A_ASK},
        {S_RUNNING, E_RENEW, true, S_STOPPING, A_ASK},
        {S_RUNNING, E_DUE, true, S_RUNNING, 0},
        {S_RUNNING, E_LINE_UP, true, S_RUNNING, 0},
        {S_STOPPING, E_UNWELL, true, S_STOPPING, 0},
        {S_STOPPING, E_DEPENDENCY, true, S_STOPPING, 0},
        {S_STOPPING, E_READY, true, S_STOPPING, 0},
        {S_STOPPING, E_LIMIT, true, S_STOPPING, 0},
        {S_STOPPING, E_KILL, true, S_STOPPING, A_KILL},
        {S_BACKOFF, E_TIMER, true, S_WAITING, A_LINE_UP},
        {S_BACKOFF, E_WANT_UP, true, S_WAITING, A_FORGET | A_LINE_UP},
        {S_BACKOFF, E_DUE, true, S_WAITING, A_FORGET | A_LINE_UP},
        {S_BACKOFF, E_WANT_DOWN, false, S_STOPPED, 0},
        {S_BACKOFF, E_END_NOW, false, S_STOPPED, 0},
        {S_STOPPING, E_WANT_UP, true, S_STOPPING, 0},
        {S_STOPPING, E_WANT_DOWN, false, S_STOPPING, 0},
        {S_STOPPING, E_MAIN_ENDED, false, S_STOPPING, 0},
        {S_STOPPING, E_ONLY_ATTENDANTS, false, S_STOPPING, A_SWEEP},
        {S_STOPPING, E_TIMER, false, S_STOPPING, A_NEXT_RUNG},
        {S_STOPPING, E_RUNG_FAILED, false, S_STOPPING, A_NEXT_RUNG},
        {S_STOPPING, E_END_NOW, false, S_STOPPING, A_KILL},
        {S_STOPPING, E_EMPTY, false, S_STOPPED, A_RELEASE},
        {S_STOPPING, E_EMPTY, true, S_BACKOFF, A_RELEASE},
        {S_FAILED, E_WANT_UP, true, S_WAITING, A_FORGET | A_LINE_UP},
        {S_FAILED, E_RENEW, true, S_WAITING, A_FORGET | A_LINE_UP},
        {S_FAILED, E_DEPENDENCY, true, S_FAILED, 0},
        {S_FAILED, E_WANT_DOWN, false, S_FAILED, 0},
        {S_EXITED, E_WANT_UP, true, S_WAITING, A_FORGET | A_LINE_UP},
        {S_EXITED, E_DUE, true, S_WAITING, A_FORGET | A_LINE_UP},
        {S_EXITED, E_DEPENDENCY, true, S_EXITED, 0},
        {S_EXITED, E_END_NOW, false, S_EXITED, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct unit u = {.at = rows[i].at, .want_up = rows[i].want_up};
        struct step st = step_of(u, rows[i].ev, (struct ending)ENDED(CAUSE_EXIT, 1, 5));
        if (st.to != rows[i].to || st.acts != rows[i].acts || st.impossible)
            fail_msg("%s, %s: %s %x", state_names[rows[i].at], event_names[rows[i].ev],
                     state_names[st.to], st.acts);
    }
}

static void unit_step__never_cell__says_so_and_does_nothing(void **state)
{
    (void)state;
    for (int s = 0; s < STATES; s++)
        for (int ev = 0; ev < EVENTS; ev++) {
            struct unit u = {.at = (enum state)s, .want_up = true};
            struct step st = step_of(u, (enum event)ev, (struct ending)ENDED(CAUSE_EXIT, 1, 5));
            assert_int_equal(st.impossible, unit_edges[s][ev].how == NEVER);
            if (st.impossible)
                assert_true(st.to == u.at && st.acts == 0);
        }
}

static void unit_step__decide__each_verdict_has_its_state(void **state)
{
    (void)state;
    static const uint32_t five = 5;
    const struct job_spec never = {.restart = RESTART_NEVER, .success_exit_codes = {1, &five}};
    const struct job_spec limit = {.start_limit = 1, .start_limit_interval = 60000};
    const struct {
        const struct job_spec *spec;
        struct ending end;
        enum state to;
    } rows[] = {
        {&always, ENDED(CAUSE_EXIT, 0, 5), S_BACKOFF},
        {&never, ENDED(CAUSE_EXIT, 0, 5), S_EXITED},
        {&never, ENDED(CAUSE_EXIT, 5, 5), S_EXITED},
        {&never, ENDED(CAUSE_EXIT, 1, 5), S_FAILED},
        {&never, ENDED(CAUSE_NOT_STARTED, 0, 0), S_FAILED},
        {&never, ENDED(CAUSE_MAX_RUNTIME, 0, 5), S_FAILED},
        {&never, ENDED(CAUSE_OPERATOR, 0, 5), S_BACKOFF},
        {&never, ENDED(CAUSE_DEPENDENCY, 0, 5), S_WAITING},
        {&always, ENDED(CAUSE_DEPENDENCY, 1, 5), S_WAITING},
        {&limit, ENDED(CAUSE_EXIT, 0, 5), S_FAILED},
        {&limit, BY_LIMIT(REACTION_RESTART, 5), S_BACKOFF}, /* a count of its own */
        {&never, BY_LIMIT(REACTION_RESTART, 5), S_BACKOFF},
        {&always, BY_LIMIT(REACTION_STOP, 5), S_FAILED},
        {&always, BY_LIMIT(REACTION_TERMINATE, 5), S_BACKOFF},
        {&never, BY_LIMIT(REACTION_LOG, 5), S_FAILED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct unit u = {.at = S_RUNNING, .want_up = true, .spec = rows[i].spec,
                         .history = {.of = {{0, 1, 8000}}}};
        struct step st = step_of(u, E_EMPTY, rows[i].end);
        bool lines_up = st.acts & A_LINE_UP; /* a wait is always one for something */
        if (st.to != rows[i].to || !st.decision.reason || lines_up != (st.to == S_WAITING))
            fail_msg("row %zu: %s", i, state_names[st.to]);
        u.want_up = false;
        st = step_of(u, E_EMPTY, rows[i].end);
        assert_true((st.acts & A_LINE_UP) == 0);
        assert_int_equal(st.to, S_STOPPED);
        assert_null(st.decision.reason);
    }
}

static void unit_exit_cause__each_code__is_an_exit_or_a_crash(void **state)
{
    (void)state;
    static const uint32_t odd = UINT32_C(0xC0000005);
    const struct job_spec plain = {0}, tolerant = {.success_exit_codes = {1, &odd}};
    static const struct {
        uint32_t code;
        enum cause cause;
    } rows[] = {{0, CAUSE_EXIT}, {1, CAUSE_EXIT}, {259, CAUSE_EXIT},
                {UINT32_C(0xC0000005), CAUSE_CRASH}, {UINT32_C(0xC0000374), CAUSE_CRASH}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(unit_exit_cause(&plain, rows[i].code), rows[i].cause);
    assert_int_equal(unit_exit_cause(&tolerant, odd), CAUSE_EXIT); /* it is a success there */
}

static void unit_ends_by__a_limit_and_another_cause__sets_all_three(void **state)
{
    (void)state;
    struct unit u = {0};
    unit_ends_by(&u, CAUSE_LIMIT, LIMIT_JOB_TIME, REACTION_STOP);
    assert_true(u.cause == CAUSE_LIMIT && u.limit == LIMIT_JOB_TIME);
    assert_int_equal(u.reaction, REACTION_STOP);
    unit_ends_by(&u, CAUSE_EXIT, LIMIT_NONE, REACTION_UNSAID);
    assert_true(u.cause == CAUSE_EXIT && u.limit == LIMIT_NONE);
    assert_int_equal(u.reaction, REACTION_UNSAID);
}

static void unit_step__decide__updates_the_history_only_when_wanted(void **state)
{
    (void)state;
    struct unit u = {.at = S_RUNNING, .want_up = true, .spec = &always};
    struct ending end = ENDED(CAUSE_EXIT, 1, 5);
    struct history h = {0};
    unit_step(&u, E_EMPTY, &end, 9000, 0, &h);
    assert_int_equal(h.of[TROUBLE_FAILURE].restarts, 1);
    u.want_up = false;
    unit_step(&u, E_EMPTY, &end, 9000, 0, &h);
    assert_int_equal(h.of[TROUBLE_FAILURE].restarts, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unit_edges__every_cell__is_filled),
        cmocka_unit_test(unit_edges__every_cell__moves_as_its_word_says),
        cmocka_unit_test(unit_edges__every_cell__acts_where_it_may),
        cmocka_unit_test(unit_edges__every_cell__knows_whether_there_is_a_run),
        cmocka_unit_test(unit_edges__every_cell__heeds_orders),
        cmocka_unit_test(unit_edges__every_cell__heeds_others),
        cmocka_unit_test(unit_edges__every_cell__heeds_limits),
        cmocka_unit_test(names__of_states_and_events__are_there_once),
        cmocka_unit_test(unit_step__each_move__goes_where_it_should),
        cmocka_unit_test(unit_step__never_cell__says_so_and_does_nothing),
        cmocka_unit_test(unit_step__decide__each_verdict_has_its_state),
        cmocka_unit_test(unit_exit_cause__each_code__is_an_exit_or_a_crash),
        cmocka_unit_test(unit_ends_by__a_limit_and_another_cause__sets_all_three),
        cmocka_unit_test(unit_step__decide__updates_the_history_only_when_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
