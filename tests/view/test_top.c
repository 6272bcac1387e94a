/* test_top.c - frames of the live view, and what keys and news do to it. */
#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- frames ------------------------------------------------------------------------- */
static void fleet__of_thirty__is_drawn_on_80x24(void **state)
{
    struct stage *s = *state;
    stage_frames(s, 60);
    stage_expect(s, "top.80x24");
}

static void fleet__of_thirty__is_drawn_on_200x60(void **state)
{
    struct stage *s = *state;
    top_resize(s->top, 200, 60);
    stage_frames(s, 60);
    stage_expect(s, "top.200x60");
}

static void fleet__in_the_smallest_window__is_drawn(void **state)
{
    struct stage *s = *state;
    top_resize(s->top, 40, 10);
    stage_frames(s, 3);
    stage_expect(s, "top.40x10");
}

static void help__over_the_table__is_drawn_and_any_key_closes_it(void **state)
{
    struct stage *s = *state;
    top_resize(s->top, 60, 14);
    stage_frames(s, 3);
    stage_type(s, "?");
    stage_expect(s, "top.help");
    assert_int_equal(stage_type(s, "q").what, TOP_NOTHING);
    assert_false(strstr(stage_selected(s), "any key"));
    assert_int_equal(stage_type(s, "q").what, TOP_QUIT);
}

static void characters__without_utf8__are_ascii_alone(void **state)
{
    struct stage *s = *state;
    top_free(s->top);
    s->top = top_new(false);
    top_resize(s->top, 120, 24);
    stage_frames(s, 20);
    stage_reply(s, "{\"instances\":[{\"name\":\"web.1\",\"state\":\"running\",\"reason\":"
                   "\"caf\\u00e9 \\u65e5\",\"commit\":50,\"commit_limit\":100}]}");
    const struct grid *g = top_draw(s->top);
    for (size_t i = 0; i < (size_t)g->width * g->height; i++)
        assert_in_range(g->cell[i].c, ' ', '~');
    assert_true(stage_shows(s, "caf? ??"));
    assert_true(stage_shows(s, "####...."));
}

static void window__of_every_size__is_drawn_within_its_bounds(void **state)
{
    struct stage *s = *state;
    stage_frames(s, 2);
    for (unsigned h = 0; h <= 60; h += h < 26 ? 1 : 17)
        for (unsigned w = 0; w <= 400; w += w < 130 ? 1 : 27) {
            top_resize(s->top, w, h);
            const struct grid *g = top_draw(s->top);
            bool nothing = w == 0 || h == 0;
            assert_int_equal(g->width, nothing ? 0 : w);
            assert_int_equal(g->height, nothing ? 0 : h);
        }
    top_resize(s->top, 5000, 5000);
    assert_int_equal(top_draw(s->top)->width, GRID_WIDTH_MAX);
    assert_int_equal(top_draw(s->top)->height, GRID_HEIGHT_MAX);
}

static void window__that_is_too_small__says_so_and_only_quits(void **state)
{
    struct stage *s = *state;
    stage_frames(s, 1);
    stage_type(s, "K");
    top_resize(s->top, 39, 24);
    assert_true(stage_shows(s, "terminal too small"));
    /* Its question cannot be read any more, so y answers none. */
    assert_int_equal(stage_type(s, "y").what, TOP_NOTHING);
    top_resize(s->top, 80, 9);
    assert_true(stage_shows(s, "terminal too small"));
    assert_int_equal(stage_type(s, "Ky").what, TOP_NOTHING);
    assert_int_equal(stage_type(s, "q").what, TOP_QUIT);
    top_resize(s->top, 80, 24);
    assert_true(stage_shows(s, "30 instances"));
}

