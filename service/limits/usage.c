/* usage.c - sums of what processes use. */
#include "service/limits/usage.h"

const struct proc *snapshot_find(const struct snapshot *s, uint32_t pid)
{
    size_t from = 0, to = s->n;
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        if (s->proc[mid].pid < pid)
            from = mid + 1;
        else
            to = mid;
    }
    return from < s->n && s->proc[from].pid == pid ? &s->proc[from] : NULL;
}

static uint32_t sum32(uint32_t a, uint32_t b)
{
    return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

struct usage usage_sum(const struct proc *const *proc, size_t n)
{
    struct usage u = {0};
    for (size_t i = 0; i < n; i++) {
        const struct proc *p = proc[i];
        if (p->attendant)
            continue;
        u.commit += p->commit;
        u.processes = sum32(u.processes, 1);
        u.threads = sum32(u.threads, p->threads);
        u.handles = sum32(u.handles, p->handles);
    }
    return u;
}

static void larger(uint64_t *a, uint64_t b)
{
    if (*a < b)
        *a = b;
}

void account_add(struct account *a, const struct account *b)
{
    a->user += b->user;
    a->kernel += b->kernel;
    a->period_user += b->period_user;
    a->period_kernel += b->period_kernel;
    a->page_faults += b->page_faults;
    a->processes += b->processes;
    a->terminated += b->terminated;
    a->io.read_ops += b->io.read_ops;
    a->io.write_ops += b->io.write_ops;
    a->io.other_ops += b->io.other_ops;
    a->io.read_bytes += b->io.read_bytes;
    a->io.write_bytes += b->io.write_bytes;
    a->io.other_bytes += b->io.other_bytes;
    larger(&a->peak_process_commit, b->peak_process_commit);
    larger(&a->peak_commit, b->peak_commit);
}

void account_best(struct account *a, const struct account *b)
{
    larger(&a->user, b->user);
    larger(&a->kernel, b->kernel);
    larger(&a->period_user, b->period_user);
    larger(&a->period_kernel, b->period_kernel);
    larger(&a->page_faults, b->page_faults);
    larger(&a->processes, b->processes);
    larger(&a->terminated, b->terminated);
    larger(&a->io.read_ops, b->io.read_ops);
    larger(&a->io.write_ops, b->io.write_ops);
    larger(&a->io.other_ops, b->io.other_ops);
    larger(&a->io.read_bytes, b->io.read_bytes);
    larger(&a->io.write_bytes, b->io.write_bytes);
    larger(&a->io.other_bytes, b->io.other_bytes);
    larger(&a->peak_process_commit, b->peak_process_commit);
    larger(&a->peak_commit, b->peak_commit);
}
