/* test_take_order.c - take-overs that change who waits for whom, and those that cannot be done. */
#include "tests/supervise/scene.h"

void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);

static size_t calloc_fails_at = SIZE_MAX; /* of those to come; SIZE_MAX: none */

void *__wrap_calloc(size_t n, size_t size)
{
    if (calloc_fails_at != SIZE_MAX && calloc_fails_at-- == 0)
        return NULL;
    return __real_calloc(n, size);
}

/* --- order ------------------------------------------------------------------------------------ */
static void sup_take__new_job_that_a_running_one_requires__leaves_that_alone(void **state)
{
    (void)state;
    for (int first = 0; first < 2; first++) { /* whoever comes first in the file */
        struct scene s;
        scene_open(&s, "m1", first ? "m1 x1" : "b1 m1", NULL);
        definitions_needs(&s.set[1], first ? 0 : 1, first ? 1 : 0, true);
        scene_run(&s);
        scene_take(&s, 1);
        scene_live(&s, 5000);
        assert_int_equal(scene_count(&s, S_RUNNING), 2);
        assert_int_equal(s.f.job[0].spawns, 1);
        assert_int_equal(s.f.job[0].asks, 0);
        scene_close(&s);
    }
}

static void sup_take__new_jobs_that_wait_for_each_other__start_in_their_order(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "x1", "x1 a1 b1 c1", NULL);
    s.set[1].spec[2].ready.kind = s.set[1].spec[3].ready.kind = READY_EVENT;
    definitions_needs(&s.set[1], 1, 2, false);
    definitions_needs(&s.set[1], 2, 3, true);
    scene_run(&s);
    scene_take(&s, 1);
    scene_live(&s, 5000);
    fake_signal(&s.f, 3, SIGNAL_READY);
    scene_live(&s, 5000);
    fake_signal(&s.f, 2, SIGNAL_READY);
    scene_live(&s, 5000);
    fake_log_is(&s.f, "60000 a.0 waiting b\n"
                      "60000 b.0 waiting c\n"
                      "60000 c.0 started\n"
                      "65100 c.0 ready (5100)\n"
                      "65100 b.0 started\n"
                      "70100 b.0 ready (5000)\n"
                      "70100 a.0 started\n");
    scene_close(&s);
}

static void sup_take__requires_a_job_that_gets_an_instance_now__is_left_alone(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "b1 m1", "b2 m1", NULL);
    definitions_needs(&s.set[1], 1, 0, true);
    scene_run(&s);
    s.f.obeys = 0;
    sup_stop(s.f.sup, 0); /* so nothing of b was to be up */
    scene_take(&s, 1);
    scene_live(&s, 5000);
    scene_is(&s, "b.1", S_RUNNING);
    scene_is(&s, "m.0", S_RUNNING);
    assert_int_equal(s.f.job[1].spawns, 1);
    assert_int_equal(s.f.job[1].asks, 0);
    scene_close(&s);
}

static void sup_take__requires_one_that_has_failed__goes_down_and_waits(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1 b1", "a1 b1", NULL);
    s.set[0].spec[1].restart = s.set[1].spec[1].restart = RESTART_NEVER;
    definitions_needs(&s.set[1], 0, 1, true);
    scene_run(&s);
    fake_exit(&s.f, 1, 1);
    fake_log_clear(&s.f);
    scene_take(&s, 1);
    scene_counts(&s, (struct takeover){.same = 2});
    scene_live(&s, 1000);
    fake_log_is(&s.f, "60000 a.0 stopping dependency\n"
                      "60000 a.0 rung ctrl-c 10000\n"
                      "60000 a.0 ended dependency 0 ran 59000\n"
                      "60000 a.0 release\n"
                      "60000 a.0 waiting b\n");
    scene_close(&s);
}

static void sup_take__what_it_waits_for_is_required_no_more__starts(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1 b1", "a1 b1", NULL);
    definitions_needs(&s.set[0], 0, 1, true);
    s.set[0].spec[1].restart = s.set[1].spec[1].restart = RESTART_NEVER;
    scene_run(&s);
    fake_exit(&s.f, 1, 1);
    scene_live(&s, 1000);
    scene_is(&s, "a.0", S_WAITING);
    scene_take(&s, 1);
    scene_live(&s, 1000);
    scene_is(&s, "a.0", S_RUNNING);
    scene_close(&s);
}

static void sup_take__fewer_instances_of_a_job_that_is_required__go_at_once(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1 b3", "a1 b1", NULL);
    definitions_needs(&s.set[0], 0, 1, true);
    definitions_needs(&s.set[1], 0, 1, true);
    scene_run(&s);
    scene_take(&s, 1);
    scene_live(&s, 1000);
    assert_int_equal(s.f.tales[H_REMOVED], 2);
    assert_int_equal(s.f.job[0].asks, 0);
    assert_int_equal(scene_count(&s, S_RUNNING), 2);
    assert_false(sup_uses(s.f.sup, &s.set[0].config));
    scene_close(&s);
}

static void sup_take__the_required_job_is_gone_for_both__stops_it_alone(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "a1 b1", "a1", NULL);
    definitions_needs(&s.set[0], 0, 1, true);
    scene_run(&s);
    scene_take(&s, 1);
    scene_live(&s, 1000);
    scene_is(&s, "a.0", S_RUNNING);
    assert_int_equal(s.f.job[0].spawns, 1);
    assert_int_equal(s.f.tales[H_REMOVED], 1);
    scene_close(&s);
}

