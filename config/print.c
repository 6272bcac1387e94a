/* print.c - a configuration in words, for `check`. */
#include "config/load.h"

#include "config/schema.h"
#include "config/subst.h"
#include "config/value.h"

#include <inttypes.h>
#include <string.h>

static void count(struct buf *out, size_t n, const char *what)
{
    buf_f(out, "%zu %s%s", n, what, n == 1 ? "" : "s");
}

/* The value that F has where nobody set it; NULL: it has none, or (out->failed) there is no memory.
 */
static const void *default_of(const struct field *f, const struct subst *s, struct arena *a,
                              struct buf *out)
{
    struct buf text = {0};
    if (!f->dflt)
        return NULL;
    void *value = arena_alloc(a, 1, f->size);
    bool ok = value && subst_expand(str_of(f->dflt), s, &text, NULL) == ST_OK &&
              f->type->parse(f, buf_view(&text), a, value, NULL) == ST_OK;
    buf_free(&text);
    out->failed = out->failed || !ok;
    return ok ? value : NULL;
}

/* The keys of one section that differ from their defaults.  LAST is the last instance of a job,
 * whose values may differ from those of FIRST; FIRST itself for anything else. */
static void print_values(enum section section, const void *first, const void *last,
                         const struct subst *s, struct buf *out)
{
    struct arena *a = arena_new();
    for (size_t i = 0; a && i < schema_count; i++) {
        const struct field *f = &schema[i];
        if (!schema_in(f, section) || !f->type || f->apart || f->type == &ty_name)
            continue; /* the name is in the heading */
        const void *value = (const char *)first + schema_offset(f, section);
        const void *usual = default_of(f, s, a, out);
        if (usual && f->type->equal(value, usual))
            continue;
        buf_f(out, "  %s = ", f->key);
        f->type->print(f, value, out);
        if (!f->type->equal(value, (const char *)last + schema_offset(f, section)))
            buf_f(out, "   (instance %" PRIu32 ")", s->instance);
        buf_char(out, '\n');
    }
    out->failed = out->failed || !a;
    arena_free(a);
}

static void print_reactions(const struct limits *l, struct buf *out)
{
    for (int i = 0; i < LIMIT_REACHABLE; i++)
        if (l->on_limit_key[i] != REACTION_UNSAID)
            buf_f(out, "  on_limit.%s = %s\n", schema_limit((enum limit_id)i)->key,
                  reaction_names[l->on_limit_key[i]]);
}

/* Jobs that stand one behind the other: how many specs belong to the one at I. */
static size_t run_of(const struct config *c, size_t i)
{
    size_t n = 1;
    while (i + n < c->n && c->job[i + n].job == c->job[i].job)
        n++;
    return n;
}

static void print_job(const struct config *c, size_t i, size_t n, struct buf *out)
{
    const struct job_spec *first = &c->job[i], *last = &c->job[i + n - 1];
    struct subst s = {.job = first->job,
                      .service = c->service.name,
                      .config_dir = c->config_dir,
                      .instance = first->instance};
    buf_f(out, "\njob %s: %s", first->job, first->unit);
    if (n > 1)
        buf_f(out, " to %s", last->unit);
    buf_f(out, " (%s:%" PRIu32 ")\n", first->at.file, first->at.line);
    if (first->group)
        buf_f(out, "  group = %s\n", first->group->name);
    print_values(SECTION_JOB, first, last, &s, out);
    print_reactions(&first->limits, out);
    for (uint32_t v = 0; v < first->env.n; v++)
        buf_f(out, "  env.%s = %s\n", first->env.var[v].name, first->env.var[v].value);
}

static void print_group(const struct config *c, const struct group_spec *g, struct buf *out)
{
    struct subst s = {.job = "", .service = c->service.name, .config_dir = c->config_dir};
    buf_f(out, "\ngroup %s (%s:%" PRIu32 ")\n", g->name, g->at.file, g->at.line);
    print_values(SECTION_GROUP, g, g, &s, out);
    print_reactions(&g->limits, out);
}

void config_print(const struct config *c, struct buf *out)
{
    struct subst s = {.job = "", .service = c->service.name, .config_dir = c->config_dir};
    buf_f(out, "%s: ", c->path);
    count(out, c->jobs, "job");
    if (c->disabled)
        buf_f(out, " (%zu disabled)", c->disabled);
    buf_z(out, ", ");
    count(out, c->n, "instance");
    if (c->groups) {
        buf_z(out, ", ");
        count(out, c->groups, "group");
    }
    buf_f(out, "\n\nservice %s\n", c->service.name);
    print_values(SECTION_SERVICE, &c->service, &c->service, &s, out);
    print_reactions(&c->service.limits, out);
    for (size_t i = 0; i < c->groups; i++)
        print_group(c, &c->group[i], out);
    for (size_t i = 0, n; i < c->n; i += n) {
        n = run_of(c, i);
        print_job(c, i, n, out);
    }
}
