/* test_walk.c - a seeded random walk: processes that come, grow, stumble, go and leave their pid to
 * the next, snapshots that come late, limits that are crossed and crossed again.  After every step
 * totals are compared with a recomputation by hand, and what was said with what was to be said. */
#include "tests/limits/scene.h"

#include <string.h>

#include "common/random.h"

enum { STEPS = 60000, EPISODE = 600, LIVE = 24 };
enum { MEMORY = 100, HIGH = 700, LOW = 250, JOB_MEMORY = 900, TIME_MS = 400, ACTIVE = 12 };
enum { GUARD = 14, GUARD_MS = 3000 };

/* What is known of one process by whoever writes every sample down. */
struct known {
    uint32_t pid;
    uint64_t created, user, kernel, read;
    bool attendant, sampled;
    bool timed, hungry, to_go; /* said for its time; above MEMORY in a sample; to be ended */
};

struct walk {
    struct scene s;
    struct random chance;
    uint64_t at;
    struct known of[EPISODE];
    size_t n;
    uint64_t total_user, total_kernel, total_processes; /* of earlier Job Objects */
    struct account last;
    bool high, low_armed, guarded;
    uint64_t guard_since, said_at[LIMIT_REACHABLE]; /* 0: never in this run */
    uint64_t hungry, told_hungry;
    uint64_t next_read;
};

static uint64_t below(struct walk *w, uint64_t bound)
{
    return random_below(&w->chance, bound);
}

static bool often(struct walk *w, uint64_t one_in)
{
    return below(w, one_in) == 0;
}

static struct known *known_of(struct walk *w, const struct proc *p)
{
    for (size_t i = w->n; i-- > 0;)
        if (w->of[i].pid == p->pid && w->of[i].created == p->created)
            return &w->of[i];
    fail_msg("a process that never was");
    return NULL;
}

static void spawn(struct walk *w, uint32_t pid)
{
    struct proc *p = scene_proc(&w->s, pid);
    p->created = ++w->at;
    p->commit = 10 + below(w, 60);
    p->user = below(w, 3) * SCENE_MS;
    p->attendant = often(w, 10);
    assert_true(w->n < EPISODE);
    w->of[w->n++] = (struct known){.pid = pid, .created = p->created, .attendant = p->attendant};
}

static void come(struct walk *w)
{
    uint32_t pid = 4 * (1 + (uint32_t)below(w, 40)); /* so pids are soon used again */
    for (size_t i = 0; i < w->s.n; i++)
        if (w->s.proc[i].pid == pid)
            return;
    if (w->s.n < LIVE)
        spawn(w, pid);
}

static void grow(struct walk *w)
{
    for (size_t i = 0; i < w->s.n; i++) {
        struct proc *p = &w->s.proc[i];
        p->user += below(w, 12) * SCENE_MS + below(w, 100);
        p->kernel += below(w, 3 * SCENE_MS);
        p->io.read_bytes += below(w, 40);
        p->commit = often(w, 40) ? MEMORY + 1 + below(w, 50) : 10 + below(w, 60);
        p->threads = 1 + (uint32_t)below(w, 2);
    }
}

static void lift(uint64_t *a, uint64_t b)
{
    if (*a < b)
        *a = b;
}

/* What it used since the last sample nobody has seen. */
static void go(struct walk *w, bool pid_is_used_again)
{
    if (w->s.n == 0)
        return;
    uint32_t pid = w->s.proc[below(w, w->s.n)].pid;
    scene_gone(&w->s, pid);
    if (pid_is_used_again)
        spawn(w, pid);
}

static void write_down(struct walk *w)
{
    for (size_t i = 0; i < w->s.n; i++) {
        const struct proc *p = &w->s.proc[i];
        struct known *k = known_of(w, p);
        if (k->attendant)
            continue;
        k->sampled = true;
        lift(&k->user, p->user);
        lift(&k->kernel, p->kernel);
        lift(&k->read, p->io.read_bytes);
    }
}

static void check_totals(struct walk *w)
{
    uint64_t user = w->total_user, kernel = w->total_kernel, processes = w->total_processes;
    for (size_t i = 0; i < w->n; i++) {
        const struct known *k = &w->of[i];
        user += k->user;
        kernel += k->kernel;
        processes += k->sampled;
    }
    struct account a = level_account(w->s.level), best = a;
    assert_int_equal(a.user, user);
    assert_int_equal(a.kernel, kernel);
    assert_int_equal(a.processes, processes);
    account_best(&best, &w->last); /* nothing has fallen */
    assert_memory_equal(&best, &a, sizeof a);
    w->last = a;
}

