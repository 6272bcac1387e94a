/* e2e_walk.c - a fleet led through many job files, one after the other: each change does what its
 * plan said, and nothing else.
 *
 * JOBWARDEN_WALK_STEPS and JOBWARDEN_WALK_SEED choose another walk. */
#include "harness_reload.h"
#include "walk_fleet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 200, SEED = 20261129, MISTAKES_MAX = 5 };

struct walk {
    struct world *w;
    struct pipe_client *pipe;
    struct random chance;
    uint64_t seed;
    unsigned step;
    struct walk_jobs now, next; /* that hold, and that are to hold */
    struct fleet before;        /* as it was when the step began */
    unsigned costs[WALK_REMOVED + 1], refused, sets; /* how much there was of each */
};

#define FAIL(k, ...)                                                                               \
    do {                                                                                           \
        print_message("seed %llu, step %u:\n", (unsigned long long)(k)->seed, (k)->step);          \
        fail_msg(__VA_ARGS__);                                                                     \
    } while (0)

/* --- the plan ------------------------------------------------------------------------------ */
/* What becomes of how many. */
static void count_costs(const struct walk *k, uint32_t count[WALK_REMOVED + 1])
{
    memset(count, 0, (WALK_REMOVED + 1) * sizeof *count);
    for (size_t i = 0; i < WALK_JOBS; i++)
        for (uint32_t n = 0; n < WALK_SPAN; n++)
            if (walk_runs(&k->now, i, n) || walk_runs(&k->next, i, n))
                count[walk_cost_of(&k->now, &k->next, i, n)]++;
}

static void check_counts(struct walk *k, yyjson_doc *reply, bool taken)
{
    static const char *const plan[] = {"same", "live", "relimit", "respawn", "added", "removed"};
    uint32_t want[WALK_REMOVED + 1];
    char path[40];
    count_costs(k, want);
    for (size_t i = 0; i <= WALK_REMOVED; i++) {
        const char *name = taken && i == WALK_RESPAWN ? "roll" : plan[i];
        snprintf(path, sizeof path, "/%s/%s", taken ? "taken" : "plan", name);
        uint64_t is = reply_number(reply, path);
        if (is != want[i])
            FAIL(k, "%s is %llu, not %u: %s", path, (unsigned long long)is, (unsigned)want[i],
                 yyjson_write(reply, 0, NULL));
        k->costs[i] += taken ? want[i] : 0;
    }
}

static bool has_subject(yyjson_doc *reply, const char *subject)
{
    size_t at, all;
    yyjson_val *line;
    yyjson_arr_foreach(reply_at(reply, "/plan/changes"), at, all, line)
    {
        if (yyjson_equals_str(yyjson_obj_get(line, "subject"), subject))
            return true;
    }
    return false;
}

static void check_subject(struct walk *k, yyjson_doc *reply, const char *subject, bool want)
{
    if (has_subject(reply, subject) != want)
        FAIL(k, "%s %s in the plan: %s", subject, want ? "is not" : "is",
             yyjson_write(reply, 0, NULL));
}

static void check_subjects(struct walk *k, yyjson_doc *reply)
{
    char subject[20];
    for (size_t i = 0; i < WALK_JOBS; i++) {
        snprintf(subject, sizeof subject, "job %c", (char)('a' + i));
        check_subject(k, reply, subject, walk_tells_job(&k->now, &k->next, i));
    }
    for (size_t i = 0; i < WALK_GROUPS; i++) {
        snprintf(subject, sizeof subject, "group g%zu", i + 1);
        check_subject(k, reply, subject, walk_tells_group(&k->now, &k->next, i));
    }
    check_subject(k, reply, "service", walk_tells_service(&k->now, &k->next));
}

/* --- the fleet ------------------------------------------------------------------------------ */
static bool settled(const struct walk *k, const struct fleet *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        if (!f->one[i].running || f->one[i].changed)
            return false;
    for (size_t i = 0; i < WALK_JOBS; i++)
        for (uint32_t m = 0; m < WALK_SPAN; m++) {
            char name[WALK_NAME];
            walk_name(i, m, name);
            if (!walk_runs(&k->next, i, m))
                continue;
            n++;
            if (!fleet_find(f, name))
                return false;
        }
    return n == f->n;
}

