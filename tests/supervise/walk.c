/* walk.c - see walk.h. */
#include "tests/supervise/walk.h"

static uint64_t below(struct random *chance, uint64_t bound)
{
    return random_below(chance, bound);
}

static void vary(struct random *chance, struct job_spec *s)
{
    static const uint32_t three = 3, four = 4;
    s->restart = (enum restart_when)below(chance, 4);
    s->restart_delay = below(chance, 3) * 500;
    s->restart_jitter = below(chance, 2) * 20;
    s->min_uptime = below(chance, 2) * 2000;
    s->start_limit = below(chance, 2) * 20;
    s->start_limit_interval = 60000;
    s->max_runtime = below(chance, 3) == 0 ? 3000 : 0;
    s->restart_prevent_exit_codes = (struct codes){(uint32_t)below(chance, 2), &three};
    s->restart_force_exit_codes = (struct codes){(uint32_t)below(chance, 2), &four};
    s->on_limit_interval = below(chance, 3) * 1000;
    s->limits.job_time = below(chance, 3) == 0;
    s->limits.process_time = below(chance, 3) == 0;
    s->limits.on_limit = (enum reaction)(REACTION_LOG + below(chance, REACTIONS - REACTION_LOG));
    s->stop.n = (uint32_t)below(chance, 4);
    for (uint32_t i = 0; i < s->stop.n; i++)
        s->stop.rung[i] = (struct rung){(enum rung_kind)below(chance, 3),
                                        200 + below(chance, 2000)};
}

/* The way up and what is looked at when it is there. */
static void vary_ready(struct fake *f, struct random *chance, size_t slot)
{
    static const enum ready_kind kinds[] = {READY_STARTED, READY_STARTED, READY_PORT, READY_EVENT};
    struct job_spec *s = &f->spec[slot];
    s->ready.kind = kinds[below(chance, 4)];
    s->ready_timeout = 2000;
    s->hook_pre_start = below(chance, 3) == 0 ? "prepare.exe" : "";
    s->start_delay = below(chance, 4) == 0 ? 300 : 0;
    s->health_port = below(chance, 3) == 0 ? 80 : 0;
    s->health_http = below(chance, 4) == 0 ? "http://127.0.0.1/" : "";
    s->health_interval = 500;
    s->health_timeout = 400;
    s->health_failures = 1 + below(chance, 2);
    s->watchdog = below(chance, 4) == 0 ? 1000 : 0;
    if (slot > 0 && below(chance, 2) == 0)
        fake_needs(f, slot, (size_t)below(chance, slot), below(chance, 2) == 0);
}

void walk_vary(struct fake *f, struct random *chance)
{
    f->config.service.max_concurrent_starts = below(chance, 3);
    f->config.service.start_jitter = below(chance, 2) * 100;
    for (size_t i = 0; i < f->config.n; i++) {
        vary(chance, &f->spec[i]);
        vary_ready(f, chance, i);
    }
}
