/* level_message.c - what the kernel's job messages say about limits.  The numbers are Windows'
 * JOB_OBJECT_MSG_; an unknown one is no limit. */
#include "service/limits/level_impl.h"

enum message {
    MSG_END_OF_JOB_TIME = 1,
    MSG_END_OF_PROCESS_TIME = 2,
    MSG_ACTIVE_PROCESS_LIMIT = 3,
    MSG_ACTIVE_PROCESS_ZERO = 4,
    MSG_NEW_PROCESS = 6,
    MSG_EXIT_PROCESS = 7,
    MSG_ABNORMAL_EXIT_PROCESS = 8,
    MSG_PROCESS_MEMORY_LIMIT = 9,
    MSG_JOB_MEMORY_LIMIT = 10,
    MSG_NOTIFICATION_LIMIT = 11, /* which one, only the violation record says */
    MSG_JOB_CYCLE_TIME_LIMIT = 12,
    MSG_SILO_TERMINATED = 13,
    MESSAGES
};

struct meaning {
    const char *name;
    enum limit_id limit;
};

static const struct meaning meanings[MESSAGES] = {
    [0] = {"?", LIMIT_NONE},
    [MSG_END_OF_JOB_TIME] = {"END_OF_JOB_TIME", LIMIT_JOB_TIME},
    [MSG_END_OF_PROCESS_TIME] = {"END_OF_PROCESS_TIME", LIMIT_PROCESS_TIME},
    [MSG_ACTIVE_PROCESS_LIMIT] = {"ACTIVE_PROCESS_LIMIT", LIMIT_ACTIVE_PROCESS},
    [MSG_ACTIVE_PROCESS_ZERO] = {"ACTIVE_PROCESS_ZERO", LIMIT_NONE},
    [5] = {"?", LIMIT_NONE},
    [MSG_NEW_PROCESS] = {"NEW_PROCESS", LIMIT_NONE},
    [MSG_EXIT_PROCESS] = {"EXIT_PROCESS", LIMIT_NONE},
    [MSG_ABNORMAL_EXIT_PROCESS] = {"ABNORMAL_EXIT_PROCESS", LIMIT_NONE},
    [MSG_PROCESS_MEMORY_LIMIT] = {"PROCESS_MEMORY_LIMIT", LIMIT_PROCESS_MEMORY},
    [MSG_JOB_MEMORY_LIMIT] = {"JOB_MEMORY_LIMIT", LIMIT_JOB_MEMORY},
    [MSG_NOTIFICATION_LIMIT] = {"NOTIFICATION_LIMIT", LIMIT_NONE},
    [MSG_JOB_CYCLE_TIME_LIMIT] = {"JOB_CYCLE_TIME_LIMIT", LIMIT_NONE},
    [MSG_SILO_TERMINATED] = {"SILO_TERMINATED", LIMIT_NONE},
};

enum limit_id message_limit(uint32_t number)
{
    return number < MESSAGES ? meanings[number].limit : LIMIT_NONE;
}

const char *message_name(uint32_t number)
{
    return number < MESSAGES ? meanings[number].name : "?";
}

static bool to_say(struct level *v, enum limit_id id, uint32_t pid, uint64_t now, uint32_t *repeats)
{
    struct level_state *s = v->state;
    if (id == LIMIT_JOB_TIME)
        return crossing_once(&s->crossing[id]);
    if (id == LIMIT_PROCESS_TIME)
        return crossing_pid(&s->timed, pid, now);
    return crossing_event(&s->crossing[id], true, now, repeats);
}

size_t level_message(struct level *v, uint32_t number, uint32_t pid, uint64_t measured,
                     uint64_t now, struct reached *out)
{
    enum limit_id id = message_limit(number);
    uint32_t repeats = 0;
    if (!v->state || id == LIMIT_NONE || level_value(v, id) == 0)
        return 0;
    if (!to_say(v, id, pid, now, &repeats))
        return 0;
    *out = (struct reached){.limit = id,
                            .by = HELD_BY_KERNEL,
                            .configured = level_value(v, id),
                            .measured = measured,
                            .pid = pid,
                            .deed = DEED_NONE,
                            .repeats = repeats};
    return 1;
}
