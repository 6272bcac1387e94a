/* violation.h - what the kernel says after a notification limit: the violation record of classes 13
 * and 34, without the padding of Windows' struct.  Portable, so that a test can make one; Windows
 * fills it with QueryInformationJobObject (service/job/violation.h).  Plain data. */
#ifndef JW_LIMITS_VIOLATION_H
#define JW_LIMITS_VIOLATION_H

#include <stdint.h>

/* Bits of flags and violated: Windows' own JOB_OBJECT_LIMIT_ numbers. */
enum violation_bits {
    VIOLATED_JOB_TIME = 0x4,
    VIOLATED_MEMORY_HIGH = 0x200,
    VIOLATED_MEMORY_LOW = 0x8000,
    VIOLATED_READ_BYTES = 0x10000,
    VIOLATED_WRITE_BYTES = 0x20000,
    VIOLATED_CPU_RATE = 0x40000,
    VIOLATED_IO_RATE = 0x80000,
    VIOLATED_NET_RATE = 0x100000
};

struct violation {
    uint32_t flags, violated;
    uint64_t read_bytes, read_bytes_limit, write_bytes, write_bytes_limit;
    uint64_t user_time, user_time_limit; /* 100 ns */
    uint64_t memory, memory_high_limit, memory_low_limit;
    uint32_t cpu_tolerance, cpu_tolerance_limit; /* 1 low .. 3 high */
    uint32_t net_tolerance, net_tolerance_limit;
};

#endif
