/* schema_row.h - how the rows of the table are written, and the words in them.  For schema.c
 * alone. */
#ifndef JW_CONFIG_SCHEMA_ROW_H
#define JW_CONFIG_SCHEMA_ROW_H

#include "config/value.h"

#include <assert.h>

/* Words in the order of their enum, NULL-terminated. */
#define WORDS_ARE(list, last)                                                                      \
    static_assert(sizeof(list) / sizeof *(list) == (size_t)(last) + 2, "a word for each value")

/* The offset of a member, or no compilation when its type is not T. */
#define AT(S, m, T)                                                                                \
    (offsetof(struct S, m) + 0 * sizeof(char[_Generic(((struct S *)0)->m, T : 1, default : -1)]))
#define MEMBER(S, m, T, ty) .type = &(ty), .offset = AT(S, m, T), .size = sizeof(T)
/* A member and the value type that writes its C type: never one without the other. */
#define COUNT(S, m) MEMBER(S, m, uint32_t, ty_count)
#define NUMBER(S, m) MEMBER(S, m, uint64_t, ty_number)
#define PERCENT(S, m) MEMBER(S, m, uint64_t, ty_percent)
#define FACTOR(S, m) MEMBER(S, m, uint64_t, ty_factor)
#define DURATION(S, m) MEMBER(S, m, uint64_t, ty_duration), .unit = "milliseconds"
#define SIZE(S, m) MEMBER(S, m, uint64_t, ty_size), .unit = "bytes"
#define ACCESS(S, m) MEMBER(S, m, struct access_list, ty_access)
#define YES_NO(S, m) MEMBER(S, m, enum yes_no, ty_yes_no)
#define WORD(S, m, E, list) MEMBER(S, m, enum E, ty_word), .words = (list)
#define EXIT_CODES(S, m) MEMBER(S, m, struct codes, ty_codes)
#define LADDER(S, m) MEMBER(S, m, struct ladder, ty_ladder)
#define NAME(S, m) MEMBER(S, m, const char *, ty_name)
#define PATH(S, m) MEMBER(S, m, const char *, ty_path), .max = PATH_UNITS
#define OUTPUT(S, m, list) MEMBER(S, m, const char *, ty_output), .max = PATH_UNITS, .words = (list)
#define COMMAND(S, m) MEMBER(S, m, const char *, ty_command), .max = COMMAND_UNITS
#define NAMES(S, m) MEMBER(S, m, struct texts, ty_names), .raw = true
#define CAUSES_OF(S, m) MEMBER(S, m, struct causes, ty_causes)
#define READY(S, m) MEMBER(S, m, struct ready, ty_ready), .max = PATH_UNITS
#define PORT(S, m) MEMBER(S, m, uint32_t, ty_port), .max = 65535, .dflt = "none"
#define URL(S, m) MEMBER(S, m, const char *, ty_url), .max = PATH_UNITS, .dflt = "none"
#define SCHEDULE(S, m) MEMBER(S, m, struct schedule, ty_schedule), .dflt = "none"
/* A command line that `none` undoes. */
#define EXTRA_COMMAND(S, m)                                                                        \
    MEMBER(S, m, const char *, ty_hook), .max = COMMAND_UNITS, .dflt = "none"
/* Used by the loader itself, so there is no member. */
#define APART(T, ty) .type = &(ty), .size = sizeof(T), .apart = true

/* Members of struct limits, and what they are by default. */
#define MEMORY(m)                                                                                  \
    MEMBER(limits, m, uint64_t, ty_size_limit), .max = MEMORY_MAX, .dflt = "none", .unit = "bytes"
#define CPU_TIME(m)                                                                                \
    MEMBER(limits, m, uint64_t, ty_time_limit), .min = 1, .max = CENTURY, .dflt = "none",          \
                                                .unit = "milliseconds of user-mode CPU time"
#define BANDWIDTH(m)                                                                               \
    MEMBER(limits, m, uint64_t, ty_bandwidth), .min = 1, .max = TIB, .dflt = "none",               \
                                               .unit = "bytes a second"
#define COUNT_LIMIT(m) MEMBER(limits, m, uint32_t, ty_count_limit), .min = 1, .dflt = "none"
#define SMALL(m) MEMBER(limits, m, struct small, ty_small), .dflt = "none"
#define SHARE(m)                                                                                   \
    MEMBER(limits, m, struct cpu_share, ty_share), .min = 1, .max = 10000, .dflt = "none",         \
                                                   .unit = "of CPU time"