static void await_settled(struct walk *k, struct fleet *f)
{
    ULONGLONG end = GetTickCount64() + GENEROUS_MS;
    while (fleet_look(k->pipe, f), !settled(k, f)) {
        if (GetTickCount64() >= end)
            FAIL(k, "the fleet does not become what it should be");
        Sleep(POLL_MS);
    }
}

static void check_one(struct walk *k, const struct fleet *f, size_t job, uint32_t number)
{
    char name[WALK_NAME];
    walk_name(job, number, name);
    const struct fleet_one *was = fleet_find(&k->before, name), *is = fleet_find(f, name);
    enum walk_cost cost = walk_cost_of(&k->now, &k->next, job, number);
    uint64_t starts = (was ? was->starts : 0) + (cost == WALK_ADDED || cost == WALK_RESPAWN);
    bool right = (was != NULL) == (cost != WALK_ADDED) && (is != NULL) == (cost != WALK_REMOVED);
    if (right && is)
        right = is->starts == starts && (cost >= WALK_RESPAWN || is->pid == was->pid);
    if (!right)
        FAIL(k, "%s: pid %llu, start %llu, then pid %llu, start %llu, by a change of cost %d", name,
             was ? (unsigned long long)was->pid : 0, was ? (unsigned long long)was->starts : 0,
             is ? (unsigned long long)is->pid : 0, is ? (unsigned long long)is->starts : 0,
             (int)cost);
}

static void check_fleet(struct walk *k, const struct fleet *f)
{
    for (size_t i = 0; i < WALK_JOBS; i++)
        for (uint32_t n = 0; n < WALK_SPAN; n++)
            if (walk_runs(&k->now, i, n) || walk_runs(&k->next, i, n))
                check_one(k, f, i, n);
}

/* --- limits, as they are told --------------------------------------------------------------- */
static yyjson_val *level_of(yyjson_doc *reply, const char *kind, const char *name)
{
    size_t at, all;
    yyjson_val *level;
    yyjson_arr_foreach(reply_at(reply, "/levels"), at, all, level)
    {
        if (yyjson_equals_str(yyjson_obj_get(level, "level"), kind) &&
            yyjson_equals_str(yyjson_obj_get(level, "name"), name))
            return level;
    }
    return NULL;
}

/* 0: it is not set. */
static uint64_t limit_in(yyjson_val *level, const char *key)
{
    size_t at, all;
    yyjson_val *limit;
    yyjson_arr_foreach(yyjson_obj_get(level, "limits"), at, all, limit)
    {
        if (yyjson_equals_str(yyjson_obj_get(limit, "key"), key))
            return yyjson_get_uint(yyjson_obj_get(limit, "value"));
    }
    return 0;
}

static void check_limit(struct walk *k, yyjson_val *level, const char *name, enum walk_key key,
                        uint32_t number)
{
    uint64_t is = limit_in(level, walk_rows[key].key), want = number * walk_rows[key].scale;
    if (is != want)
        FAIL(k, "%s of %s is %llu, not %llu", walk_rows[key].key, name, (unsigned long long)is,
             (unsigned long long)want);
}

static void check_limits(struct walk *k)
{
    yyjson_doc *reply = fleet_ask(k->pipe, "\"do\":\"limits\"");
    char name[WALK_NAME];
    for (size_t i = 0; i < WALK_JOBS; i++)
        for (uint32_t n = 0; n < WALK_SPAN; n++) {
            walk_name(i, n, name);
            yyjson_val *level = level_of(reply, "instance", name);
            assert_true(walk_runs(&k->now, i, n) == (level != NULL));
            for (enum walk_key key = 0; level && key < WALK_LIMITS; key++)
                check_limit(k, level, name, key, walk_value(&k->now, i, key));
        }
    for (size_t i = 0; i < WALK_GROUPS; i++) {
        snprintf(name, sizeof name, "g%zu", i + 1);
        yyjson_val *level = level_of(reply, "group", name);
        assert_true(walk_group_runs(&k->now, i) == (level != NULL));
        for (enum walk_key key = 0; level && key < WALK_OF_GROUPS; key++)
            check_limit(k, level, name, key, k->now.group[i].of[key]);
    }
    yyjson_doc_free(reply);
}

