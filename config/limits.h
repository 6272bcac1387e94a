/* limits.h - what a job file says about limits: of one instance, of a group, of the whole fleet.
 *
 * Plain data, part of the spec it stands in (spec.h); read-only after loading. */
#ifndef JW_CONFIG_LIMITS_H
#define JW_CONFIG_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

enum yes_no { NO, YES };

/* Every limit by the row of its key.  Those before LIMIT_REACHABLE can be reached, which makes an
 * event and leads to a reaction; the others just hold. */
enum limit_id {
    LIMIT_PROCESS_MEMORY,
    LIMIT_JOB_MEMORY,
    LIMIT_PROCESS_TIME,
    LIMIT_JOB_TIME,
    LIMIT_ACTIVE_PROCESS,
    LIMIT_NOTIFY_JOB_MEMORY_HIGH,
    LIMIT_NOTIFY_JOB_MEMORY_LOW,
    LIMIT_NOTIFY_JOB_TIME,
    LIMIT_NOTIFY_IO_READ_BYTES,
    LIMIT_NOTIFY_IO_WRITE_BYTES,
    LIMIT_NOTIFY_CPU_RATE,
    LIMIT_NOTIFY_NET_RATE,
    LIMIT_GUARD_COMMIT,
    LIMIT_GUARD_HANDLES,
    LIMIT_GUARD_THREADS,
    LIMIT_GUARD_CPU,
    LIMIT_REACHABLE,
    LIMIT_WORKING_SET_MIN = LIMIT_REACHABLE,
    LIMIT_WORKING_SET_MAX,
    LIMIT_CPU_RATE_CAP,
    LIMIT_CPU_RATE_SOFT_CAP,
    LIMIT_CPU_RATE_WEIGHT,
    LIMIT_CPU_RATE_MIN,
    LIMIT_CPU_RATE_MAX,
    LIMIT_AFFINITY,
    LIMIT_SUBSET_AFFINITY,
    LIMIT_PRIORITY_CLASS,
    LIMIT_SCHEDULING_CLASS,
    LIMIT_BREAKAWAY,
    LIMIT_KILL_ON_JOB_CLOSE,
    LIMIT_DIE_ON_UNHANDLED_EXCEPTION,
    LIMIT_NET_MAX_BANDWIDTH,
    LIMIT_NET_DSCP_TAG,
    LIMIT_UI_RESTRICTIONS,
    LIMITS,
    LIMIT_NONE = LIMITS /* where a limit may be missing: no limit at all */
};

/* A share of CPU time.  The same on every machine, or the same number of processors. */
enum cpu_unit { CPU_UNLIMITED, CPU_OF_MACHINE, CPU_PROCESSORS };
struct cpu_share {
    enum cpu_unit unit;
    /* OF_MACHINE: hundredths of a percent, 1-10000; PROCESSORS: thousandths, >= 1 */
    uint32_t value;
};

/* One processor group of Windows, 64 processors at most. */
struct cpu_group {
    uint16_t group;
    uint64_t mask; /* never 0 */
};
/* Sorted by group, each once; n 0: no limit. */
struct cpu_set {
    uint32_t n;
    const struct cpu_group *group;
};
enum { CPU_GROUPS_MAX = 32 };

/* A small number of which 0 is a value. */
struct small {
    bool set;
    uint8_t value;
};

enum priority {
    PRIORITY_INHERITED, /* no limit */
    PRIORITY_IDLE,
    PRIORITY_BELOW_NORMAL,
    PRIORITY_NORMAL,
    PRIORITY_ABOVE_NORMAL,
    PRIORITY_HIGH,
    PRIORITY_REALTIME
};
enum breakaway { BREAKAWAY_NO, BREAKAWAY_EXPLICIT, BREAKAWAY_SILENT };
enum time_action { TIME_TERMINATE, TIME_NOTIFY };

/* Bits of ui_restrictions, in the order of its words; the numbers are Windows' own. */
enum ui_bits {
    UI_HANDLES = 0x01,
    UI_READCLIPBOARD = 0x02,
    UI_WRITECLIPBOARD = 0x04,
    UI_SYSTEMPARAMETERS = 0x08,
    UI_DISPLAYSETTINGS = 0x10,
    UI_GLOBALATOMS = 0x20,
    UI_DESKTOP = 0x40,
    UI_EXITWINDOWS = 0x80
};

