/* violation.c - see violation.h. */
#include "service/job/violation.h"

_Static_assert(sizeof(JOBOBJECT_LIMIT_VIOLATION_INFORMATION) == 80, "class 13");

/* A negative time, which no kernel gives, would be half an eternity. */
static uint64_t time_of(LARGE_INTEGER t)
{
    return t.QuadPart > 0 ? (uint64_t)t.QuadPart : 0;
}

struct violation violation_from_34(const struct jw_violation_2 *v)
{
    return (struct violation){
        .flags = v->flags,
        .violated = v->violated,
        .read_bytes = v->read_bytes,
        .read_bytes_limit = v->read_bytes_limit,
        .write_bytes = v->write_bytes,
        .write_bytes_limit = v->write_bytes_limit,
        .user_time = time_of(v->user_time),
        .user_time_limit = time_of(v->user_time_limit),
        .memory = v->memory,
        .memory_high_limit = v->memory_high_limit,
        .memory_low_limit = v->memory_low_limit,
        .cpu_tolerance = v->cpu_tolerance,
        .cpu_tolerance_limit = v->cpu_tolerance_limit,
        .net_tolerance = v->net_tolerance,
        .net_tolerance_limit = v->net_tolerance_limit,
    };
}

struct violation violation_from_13(const JOBOBJECT_LIMIT_VIOLATION_INFORMATION *v)
{
    return (struct violation){
        .flags = v->LimitFlags,
        .violated = v->ViolationLimitFlags,
        .read_bytes = v->IoReadBytes,
        .read_bytes_limit = v->IoReadBytesLimit,
        .write_bytes = v->IoWriteBytes,
        .write_bytes_limit = v->IoWriteBytesLimit,
        .user_time = time_of(v->PerJobUserTime),
        .user_time_limit = time_of(v->PerJobUserTimeLimit),
        .memory = v->JobMemory,
        .memory_high_limit = v->JobMemoryLimit,
        .cpu_tolerance = (uint32_t)v->RateControlTolerance,
        .cpu_tolerance_limit = (uint32_t)v->RateControlToleranceLimit,
    };
}
