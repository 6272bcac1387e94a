/* weight.c - which counter belongs to which limit. */
#include "service/limits/weight.h"

uint64_t weight_of(const struct proc *p, enum limit_id limit)
{
    switch (limit) {
    case LIMIT_PROCESS_TIME:
    case LIMIT_JOB_TIME:
    case LIMIT_NOTIFY_JOB_TIME:
        return p->user;
    case LIMIT_NOTIFY_CPU_RATE:
    case LIMIT_GUARD_CPU:
        return p->user + p->kernel;
    case LIMIT_NOTIFY_IO_READ_BYTES:
        return p->io.read_bytes;
    case LIMIT_NOTIFY_IO_WRITE_BYTES:
        return p->io.write_bytes;
    case LIMIT_GUARD_HANDLES:
        return p->handles;
    case LIMIT_GUARD_THREADS:
        return p->threads;
    case LIMIT_ACTIVE_PROCESS:
        return 1;
    default:
        return p->commit;
    }
}

uint32_t weight_largest(const struct proc *const *proc, size_t n, enum limit_id limit)
{
    uint64_t most = 0;
    uint32_t pid = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t weight = proc[i]->attendant ? 0 : weight_of(proc[i], limit);
        if (weight > most) {
            most = weight;
            pid = proc[i]->pid;
        }
    }
    return pid;
}