/* For how much of which interval a rate may be exceeded; Windows' own numbers, 0: none. */
enum tolerance { TOLERANCE_NONE, TOLERANCE_LOW, TOLERANCE_MEDIUM, TOLERANCE_HIGH };
enum interval { INTERVAL_NONE, INTERVAL_SHORT, INTERVAL_MEDIUM, INTERVAL_LONG };
struct rate_notice {
    enum tolerance tolerance; /* low 20 %, medium 40 %, high 60 % */
    enum interval interval;   /* short 10 s, medium 1 min, long 10 min */
};

/* `1G for 5m`: reached when the value is exceeded at every sample for that long. */
struct guard {
    uint64_t value;  /* bytes or a count; 0: no guard */
    uint64_t for_ms; /* 0: at one sample */
};
struct cpu_guard {
    struct cpu_share share; /* CPU_UNLIMITED: no guard */
    uint64_t for_ms;
};

/* What follows when a limit is reached.  UNSAID: on_limit decides. */
enum reaction {
    REACTION_UNSAID,
    REACTION_LOG,
    REACTION_HOOK,      /* run hook_limit */
    REACTION_RESTART,   /* stop by the ladder, then start again */
    REACTION_STOP,      /* stop by the ladder, and stay down */
    REACTION_TERMINATE, /* end all processes at once; restart then decides */
    REACTIONS
};
extern const char *const reaction_names[REACTIONS]; /* "" "log" "hook" ... */

/* A member that is 0 is no limit, where nothing else is said. */
struct limits {
    uint64_t process_memory, job_memory;       /* bytes of commit */
    uint64_t working_set_min, working_set_max; /* bytes; both or none */
    uint64_t process_time, job_time;           /* ms of user-mode CPU time */
    enum time_action job_time_action;
    struct cpu_share cpu_rate_cap, cpu_rate_soft_cap, cpu_rate_min, cpu_rate_max;
    uint32_t cpu_rate_weight; /* 1-9; of the four modes (cap, soft cap, weight, min and max) one */
    struct cpu_set affinity;
    enum yes_no subset_affinity;
    enum priority priority_class;
    struct small scheduling_class; /* 0-9 */
    uint32_t active_process;       /* processes */
    enum breakaway breakaway;
    enum yes_no kill_on_job_close; /* YES by default */
    enum yes_no die_on_unhandled_exception;
    uint64_t net_max_bandwidth; /* bytes a second */
    struct small net_dscp_tag;  /* 0-63 */
    uint32_t ui_restrictions;   /* enum ui_bits */
    uint64_t notify_job_memory_high, notify_job_memory_low;      /* bytes of commit */
    uint64_t notify_job_time;                                    /* ms of user-mode CPU time */
    uint64_t notify_io_read_bytes, notify_io_write_bytes;        /* bytes in all */
    struct rate_notice notify_cpu_rate, notify_net_rate;
    struct guard guard_commit, guard_handles, guard_threads;
    struct cpu_guard guard_cpu;
    enum reaction on_limit;                   /* never UNSAID after loading */
    enum reaction on_limit_key[LIMIT_REACHABLE]; /* on_limit.KEY; UNSAID: on_limit */
    const char *hook_limit;                   /* command line; "": none */
    uint64_t hook_timeout;                    /* ms */
};

/* Whether L sets the limit at all. */
bool limits_have(const struct limits *l, enum limit_id id);
/* What a reachable limit is set to, in the unit of its key: bytes, ms of CPU time, a count, or
 * hundredths of a percent of the machine's CPU time (CPUS: how many processors it has); of
 * notify_cpu_rate and notify_net_rate the tolerated percent of the interval. */
uint64_t limits_value(const struct limits *l, enum limit_id id, uint32_t cpus);
enum reaction limits_reaction(const struct limits *l, enum limit_id id);
/* A share as hundredths of a percent of a machine with CPUS processors: 1-10000, 0 for none. */
uint32_t cpu_share_of(const struct cpu_share *s, uint32_t cpus);

#endif
