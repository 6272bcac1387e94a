/* told.c - takes down what a diff says. */
#include "tests/config/told.h"

static void tell(void *ctx, const struct change *c)
{
    struct told *t = ctx;
    struct str rest = str_of(c->field->key), head = str_cut(&rest, '.');
    buf_str(&t->text, c->name ? head : str_of(c->field->key));
    buf_f(&t->text, "%s%s:%s ", c->name ? "." : "", c->name ? c->name : "", apply_names[c->cost]);
}

bool diff_specs(enum section owner, const void *was, const void *is, enum apply *cost,
                struct told *t)
{
    void (*visit)(void *, const struct change *) = t ? tell : NULL;
    return owner == SECTION_JOB     ? diff_jobs(was, is, cost, visit, t)
           : owner == SECTION_GROUP ? diff_groups(was, is, cost, visit, t)
                                    : diff_services(was, is, cost, visit, t);
}
