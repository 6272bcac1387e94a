/* test_nomem.c - each allocation of a load fails once: the verdict is right and nothing leaks.
 * The linker leads every allocation of the rooms, and of inih, through here. */
#include "tests/config/fake.h"

#include "config/plan.h"
#include "config/recording.h"
#include "config/reference.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);

static long left = LONG_MAX; /* this many succeed; then one fails, or all from there on */
static bool for_good, hit;

static bool denied(void)
{
    if (left > 0) {
        left--;
        return false;
    }
    hit = true;
    if (!for_good)
        left = LONG_MAX;
    return true;
}

void *__wrap_malloc(size_t n)
{
    return denied() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return denied() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
    return denied() ? NULL : __real_realloc(p, n);
}

static void fail_after(long n, bool from_there_on)
{
    for_good = from_there_on;
    hit = false;
    left = n;
}

/* True when an allocation was refused since. */
static bool stop_failing(void)
{
    left = LONG_MAX;
    return hit;
}

static const struct env_var variables[] = {{"HOME", "/home"}, {NULL, NULL}};

/* Something of everything, so that every step allocates. */
static const struct fake_file good[] = {
    {"jobs.ini",
     "[service]\nname = Fleet\nlog_file = ${env:HOME}/x.log\ncontrol_access = look: a, b\n"
     "[include]\nfiles = d/*.ini, b.ini\n"
     "[group:g]\naffinity = 0-3, 1:0\non_limit.guard_cpu = hook\nguard_cpu = 50% for 1m\n"
     "hook_limit = page ${service}\n[group:off]\njob_memory_limit = 1G\n"
     "[defaults]\nenv.A = ${job}\nenv_file = a.env\n[template:t]\nextends = u\n[template:u]\n"
     "success_exit_codes = 0, 1, 2\n[job:a]\nextends = t\ncommand = x ${instance}\ninstances = 3\n"
     "stop = ctrl-c:1s, command:2s\nstop_command = quit\nenv.I = ${instance}\ngroup = g\n"
     "affinity = 0, 1:0\nguard_handles = ${instance}00 for 5m\non_limit.guard_handles = hook\n"
     "hook_limit = page ${job}\npriority_class = idle\ncpu_rate_cap = 1 cpu\n"
     "[job:d]\ncommand = x\nenabled = no\ngroup = off\n"
     "[job:u]\ncommand = x ${limit:job_memory_limit:75%:M}\njob_memory_limit = 1G\ninstances = 2\n"
     "env.L = ${limit:guard_handles}\nguard_handles = ${instance}00\nready = file:u${instance}\n"
     "health_http = http://127.0.0.1:8${instance}/\nhook_exit = y ${limit:guard_handles}\n"
     "restart_force_causes = health, limit\nrestart_schedule = 0 4 * * sun\n"
     "[job:e]\ncommand = x\nafter = g, off\nrequires = b, c\n",
     0, ST_OK},
    {"d/1.ini", "[job:b]\ncommand = y\n", 0, ST_OK},
    {"b.ini", "[job:c]\ncommand = z\n", 0, ST_OK},
    {"a.env", "F=1\nG=2\n", 0, ST_OK},
    {0}};

static const struct fake_file bad[] = {
    {"jobs.ini",
     "[job:a]\ncomand = x\nrestart_delay = 7x\nstdout = x\ninstances = 2\nextends = t, "
     "none\nrestart = "
     "alway\n[template:t]\nextends = t\n[job:A]\n[nonsense]\n[job:b]\ncommand = ${job\n[include]\n"
     "files = none.ini, *.x, jobs.ini\n[job:c]\ncommand = x\nenv_file = a.env\nrestart_delay = 5m\n"
     "restart_prevent_exit_codes = 1\nrestart_force_exit_codes = 1\ngroup = h\naffinity = 9-1\n"
     "on_limit.affinity = stop\non_limit.x = stop\nui_restrictions = x\ncpu_rate_cap = 5\n"
     "[group:c]\njob_memory_limit = 1X\nio_max_iops = 1\n"
     "[job:o]\ncommand = x\nafter = p, nobody, o, r, c\n[job:p]\ncommand = x\nrequires = o, q\n"
     "[job:u]\ncommand = x ${limit:job_memory_limit}\nready = port:1\nschedule = @daily\n"
     "restart_schedule = @daily\nrestart_force_causes = crash\nrestart_prevent_causes = crash\n"
     "health_interval = 1s\nenv.L = ${limit:nothing}\ninstances = 2\n"
     "[job:q]\ncommand = x\nafter = p\nrequires = r\n[job:r]\ncommand = x\nenabled = no\n",
     0, ST_OK},
    {"a.env", "F\nF=1\nF=2\n", 0, ST_OK},
    {0}};

static const struct override overrides[] = {{"a", false, "job_memory_limit", "3G"},
                                            {"a", false, "env.I", "x"}};

/* One load whose Nth allocation fails; false when it needed no more than N. */
static bool load_once(const struct fake_file *files, long n, bool from_there_on)
{
    struct fake f = {.file = files, .env = variables};
    struct source source = fake_source(&f);
    struct diags *d = diags_new();
    struct config *c = NULL;
    assert_non_null(d);
    fail_after(n, from_there_on);
    enum st st = config_load_with("jobs.ini", &source, overrides,
                                  sizeof overrides / sizeof *overrides, &c, d);
    bool reached = stop_failing();
    assert_int_equal(st == ST_OK, c != NULL);
    assert_int_equal(st == ST_OK, diag_errors(d) == 0);
    if (reached && files == good)
        assert_int_equal(st, ST_NOMEM);
    config_free(c);
    diags_free(d);
    return reached;
}

