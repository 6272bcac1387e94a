/* template.c - which section takes its settings from which. */
#include "config/loader.h"

#include "config/value.h"

#include <string.h>

/* --- tying names to sections -------------------------------------------------------- */
static void report_unknown(struct loader *l, struct entry *e, const char *name)
{
    const struct sect *job = names_find(l->job_names, str_of(name));
    const struct sect *other = names_find(l->template_names, str_of(name));
    if (other) {
        report_entry(l, CODE_UNKNOWN_TEMPLATE, e, "there is no template '%s'; did you mean '%s'?",
                     name, other->name);
        return;
    }
    if (job) {
        report_entry(l, CODE_UNKNOWN_TEMPLATE, e,
                     "'%s' is a job; put what is common into a [template:NAME]", name);
        return;
    }
    const char *near = NULL;
    for (const struct sect *s = l->sects; s; s = s->next)
        if (s->kind == KIND_TEMPLATE && *s->name)
            near = nearer_word(str_of(name), near, s->name);
    if (near)
        report_entry(l, CODE_UNKNOWN_TEMPLATE, e, "there is no template '%s'; did you mean '%s'?",
                     name, near);
    else
        report_entry(l, CODE_UNKNOWN_TEMPLATE, e, "there is no template '%s'; add [template:%s]",
                     name, name);
}

static void tie(struct loader *l, struct sect *s)
{
    struct texts names = {0};
    struct subst none = subst_for(l, "", 0);
    if (!s->extends)
        return;
    if (!evaluate(l, s->extends, &none, &names)) {
        s->damaged = true;
        return;
    }
    s->base = take(l, l->scratch, names.n, sizeof *s->base);
    for (uint32_t i = 0; s->base && i < names.n; i++) {
        struct sect *t = names_find(l->template_names, str_of(names.text[i]));
        if (t && strcmp(t->name, names.text[i]) == 0) {
            s->base[s->bases++] = t;
        } else {
            s->damaged = true;
            s->extends->bad = false; /* two unknown names are two mistakes */
            report_unknown(l, s->extends, names.text[i]);
        }
    }
}

/* --- cycles and depth --------------------------------------------------------------- */
struct step {
    struct sect *at;
    const struct step *up;
};

static void cut(struct sect *s)
{
    s->bases = 0;
    s->damaged = true;
}

/* "a -> b -> " from S, which is on the way, on. */
static void print_steps(const struct step *step, const struct sect *s, struct buf *out)
{
    if (step->at != s && step->up)
        print_steps(step->up, s, out);
    buf_f(out, "%s -> ", step->at->name);
}

static void report_cycle(struct loader *l, const struct step *step, const struct sect *back_to)
{
    struct buf way = {0};
    print_steps(step, back_to, &way);
    report_entry(l, CODE_TEMPLATE_CYCLE, step->at->extends, "the template extends itself: %s%s",
                 buf_text(&way), back_to->name);
    buf_free(&way);
    cut(step->at);
}

/* S is the template number DEPTH on its way, 0: it is a job.  Afterwards no way from S leads back
 * to it, and none is too long. */
static void visit(struct loader *l, struct sect *s, const struct step *up, size_t depth)
{
    struct step here = {s, up};
    s->mark = OPEN;
    s->height = 1;
    for (size_t i = 0; i < s->bases; i++) {
        struct sect *base = s->base[i];
        if (base->mark == OPEN) {
            report_cycle(l, &here, base);
            break;
        }
        if (base->mark == UNSEEN && depth < CONFIG_DEPTH_MAX)
            visit(l, base, &here, depth + 1);
        bool too_deep =
            base->mark == UNSEEN || (s->kind == KIND_TEMPLATE && base->height >= CONFIG_DEPTH_MAX);
        if (too_deep) {
            report_entry(l, CODE_TEMPLATE_DEPTH, s->extends,
                         "more than %d templates extend one another", (int)CONFIG_DEPTH_MAX);
            cut(s);
            break;
        }
        if (base->height + 1 > s->height)
            s->height = base->height + 1;
    }
    s->mark = DONE;
}

void templates_tie(struct loader *l)
{
    for (struct sect *s = l->sects; s && !l->nomem; s = s->next)
        if (s->kind == KIND_TEMPLATE || s->kind == KIND_JOB)
            tie(l, s);
    for (struct sect *s = l->sects; s && !l->nomem; s = s->next)
        if (s->mark == UNSEEN)
            visit(l, s, NULL, s->kind == KIND_TEMPLATE ? 1 : 0);
}

/* --- the chain of one job ----------------------------------------------------------- */
static size_t count_levels(struct sect *s, size_t number)
{
    size_t n = 1;
    s->taken_by = number;
    for (size_t i = 0; i < s->bases; i++)
        if (s->base[i]->taken_by != number)
            n += count_levels(s->base[i], number);
    return n;
}

/* Each section once, before those that it extends. */
static void add_levels(struct sect *s, size_t number, struct sect **level, size_t *n)
{
    s->taken_by = number;
    level[(*n)++] = s;
    for (size_t i = 0; i < s->bases; i++)
        if (s->base[i]->taken_by != number)
            add_levels(s->base[i], number, level, n);
}

struct sect **templates_chain(struct loader *l, struct sect *job, size_t number, size_t *n)
{
    size_t most = count_levels(job, number * 2 - 1) + 1;
    struct sect **level = take(l, l->scratch, most, sizeof *level);
    *n = 0;
    if (!level)
        return NULL;
    add_levels(job, number * 2, level, n);
    if (l->defaults)
        level[(*n)++] = l->defaults;
    return level;
}