/* --- order -------------------------------------------------------------------------- */
static void sort__by_each_column_in_turn__orders_the_rows(void **state)
{
    struct stage *s = *state;
    stage_reply(s, "{\"instances\":["
                   "{\"name\":\"web.10\",\"state\":\"running\",\"cpu\":5,\"commit\":30,"
                   "\"restarts\":1,\"uptime_ms\":9},"
                   "{\"name\":\"web.2\",\"state\":\"failed\",\"restarts\":7},"
                   "{\"name\":\"api.1\",\"state\":\"backoff\",\"cpu\":7,\"commit\":20,"
                   "\"restarts\":1,\"uptime_ms\":99},"
                   "{\"name\":\"Db.1\",\"state\":\"running\",\"cpu\":7,\"commit\":10,"
                   "\"uptime_ms\":5}]}");
    static const char *const orders[] = {"api.1 Db.1 web.2 web.10", "web.2 api.1 Db.1 web.10",
                                         "api.1 Db.1 web.10 web.2", "web.10 api.1 Db.1 web.2",
                                         "web.2 api.1 web.10 Db.1", "api.1 web.10 Db.1 web.2"};
    static const char *const names[] = {"by name, 1", "by state,",    "by CPU,",
                                        "by commit,", "by restarts,", "by uptime,"};
    for (unsigned i = 0; i < 6; i++) {
        assert_string_equal(stage_names(s, 4), orders[i]);
        assert_true(stage_shows(s, names[i]));
        stage_type(s, "s");
    }
    stage_type(s, "r");
    assert_string_equal(stage_names(s, 4), "web.10 web.2 Db.1 api.1");
    assert_true(stage_shows(s, "by name reversed,"));
    stage_type(s, "s");
    assert_string_equal(stage_names(s, 4), orders[1]); /* each begins its own way round */
}

static void filter__typed__shows_what_holds_it(void **state)
{
    struct stage *s = *state;
    stage_frames(s, 1);
    stage_type(s, "/Failed");
    assert_true(stage_shows(s, "filter: Failed_"));
    assert_string_equal(stage_names(s, 4), "web.4 web.17 web.30 ");
    stage_key(s, KEY_ENTER);
    assert_true(stage_shows(s, "filter Failed, by name, 1 of 3"));
    assert_int_equal(stage_type(s, "Ky").what, TOP_KILL);
    stage_type(s, "/");
    stage_key(s, KEY_BACKSPACE);
    stage_type(s, "xq"); /* letters, no orders */
    assert_true(stage_shows(s, "no instance fits the filter"));
    assert_int_equal(stage_type(s, "").what, TOP_NOTHING);
    stage_key(s, KEY_ESCAPE);
    assert_string_equal(stage_names(s, 3), "web.1 web.2 web.3*");
}

static void filter__longer_than_it_may_be__is_cut(void **state)
{
    struct stage *s = *state;
    stage_frames(s, 1);
    stage_type(s, "/");
    for (int i = 0; i < 500; i++)
        stage_type(s, "w");
    assert_true(stage_shows(s, "filter: wwwwwww"));
    for (int i = 0; i < 500; i++)
        stage_key(s, KEY_BACKSPACE);
    assert_true(stage_shows(s, "filter: _"));
}

/* --- selection ---------------------------------------------------------------------- */
static void selection__by_all_its_keys__moves_and_stays_within(void **state)
{
    struct stage *s = *state;
    stage_frames(s, 1);
    assert_string_equal(stage_selected(s), "web.1");
    stage_key(s, KEY_UP);
    assert_string_equal(stage_selected(s), "web.1");
    stage_key(s, KEY_DOWN);
    stage_type(s, "jj");
    assert_string_equal(stage_selected(s), "web.4");
    stage_type(s, "k");
    assert_string_equal(stage_selected(s), "web.3*");
    stage_key(s, KEY_END);
    assert_string_equal(stage_selected(s), "web.30");
    stage_key(s, KEY_PAGE_DOWN);
    stage_key(s, KEY_DOWN);
    assert_string_equal(stage_selected(s), "web.30");
    stage_key(s, KEY_PAGE_UP);
    assert_string_equal(stage_selected(s), "web.15");
    stage_key(s, KEY_HOME);
    assert_string_equal(stage_selected(s), "web.1");
    assert_string_equal(stage_names(s, 2), "web.1 web.2");
}

