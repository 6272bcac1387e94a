/* group.c - [group:NAME] sections, who is in them, and their specs. */
#include "config/loader.h"

#include <string.h>

/* --- names -------------------------------------------------------------------------- */
static void report_unknown(struct loader *l, struct entry *e, const char *name)
{
    const struct sect *other = names_find(l->group_names, str_of(name));
    const char *near = other ? other->name : NULL;
    for (const struct sect *s = l->sects; s && !other; s = s->next)
        if (s->kind == KIND_GROUP && *s->name)
            near = nearer_word(str_of(name), near, s->name);
    if (near)
        report_entry(l, CODE_UNKNOWN_GROUP, e, "there is no group '%s'; did you mean '%s'?", name,
                     near);
    else
        report_entry(l, CODE_UNKNOWN_GROUP, e, "there is no group '%s'; add [group:%s]", name,
                     name);
}

static const char *name_said(struct loader *l, struct entry *e)
{
    struct subst none = subst_for(l, "", 0);
    const char *name = "";
    evaluate(l, e, &none, &name);
    return name;
}

struct sect *groups_find(struct loader *l, struct entry *e)
{
    const char *name = e ? name_said(l, e) : "";
    struct sect *s = *name ? names_find(l->group_names, str_of(name)) : NULL;
    return s && strcmp(s->name, name) == 0 ? s : NULL;
}

/* Commands address a group and a job by their names alone. */
static void check_name(struct loader *l, const struct sect *s)
{
    const struct sect *job = names_find(l->job_names, str_of(s->name));
    if (job)
        report(l, CODE_GROUP_NAME, s->at,
               "group '%s' has the name of job '%s', at %s:%u, and commands could not tell them "
               "apart; rename one",
               s->name, job->name, job->at.file, (unsigned)job->at.line);
}

void groups_check(struct loader *l)
{
    for (struct sect *s = l->sects; s && !l->nomem; s = s->next) {
        if (s->kind == KIND_GROUP && !s->apart)
            check_name(l, s);
        const char *name = s->in && !l->nomem ? name_said(l, s->in) : "";
        if (*name && !groups_find(l, s->in))
            report_unknown(l, s->in, name);
    }
}

/* --- specs -------------------------------------------------------------------------- */
static void build(struct loader *l, struct view *v, struct sect *s, struct group_spec *ret)
{
    struct subst subst = subst_for(l, "", 0);
    *ret = (struct group_spec){.name = s->name, .at = s->at, .origin = s->origin};
    view_one(v, s);
    build_fill(l, v, SECTION_GROUP, &subst, PASS_COMMON, ret);
    if (!l->nomem)
        evaluate_reactions(l, v->level, v->levels, &ret->limits);
    s->group = ret;
}

/* Those that run come first, side by side; of the others only the mistakes matter. */
void groups_build(struct loader *l, struct view *v, struct config *c)
{
    size_t n = 0, idle = 0;
    for (const struct sect *s = l->sects; s; s = s->next)
        n += s->kind == KIND_GROUP;
    struct group_spec *spec = take(l, l->keep, n, sizeof *spec);
    for (struct sect *s = l->sects; s && !l->nomem; s = s->next)
        if (s->kind == KIND_GROUP)
            build(l, v, s, s->running ? &spec[c->groups++] : &spec[n - ++idle]);
    c->group = spec;
}

void groups_unused(struct loader *l)
{
    if (diag_errors(l->diags) > 0)
        return; /* whoever should be in it may be the mistake */
    for (const struct sect *s = l->sects; s; s = s->next)
        if (s->kind == KIND_GROUP && s->members == 0)
            report(l, CODE_EMPTY_GROUP, s->at,
                   "no job is in group '%s'; write 'group = %s' in those that should be", s->name,
                   s->name);
}
