/* test_machine.c - a job file against the machine that it is checked on. */
#include "tests/config/fake.h"

#include <string.h>

#define JOB "[job:a]\ncommand = x\n"
#define JOB_B "[job:b]\ncommand = x\n"
#define GROUP "[group:g]\n"
#define IN_G "group = g\n"
#define SERVICE "[service]\n"
#define DEFAULTS "[defaults]\n"
#define MEMORY_1G "job_memory_limit = 1G\n"

/* Four processors; the second also has a group of two. */
static const struct machine plain = {.cpus = 4, .groups = 1, .group = {{0, 0xf}}};
static const struct machine two = {.cpus = 6, .groups = 2, .group = {{0, 0xf}, {1, 0x3}}};
static const struct machine dfss = {
    .cpus = 4, .groups = 1, .group = {{0, 0xf}}, .fair_share = true};
static const struct machine in_job = {.cpus = 4, .groups = 1, .group = {{0, 0xf}}, .in_job = true};
static const struct machine ui = {
    .cpus = 4, .groups = 1, .group = {{0, 0xf}}, .in_job = true, .ui_above = true};
static const struct machine net = {
    .cpus = 4, .groups = 1, .group = {{0, 0xf}}, .in_job = true, .net_above = true};

/* What is said about TEXT on the machine M, NULL: an unknown one. */
static void assert_said_on(const struct machine *m, const char *text, const char *expected)
{
    const struct fake_file files[] = {{"jobs.ini", text, 0, ST_OK}, {0}};
    struct fake f = {.file = files};
    struct source source = fake_source(&f);
    struct diags *d = diags_new();
    struct config *c = NULL;
    struct buf said = {0};
    source.machine = m;
    assert_non_null(d);
    assert_int_equal(config_load("jobs.ini", &source, &c, d), ST_OK); /* warnings alone */
    diags_print(d, &said);
    assert_string_equal(buf_text(&said), expected);
    buf_free(&said);
    diags_free(d);
    config_free(c);
}

static void affinity__on_processors_that_are_not_there__is_a_warning(void **state)
{
    (void)state;
    assert_said_on(&plain, JOB "affinity = 2-7\n",
                   "jobs.ini:3: warning[not-this-machine]: affinity names 4-7, which this machine "
                   "does not have (it has 0-3), and Windows then refuses all of it; take it out\n");
    assert_said_on(&plain, JOB "affinity = 4-7\n",
                   "jobs.ini:3: warning[not-this-machine]: affinity names no processor that this "
                   "machine has, so nothing can start under it; the machine has 0-3\n");
    assert_said_on(&plain, JOB "affinity = 1:0\n",
                   "jobs.ini:3: warning[not-this-machine]: affinity names no processor that this "
                   "machine has, so nothing can start under it; the machine has 0-3\n");
    assert_said_on(
        &two, JOB "affinity = 0, 1:0-3\n",
        "jobs.ini:3: warning[not-this-machine]: affinity names 1:2-3, which this machine does not "
        "have (it has 0-3, 1:0-1), and Windows then refuses all of it; take it out\n");
    assert_said_on(&plain, GROUP "affinity = 0-4\n" JOB IN_G,
                   "jobs.ini:2: warning[not-this-machine]: affinity names 4, which this machine "
                   "does not have (it has 0-3), and Windows then refuses all of it; take it out\n");
    assert_said_on(&plain, JOB "affinity = ${instance}\ninstances = 4\n",
                   "jobs.ini:3: warning[not-this-machine]: affinity names no processor that this "
                   "machine has, so nothing can start under it; the machine has 0-3\n");
}

static void affinity__on_processors_that_are_there__is_left_alone(void **state)
{
    (void)state;
    assert_said_on(&plain, JOB "affinity = 0-3\n", "");
    assert_said_on(&two, JOB "affinity = 3, 1:0-1\n", "");
    assert_said_on(NULL, JOB "affinity = 31:0-63\n", "");
}

static void processors__more_than_there_are__are_a_warning(void **state)
{
    (void)state;
    assert_said_on(&plain, JOB "cpu_rate_cap = 4.5 cpus\n",
                   "jobs.ini:3: warning[not-this-machine]: cpu_rate_cap 4.5 cpus is more than this "
                   "machine has, 4; it counts as 100%\n");
    assert_said_on(&plain, JOB "cpu_rate_soft_cap = 8 cpus\n",
                   "jobs.ini:3: warning[not-this-machine]: cpu_rate_soft_cap 8 cpus is more than "
                   "this machine has, 4; it counts as 100%\n");
    assert_said_on(&plain, JOB "guard_cpu = 5 cpus for 1m\n",
                   "jobs.ini:3: warning[not-this-machine]: guard_cpu 5 cpus for 1m is more than "
                   "this machine has, 4; it counts as 100%\n");
    assert_said_on(&plain, SERVICE "cpu_rate_min = 5 cpus\ncpu_rate_max = 6 cpus\n" JOB,
                   "jobs.ini:2: warning[not-this-machine]: cpu_rate_min 5 cpus is more than this "
                   "machine has, 4; it counts as 100%\n"
                   "jobs.ini:3: warning[not-this-machine]: cpu_rate_max 6 cpus is more than this "
                   "machine has, 4; it counts as 100%\n");
    assert_said_on(&plain, JOB "cpu_rate_cap = 4 cpus\n", "");
    assert_said_on(NULL, JOB "cpu_rate_cap = 9 cpus\n", "");
}

static void cpu_range__turned_round_on_this_machine__is_a_warning(void **state)
{
    (void)state;
    assert_said_on(&plain, JOB "cpu_rate_min = 50%\ncpu_rate_max = 1 cpu\n",
                   "jobs.ini:4: warning[not-this-machine]: on this machine, with 4 processors, "
                   "cpu_rate_min 50% is more than cpu_rate_max 1 cpu; lower it\n");
    assert_said_on(&plain, JOB "cpu_rate_min = 1 cpu\ncpu_rate_max = 25%\n", "");
}