static void selection__while_rows_move__stays_with_its_name(void **state)
{
    struct stage *s = *state;
    stage_frames(s, 1);
    stage_type(s, "jjjjj");
    assert_string_equal(stage_selected(s), "web.6");
    for (int i = 0; i < 7; i++) {
        stage_type(s, "s");
        assert_string_equal(stage_selected(s), "web.6");
    }
    for (int i = 0; i < 20; i++) {
        stage_frames(s, 1);
        assert_string_equal(stage_selected(s), "web.6");
    }
    for (unsigned h = 10; h < 40; h += 3) {
        top_resize(s->top, 80, h);
        assert_string_equal(stage_selected(s), "web.6");
    }
}

static void selection__of_an_instance_that_goes__is_the_one_in_its_place(void **state)
{
    struct stage *s = *state;
    stage_reply(s, "{\"instances\":[{\"name\":\"a.1\"},{\"name\":\"b.1\"},{\"name\":\"c.1\"}]}");
    stage_type(s, "j");
    stage_reply(s, "{\"instances\":[{\"name\":\"a.1\"},{\"name\":\"c.1\"}]}");
    assert_string_equal(stage_selected(s), "c.1");
    stage_reply(s, "{\"instances\":[{\"name\":\"a.1\"}]}");
    assert_string_equal(stage_selected(s), "a.1");
    stage_reply(s, "{\"instances\":[]}");
    assert_true(stage_shows(s, "there are no instances"));
    assert_int_equal(stage_type(s, "Ky").what, TOP_NOTHING);
    stage_reply(s, "{\"instances\":[{\"name\":\"x.1\"},{\"name\":\"a.1\"}]}");
    assert_string_equal(stage_selected(s), "a.1");
}

/* --- orders ------------------------------------------------------------------------- */
static void order__answered_by_y__comes_out_with_the_name(void **state)
{
    struct stage *s = *state;
    static const struct {
        const char *keys, *question;
        enum top_do what;
    } rows[] = {{"R", "restart web.2? (y/n)", TOP_RESTART},
                {"S", "stop web.2? (y/n)", TOP_STOP},
                {"A", "start web.2? (y/n)", TOP_START},
                {"K", "kill web.2? (y/n)", TOP_KILL}};
    stage_frames(s, 1);
    stage_type(s, "j");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(stage_type(s, rows[i].keys).what, TOP_NOTHING);
        assert_true(stage_shows(s, rows[i].question));
        struct top_act act = stage_type(s, i % 2 ? "y" : "Y");
        assert_int_equal(act.what, rows[i].what);
        assert_string_equal(act.name, "web.2");
        assert_int_equal(stage_type(s, "y").what, TOP_NOTHING); /* once */
    }
}

static void order__answered_otherwise__is_none(void **state)
{
    struct stage *s = *state;
    stage_frames(s, 1);
    assert_int_equal(stage_type(s, "Rn").what, TOP_NOTHING);
    assert_int_equal(stage_type(s, "R ").what, TOP_NOTHING);
    assert_int_equal(stage_type(s, "Rq").what, TOP_NOTHING);
    stage_type(s, "R");
    assert_int_equal(stage_key(s, KEY_ENTER).what, TOP_NOTHING);
    stage_type(s, "R");
    assert_int_equal(stage_key(s, KEY_ESCAPE).what, TOP_NOTHING);
    assert_int_equal(stage_type(s, "y").what, TOP_NOTHING);
}

static void order__while_rows_move__is_about_the_one_that_was_asked_for(void **state)
{
    struct stage *s = *state;
    stage_reply(s, "{\"instances\":[{\"name\":\"a.1\"},{\"name\":\"b.1\"}]}");
    stage_type(s, "jK");
    stage_reply(s, "{\"instances\":[{\"name\":\"a.1\"},{\"name\":\"c.1\"}]}");
    assert_true(stage_shows(s, "kill b.1? (y/n)"));
    struct top_act act = stage_type(s, "y");
    assert_int_equal(act.what, TOP_KILL);
    assert_string_equal(act.name, "b.1");
}

