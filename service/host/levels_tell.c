/* levels_tell.c - which limits the kernel does not hold, and who does. */
#include "service/host/levels_impl.h"

#include "config/schema.h"

/* Who sets the limit first, groups and the fleet before instances; NULL: nobody. */
static const char *first_user(const struct levels *l, enum limit_id id, size_t *ret_users)
{
    const char *first = NULL;
    *ret_users = 0;
    for (size_t i = 0; i < l->uppers + l->n; i++) {
        const struct upper *u = i < l->uppers ? l->upper[i] : NULL;
        const struct job_spec *s = u ? NULL : l->slot[i - l->uppers].spec;
        if ((!u && !s) || !limits_have(u ? u->limits : &s->limits, id))
            continue;
        if ((*ret_users)++ == 0)
            first = u ? u->name : s->unit;
    }
    return first;
}

void levels_tell(struct levels *l, const struct log *log)
{
    for (int i = 0; i < LIMITS; i++) {
        size_t users = 0;
        enum holder by = l->set.probe->holders.of[i];
        bool guard = i >= LIMIT_GUARD_COMMIT && i <= LIMIT_GUARD_CPU; /* the sampler's by nature */
        bool silent = l->told[i] || by == HELD_BY_KERNEL || (guard && by == HELD_BY_SAMPLER);
        const char *first = silent ? NULL : first_user(l, (enum limit_id)i, &users);
        if (!first)
            continue;
        l->told[i] = true;
        log_event(log, by == HELD_BY_NOBODY ? LOG_WARNING : LOG_INFO, "limit.not_by_kernel",
                  LOG_TEXT("limit", schema_limit((enum limit_id)i)->key),
                  LOG_TEXT("by", holder_names[by]), LOG_TEXT("first", first),
                  LOG_NUM("users", users));
    }
}
