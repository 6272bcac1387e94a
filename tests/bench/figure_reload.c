/* figure_reload.c - another 10,000 definitions, of which one has changed: read through a recording,
 * planned and taken over by a simulated fleet.
 *
 * The floor is bare inih over the same bytes, with a handler that does nothing. */
#include "tests/bench/bench.h"
#include "tests/bench/simulated.h"

#include "config/plan.h"

#include <ini.h>

enum { JOBS = 10000 };

static void write_text(struct buf *out, unsigned megabytes)
{
    buf_z(out, "[service]\nname = Bench\nmax_concurrent_starts = 0\n\n");
    for (int i = 0; i < JOBS; i++)
        buf_f(out,
              "[job:j%d]\ncommand = C:\\apps\\worker.exe --port %d --instance ${instance}\n"
              "instances = 1\nrestart = on-failure\nstop = ctrl-c:10s, command:5s\n"
              "stop_command = C:\\apps\\quit.exe\njob_memory_limit = %uM\n\n",
              i, 10000 + i, i == JOBS / 2 ? megabytes : 512);
    if (!buf_ok(out))
        die("out of memory");
}

static int ignore(void *user, const char *section, const char *name, const char *value, int line)
{
    (void)user;
    (void)section;
    (void)name;
    (void)value;
    (void)line;
    return 1;
}

static double floor_once(const struct buf *text)
{
    double began = now_ms();
    if (ini_parse_string(buf_text((struct buf *)(uintptr_t)text), ignore, NULL) != 0)
        die("inih does not take the file");
    return now_ms() - began;
}

/* ms */
struct parts {
    double load, plan, take;
};

/* *holds is what the fleet goes by, and is freed once it goes by TEXT. */
static struct parts ours_once(struct sup *s, struct simulated_load *holds, const struct buf *text)
{
    struct plan p = {0};
    struct takeover taken = {0};
    struct err e = {0};
    double began = now_ms();
    struct simulated_load next = simulated_load(text);
    double loaded = now_ms();
    if (plan_make(holds->config, next.config, &p, &e) != ST_OK)
        die(e.text);
    double planned = now_ms();
    if (sup_take(s, next.config, &taken, &e) != ST_OK)
        die(e.text);
    struct parts ms = {loaded - began, planned - loaded, now_ms() - planned};
    if (p.n != 1 || p.relimit != 1 || taken.relimit != 1 || taken.same != JOBS - 1)
        die("more or less than one definition has changed");
    plan_free(&p);
    simulated_unload(holds);
    *holds = next;
    return ms;
}

void figure_reload(size_t samples)
{
    struct sample all[SAMPLES_MAX], load[SAMPLES_MAX], plan[SAMPLES_MAX], take[SAMPLES_MAX];
    struct buf text[2] = {{0}};
    write_text(&text[0], 512);
    write_text(&text[1], 768);
    struct simulated_load holds = simulated_load(&text[0]);
    struct simulated fleet;
    simulated_start(&fleet, holds.config);
    for (size_t i = 0; i < samples; i++) {
        const struct buf *next = &text[(i + 1) % 2];
        double floor = floor_once(next);
        struct parts ms = ours_once(fleet.sup, &holds, next);
        all[i] = (struct sample){floor, ms.load + ms.plan + ms.take};
        load[i] = (struct sample){floor, ms.load};
        plan[i] = (struct sample){floor, ms.plan};
        take[i] = (struct sample){floor, ms.take};
    }
    report_ratio("reload of 10,000 jobs, 1 changed", "ms", all, samples, false, "3.00");
    report_ratio("  of it the load", "ms", load, samples, false, "3.00 in all");
    report_ratio("  the plan", "ms", plan, samples, false, "3.00 in all");
    report_ratio("  the take-over", "ms", take, samples, false, "3.00 in all");
    sup_free(fleet.sup);
    simulated_unload(&holds);
    buf_free(&text[0]);
    buf_free(&text[1]);
}
