/* walk_jobs.c - see walk_jobs.h. */
#include "walk_jobs.h"

#include <stdio.h>

/* Far above what an idle worker needs, so that none is ever reached. */
const struct walk_row walk_rows[WALK_KEYS] = {
    [WALK_JOB_MEMORY] = {"job_memory_limit", "M", WALK_RELIMIT, 1024, 8, 1 << 20},
    [WALK_ACTIVE] = {"active_process_limit", "", WALK_RELIMIT, 200, 8, 1},
    [WALK_PROCESS_MEMORY] = {"process_memory_limit", "M", WALK_RELIMIT, 512, 8, 1 << 20},
    [WALK_JOB_TIME] = {"job_time_limit", "h", WALK_RELIMIT, 10, 8, 3600000},
    [WALK_GUARD_COMMIT] = {"guard_commit", "M", WALK_LIVE, 900, 8, 1 << 20},
    [WALK_GUARD_HANDLES] = {"guard_handles", "", WALK_LIVE, 50000, 8, 1},
    [WALK_GUARD_THREADS] = {"guard_threads", "", WALK_LIVE, 3000, 8, 1},
    [WALK_DELAY] = {"restart_delay", "s", WALK_LIVE, 2, 8, 0},
    [WALK_KEEP] = {"log_keep", "", WALK_LIVE, 6, 8, 0},
    [WALK_ENV] = {"env.WALK", "", WALK_RESPAWN, 1, 8, 0},
};

static uint32_t below(struct random *r, uint32_t bound)
{
    return (uint32_t)random_below(r, bound);
}

static bool one_in(struct random *r, uint32_t n)
{
    return below(r, n) == 0;
}

/* --- by chance ---------------------------------------------------------------------------- */
/* Written as something, or no more; ENV, whose change costs a restart of many, is rare. */
static void change_value(struct walk_values *v, struct random *r, uint32_t keys, bool many)
{
    uint32_t k = below(r, keys);
    if (k == WALK_ENV && many && !one_in(r, 4))
        k = WALK_DELAY;
    v->of[k] = one_in(r, 3) ? 0 : walk_rows[k].least + below(r, walk_rows[k].choices);
}

static void change_job(struct walk_jobs *j, size_t i, struct random *r)
{
    struct walk_job *job = &j->job[i];
    bool spared = i == 0; /* some job there must be */
    switch (below(r, 14)) {
    case 0: job->command++; break;
    case 1: job->there = spared || !job->there || !one_in(r, 3); break;
    case 2: job->enabled = spared || !job->enabled || !one_in(r, 3); break;
    case 3: job->instances = one_in(r, 6) && !spared ? 0 : 1 + below(r, 3); break;
    case 4: job->first = below(r, 2); break;
    case 5: job->env_file = !job->env_file; break;
    case 6: job->group = below(r, WALK_GROUPS + 1); break;
    case 7: job->extends = below(r, WALK_TEMPLATES + 1); break;
    default: change_value(&job->own, r, WALK_KEYS, false); break;
    }
}

static void change_once(struct walk_jobs *j, struct random *r)
{
    uint32_t a = below(r, WALK_JOBS), b = below(r, WALK_JOBS), swap = j->order[a];
    switch (below(r, 20)) {
    case 0: change_value(&j->defaults, r, WALK_KEYS, true); break;
    case 1:
    case 2: change_value(&j->template[below(r, WALK_TEMPLATES)], r, WALK_KEYS, true); break;
    case 3:
    case 4: change_value(&j->group[below(r, WALK_GROUPS)], r, WALK_OF_GROUPS, false); break;
    case 5: j->env_file++; break;
    case 6: j->sample_s = 1 + below(r, 20); break;
    case 7: j->uppers_last = !j->uppers_last; break;
    case 8:
    case 9:
        j->order[a] = j->order[b];
        j->order[b] = swap;
        break;
    default: change_job(j, a, r); break;
    }
}

void walk_begin(struct walk_jobs *j, struct random *r)
{
    *j = (struct walk_jobs){.sample_s = 10, .env_file = 1};
    for (uint32_t i = 0; i < WALK_JOBS; i++) {
        j->order[i] = i;
        j->job[i] = (struct walk_job){.there = true,
                                      .enabled = true,
                                      .instances = 1 + below(r, 2),
                                      .command = 1,
                                      .group = below(r, WALK_GROUPS + 1),
                                      .extends = below(r, WALK_TEMPLATES + 1)};
    }
    for (int i = 0; i < 20; i++)
        change_once(j, r);
}

static bool stays(const struct walk_jobs *was, const struct walk_jobs *is, size_t job)
{
    for (uint32_t n = 0; n < WALK_SPAN; n++)
        if (walk_runs(was, job, n) && walk_runs(is, job, n))
            return true;
    return false;
}

void walk_change(struct walk_jobs *j, struct random *r, bool regroup)
{
    const struct walk_jobs was = *j;
    for (size_t i = 0; i < WALK_JOBS; i++)
        j->job[i].set = (struct walk_values){{0}};
    for (uint32_t n = one_in(r, 8) ? 0 : 1 + below(r, 6); n > 0; n--)
        change_once(j, r);
    for (size_t i = 0; !regroup && i < WALK_JOBS; i++)
        if (stays(&was, j, i))
            j->job[i].group = was.job[i].group;
}

