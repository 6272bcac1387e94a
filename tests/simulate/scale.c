/* scale.c - 500, 1,000 and 2,000 units that crash, answer checks, are ordered about and reloaded:
 * the time of the same number of events, which should not depend on how many units there are. */
#define _DEFAULT_SOURCE
#include "tests/simulate/scale.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

enum { EVENTS_EACH = 100000, JOBS = 50, ROUNDS = 3, RARELY = 1 << 30 };

/* Of this process, whatever else the machine does. */
static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void fleet(struct world *w, uint32_t units)
{
    w->model.jobs = JOBS;
    for (uint32_t j = 0; j < JOBS; j++) {
        int64_t *p = w->model.job[j];
        p[P_INSTANCES] = units / JOBS;
        p[P_LIFE] = 5000;
        p[P_CODE] = j % 3;
        p[P_HEALTH] = j % 4 == 0 ? 2 : 0;
        p[P_WATCHDOG] = j % 5 == 0 ? 1000 : 0;
        p[P_READY] = j % 2 ? READY_EVENT : READY_STARTED;
        p[P_REQUIRES] = j >= 10 ? INT64_C(1) << j % 10 : 0;
        p[P_MIN_UPTIME] = 0;
        p[P_DELAY] = 1000;
    }
}

/* Seconds of CPU time for EVENTS_EACH events, from a fleet that is up. */
static double measure(uint32_t units, struct outcome *v, uint64_t *ret_events)
{
    struct world w;
    world_init(&w, v);
    fleet(&w, units);
    w.check_every = RARELY; /* what is measured is the supervisor */
    if (setjmp(w.out)) {
        printf("%s: %s\n", v->invariant, v->text);
        return -1;
    }
    world_begin(&w, true);
    world_advance(&w, 20000, false);
    double began = seconds();
    uint64_t first = w.events;
    for (uint32_t i = 0; w.events < first + EVENTS_EACH; i++) {
        world_advance(&w, 20, false);
        if (i % 50 == 0)
            world_take(&w);
    }
    double took = seconds() - began;
    *ret_events = w.events - first;
    world_free(&w);
    return took;
}

int scale(struct outcome *v)
{
    static const uint32_t sizes[] = {500, 1000, 2000};
    double each[sizeof sizes / sizeof *sizes] = {0};
    size_t n = sizeof sizes / sizeof *sizes;
    for (size_t i = 0; i < n; i++) {
        uint64_t events = 0;
        for (int k = 0; k < ROUNDS; k++) {
            double s = measure(sizes[i], v, &events);
            if (s < 0)
                return 1;
            double one = s / (double)events;
            if (k == 0 || one < each[i])
                each[i] = one;
        }
        printf("%5" PRIu32 " units: %" PRIu64 " events, %.0f events/s, %.2f us an event\n",
               sizes[i], events, 1 / each[i], each[i] * 1e6);
    }
    double grows = each[n - 1] / each[0];
    printf("an event with %" PRIu32 " units takes %.2f times as long as with %" PRIu32
           ": the time grows %s\n",
           sizes[n - 1], grows, sizes[0], grows < 2 ? "linearly with the events" : "faster");
    return 0;
}