/* --- steps ---------------------------------------------------------------------------------- */
static void write_files(struct walk *k, const char *tail)
{
    struct buf text = {0}, env = {0};
    char *path = below(k->w, "walk.env");
    walk_print(&k->next, &text);
    walk_print_env(&k->next, &env);
    file_anew(k->w);
    job_file(k->w, "%s%s", buf_text(&text), tail);
    file_write(path, buf_view(&env));
    file_replace(k->w);
    free(path);
    buf_free(&env);
    buf_free(&text);
}

/* REQUEST without and with its dry run: from `now` to `next`, as both replies say. */
static void change(struct walk *k, const char *request)
{
    struct fleet after;
    char *dry = path_f("%s,\"dry_run\":true", request);
    yyjson_doc *planned = fleet_ask(k->pipe, dry), *done = fleet_ask(k->pipe, request);
    if (!reply_ok(planned) || !reply_ok(done))
        FAIL(k, "refused: %s", yyjson_write(reply_ok(planned) ? done : planned, 0, NULL));
    assert_true(yyjson_equals(reply_at(planned, "/plan"), reply_at(done, "/plan")));
    assert_null(yyjson_doc_ptr_get(planned, "/taken"));
    check_counts(k, planned, false);
    check_counts(k, done, true);
    check_subjects(k, done);
    await_settled(k, &after);
    check_fleet(k, &after);
    k->now = k->next;
    k->before = after;
    check_limits(k);
    yyjson_doc_free(planned);
    yyjson_doc_free(done);
    free(dry);
}

/* Wine keeps the Job Object of a run for up to half a second after it, so that the next run gets
 * the same one; and a job that was used stays below the job that it was used in. */
static void change_file(struct walk *k)
{
    walk_change(&k->next, &k->chance, !on_wine());
}

static void reload(struct walk *k)
{
    change_file(k);
    write_files(k, "");
    change(k, "\"do\":\"reload\"");
}

static size_t add_mistakes(struct walk *k, struct buf *out)
{
    static const char *const wrong[] = {"command = x\nnonsense = 1\n", "instances = 2\n",
                                        "command = x\njob_memory_limit = wet\n",
                                        "command = x\nafter = nobody\n",
                                        "command = x\nextends = t9\n"};
    size_t n = 1 + (size_t)random_below(&k->chance, MISTAKES_MAX);
    for (size_t i = 0; i < n; i++)
        buf_f(out, "[job:wrong%zu]\n%s", i, wrong[random_below(&k->chance, 5)]);
    return n;
}

static void expect_mistakes(struct walk *k, const char *request, size_t n)
{
    yyjson_doc *reply = fleet_ask(k->pipe, request);
    size_t at, all, errors = 0;
    yyjson_val *m;
    assert_false(reply_ok(reply));
    assert_string_equal(yyjson_get_str(reply_at(reply, "/error/code")), "refused");
    assert_null(yyjson_doc_ptr_get(reply, "/taken"));
    yyjson_arr_foreach(reply_at(reply, "/mistakes"), at, all, m)
    {
        errors += yyjson_equals_str(yyjson_obj_get(m, "severity"), "error");
    }
    if (errors != n)
        FAIL(k, "%zu mistakes and not %zu: %s", errors, n, yyjson_write(reply, 0, NULL));
    yyjson_doc_free(reply);
}

