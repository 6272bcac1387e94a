/* plan_print.c - the words of a plan. */
#include "config/plan_making.h"

#include "config/value.h"

#include <inttypes.h>
#include <string.h>

/* Both values of a change in one line are at most this long together. */
enum { BOTH_MAX = 64 };

/* --- values ------------------------------------------------------------------------- */
static bool is_env(const struct change *c)
{
    return c->name && strcmp(c->field->key, "env.NAME") == 0;
}

static bool print_variable(const struct job_spec *s, const char *name, struct buf *out)
{
    for (uint32_t i = 0; i < s->env.n; i++)
        if (str_ieq(str_of(s->env.var[i].name), str_of(name))) {
            buf_z(out, s->env.var[i].value);
            return true;
        }
    return false;
}

static bool print_reaction(enum section owner, const void *spec, const char *name, struct buf *out)
{
    const struct limits *l = owner == SECTION_JOB ? &((const struct job_spec *)spec)->limits
                             : owner == SECTION_GROUP
                                 ? &((const struct group_spec *)spec)->limits
                                 : &((const struct service_spec *)spec)->limits;
    enum reaction r = l->on_limit_key[schema_limit_id(str_of(name))];
    buf_z(out, reaction_names[r]);
    return r != REACTION_UNSAID;
}

bool plan_print_value(enum section owner, const void *spec, const struct change *c, struct buf *out)
{
    if (is_env(c))
        return print_variable(spec, c->name, out);
    if (c->name)
        return print_reaction(owner, spec, c->name, out);
    if (c->field->apart) { /* the group, alone of those without a member */
        const struct group_spec *g = ((const struct job_spec *)spec)->group;
        buf_z(out, g ? g->name : "none");
        return true;
    }
    c->field->type->print(c->field, (const char *)spec + schema_offset(c->field, owner), out);
    return true;
}

void plan_print_key(const struct change *c, struct buf *out)
{
    struct str rest = str_of(c->field->key), head = str_cut(&rest, '.');
    if (c->name) {
        buf_str(out, head);
        buf_f(out, ".%s", c->name);
    } else {
        buf_z(out, c->field->key);
    }
}

/* --- sentences ---------------------------------------------------------------------- */
void plan_print_head(struct place at, const char *subject, struct buf *out)
{
    if (at.file && at.line)
        buf_f(out, "%s:%" PRIu32 ": ", at.file, at.line);
    else if (at.file)
        buf_f(out, "%s: ", at.file);
    buf_f(out, "%s", subject);
}

static const char *visible(const char *value)
{
    return *value ? value : "''";
}

void plan_print_change(const struct found *f, const char *key, struct buf *out)
{
    const char *from = f->from, *to = f->to;
    bool fit = from && to && strlen(from) + strlen(to) <= BOTH_MAX && strcmp(from, to) != 0;
    if (f->change.name && !(from && to))
        buf_f(out, "%s %s", key, to ? "added" : "removed");
    else if (fit && !is_env(&f->change))
        buf_f(out, "%s %s -> %s", key, visible(from), visible(to));
    else
        buf_f(out, "%s changed", key);
}

void plan_print_count(uint32_t n, struct buf *out)
{
    buf_f(out, "%" PRIu32 " instance%s", n, n == 1 ? "" : "s");
}

void plan_print_cost(const struct found *f, enum section owner, struct buf *out)
{
    enum apply cost = f->change.cost;
    bool whole = owner == SECTION_JOB; /* each instance by itself */
    if (cost >= APPLY_RESPAWN && whole && f->next_run) {
        buf_z(out, "from the next run on");
        return;
    }
    buf_z(out, apply_names[cost]);
    if (cost == APPLY_RELIMIT && owner == SECTION_GROUP) {
        buf_z(out, " of the group's job, no restart of its ");
        plan_print_count(f->instances, out);
    } else if (cost == APPLY_RELIMIT && owner == SECTION_SERVICE) {
        buf_z(out, " of the job above all others, no restart");
    } else if (cost <= APPLY_RELIMIT) {
        buf_z(out, ", no restart");
    } else if (cost == APPLY_RESTART_SERVICE) {
        buf_z(out, ", holds from the next start of the service");
    } else {
        buf_char(out, ' ');
        plan_print_count(f->instances, out);
    }
}