static void cpu_rate_min__in_processors__adds_up_on_this_machine(void **state)
{
    (void)state;
    assert_said_on(
        &plain, JOB "cpu_rate_min = 1 cpu\ninstances = 5\n",
        "jobs.ini:3: warning[not-this-machine]: the cpu_rate_min of all instances add up to 125% "
        "of this machine, which has 4 processors, and Windows refuses more than 100%; lower it\n");
    assert_said_on(
        &plain, JOB "cpu_rate_min = 1 cpu\ninstances = 3\n" JOB_B "cpu_rate_min = 26%\n",
        "jobs.ini:7: warning[not-this-machine]: the cpu_rate_min of all instances add up to 101% "
        "of this machine, which has 4 processors, and Windows refuses more than 100%; lower it\n");
    assert_said_on(&plain, JOB "cpu_rate_min = 1 cpu\ninstances = 4\n", "");
    assert_said_on(NULL, JOB "cpu_rate_min = 1 cpu\ninstances = 5\n", "");
}

static void cpu_rate__while_sessions_share_fairly__is_a_warning(void **state)
{
    (void)state;
    assert_said_on(&dfss, JOB "cpu_rate_cap = 8%\n",
                   "jobs.ini:3: warning[not-this-machine]: cpu_rate_cap: this machine shares the "
                   "CPU fairly among its sessions (DFSS), and Windows then refuses CPU rates; turn "
                   "that off, or take the key out\n");
    assert_said_on(&dfss, JOB "cpu_rate_weight = 8\n",
                   "jobs.ini:3: warning[not-this-machine]: cpu_rate_weight: this machine shares "
                   "the CPU fairly among its sessions (DFSS), and Windows then refuses CPU rates; "
                   "turn that off, or take the key out\n");
    assert_said_on(&dfss, JOB "cpu_rate_min = 1%\ncpu_rate_max = 8%\n",
                   "jobs.ini:3: warning[not-this-machine]: cpu_rate_min: this machine shares the "
                   "CPU fairly among its sessions (DFSS), and Windows then refuses CPU rates; turn "
                   "that off, or take the key out\n");
    assert_said_on(&dfss, GROUP "cpu_rate_soft_cap = 8%\n" JOB IN_G,
                   "jobs.ini:2: warning[not-this-machine]: cpu_rate_soft_cap: this machine shares "
                   "the CPU fairly among its sessions (DFSS), and Windows then refuses CPU rates; "
                   "turn that off, or take the key out\n");
    assert_said_on(&dfss, JOB "guard_cpu = 8%\n", "");
}

static void network_limit__below_one_of_somebody_else__is_a_warning(void **state)
{
    (void)state;
    assert_said_on(&net, JOB "net_max_bandwidth = 8M/s\n",
                   "jobs.ini:3: warning[not-this-machine]: net_max_bandwidth: this program runs in "
                   "a Job Object with a network limit of its own, and Windows lets no other below "
                   "it have one; run it outside, or take the key out\n");
    assert_said_on(&net, SERVICE "net_dscp_tag = 8\n" JOB,
                   "jobs.ini:2: warning[not-this-machine]: net_dscp_tag: this program runs in a "
                   "Job Object with a network limit of its own, and Windows lets no other below it "
                   "have one; run it outside, or take the key out\n");
    assert_said_on(&in_job, JOB "net_dscp_tag = 8\n", "");
}

static void ui_restrictions__in_somebodys_job__are_a_warning(void **state)
{
    (void)state;
    assert_said_on(&in_job, JOB "ui_restrictions = handles\n",
                   "jobs.ini:3: warning[not-this-machine]: ui_restrictions: this program runs in "
                   "somebody's Job Object, below which none can have UI restrictions, so nothing "
                   "can start under them; run it outside, as a service is\n");
    assert_said_on(&plain, JOB "ui_restrictions = handles\n", "");
    assert_said_on(&in_job, JOB MEMORY_1G, "");
}

static void anything__below_ui_restrictions_of_somebody_else__is_one_warning(void **state)
{
    (void)state;
    assert_said_on(&ui, JOB "ui_restrictions = handles\n" JOB_B,
                   "jobs.ini: warning[not-this-machine]: this program runs in a Job Object with UI "
                   "restrictions, below which there can be no other, so no instance can start "
                   "here; run it outside\n");
    assert_said_on(&ui, JOB,
                   "jobs.ini: warning[not-this-machine]: this program runs in a Job Object with UI "
                   "restrictions, below which there can be no other, so no instance can start "
                   "here; run it outside\n");
    assert_said_on(&ui, JOB "instances = 0\n",
                   "jobs.ini: warning[no-instances]: nothing will run: every job is disabled or "
                   "has no instances\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(affinity__on_processors_that_are_not_there__is_a_warning),
        cmocka_unit_test(affinity__on_processors_that_are_there__is_left_alone),
        cmocka_unit_test(processors__more_than_there_are__are_a_warning),
        cmocka_unit_test(cpu_range__turned_round_on_this_machine__is_a_warning),
        cmocka_unit_test(cpu_rate_min__in_processors__adds_up_on_this_machine),
        cmocka_unit_test(cpu_rate__while_sessions_share_fairly__is_a_warning),
        cmocka_unit_test(network_limit__below_one_of_somebody_else__is_a_warning),
        cmocka_unit_test(ui_restrictions__in_somebodys_job__are_a_warning),
        cmocka_unit_test(anything__below_ui_restrictions_of_somebody_else__is_one_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