/* --- when it cannot be done ------------------------------------------------------------------- */
static void sup_take__the_fleet_stops__is_busy(void **state)
{
    (void)state;
    struct scene s;
    struct err e = {0};
    struct takeover t = {.same = 77};
    scene_open(&s, "a1", "a2", NULL);
    scene_run(&s);
    sup_stop_all(s.f.sup, CAUSE_SHUTDOWN, 30000);
    assert_int_equal(sup_take(s.f.sup, &s.set[1].config, &t, &e), ST_BUSY);
    assert_int_equal(t.same, 77);
    assert_true(sup_config(s.f.sup) == &s.f.config);
    scene_live(&s, 1000);
    assert_true(sup_all_down(s.f.sup));
    scene_close(&s);
}

/* A take-over with everything in it: new, gone, changed, needs. */
static void open_rich(struct scene *s)
{
    scene_open(s, "a3 b2 c1", "a5 c1 d2", NULL);
    s->set[1].spec[0].command = "new.exe";
    s->set[1].spec[1].restart = RESTART_NEVER;
    definitions_needs(&s->set[0], 0, 2, true);
    definitions_needs(&s->set[1], 0, 2, true);
    definitions_needs(&s->set[1], 2, 1, false);
    scene_run(s);
}

static void nothing_has_changed(struct scene *s)
{
    fake_log_is(&s->f, "");
    assert_int_equal(sup_count(s->f.sup), 6);
    assert_int_equal(s->f.slots, 6);
    assert_true(sup_config(s->f.sup) == &s->f.config);
    assert_false(sup_uses(s->f.sup, &s->set[1].config));
    assert_int_equal(scene_count(s, S_RUNNING), 6);
    for (size_t i = 0; i < 6; i++) {
        assert_true(fake_unit(&s->f, i)->spec == &s->set[0].spec[i]);
        assert_null(fake_unit(&s->f, i)->next);
    }
}

static void sup_take__no_room_in_the_hands__changes_nothing(void **state)
{
    (void)state;
    struct scene s;
    struct err e = {0};
    struct takeover t;
    open_rich(&s);
    s.f.no_room = true;
    assert_int_equal(sup_take(s.f.sup, &s.set[1].config, &t, &e), ST_NOMEM);
    nothing_has_changed(&s);
    s.f.no_room = false;
    scene_take(&s, 1);
    scene_live(&s, 10000);
    scene_counts(&s, (struct takeover){.same = 2, .live = 1, .roll = 1, .added = 4, .removed = 2});
    assert_int_equal(scene_count(&s, S_RUNNING), 8);
    scene_close(&s);
}

static void sup_take__each_allocation_fails__changes_nothing_and_loses_nothing(void **state)
{
    (void)state;
    struct scene s;
    struct err e = {0};
    struct takeover t;
    size_t failed = 0;
    open_rich(&s);
    for (enum st st = ST_NOMEM; st != ST_OK; failed++) {
        calloc_fails_at = failed;
        st = sup_take(s.f.sup, &s.set[1].config, &t, &e);
        calloc_fails_at = SIZE_MAX;
        if (st == ST_OK)
            break;
        assert_int_equal(st, ST_NOMEM);
        nothing_has_changed(&s);
        assert_true(failed < 100);
    }
    assert_true(failed > 10); /* else it proves little */
    scene_live(&s, 10000);
    assert_int_equal(scene_count(&s, S_RUNNING), 8);
    scene_close(&s);
}

static void sup_new__each_allocation_fails__leaves_nothing(void **state)
{
    (void)state;
    struct scene s;
    struct err e = {0};
    struct takeover t;
    size_t failed = 0;
    scene_open(&s, "a2 b1", NULL, NULL);
    fake_open_jobs(&s.f, &s.set[0]);
    fake_supervise(&s.f);
    struct config none = {0};
    assert_int_equal(sup_take(s.f.sup, &none, &t, &e), ST_OK); /* all are gone at once */
    assert_int_equal(t.removed, 3);
    assert_false(sup_uses(s.f.sup, &s.set[0].config));
    for (enum st st = ST_NOMEM; st != ST_OK; failed++) {
        calloc_fails_at = failed;
        st = sup_take(s.f.sup, &s.set[0].config, &t, &e);
        calloc_fails_at = SIZE_MAX;
        assert_true(failed < 100);
    }
    assert_int_equal(t.added, 3);
    assert_int_equal(sup_count(s.f.sup), 3);
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sup_take__new_job_that_a_running_one_requires__leaves_that_alone),
        cmocka_unit_test(sup_take__new_jobs_that_wait_for_each_other__start_in_their_order),
        cmocka_unit_test(sup_take__requires_a_job_that_gets_an_instance_now__is_left_alone),
        cmocka_unit_test(sup_take__requires_one_that_has_failed__goes_down_and_waits),
        cmocka_unit_test(sup_take__what_it_waits_for_is_required_no_more__starts),
        cmocka_unit_test(sup_take__fewer_instances_of_a_job_that_is_required__go_at_once),
        cmocka_unit_test(sup_take__the_required_job_is_gone_for_both__stops_it_alone),
        cmocka_unit_test(sup_take__the_fleet_stops__is_busy),
        cmocka_unit_test(sup_take__no_room_in_the_hands__changes_nothing),
        cmocka_unit_test(sup_take__each_allocation_fails__changes_nothing_and_loses_nothing),
        cmocka_unit_test(sup_new__each_allocation_fails__leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