static uint64_t use_of(const struct proc *p, enum limit_id id)
{
    return p->attendant                       ? 0
           : id == LIMIT_GUARD_THREADS        ? p->threads
           : id == LIMIT_NOTIFY_IO_READ_BYTES ? p->io.read_bytes
                                              : p->commit;
}

/* What is about the whole names one that uses the most of it, or nobody when none uses any. */
static void check_largest(struct walk *w)
{
    for (size_t j = 0; j < w->s.made; j++) {
        const struct reached *r = &w->s.out[j];
        uint64_t most = 0;
        if (r->deed == DEED_END_PROCESS)
            continue;
        for (size_t i = 0; i < w->s.n; i++)
            lift(&most, use_of(&w->s.proc[i], r->limit));
        assert_int_equal(r->pid == 0, most == 0);
        assert_true(most == 0 || use_of(scene_find(&w->s, r->pid), r->limit) == most);
    }
}

static bool said(const struct walk *w, enum limit_id id)
{
    for (size_t i = 0; i < w->s.made; i++)
        if (w->s.out[i].limit == id && !w->s.out[i].silent)
            return true;
    return false;
}

static void check_whole(struct walk *w, const struct usage *u)
{
    bool high = u->commit > HIGH, low = u->processes > 0 && u->commit < LOW;
    assert_int_equal(said(w, LIMIT_NOTIFY_JOB_MEMORY_HIGH), high && !w->high);
    w->high = high;
    assert_int_equal(said(w, LIMIT_NOTIFY_JOB_MEMORY_LOW), low && w->low_armed);
    w->low_armed = u->commit >= LOW || (w->low_armed && !low);

    bool over = u->commit > JOB_MEMORY;
    uint64_t *at = &w->said_at[LIMIT_JOB_MEMORY];
    bool say = over && (*at == 0 || w->at - *at >= SAY_AGAIN_MS);
    assert_int_equal(scene_reached(&w->s, LIMIT_JOB_MEMORY, 0) != NULL, over);
    assert_int_equal(said(w, LIMIT_JOB_MEMORY), say);
    if (say)
        *at = w->at;

    uint64_t since = u->threads > GUARD ? (w->guard_since ? w->guard_since : w->at) : 0;
    bool due = since && w->at - since >= GUARD_MS;
    assert_int_equal(said(w, LIMIT_GUARD_THREADS), due && !w->guarded);
    w->guarded = due;
    w->guard_since = since;

    uint64_t read = 0;
    for (size_t i = 0; i < w->n; i++)
        read += w->of[i].read;
    assert_int_equal(said(w, LIMIT_NOTIFY_IO_READ_BYTES), read >= w->next_read);
    while (w->next_read <= read)
        w->next_read += 500;
}

/* Each process above a limit is to be ended at each sample, and of each it is said once. */
static void check_offenders(struct walk *w)
{
    size_t memory = 0, time = 0;
    for (size_t i = 0; i < w->s.n; i++) {
        const struct proc *p = &w->s.proc[i];
        struct known *k = known_of(w, p);
        bool slow = !p->attendant && p->user / SCENE_MS > TIME_MS;
        bool fat = !p->attendant && p->commit > MEMORY;
        memory += fat;
        w->hungry += fat && !k->hungry;
        k->hungry = k->hungry || fat;
        if (!slow)
            continue;
        const struct reached *r = NULL;
        for (size_t j = 0; !r || r->pid != p->pid; j++) {
            r = scene_reached(&w->s, LIMIT_PROCESS_TIME, j);
            assert_non_null(r);
        }
        assert_int_equal(r->silent, k->timed);
        k->timed = true;
        time++;
    }
    assert_null(scene_reached(&w->s, LIMIT_PROCESS_TIME, time));
    assert_null(scene_reached(&w->s, LIMIT_PROCESS_MEMORY, memory));
    assert_true(memory == 0 || scene_reached(&w->s, LIMIT_PROCESS_MEMORY, memory - 1));
    for (size_t j = 0; j < memory; j++) {
        const struct reached *r = scene_reached(&w->s, LIMIT_PROCESS_MEMORY, j);
        uint64_t *at = &w->said_at[LIMIT_PROCESS_MEMORY];
        if (r->silent)
            continue;
        assert_true(*at == 0 || w->at - *at >= SAY_AGAIN_MS);
        *at = w->at;
        w->told_hungry += r->repeats + 1;
    }
    assert_true(w->told_hungry <= w->hungry);
}

