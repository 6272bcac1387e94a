/* abi.h - Windows' structs and numbers that mingw-w64 v10 lacks or has in an older shape, declared
 * here and nowhere else.  Sources: winnt.h of the Windows SDK 10.0; the sizes are those of x64.
 *
 * Microsoft's page of QueryInformationJobObject prints 34 and 35 for the two last classes; 33 and
 * 34 are right (SDK, SetInformationJobObject), 35 makes a silo. */
#ifndef JW_JOB_ABI_H
#define JW_JOB_ABI_H

#include <windows.h>

#define JW_CLASS_MEMORY_USAGE ((JOBOBJECTINFOCLASS)28) /* not documented */
#define JW_CLASS_NET_RATE ((JOBOBJECTINFOCLASS)32)
#define JW_CLASS_NOTIFY_2 ((JOBOBJECTINFOCLASS)33)
#define JW_CLASS_VIOLATION_2 ((JOBOBJECTINFOCLASS)34)

struct jw_cpu_rate {
    DWORD flags;
    union {
        DWORD rate, weight;
        struct {
            WORD min, max;
        } range;
    } u;
};
enum {
    JW_CPU_ENABLE = 0x1,
    JW_CPU_WEIGHT = 0x2,
    JW_CPU_HARD_CAP = 0x4,
    JW_CPU_NOTIFY = 0x8,
    JW_CPU_MIN_MAX = 0x10,
    JW_CPU_MODES = JW_CPU_WEIGHT | JW_CPU_HARD_CAP | JW_CPU_MIN_MAX
};

struct jw_net_rate {
    DWORD64 max_bandwidth;
    DWORD flags;
    BYTE dscp_tag;
};
enum { JW_NET_ENABLE = 1, JW_NET_MAX_BANDWIDTH = 2, JW_NET_DSCP_TAG = 4 };

struct jw_notify_2 {
    DWORD64 read_bytes, write_bytes;
    LARGE_INTEGER user_time;
    DWORD64 memory_high;
    DWORD cpu_tolerance, cpu_interval, flags, io_tolerance;
    DWORD64 memory_low;
    DWORD io_interval, net_tolerance, net_interval;
};
/* Of its flags, and of those of a violation. */
enum {
    JW_NOTIFY_JOB_TIME = 0x4,
    JW_NOTIFY_MEMORY_HIGH = 0x200,
    JW_NOTIFY_MEMORY_LOW = 0x8000,
    JW_NOTIFY_READ_BYTES = 0x10000,
    JW_NOTIFY_WRITE_BYTES = 0x20000,
    JW_NOTIFY_CPU_RATE = 0x40000,
    JW_NOTIFY_NET_RATE = 0x100000
};

struct jw_violation_2 {
    DWORD flags, violated;
    DWORD64 read_bytes, read_bytes_limit, write_bytes, write_bytes_limit;
    LARGE_INTEGER user_time, user_time_limit;
    DWORD64 memory, memory_high_limit;
    DWORD cpu_tolerance, cpu_tolerance_limit;
    DWORD64 memory_low_limit;
    DWORD io_tolerance, io_tolerance_limit, net_tolerance, net_tolerance_limit;
};

struct jw_memory_usage {
    DWORD64 now, peak;
};

_Static_assert(sizeof(struct jw_memory_usage) == 16, "class 28");
_Static_assert(sizeof(struct jw_cpu_rate) == 8, "class 15");
_Static_assert(sizeof(struct jw_net_rate) == 16, "class 32");
_Static_assert(sizeof(struct jw_notify_2) == 72, "class 33");
_Static_assert(sizeof(struct jw_violation_2) == 104, "class 34");

#endif
