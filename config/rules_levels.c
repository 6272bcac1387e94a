/* rules_levels.c - the levels that have limits, and the rules over each of them. */
#include "config/rules_scope.h"

static void run(struct loader *l, const struct scope *s)
{
    rules_alone(l, s);
    rules_nested(l, s);
    if (l->src->machine)
        rules_machine(l, s);
}

static struct scope scope_of_fleet(struct loader *l)
{
    struct scope s = {.limits = &l->fleet->limits,
                      .level = &l->service,
                      .levels = l->service ? 1 : 0,
                      .at = {l->path, 0},
                      .kind = "service"};
    if (l->service) {
        s.at = l->service->at;
        s.doubtful = l->service->damaged;
    }
    return s;
}

/* LEVEL is the group's section. */
static struct scope scope_of_group(struct loader *l, struct sect *const *level,
                                   const struct scope *fleet)
{
    const struct sect *g = *level;
    return (struct scope){.limits = &g->group->limits,
                          .level = level,
                          .levels = 1,
                          .at = g->at,
                          .kind = "group",
                          .name = g->name,
                          .doubtful = g->damaged,
                          .up = l->fleet->capped ? fleet : NULL};
}

void rules_limits(struct loader *l, const struct view *v, const struct job_spec *spec)
{
    struct scope fleet = scope_of_fleet(l), group;
    struct scope s = {.limits = &spec->limits,
                      .level = v->level,
                      .levels = v->levels,
                      .at = v->job->at,
                      .doubtful = v->doubtful,
                      .up = l->fleet->capped ? &fleet : NULL};
    if (v->group && v->group->group) {
        group = scope_of_group(l, &v->group, &fleet);
        s.up = &group;
    }
    run(l, &s);
}

void rules_limits_fleet(struct loader *l, const struct config *c)
{
    struct scope fleet = scope_of_fleet(l);
    run(l, &fleet);
    for (struct sect *g = l->sects; g; g = g->next) {
        struct sect *const level = g;
        if (g->kind != KIND_GROUP || g->apart || !g->group)
            continue;
        struct scope s = scope_of_group(l, &level, &fleet);
        run(l, &s);
    }
    if (l->src->machine)
        rules_machine_fleet(l, c);
    rules_sums(l, c);
}