#define CPUS(m) MEMBER(limits, m, struct cpu_set, ty_cpus), .dflt = "none"
#define FLAGS(m, list) MEMBER(limits, m, uint32_t, ty_flags), .words = (list), .dflt = "none"
#define RATE(m) MEMBER(limits, m, struct rate_notice, ty_tolerance), .dflt = "none"
#define GUARD(m, ty) MEMBER(limits, m, struct guard, ty), .dflt = "none"
#define GUARD_SHARE(m)                                                                             \
    MEMBER(limits, m, struct cpu_guard, ty_guard_share), .min = 1, .max = 10000, .dflt = "none",   \
                                                         .unit = "of CPU time"
#define HOOK(m) EXTRA_COMMAND(limits, m)
#define REACTION(m, list) MEMBER(limits, m, enum reaction, ty_reaction), .words = (list)

#define SERVICE(k, group) .section = SECTION_SERVICE, .key = k, .about = group, .id = LIMIT_NONE
#define JOB(k, group) .section = SECTION_JOB, .key = k, .about = group, .id = LIMIT_NONE
#define PLANNED(k, group, text)                                                                    \
    {                                                                                              \
        JOB(k, group), .brief = text                                                               \
    }
/* A limit, and a key that belongs to limits. */
#define LIMIT(k, which)                                                                            \
    .section = SECTION_JOB, .key = k, .about = "limits", .limit = true, .id = LIMIT_##which
#define LIMITING(k, group)                                                                         \
    .section = SECTION_JOB, .key = k, .about = group, .limit = true, .id = LIMIT_NONE
#define GONE(k, why, text)                                                                         \
    {                                                                                              \
        LIMITING(k, "limits"), .gone = why, .brief = text                                          \
    }

/* Windows takes 32,767 units of a command line or a path with its terminator. */
enum { COMMAND_UNITS = 32766, PATH_UNITS = 32000, TEXT_UNITS = 32766 };
enum { SECOND = 1000, HOUR = 3600 * SECOND, DAY = 24 * HOUR };
#define YEAR (UINT64_C(365) * DAY)
#define CENTURY (100 * YEAR)
#define MIB (UINT64_C(1) << 20)
#define TIB (UINT64_C(1) << 40)
/* What a 64-bit process can address; and a commit below which no program even loads. */
#define MEMORY_MAX (128 * TIB)
#define MEMORY_MIN (4 * MIB)
/* One page, and the twenty pages below which Windows shrinks no working set. */
enum { PAGE = 4096, WORKING_SET_MIN = 20 * PAGE };

/* --- words -------------------------------------------------------------------------- */
static const char *const namespaces[] = {"auto", "global", "local", NULL};
static const char *const levels[] = {"error", "warning", "info", "debug", NULL};
static const char *const consoles[] = {"own", "none", NULL};
static const char *const restarts[] = {"always", "on-failure", "on-abnormal", "never", NULL};
static const char *const limit_actions[] = {"fail", "exit-service", NULL};
static const char *const rolls[] = {"size", "daily", NULL};
static const char *const out_words[] = {"null", NULL};
static const char *const err_words[] = {"null", "stdout", NULL};
static const char *const priorities[] = {"none",         "idle", "below-normal", "normal",
                                         "above-normal", "high", "realtime",     NULL};
static const char *const breakaways[] = {"no", "explicit", "silent", NULL};
static const char *const time_actions[] = {"terminate", "notify", NULL};
/* By bit. */
static const char *const ui_words[] = {"handles",          "readclipboard",   "writeclipboard",
                                       "systemparameters", "displaysettings", "globalatoms",
                                       "desktop",          "exitwindows",     NULL};
/* What on_limit.KEY can say: on_limit itself cannot say none. */
static const char *const reactions[] = {"none", "log",       "hook", "restart",
                                        "stop", "terminate", NULL};
WORDS_ARE(namespaces, NAMESPACE_LOCAL);
WORDS_ARE(levels, LOG_DEBUG);
WORDS_ARE(consoles, CONSOLE_NONE);
WORDS_ARE(restarts, RESTART_NEVER);
WORDS_ARE(limit_actions, START_LIMIT_EXIT_SERVICE);
WORDS_ARE(rolls, ROLL_DAILY);
WORDS_ARE(priorities, PRIORITY_REALTIME);
WORDS_ARE(breakaways, BREAKAWAY_SILENT);
WORDS_ARE(time_actions, TIME_NOTIFY);
WORDS_ARE(reactions, REACTION_TERMINATE);
static_assert(UI_HANDLES == 1 && UI_EXITWINDOWS == 1 << (sizeof ui_words / sizeof *ui_words - 2),
              "a word for each bit");

#define NO_IO_RATE                                                                                 \
    "Windows removed I/O rate control in Windows 10 1607 and Server 2016; use priority_class, or " \
    "give the job a disk of its own"

#endif
