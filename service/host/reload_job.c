/* reload_job.c - what is to be read, and the overrides that are to hold then. */
#include "service/host/reload_impl.h"

#include <stdlib.h>

static bool is_about(const struct override *o, const struct reload_order *order)
{
    return o->group == order->group && str_ieq(str_of(o->section_name), str_of(order->target));
}

static bool is_named(const struct override *o, const struct reload_order *order)
{
    for (size_t i = 0; i < order->settings; i++)
        if (str_is(str_of(o->key), order->setting[i].key))
            return true;
    return false;
}

/* An override that holds now does not hold then. */
static bool goes(const struct override *o, const struct reload_order *order)
{
    bool all = order->reset && order->settings == 0;
    return is_about(o, order) && (all || is_named(o, order));
}

static bool add(struct reload_job *j, const char *section, bool group, const char *key,
                const char *value)
{
    struct override *o = &j->override[j->overrides++];
    o->section_name = arena_str(j->arena, str_of(section));
    o->group = group;
    o->key = arena_str(j->arena, str_of(key));
    o->value = arena_str(j->arena, str_of(value));
    return o->section_name && o->key && o->value;
}

static bool fill(struct reload_job *j, const struct config *now, const struct reload_order *order)
{
    size_t most = now->overrides + order->settings;
    j->arena = arena_new();
    j->override = j->arena ? arena_alloc(j->arena, most + 1, sizeof *j->override) : NULL;
    bool ok = j->override != NULL;
    for (size_t i = 0; ok && i < now->overrides; i++) {
        const struct override *o = &now->override[i];
        if (!goes(o, order))
            ok = add(j, o->section_name, o->group, o->key, o->value);
    }
    for (size_t i = 0; ok && !order->reset && i < order->settings; i++)
        ok = add(j, order->target, order->group, order->setting[i].key, order->setting[i].value);
    return ok;
}

/* Of a reset each key must have been set, or the operator believes in something that is not so. */
static bool resets_something(const struct config *now, const struct reload_order *order,
                             struct no *no)
{
    for (size_t i = 0; order->reset && i < order->settings; i++) {
        bool any = false;
        for (size_t k = 0; k < now->overrides; k++)
            any = any || (is_about(&now->override[k], order) &&
                          str_is(str_of(now->override[k].key), order->setting[i].key));
        if (!any)
            return say_no(no, REFUSAL_REFUSED, "%s of %s '%s' was not set; 'limits' marks what was",
                          order->setting[i].key, order->group ? "group" : "job", order->target);
    }
    return true;
}

struct reload_job *reload_job_new(const struct config *now, uint64_t client,
                                  const struct reload_order *order, struct no *no)
{
    if (!resets_something(now, order, no))
        return NULL;
    struct reload_job *j = calloc(1, sizeof *j);
    if (j) {
        j->client = client;
        j->dry_run = order->dry_run;
        j->if_changed = order->if_changed;
        j->set = order->target != NULL;
    }
    if (j && (!j->set || fill(j, now, order)))
        return j;
    reload_job_free(j);
    say_no(no, REFUSAL_FAILED, "out of memory");
    return NULL;
}

void reload_job_free(struct reload_job *j)
{
    if (!j)
        return;
    arena_free(j->arena);
    free(j);
}