static void refuse(struct walk *k)
{
    struct walk_jobs kept = k->now;
    struct fleet after;
    struct buf tail = {0};
    size_t n = add_mistakes(k, &tail);
    change_file(k);
    write_files(k, buf_text(&tail));
    expect_mistakes(k, "\"do\":\"reload\",\"dry_run\":true", n);
    expect_mistakes(k, "\"do\":\"reload\"", n);
    fleet_look(k->pipe, &after);
    k->next = kept;
    check_fleet(k, &after);
    check_limits(k);
    buf_free(&tail);
    k->refused++;
}

static size_t some_job(struct walk *k)
{
    size_t i = (size_t)random_below(&k->chance, WALK_JOBS);
    while (!k->now.job[i].there)
        i = (i + 1) % WALK_JOBS;
    return i;
}

/* Two keys by command, whatever is on the disk now; then one of them, or both, as they were. */
static void set_and_reset(struct walk *k)
{
    size_t i = some_job(k);
    struct walk_job *job = &k->next.job[i];
    const struct walk_row *row = walk_rows;
    enum walk_key one = (enum walk_key)random_below(&k->chance, WALK_ENV);
    enum walk_key other = (enum walk_key)((one + 1) % WALK_ENV);
    job->set.of[one] = row[one].least + row[one].choices;
    job->set.of[other] = row[other].least + row[other].choices + 1;
    char *set = path_f("\"do\":\"set\",\"name\":\"%c\",\"keys\":{\"%s\":\"%u%s\",\"%s\":\"%u%s\"}",
                       (char)('a' + i), row[one].key, (unsigned)job->set.of[one], row[one].unit,
                       row[other].key, (unsigned)job->set.of[other], row[other].unit);
    char *reset = path_f("\"do\":\"set\",\"name\":\"%c\",\"reset\":true,\"keys\":[\"%s\"]",
                         (char)('a' + i), row[one].key);
    char *all = path_f("\"do\":\"set\",\"name\":\"%c\",\"reset\":true", (char)('a' + i));
    change(k, set);
    job->set.of[one] = 0;
    change(k, reset);
    if (random_below(&k->chance, 2) == 0) { /* else the next reload forgets it */
        job->set = (struct walk_values){{0}};
        change(k, all);
    }
    free(all);
    free(reset);
    free(set);
    k->sets++;
}

static void step(struct walk *k)
{
    switch (random_below(&k->chance, 10)) {
    case 0: refuse(k); break;
    case 1: set_and_reset(k); break;
    default: reload(k); break;
    }
}

/* --- the walk ---------------------------------------------------------------------------- */
static uint64_t asked(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

static void tell(const struct walk *k, ULONGLONG began)
{
    print_message("seed %llu: %u steps in %llu s; %u refused, %u set; instances: %u same, %u live, "
                  "%u relimit, %u respawn, %u added, %u removed\n",
                  (unsigned long long)k->seed, k->step, (GetTickCount64() - began) / 1000,
                  k->refused, k->sets, k->costs[WALK_SAME], k->costs[WALK_LIVE],
                  k->costs[WALK_RELIMIT], k->costs[WALK_RESPAWN], k->costs[WALK_ADDED],
                  k->costs[WALK_REMOVED]);
}

static void fleet__led_through_many_files__moves_as_each_plan_says_and_no_more(struct world *w)
{
    struct walk k = {.w = w, .seed = asked("JOBWARDEN_WALK_SEED", SEED)};
    unsigned steps = (unsigned)asked("JOBWARDEN_WALK_STEPS", STEPS);
    ULONGLONG began = GetTickCount64();
    k.chance.state = k.seed;
    walk_begin(&k.next, &k.chance);
    write_files(&k, "");
    service_start(w);
    k.pipe = fleet_connect(w);
    k.now = k.next;
    await_settled(&k, &k.before);
    check_limits(&k);
    while (k.step < steps) {
        k.step++;
        step(&k);
    }
    tell(&k, began);
    assert_int_equal(service_stop(w), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(fleet__led_through_many_files__moves_as_each_plan_says_and_no_more),
    };
    return cmocka_run_group_tests_name("a walk of reloads", tests, NULL, NULL);
}