static bool to_end(const struct walk *w, const struct proc *p)
{
    for (size_t j = 0; j < w->s.made; j++)
        if (w->s.out[j].deed == DEED_END_PROCESS && w->s.out[j].pid == p->pid)
            return true;
    return false;
}

/* With those that were ever to go counted out, the rest is as many as may be; and a process goes
 * for being too many only when there are. */
static void check_active(struct walk *w, const struct usage *u)
{
    size_t rest = 0;
    for (size_t i = 0; i < w->s.n; i++) {
        struct known *k = known_of(w, &w->s.proc[i]);
        k->to_go = k->to_go || to_end(w, &w->s.proc[i]);
        assert_false(k->to_go && k->attendant);
        rest += !k->to_go && !k->attendant;
    }
    assert_true(rest <= ACTIVE);
    bool told = scene_reached(&w->s, LIMIT_ACTIVE_PROCESS, 0) != NULL;
    assert_true(!told || u->processes > ACTIVE);
}

static void sample(struct walk *w)
{
    struct scene *s = &w->s;
    w->at += below(w, 1500);
    struct proc honest[SCENE_PROCS];
    memcpy(honest, s->proc, sizeof honest);
    for (size_t i = 0; i < s->n && often(w, 6); i++) /* counters that stumble */
        s->proc[i].user -= below(w, s->proc[i].user + 1);
    write_down(w);
    scene_sample(s, w->at);
    struct usage u = level_usage(s->level);
    assert_int_equal(u.at, w->at);
    assert_true(u.cpu <= 10000);
    check_whole(w, &u);
    check_largest(w);
    check_offenders(w);
    check_active(w, &u);
    memcpy(s->proc, honest, sizeof honest);
    if (w->at > 1 && often(w, 8))
        assert_int_equal(scene_sample(s, w->at - 1), 0); /* one that comes too late */
}

static void begin(struct walk *w)
{
    for (size_t i = 0; i < w->n; i++) {
        w->total_user += w->of[i].user;
        w->total_kernel += w->of[i].kernel;
        w->total_processes += w->of[i].sampled;
    }
    w->n = w->s.n = 0;
    w->high = w->low_armed = w->guarded = false;
    w->guard_since = w->hungry = w->told_hungry = 0;
    w->next_read = 500;
    memset(w->said_at, 0, sizeof w->said_at);
    assert_int_equal(level_begin(w->s.level), ST_OK);
}

static void step(struct walk *w)
{
    switch (below(w, 8)) {
    case 0:
    case 1:
        come(w);
        break;
    case 2:
        go(w, false);
        break;
    case 3:
        go(w, true);
        break;
    case 4:
        grow(w); /* and perhaps it goes before it is seen */
        break;
    default:
        grow(w);
        sample(w);
    }
}

static void walk(uint64_t seed)
{
    static struct walk w;
    memset(&w, 0, sizeof w);
    w.chance.state = seed;
    w.at = 1;
    scene_open(&w.s, HELD_BY_SAMPLER);
    w.s.limits = (struct limits){.process_memory = MEMORY,
                                 .job_memory = JOB_MEMORY,
                                 .process_time = TIME_MS,
                                 .active_process = ACTIVE,
                                 .notify_job_memory_high = HIGH,
                                 .notify_job_memory_low = LOW,
                                 .notify_io_read_bytes = 500,
                                 .guard_threads = {GUARD, GUARD_MS}};
    scene_ready(&w.s);
    for (int i = 0; i < STEPS; i++) {
        if (i % EPISODE == 0)
            begin(&w);
        step(&w);
        check_totals(&w);
    }
    scene_close(&w.s);
}

static void walk__three_seeds__totals_and_what_is_said_are_right_at_every_step(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++)
        walk(seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walk__three_seeds__totals_and_what_is_said_are_right_at_every_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
