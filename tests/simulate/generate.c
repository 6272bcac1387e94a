/* generate.c - a script from a seed: a fleet, what happens to it, and often its stop. */
#include "tests/simulate/params.h"
#include "tests/simulate/script.h"

enum { JOBS_USED = 5, INSTANCES_USED = 4 };

struct maker {
    struct random r;
    struct script *to;
    int64_t jobs;
};

static int64_t below(struct maker *m, uint64_t bound)
{
    return (int64_t)random_below(&m->r, bound);
}

static int64_t one_of(struct maker *m, const int64_t *v, size_t n)
{
    return v[below(m, n)];
}
#define ONE_OF(m, ...)                                                                             \
    one_of((m), (const int64_t[]){__VA_ARGS__},                                                    \
           sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

static void add(struct maker *m, struct script_step st)
{
    script_add(m->to, st);
}

/* --- the fleet ---------------------------------------------------------------------- */
static void set(struct maker *m, int64_t job, int64_t param)
{
    const struct param_row *row = &params[param];
    add(m, (struct script_step){STEP_SET, {job, param, row->choice[below(m, row->n)]}});
}

/* Most are as they are by default, so that what is not has a chance to be seen. */
static void make_job(struct maker *m, int64_t job)
{
    set(m, job, P_INSTANCES);
    for (int64_t p = P_RANK; p < PARAMS; p++)
        if (p != P_INSTANCES && below(m, p == P_AFTER || p == P_REQUIRES ? 2 : 6) == 0)
            set(m, job, p);
}

static void set_fleet(struct maker *m, int64_t param)
{
    const struct param_row *row = &fleet_params[param];
    add(m, (struct script_step){STEP_FLEET, {param, row->choice[below(m, row->n)]}});
}

static void make_fleet(struct maker *m)
{
    for (int64_t p = 0; p < FLEET_PARAMS; p++)
        if (p == F_SALT || p == F_WALL || below(m, 4) == 0)
            set_fleet(m, p);
    m->jobs = 1 + below(m, JOBS_USED);
    for (int64_t j = 0; j < m->jobs; j++)
        make_job(m, j);
}

/* --- what happens ------------------------------------------------------------------- */
static enum step_kind kind_of(struct maker *m)
{
    uint32_t sum = 0;
    for (int k = 0; k < STEPS; k++)
        sum += step_rows[k].weight;
    int64_t at = below(m, sum);
    for (int k = 0; k < STEPS; k++) {
        at -= step_rows[k].weight;
        if (at < 0)
            return (enum step_kind)k;
    }
    return STEP_LOOK_ALL;
}

static struct script_step happening(struct maker *m, enum step_kind kind)
{
    int64_t job = below(m, (uint64_t)m->jobs), n = below(m, INSTANCES_USED);
    struct script_step st = {kind, {job, n}};
    switch (kind) {
    case STEP_ADVANCE:
        st.arg[0] = ONE_OF(m, 1, 10, 100, 300, 1000, 1000, 3000, 10000, 70000);
        break;
    case STEP_LATE:
        st.arg[0] = ONE_OF(m, 1, 50, 1000, 20000);
        break;
    case STEP_WALL:
        st.arg[0] = ONE_OF(m, 3600000, -3600000, 90000000, -120000, 5000, -90000000);
        break;
    case STEP_EXIT:
        st.arg[2] = ONE_OF(m, 0, 0, 1, 3, 4, 5, 1816, 0xC0000005);
        st.arg[3] = below(m, 2);
        st.arg[4] = below(m, 4) - 1;
        break;
    case STEP_MEMBERS:
        st.arg[2] = below(m, 4);
        st.arg[3] = below(m, 3);
        break;
    case STEP_LIMIT:
        st.arg[2] = below(m, 16);
        st.arg[3] = below(m, 5);
        st.arg[4] = below(m, 7);
        break;
    case STEP_START:
    case STEP_STOP:
    case STEP_RESTART:
        st.arg[2] = ONE_OF(m, 0, 0, 0, 1, 1, 2);
        break;
    case STEP_RUNG_FAILED:
        st.arg[2] = below(m, 6);
        break;
    case STEP_NOTE:
    case STEP_SIGNAL:
    case STEP_ANSWER:
    case STEP_PREPARED:
        st.arg[2] = below(m, 2);
        st.arg[3] = below(m, 4) == 0;
        break;
    default:
        break;
    }
    for (uint32_t i = step_rows[kind].args; i < ARGS_MAX; i++)
        st.arg[i] = 0;
    return st;
}

static void reload(struct maker *m)
{
    for (int64_t n = 1 + below(m, 4); n > 0; n--) {
        if (below(m, 8) == 0)
            set_fleet(m, below(m, F_SPEC_END));
        else if (below(m, 3) == 0)
            set(m, below(m, (uint64_t)m->jobs + 1), ONE_OF(m, P_PRESENT, P_INSTANCES, P_COMMAND));
        else
            set(m, below(m, (uint64_t)m->jobs), below(m, P_SPEC_END));
    }
    if (m->jobs < JOBS_USED && below(m, 8) == 0)
        make_job(m, m->jobs++);
    add(m, (struct script_step){.kind = STEP_TAKE});
}

static void happen(struct maker *m)
{
    int64_t what = below(m, 20);
    if (what == 0)
        reload(m);
    else if (what == 1)
        set(m, below(m, (uint64_t)m->jobs), P_SPEC_END + below(m, PARAMS - P_SPEC_END));
    else
        add(m, happening(m, kind_of(m)));
}

static void stop(struct maker *m)
{
    int64_t budget = ONE_OF(m, 0, 300, 2000, 5000, 60000);
    int64_t how = below(m, 5);
    if (how < 2)
        add(m, (struct script_step){STEP_STOP_ALL, {budget}});
    else if (how < 4)
        add(m, (struct script_step){STEP_STOP_BEGIN, {budget}});
    for (int64_t n = below(m, 12); n > 0; n--) {
        happen(m);
        if (how == 2 || how == 3)
            add(m, (struct script_step){STEP_STOP_NEXT, {1 + below(m, 3)}});
        if (below(m, 30) == 0)
            add(m, (struct script_step){.kind = STEP_END_NOW});
    }
}

void script_generate(uint64_t seed, size_t steps, struct script *ret)
{
    struct maker m = {.r = {seed}, .to = ret};
    random_next(&m.r);
    ret->n = 0;
    make_fleet(&m);
    add(&m, (struct script_step){STEP_BEGIN, {below(&m, 10) != 0}});
    while (ret->n < steps)
        happen(&m);
    if (below(&m, 2) == 0)
        stop(&m);
}
