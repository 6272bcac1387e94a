/* test_take_planned.c - what a plan counts is what a take-over does when every instance runs. */
#include "tests/supervise/fake.h"

#include "config/load.h"
#include "config/plan.h"

enum { JOBS = 6, ROUNDS = 400 };

/* What each key can be. */
static const char *const values[][4] = {
    {"", "job_memory_limit = 1G\n", "job_memory_limit = 2G\n", "job_memory_limit = none\n"},
    {"", "restart_delay = 2s\n", "restart_delay = 3s\n", ""},
    {"", "env.A = 1\n", "env.A = ${instance}\n", "env.B = 1\n"},
    {"", "", "directory = d\n", ""},
    {"", "group = g\n", "group = h\n", ""},
    {"", "", "stop = event:5s\n", ""},
    {"", "first_instance = 2\n", "", "first_instance = 3\n"},
    {"", "instances = 2\n", "instances = 4\n", "instances = 0\n"},
    {"", "", "", "enabled = no\n"},
    {"", "guard_threads = ${instance}0\n", "guard_threads = 20\n", ""},
    {"", "after = always\n", "log_keep = 3\n", "log_keep = 4\n"},
};
enum { KEYS = sizeof values / sizeof *values };

/* Some of six jobs, and the value of each key. */
struct shape {
    bool there[JOBS];
    unsigned char value[JOBS][KEYS];
};

/* What a job is changes once in RARE, so that there are large changes and small ones. */
static void vary(struct shape *s, struct random *r, uint64_t rare)
{
    for (size_t j = 0; j < JOBS; j++) {
        if (random_below(r, rare) == 0)
            s->there[j] = random_below(r, 3) > 0;
        for (size_t k = 0; k < KEYS; k++)
            if (random_below(r, rare) == 0)
                s->value[j][k] = (unsigned char)random_below(r, 4);
    }
}

/* --- from a shape to a configuration ------------------------------------------------ */
static enum st read_text(void *ctx, const char *path, struct arena *a, struct str *ret,
                         struct err *e)
{
    (void)path;
    (void)a;
    (void)e;
    *ret = buf_view(ctx);
    return ST_OK;
}

static enum st find_none(void *ctx, const char *pattern, struct arena *a, struct texts *ret,
                         struct err *e)
{
    (void)ctx;
    (void)pattern;
    (void)a;
    (void)e;
    *ret = (struct texts){0};
    return ST_OK;
}

static const char *no_variable(void *ctx, const char *name)
{
    (void)ctx;
    (void)name;
    return NULL;
}

static const char *same_path(void *ctx, const char *path, struct arena *a)
{
    (void)ctx;
    return arena_str(a, str_of(path));
}

static struct config *load(const struct shape *s)
{
    struct buf text = {0};
    const struct source source = {&text, read_text, find_none, no_variable, same_path, NULL, NULL};
    struct diags *d = diags_new();
    struct config *c = NULL;
    buf_z(&text, "[group:g]\n[group:h]\n[job:always]\ncommand = x\n");
    for (size_t j = 0; j < JOBS; j++) {
        if (!s->there[j])
            continue;
        buf_f(&text, "[job:%c]\ncommand = x\n", (char)('a' + j));
        for (size_t k = 0; k < KEYS; k++)
            buf_z(&text, values[k][s->value[j][k]]);
    }
    if (config_load("/jobs.ini", &source, &c, d) != ST_OK) {
        struct buf said = {0};
        diags_print(d, &said);
        fail_msg("%s\n%s", buf_text(&text), buf_text(&said));
    }
    diags_free(d);
    buf_free(&text);
    return c;
}

/* --- both, and compared ------------------------------------------------------------- */
static void run_all(struct fake *f, const struct config *c)
{
    fake_open(f, 0);
    f->config = *c;
    f->quiet = true;
    fake_run(f);
    fake_until(f, FAKE_EPOCH + 60000);
    for (size_t i = 0; i < sup_count(f->sup); i++)
        assert_int_equal(fake_unit(f, i)->at, S_RUNNING);
}

static void assert_same_counts(const struct plan *p, const struct takeover *t)
{
    assert_int_equal(p->same, t->same);
    assert_int_equal(p->live, t->live);
    assert_int_equal(p->relimit, t->relimit);
    assert_int_equal(p->respawn, t->roll);
    assert_int_equal(p->added, t->added);
    assert_int_equal(p->removed, t->removed);
}

static void plan__of_any_change__counts_what_the_take_over_does(void **state)
{
    (void)state;
    struct random r = {20261};
    struct shape shape = {0};
    uint32_t seen[6] = {0};
    for (size_t i = 0; i < ROUNDS; i++) {
        struct fake f;
        struct plan p = {0};
        struct takeover t = {0};
        struct err e = {0};
        vary(&shape, &r, 2);
        struct config *was = load(&shape);
        vary(&shape, &r, i % 2 ? 3 : 40);
        struct config *is = load(&shape);
        run_all(&f, was);
        assert_int_equal(plan_make(was, is, &p, &e), ST_OK);
        assert_int_equal(sup_take(f.sup, is, &t, &e), ST_OK);
        assert_same_counts(&p, &t);
        const uint32_t counts[6] = {p.same, p.live, p.relimit, p.respawn, p.added, p.removed};
        for (size_t k = 0; k < 6; k++)
            seen[k] += counts[k];
        plan_free(&p);
        fake_close(&f);
        config_free(was);
        config_free(is);
    }
    for (size_t k = 0; k < 6; k++)
        assert_true(seen[k] > ROUNDS / 10); /* none of them was hardly met */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plan__of_any_change__counts_what_the_take_over_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
