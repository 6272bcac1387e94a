/* meter.c - the processes of a job, each with the most that was ever seen of it. */
#include "service/limits/meter.h"

#include <stdlib.h>

struct used {
    uint64_t user, kernel, page_faults;
    struct io io;
};

struct member {
    uint32_t pid;
    uint64_t created;
    struct used used;
};

struct members { /* sorted by pid, then by creation */
    struct member *of;
    size_t n, cap;
};

struct meter {
    struct members now, next; /* of the last sample; of the one that is taken */
    struct account account;
    struct usage usage;
    bool sampled;
    uint64_t cpu_at, cpu_base; /* time and CPU time from which the next share is worked out */
};

struct meter *meter_new(void)
{
    return calloc(1, sizeof(struct meter));
}

void meter_free(struct meter *m)
{
    if (!m)
        return;
    free(m->now.of);
    free(m->next.of);
    free(m);
}

static bool reserve(struct members *t, size_t n)
{
    if (n <= t->cap)
        return true;
    size_t cap = t->cap ? t->cap : 8;
    while (cap < n)
        cap *= 2;
    struct member *p = realloc(t->of, cap * sizeof *p);
    if (!p)
        return false;
    t->of = p;
    t->cap = cap;
    return true;
}

static int by_key(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    if (x->pid != y->pid)
        return x->pid < y->pid ? -1 : 1;
    return x->created == y->created ? 0 : x->created < y->created ? -1 : 1;
}

/* *SEEN to NOW where that is more; the difference goes to *TOTAL. */
static void lift(uint64_t *total, uint64_t *seen, uint64_t now)
{
    if (now <= *seen)
        return;
    *total += now - *seen;
    *seen = now;
}

static void lift_all(struct account *a, struct used *seen, const struct used *now)
{
    lift(&a->user, &seen->user, now->user);
    lift(&a->kernel, &seen->kernel, now->kernel);
    lift(&a->page_faults, &seen->page_faults, now->page_faults);
    lift(&a->io.read_ops, &seen->io.read_ops, now->io.read_ops);
    lift(&a->io.write_ops, &seen->io.write_ops, now->io.write_ops);
    lift(&a->io.other_ops, &seen->io.other_ops, now->io.other_ops);
    lift(&a->io.read_bytes, &seen->io.read_bytes, now->io.read_bytes);
    lift(&a->io.write_bytes, &seen->io.write_bytes, now->io.write_bytes);
    lift(&a->io.other_bytes, &seen->io.other_bytes, now->io.other_bytes);
}

static void collect(struct members *t, const struct proc *const *proc, size_t n)
{
    t->n = 0;
    for (size_t i = 0; i < n; i++) {
        const struct proc *p = proc[i];
        if (p->attendant)
            continue;
        t->of[t->n++] = (struct member){.pid = p->pid,
                                        .created = p->created,
                                        .used = {p->user, p->kernel, p->page_faults, p->io}};
    }
    if (t->n > 1)
        qsort(t->of, t->n, sizeof *t->of, by_key);
}

/* M was seen, and OLD is what was known of it; NULL: nothing. */
static void see(struct account *a, struct member *m, const struct member *old)
{
    struct used now = m->used;
    m->used = old ? old->used : (struct used){0};
    if (!old)
        a->processes++;
    lift_all(a, &m->used, &now);
}

/* Counts what `next` shows beyond what is known of the same processes. */
static void join(struct meter *m)
{
    size_t i = 0;
    for (size_t k = 0; k < m->next.n; k++) {
        struct member *new = &m->next.of[k];
        while (i < m->now.n && by_key(&m->now.of[i], new) < 0)
            i++;
        bool known = i < m->now.n && by_key(&m->now.of[i], new) == 0;
        see(&m->account, new, known ? &m->now.of[i] : NULL);
    }
}

static void peaks(struct account *a, const struct usage *u, const struct proc *const *proc,
                  size_t n)
{
    if (a->peak_commit < u->commit)
        a->peak_commit = u->commit;
    for (size_t i = 0; i < n; i++) {
        const struct proc *p = proc[i];
        uint64_t most = p->peak_commit > p->commit ? p->peak_commit : p->commit;
        if (!p->attendant && a->peak_process_commit < most)
            a->peak_process_commit = most;
    }
}

/* Hundredths of a percent: 100 ns of CPU time in MS on each of CPUS, which just divide. */
static uint32_t share(uint64_t spent, uint64_t ms, uint32_t cpus)
{
    uint64_t v = spent / ms / (cpus ? cpus : 1);
    return v > 10000 ? 10000 : (uint32_t)v;
}

static uint32_t cpu_now(struct meter *m, uint64_t at, uint32_t cpus)
{
    uint64_t total = m->account.user + m->account.kernel;
    uint32_t cpu = m->usage.cpu;
    if (m->sampled && at == m->cpu_at)
        return cpu; /* no time has passed: the next sample has it all */
    if (m->sampled)
        cpu = share(total - m->cpu_base, at - m->cpu_at, cpus);
    m->cpu_at = at;
    m->cpu_base = total;
    return cpu;
}

enum st meter_take(struct meter *m, const struct proc *const *proc, size_t n, uint64_t at,
                   uint32_t cpus)
{
    if (m->sampled && at < m->usage.at)
        return ST_OK;
    if (!reserve(&m->next, n))
        return ST_NOMEM;
    collect(&m->next, proc, n);
    join(m);
    struct members was = m->now;
    m->now = m->next;
    m->next = was;
    struct usage u = usage_sum(proc, n);
    peaks(&m->account, &u, proc, n);
    u.at = at;
    u.cpu = cpu_now(m, at, cpus);
    m->usage = u;
    m->sampled = true;
    return ST_OK;
}

struct usage meter_usage(const struct meter *m)
{
    return m->usage;
}

struct account meter_account(const struct meter *m)
{
    return m->account;
}
