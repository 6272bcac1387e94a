/* test_crowd.c - as many clients as there are slots, and one more. */
#include "echo.h"

#include <stdio.h>

enum { HOUR_MS = 3600000 };

static const struct pipe_times nobody_goes = {HOUR_MS, HOUR_MS, HOUR_MS};
static const struct pipe_times all_idle = {HOUR_MS, HOUR_MS, 1};

struct crowd {
    struct pipe_client *c[PIPE_CLIENTS];
};

static void crowd_come(struct crowd *w, const struct echo *e)
{
    for (int i = 0; i < PIPE_CLIENTS; i++) {
        w->c[i] = echo_client(e);
        client_asks(w->c[i], "echo here", "here");
    }
}

static void crowd_leave(struct crowd *w)
{
    for (int i = 0; i < PIPE_CLIENTS; i++)
        pipe_client_close(w->c[i]);
}

static void clients__at_once__are_all_served(void **state)
{
    (void)state;
    static struct echo e;
    struct crowd w;
    echo_start(&e, nobody_goes);
    crowd_come(&w, &e);
    for (int i = 0; i < PIPE_CLIENTS; i++)
        client_says(w.c[i], "count 20");
    for (int i = PIPE_CLIENTS; i-- > 0;)
        for (int k = 1; k <= 20; k++) {
            char frame[32];
            snprintf(frame, sizeof frame, "%d of 20", k);
            client_hears(w.c[i], frame);
        }
    crowd_leave(&w);
    echo_wait(&e, ECHO_GONE, PIPE_CLIENTS);
    echo_stop(&e, 0);
}

static void client__above_the_number__is_busy_and_the_others_stay(void **state)
{
    (void)state;
    static struct echo e;
    struct crowd w;
    echo_start(&e, nobody_goes);
    crowd_come(&w, &e);
    for (int i = 0; i < 100; i++) {
        struct pipe_client *late = echo_client(&e);
        client_says(late, "echo me too");
        client_hears_of(late, "\"code\":\"busy\"");
        client_is_closed(late);
        pipe_client_close(late);
    }
    for (int i = 0; i < PIPE_CLIENTS; i++)
        client_asks(w.c[i], "echo still", "still");
    crowd_leave(&w);
    echo_wait(&e, ECHO_GONE, PIPE_CLIENTS);
    struct pipe_client *c = echo_client(&e);
    client_asks(c, "echo room", "room");
    pipe_client_close(c);
    echo_stop(&e, 0);
    assert_int_equal(e.count[ECHO_GONE], PIPE_CLIENTS + 1);
}

static void client__above_the_number__takes_the_place_of_the_idlest(void **state)
{
    (void)state;
    static struct echo e;
    struct crowd w;
    echo_start(&e, all_idle);
    crowd_come(&w, &e);
    for (int i = 1; i < PIPE_CLIENTS; i++) { /* all but one wait for a reply */
        client_says(w.c[i], "hold");
        echo_wait(&e, ECHO_HELD, (unsigned)i);
    }
    struct pipe_client *late = echo_client(&e);
    client_asks(late, "echo in", "in");
    client_is_closed(w.c[0]);
    client_says(late, "hold");
    echo_wait(&e, ECHO_HELD, PIPE_CLIENTS);
    struct pipe_client *later = echo_client(&e); /* now nobody is idle */
    client_hears_of(later, "\"code\":\"busy\"");
    client_is_closed(later);
    echo_release(&e);
    client_hears(late, "held");
    for (int i = 1; i < PIPE_CLIENTS; i++)
        client_hears(w.c[i], "held");
    crowd_leave(&w);
    pipe_client_close(late);
    pipe_client_close(later);
    echo_stop(&e, 0);
    assert_int_equal(e.count[ECHO_GONE], PIPE_CLIENTS + 1);
}

static void slots__used_again__have_new_ids(void **state)
{
    (void)state;
    static struct echo e;
    uint64_t last = 0;
    echo_start(&e, nobody_goes);
    for (unsigned i = 1; i <= 200; i++) {
        struct pipe_client *c = echo_client(&e);
        client_says(c, "hold");
        echo_wait(&e, ECHO_HELD, i);
        uint64_t id = echo_last_held(&e);
        assert_true(id > last);
        struct buf b = {0};
        buf_z(&b, "for one who is gone");
        pipe_server_reply(e.server, last, &b, true);
        assert_null(b.p);
        pipe_server_hang_up(e.server, last);
        last = id;
        echo_release(&e);
        client_hears(c, "held");
        pipe_client_close(c);
        echo_wait(&e, ECHO_GONE, i);
    }
    echo_stop(&e, 0);
}

int run_crowd(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clients__at_once__are_all_served),
        cmocka_unit_test(client__above_the_number__is_busy_and_the_others_stay),
        cmocka_unit_test(client__above_the_number__takes_the_place_of_the_idlest),
        cmocka_unit_test(slots__used_again__have_new_ids),
    };
    return cmocka_run_group_tests_name("crowd", tests, NULL, NULL);
}