static void order__and_what_became_of_it__is_shown_for_a_while(void **state)
{
    struct stage *s = *state;
    stage_frames(s, 1);
    top_said(s->top, str_of("web.1: restart ordered"));
    assert_true(stage_shows(s, "web.1: restart ordered"));
    stage_frames(s, 9);
    assert_true(stage_shows(s, "? help"));
    top_said(s->top, str_of("web.1: \x1b[31m refused"));
    assert_true(stage_shows(s, "web.1: ?[31m refused"));
    stage_type(s, "j");
    assert_true(stage_shows(s, "? help"));
}

static void keys__that_quit__quit(void **state)
{
    struct stage *s = *state;
    assert_int_equal(stage_type(s, "q").what, TOP_QUIT); /* before the first frame too */
    stage_frames(s, 1);
    assert_int_equal(stage_type(s, "q").what, TOP_QUIT);
    assert_int_equal(stage_key(s, KEY_ESCAPE).what, TOP_QUIT);
    assert_int_equal(stage_key(s, KEY_INTERRUPT).what, TOP_QUIT);
    stage_type(s, "K");
    assert_int_equal(stage_key(s, KEY_INTERRUPT).what, TOP_QUIT);
    stage_type(s, "/");
    assert_int_equal(stage_key(s, KEY_INTERRUPT).what, TOP_QUIT);
}

/* --- news and their absence --------------------------------------------------------- */
static void service__not_heard_of_yet__is_waited_for(void **state)
{
    struct stage *s = *state;
    assert_true(stage_shows(s, "waiting for the service"));
    top_lost(s->top, str_of("there is no pipe"));
    assert_true(stage_shows(s, "the service does not answer; trying again: there is no pipe"));
}

static void service__lost_and_found__is_said_and_forgotten(void **state)
{
    struct stage *s = *state;
    stage_frames(s, 2);
    stage_type(s, "K");
    top_lost(s->top, str_of("\x1b[2Jgone"));
    assert_int_equal(stage_type(s, "y").what, TOP_NOTHING); /* the question went with it */
    stage_expect(s, "top.lost");
    assert_int_equal(stage_type(s, "Ky").what, TOP_NOTHING);
    stage_frames(s, 1);
    assert_true(stage_shows(s, "30 instances: "));
    assert_int_equal(stage_type(s, "Ky").what, TOP_KILL);
}

static void service__that_refuses__is_quoted(void **state)
{
    struct stage *s = *state;
    stage_frames(s, 1);
    stage_reply(s, "{\"ok\":false,\"error\":{\"code\":\"denied\",\"text\":\"you may not look\"}}");
    assert_true(stage_shows(s, "the service says: you may not look"));
    assert_int_equal(stage_type(s, "Ky").what, TOP_NOTHING);
    stage_frames(s, 1);
    assert_true(stage_shows(s, "30 instances: "));
}

static void news__that_stop_coming__are_shown_as_old(void **state)
{
    struct stage *s = *state;
    stage_frames(s, 2);
    top_tick(s->top, s->now + 5000, "16:31:09");
    assert_true(stage_shows(s, "30 instances: "));
    top_tick(s->top, s->now + 6000, "16:31:10");
    assert_true(stage_shows(s, "nothing from the service for 6s; what is shown is old"));
    s->now += 7000;
    stage_reply(s, "{\"ok\":false,\"error\":{}}"); /* no news either */
    assert_true(stage_shows(s, "nothing from the service for 7s"));
    stage_frames(s, 1);
    assert_true(stage_shows(s, "30 instances: "));
}

static void view__paused__stands_still_and_goes_on(void **state)
{
    struct stage *s = *state;
    stage_frames(s, 5);
    stage_type(s, "p");
    char *before = stage_text(s);
    assert_non_null(strstr(before, "paused"));
    stage_frames(s, 10);
    char *after = stage_text(s);
    assert_string_equal(before, after);
    free(before);
    free(after);
    stage_type(s, "p");
    assert_true(stage_shows(s, "frame=14")); /* the events of the meantime are there at once */
    stage_frames(s, 1);
    assert_true(stage_shows(s, "up 1d 0h"));
    assert_true(stage_shows(s, "frame=15"));
}

