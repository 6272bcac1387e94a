/* test_queue.c - notes from many threads, in order, and what is lost is told. */
#include "tests/host/test_host.h"

#include "service/host/queue.h"

#include <uv.h>

enum { THREADS = 4, NOTES_EACH = 50000, CAP = 256 };

static void count_ring(void *ctx)
{
    ++*(unsigned *)ctx; /* under the queue's lock */
}

static struct queue *make(unsigned *rings)
{
    struct queue *q = NULL;
    assert_int_equal(queue_new(count_ring, rings, &q, NULL), ST_OK);
    return q;
}

static void push(struct queue *q, enum note_kind kind, uint32_t number)
{
    queue_push(q, &(struct note){.kind = kind, .number = number}, 1);
}

static void push__onto_an_empty_queue__rings_once_until_all_is_taken(void **state)
{
    (void)state;
    unsigned rings = 0;
    bool lost = true;
    struct note out[8];
    struct queue *q = make(&rings);
    push(q, NOTE_JOB, 1);
    push(q, NOTE_JOB, 2);
    assert_int_equal(rings, 1);
    assert_int_equal(queue_take(q, out, 8, &lost), 2);
    assert_int_equal(out[0].number, 1);
    assert_int_equal(out[1].number, 2);
    assert_false(lost);
    push(q, NOTE_JOB, 3);
    assert_int_equal(rings, 2);
    queue_free(q);
}

static void push__past_the_capacity__loses_job_messages_tells_so_and_keeps_orders(void **state)
{
    (void)state;
    unsigned rings = 0;
    bool lost = false;
    static struct note out[QUEUE_CAPACITY];
    struct queue *q = make(&rings);
    for (uint32_t i = 0; i < QUEUE_CAPACITY + 10; i++)
        push(q, NOTE_JOB, i);
    push(q, NOTE_STOP, 7);
    size_t n = queue_take(q, out, QUEUE_CAPACITY, &lost);
    assert_int_equal(n, QUEUE_CAPACITY - QUEUE_RESERVED + 1);
    assert_true(lost);
    assert_int_equal(out[n - 1].kind, NOTE_STOP);
    for (uint32_t i = 0; i + 1 < n; i++)
        assert_int_equal(out[i].number, i);
    assert_int_equal(queue_take(q, out, QUEUE_CAPACITY, &lost), 0);
    assert_false(lost);
    queue_free(q);
}

static void push__exactly_full__loses_nothing(void **state)
{
    (void)state;
    unsigned rings = 0;
    bool lost = true;
    static struct note out[QUEUE_CAPACITY];
    struct queue *q = make(&rings);
    for (uint32_t i = 0; i < QUEUE_CAPACITY; i++)
        push(q, NOTE_ENDED, i);
    assert_int_equal(queue_take(q, out, QUEUE_CAPACITY, &lost), QUEUE_CAPACITY);
    assert_false(lost);
    queue_free(q);
}

static void shut__then_push__does_and_rings_nothing(void **state)
{
    (void)state;
    unsigned rings = 0;
    bool lost = false;
    struct note out[8];
    struct queue *q = make(&rings);
    queue_shut(q);
    push(q, NOTE_STOP, 1);
    assert_int_equal(rings, 0);
    assert_int_equal(queue_take(q, out, 8, &lost), 0);
    queue_free(q);
}

struct producer {
    struct queue *q;
    uint32_t who;
};

static void produce(void *arg)
{
    struct producer *p = arg;
    for (uint32_t i = 0; i < NOTES_EACH; i++) {
        struct note n = {.kind = NOTE_JOB, .number = i, .pid = p->who};
        queue_push(p->q, &n, 1);
        if (i % 1000 == 999)
            uv_sleep(0); /* lets the reader in on one core */
    }
}

static void many_threads__and_a_reader__each_thread_s_notes_stay_in_order(void **state)
{
    (void)state;
    unsigned rings = 0;
    uv_thread_t thread[THREADS];
    struct producer p[THREADS];
    uint32_t next[THREADS] = {0};
    bool any_lost = false;
    struct queue *q = make(&rings);
    for (uint32_t t = 0; t < THREADS; t++) {
        p[t] = (struct producer){q, t};
        assert_int_equal(uv_thread_create(&thread[t], produce, &p[t]), 0);
    }
    size_t got = 0;
    for (uint64_t until = uv_hrtime() + UINT64_C(60000000000); uv_hrtime() < until;) {
        struct note out[CAP];
        bool lost = false;
        size_t n = queue_take(q, out, CAP, &lost);
        any_lost = any_lost || lost;
        got += n;
        for (size_t i = 0; i < n; i++) {
            assert_true(out[i].number >= next[out[i].pid]);
            next[out[i].pid] = out[i].number + 1;
        }
        bool all = n == 0;
        for (uint32_t t = 0; t < THREADS; t++)
            all = all && (next[t] == NOTES_EACH || any_lost);
        if (all)
            break;
    }
    for (uint32_t t = 0; t < THREADS; t++)
        uv_thread_join(&thread[t]);
    for (size_t n = 1; n > 0; got += n) {
        struct note out[CAP];
        bool lost = false;
        n = queue_take(q, out, CAP, &lost);
        any_lost = any_lost || lost;
    }
    assert_true(got == (size_t)THREADS * NOTES_EACH || any_lost);
    queue_free(q);
}

int test_queue(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(push__onto_an_empty_queue__rings_once_until_all_is_taken),
        cmocka_unit_test(push__past_the_capacity__loses_job_messages_tells_so_and_keeps_orders),
        cmocka_unit_test(push__exactly_full__loses_nothing),
        cmocka_unit_test(shut__then_push__does_and_rings_nothing),
        cmocka_unit_test(many_threads__and_a_reader__each_thread_s_notes_stay_in_order),
    };
    return cmocka_run_group_tests_name("queue", tests, NULL, NULL);
}