/* --- as text ---------------------------------------------------------------------------------- */
static void print_values(const struct walk_values *v, struct buf *out)
{
    for (size_t k = 0; k < WALK_KEYS; k++)
        if (v->of[k])
            buf_f(out, "%s = %u%s\n", walk_rows[k].key, (unsigned)v->of[k], walk_rows[k].unit);
}

/* Workers end when they are asked to: an end by force beside one that just starts can bring down
 * Wine 8's server. */
static void print_uppers(const struct walk_jobs *j, struct buf *out)
{
    buf_z(out, "[defaults]\nstop = stdin-eof:1m\nstdout = null\nmin_uptime = 0s\n"
               "restart_parallel = 4\n");
    print_values(&j->defaults, out);
    for (size_t i = 0; i < WALK_TEMPLATES; i++) {
        buf_f(out, "[template:t%zu]\n", i + 1);
        print_values(&j->template[i], out);
    }
    for (size_t i = 0; i < WALK_GROUPS; i++) {
        buf_f(out, "[group:g%zu]\n", i + 1);
        print_values(&j->group[i], out);
    }
}

static void print_job(const struct walk_job *job, char name, struct buf *out)
{
    if (!job->there)
        return;
    buf_f(out, "[job:%c]\ncommand = @worker --echo v%u --read-stdin\ninstances = %u\n", name,
          (unsigned)job->command, (unsigned)job->instances);
    buf_f(out, "first_instance = %u\n%s%s", (unsigned)job->first,
          job->enabled ? "" : "enabled = no\n", job->env_file ? "env_file = walk.env\n" : "");
    if (job->group)
        buf_f(out, "group = g%u\n", (unsigned)job->group);
    if (job->extends)
        buf_f(out, "extends = t%u\n", (unsigned)job->extends);
    print_values(&job->own, out);
}

void walk_print(const struct walk_jobs *j, struct buf *out)
{
    buf_f(out, "sample_interval = %us\n", (unsigned)j->sample_s);
    if (!j->uppers_last)
        print_uppers(j, out);
    for (size_t i = 0; i < WALK_JOBS; i++)
        print_job(&j->job[j->order[i]], (char)('a' + j->order[i]), out);
    if (j->uppers_last)
        print_uppers(j, out);
}

void walk_print_env(const struct walk_jobs *j, struct buf *out)
{
    buf_f(out, "FROM_FILE=%u\n", (unsigned)j->env_file);
}

void walk_name(size_t job, uint32_t number, char out[WALK_NAME])
{
    snprintf(out, WALK_NAME, "%c.%u", (char)('a' + job), (unsigned)number);
}

/* --- what it means ---------------------------------------------------------------------- */
bool walk_runs(const struct walk_jobs *j, size_t job, uint32_t number)
{
    const struct walk_job *x = &j->job[job];
    return x->there && x->enabled && number >= x->first && number - x->first < x->instances;
}

bool walk_group_runs(const struct walk_jobs *j, size_t group)
{
    for (size_t i = 0; i < WALK_JOBS; i++)
        for (uint32_t n = 0; n < WALK_SPAN; n++)
            if (j->job[i].group == group + 1 && walk_runs(j, i, n))
                return true;
    return false;
}

uint32_t walk_value(const struct walk_jobs *j, size_t job, enum walk_key key)
{
    const struct walk_job *x = &j->job[job];
    uint32_t above = x->extends ? j->template[x->extends - 1].of[key] : 0;
    return x->set.of[key]   ? x->set.of[key]
           : x->own.of[key] ? x->own.of[key]
           : above          ? above
                            : j->defaults.of[key];
}

/* Of an instance that both have. */
static enum walk_cost cost_of_change(const struct walk_jobs *was, const struct walk_jobs *is,
                                     size_t job)
{
    const struct walk_job *a = &was->job[job], *b = &is->job[job];
    enum walk_cost cost = WALK_SAME;
    for (enum walk_key k = 0; k < WALK_KEYS; k++)
        if (walk_value(was, job, k) != walk_value(is, job, k) && walk_rows[k].cost > cost)
            cost = walk_rows[k].cost;
    bool file = a->env_file != b->env_file || (a->env_file && was->env_file != is->env_file);
    return file || a->command != b->command || a->group != b->group ? WALK_RESPAWN : cost;
}

enum walk_cost walk_cost_of(const struct walk_jobs *was, const struct walk_jobs *is, size_t job,
                            uint32_t number)
{
    bool before = walk_runs(was, job, number), after = walk_runs(is, job, number);
    return before && after ? cost_of_change(was, is, job) : after ? WALK_ADDED : WALK_REMOVED;
}

bool walk_tells_job(const struct walk_jobs *was, const struct walk_jobs *is, size_t job)
{
    const struct walk_job *a = &was->job[job], *b = &is->job[job];
    if (a->there != b->there)
        return true;
    if (!b->there || (!a->enabled && !b->enabled))
        return false;
    if (a->enabled != b->enabled || a->instances != b->instances || a->first != b->first)
        return true;
    return b->instances > 0 && cost_of_change(was, is, job) != WALK_SAME;
}

bool walk_tells_group(const struct walk_jobs *was, const struct walk_jobs *is, size_t group)
{
    bool before = walk_group_runs(was, group), after = walk_group_runs(is, group);
    if (!before || !after)
        return before != after;
    for (size_t k = 0; k < WALK_OF_GROUPS; k++)
        if (was->group[group].of[k] != is->group[group].of[k])
            return true;
    return false;
}

bool walk_tells_service(const struct walk_jobs *was, const struct walk_jobs *is)
{
    return was->sample_s != is->sample_s;
}