static void ticker__of_more_events_than_it_has_lines__shows_the_last(void **state)
{
    struct stage *s = *state;
    stage_frames(s, 200);
    assert_true(stage_shows(s, "16:03:17 job.ready job=web.18 frame=197"));
    assert_true(stage_shows(s, "frame=199"));
    char *text = stage_text(s);
    assert_null(strstr(text, "frame=196"));
    free(text);
}

static void history__of_an_instance__stays_when_others_come_and_go(void **state)
{
    struct stage *s = *state;
    struct buf json = {0};
    top_resize(s->top, 80, 24);
    for (unsigned i = 0; i < 6; i++) {
        buf_reset(&json);
        buf_z(&json, "{\"instances\":[");
        for (unsigned k = 0; k < i % 3; k++)
            buf_f(&json, "{\"name\":\"a.%u\"},", k + i);
        buf_f(&json, "{\"name\":\"web.1\",\"state\":\"running\",\"cpu\":%u,\"cpu_limit\":800}]}",
              i * 160);
        stage_reply(s, buf_text(&json));
    }
    buf_free(&json);
    assert_true(stage_shows(s, "\xE2\x96\x81\xE2\x96\x82\xE2\x96\x84\xE2\x96\x85\xE2\x96\x87"
                               "\xE2\x96\x88"));
}

/* --- many --------------------------------------------------------------------------- */
static void fleet__of_a_thousand__is_sorted_searched_and_drawn(void **state)
{
    struct stage *s = *state;
    s->instances = 1000;
    stage_frames(s, 3);
    assert_true(stage_shows(s, "1000 instances: "));
    stage_key(s, KEY_END);
    assert_string_equal(stage_selected(s), "web.1000");
    for (int i = 0; i < 12; i++) {
        stage_type(s, i % 2 ? "r" : "s");
        stage_frames(s, 1);
        assert_string_equal(stage_selected(s), "web.1000");
    }
    stage_type(s, "/web.99");
    stage_key(s, KEY_ENTER);
    assert_true(stage_shows(s, "of 11"));
    s->instances = 10;
    stage_frames(s, 1);
    assert_true(stage_shows(s, "no instance fits the filter"));
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, stage_open, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGED(fleet__of_thirty__is_drawn_on_80x24),
        STAGED(fleet__of_thirty__is_drawn_on_200x60),
        STAGED(fleet__in_the_smallest_window__is_drawn),
        STAGED(help__over_the_table__is_drawn_and_any_key_closes_it),
        STAGED(characters__without_utf8__are_ascii_alone),
        STAGED(window__of_every_size__is_drawn_within_its_bounds),
        STAGED(window__that_is_too_small__says_so_and_only_quits),
        STAGED(sort__by_each_column_in_turn__orders_the_rows),
        STAGED(filter__typed__shows_what_holds_it),
        STAGED(filter__longer_than_it_may_be__is_cut),
        STAGED(selection__by_all_its_keys__moves_and_stays_within),
        STAGED(selection__while_rows_move__stays_with_its_name),
        STAGED(selection__of_an_instance_that_goes__is_the_one_in_its_place),
        STAGED(order__answered_by_y__comes_out_with_the_name),
        STAGED(order__answered_otherwise__is_none),
        STAGED(order__while_rows_move__is_about_the_one_that_was_asked_for),
        STAGED(order__and_what_became_of_it__is_shown_for_a_while),
        STAGED(keys__that_quit__quit),
        STAGED(service__not_heard_of_yet__is_waited_for),
        STAGED(service__lost_and_found__is_said_and_forgotten),
        STAGED(service__that_refuses__is_quoted),
        STAGED(news__that_stop_coming__are_shown_as_old),
        STAGED(view__paused__stands_still_and_goes_on),
        STAGED(ticker__of_more_events_than_it_has_lines__shows_the_last),
        STAGED(history__of_an_instance__stays_when_others_come_and_go),
        STAGED(fleet__of_a_thousand__is_sorted_searched_and_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
