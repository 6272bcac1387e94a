/* test_tell.c - the line of each thing that can happen to a worker, by the real program's hands.
 * The worker itself is never started: what happens to it is told by hand. */
#include "tests/host/limit_path.h"

#include <stdlib.h>
#include <string.h>

#define JOB "[job:web]\ncommand = @worker --hold\ninstances = 2\n" QUIET

/* web.1 after a run of 5613 ms. */
static struct unit unit_of(const struct way *p)
{
    struct unit u = *way_unit(p, 0);
    u.id = UINT64_C(1) << 32; /* slot 0; a run that the hands do not have */
    u.pid = 4120;
    u.starts = 7;
    u.record = (struct record){
        .start = 7,
        .pid = 4120,
        .started = INT64_C(1795365064120), /* 2026-11-22T16:31:04.120Z */
        .spawned_at = 1000,
        .ready_at = 1340,
        .ended_at = 6613,
        .end = {.cause = CAUSE_CRASH, .code = 0xC0000142, .ran_ms = 5613, .limit = LIMIT_NONE},
        .next = S_BACKOFF,
        .next_ms = 0,
        .reason = "restart = always"};
    u.last = u.record.end;
    return u;
}

static void say(struct way *p, const struct unit *u, enum happening what, uint64_t number,
                const char *text)
{
    struct hands hands = runs_hands(p->app->runs);
    buf_reset(&p->log);
    hands.tell(hands.ctx, &(struct tale){.what = what, .unit = u, .number = number, .text = text});
}

static void expect_line(const struct way *p, const char *line)
{
    assert_true(buf_view(&p->log).n > 0);
    assert_string_equal(buf_text(&p->log), line);
}

static void happening__of_every_kind__is_one_line_of_its_own(void **state)
{
    struct way *p = *state;
    char seen[HAPPENINGS][40];
    way_load(p, JOB);
    struct unit u = unit_of(p);
    for (int what = 0; what < HAPPENINGS; what++) {
        say(p, &u, (enum happening)what, 1, "words");
        const char *text = buf_text(&p->log), *event = strchr(text, ' ');
        assert_non_null(event);
        assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
        size_t n = strcspn(event + 1, " ");
        assert_in_range(n, 1, sizeof seen[0] - 1);
        memcpy(seen[what], event + 1, n);
        seen[what][n] = '\0';
        for (int i = 0; i < what; i++)
            assert_string_not_equal(seen[i], seen[what]);
        assert_non_null(strstr(event, " job=web"));
    }
}

static void happening__that_order_health_or_a_take_over_brings__has_its_fields(void **state)
{
    static const struct {
        enum happening what;
        uint64_t number;
        const char *text, *line;
    } row[] = {
        {H_WAITING, 0, "db", "info job.waiting job=web.1 for=db\n"},
        {H_WAITING, 500, "start_delay", "info job.waiting job=web.1 for=start_delay for_ms=500\n"},
        {H_READY, 0, NULL, "info job.ready job=web.1 pid=4120 ready_ms=0\n"},
        {H_UNHEALTHY, 2, "nobody listens",
         "warning job.unhealthy job=web.1 pid=4120 failures=2 error=\"nobody listens\"\n"},
        {H_HEALTHY, 2, NULL, "info job.healthy job=web.1 pid=4120 failures=2\n"},
        {H_HELD, 0, "shop", "info job.held job=web.1 for=shop\n"},
        {H_MISSED, 0, "it runs once more",
         "warning job.schedule_missed job=web.1 pid=4120 follows=\"it runs once more\"\n"},
        {H_CHANGED, 0, "without a restart",
         "info job.changed job=web.1 how=\"without a restart\"\n"},
        {H_REMOVED, 0, NULL, "info job.removed job=web.1\n"},
        {H_ROLL, 2, "change", "info job.roll job=web instances=2 reason=change\n"},
        {H_ROLLED, 0, NULL, "info job.rolled job=web\n"},
        {H_ROLL_STOPPED, 2, "web.2 web.3",
         "error job.roll_stopped job=web instance=web.1 left=2 names=\"web.2 web.3\"\n"},
        {H_ROLL_STOPPED, 0, "", "error job.roll_stopped job=web instance=web.1 left=0\n"},
    };
    struct way *p = *state;
    way_load(p, JOB);
    struct unit u = unit_of(p);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        say(p, &u, row[i].what, row[i].number, row[i].text);
        expect_line(p, row[i].line);
    }
}

static void record__of_a_crash__is_one_line_with_all_of_it(void **state)
{
    struct way *p = *state;
    way_load(p, JOB);
    struct unit u = unit_of(p);
    u.record.limit_events = 3;
    say(p, &u, H_RUN, 0, NULL);
    expect_line(p, "info job.run job=web.1 start=7 pid=4120 started=2026-11-22T16:31:04.120Z "
                   "ready_ms=340 ran_ms=5613 cause=crash code=0xC0000142 "
                   "name=STATUS_DLL_INIT_FAILED meaning=\"the program could not initialise; with "
                   "many workers often desktop heap\" limit_events=3 next=backoff next_ms=0 "
                   "reason=\"restart = always\"\n");
}

static void record__of_a_limit__names_it(void **state)
{
    struct way *p = *state;
    way_load(p, JOB);
    struct unit u = unit_of(p);
    u.record.end = (struct ending){
        .cause = CAUSE_LIMIT, .code = 1, .ran_ms = 0, .limit = LIMIT_JOB_MEMORY};
    u.record.ready_at = 0;
    u.record.next = S_STOPPED;
    u.record.reason = "";
    say(p, &u, H_RUN, 0, NULL);
    expect_line(p, "info job.run job=web.1 start=7 pid=4120 started=2026-11-22T16:31:04.120Z "
                   "ran_ms=0 cause=limit limit=job_memory_limit code=1 next=stopped\n");
}

static void record__of_a_start_that_failed__has_neither_process_nor_code(void **state)
{
    struct way *p = *state;
    way_load(p, JOB);
    struct unit u = unit_of(p);
    u.record.pid = 0;
    u.record.ready_at = u.record.ended_at = 0;
    u.record.end = (struct ending){.cause = CAUSE_NOT_STARTED, .limit = LIMIT_NONE};
    u.record.next_ms = 1000;
    say(p, &u, H_RUN, 0, NULL);
    expect_line(p, "info job.run job=web.1 start=7 started=2026-11-22T16:31:04.120Z "
                   "cause=not-started next=backoff next_ms=1000 reason=\"restart = always\"\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WAY(happening__of_every_kind__is_one_line_of_its_own),
        WAY(happening__that_order_health_or_a_take_over_brings__has_its_fields),
        WAY(record__of_a_crash__is_one_line_with_all_of_it),
        WAY(record__of_a_limit__names_it),
        WAY(record__of_a_start_that_failed__has_neither_process_nor_code),
    };
    return cmocka_run_group_tests_name("what is told", tests, NULL, NULL);
}