static void load_all(const struct fake_file *files, bool from_there_on)
{
    long n = 0;
    while (load_once(files, n, from_there_on))
        n++;
    assert_true(n > 25); /* it did fail all the way */
}

static void load__of_a_good_file__tells_every_failed_allocation(void **state)
{
    (void)state;
    load_all(good, false);
    load_all(good, true);
}

static void load__of_a_bad_file__survives_every_failed_allocation(void **state)
{
    (void)state;
    load_all(bad, false);
    load_all(bad, true);
}

static void document__of_every_kind__is_not_ok_after_a_failed_allocation(void **state)
{
    (void)state;
    static void (*const make[])(struct buf *) = {reference_markdown, reference_sample,
                                                 reference_dictionary};
    for (size_t i = 0; i < sizeof make / sizeof *make; i++)
        for (long n = 0;; n++) {
            struct buf out = {0};
            fail_after(n, false);
            make[i](&out);
            bool reached = stop_failing();
            assert_int_equal(buf_ok(&out), !reached);
            buf_free(&out);
            if (!reached)
                break;
        }
}

static void summary__of_a_configuration__is_not_ok_after_a_failed_allocation(void **state)
{
    (void)state;
    struct fake f = {.file = good, .env = variables};
    struct config *c = NULL;
    struct buf said = fake_load(&f, &c);
    assert_non_null(c);
    buf_free(&said);
    for (long n = 0;; n++) {
        struct buf out = {0};
        fail_after(n, false);
        config_print(c, &out);
        bool reached = stop_failing();
        assert_int_equal(buf_ok(&out), !reached);
        buf_free(&out);
        if (!reached)
            break;
    }
    config_free(c);
}

static struct config *load_files(const struct fake_file *files)
{
    struct fake f = {.file = files, .env = variables};
    struct config *c = NULL;
    struct buf said = fake_load(&f, &c);
    assert_non_null(c);
    buf_free(&said);
    return c;
}

/* The verdict is right, and a recording that lacks something says so. */
static bool record_once(const struct fake_file *files, long n, bool from_there_on)
{
    struct fake f = {.file = files, .env = variables};
    struct diags *d = diags_new();
    struct config *c = NULL, *again = NULL;
    fail_after(n, from_there_on);
    struct recording *r = recording_new();
    const struct source plain = fake_source(&f);
    const struct source s = r ? recording_source(r, &plain) : plain;
    enum st st = r ? config_load("jobs.ini", &s, &c, d) : ST_NOMEM;
    bool reached = stop_failing();
    if (!reached || (st == ST_OK && recording_whole(r))) {
        const struct source replay = recording_replay(r);
        assert_int_equal(st, ST_OK);
        assert_int_equal(config_load("jobs.ini", &replay, &again, d), ST_OK);
    }
    config_free(c);
    config_free(again);
    recording_free(r);
    diags_free(d);
    return reached;
}

static void recording__of_a_load__survives_every_failed_allocation(void **state)
{
    (void)state;
    for (int for_ever = 0; for_ever < 2; for_ever++) {
        long n = 0;
        while (record_once(good, n, for_ever == 1))
            n++;
        assert_true(n > 40);
    }
}

static void plan__between_two_files__tells_every_failed_allocation(void **state)
{
    (void)state;
    static const struct fake_file before[] = {
        {"jobs.ini",
         "[group:g]\njob_memory_limit = 1G\n[job:a]\ncommand = x\ninstances = 2\ngroup = g\n"
         "env.A = 1\n[job:c]\ncommand = x\n[job:b]\ncommand = x\n[job:d]\ncommand = x\n",
         0, ST_OK},
        {0}};
    static const struct fake_file after[] = {
        {"jobs.ini",
         "[service]\nlog_keep = 9\n[group:g]\njob_memory_limit = 2G\n[group:h]\n[job:a]\n"
         "command = y\ninstances = 3\ngroup = g\nenv.A = 2\nafter = b\n[job:b]\ncommand = x\n"
         "enabled = no\n[job:c]\ncommand = x\ngroup = h\n[job:e]\ncommand = x\n",
         0, ST_OK},
        {0}};
    struct config *was = load_files(before), *is = load_files(after);
    bool reached = true;
    long n = 0;
    for (; reached; n++) {
        struct plan p = {0};
        struct err e = {0};
        fail_after(n, n % 2 == 0);
        enum st st = plan_make(was, is, &p, &e);
        reached = stop_failing();
        assert_int_equal(st, reached ? ST_NOMEM : ST_OK);
        plan_free(&p);
    }
    assert_true(n > 20);
    config_free(was);
    config_free(is);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(load__of_a_good_file__tells_every_failed_allocation),
        cmocka_unit_test(load__of_a_bad_file__survives_every_failed_allocation),
        cmocka_unit_test(document__of_every_kind__is_not_ok_after_a_failed_allocation),
        cmocka_unit_test(recording__of_a_load__survives_every_failed_allocation),
        cmocka_unit_test(plan__between_two_files__tells_every_failed_allocation),
        cmocka_unit_test(summary__of_a_configuration__is_not_ok_after_a_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
