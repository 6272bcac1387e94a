/* view.c - one job as a look-up: which entry holds for which key. */
#include "config/loader.h"

static const char *const known[ROWS] = {
    [ROW_AFTER] = "after",       [ROW_COMMAND] = "command",
    [ROW_ENABLED] = "enabled",   [ROW_ENV_FILE] = "env_file",
    [ROW_GROUP] = "group",       [ROW_FIRST_INSTANCE] = "first_instance",
    [ROW_REQUIRES] = "requires", [ROW_INSTANCES] = "instances",
};

struct entry *view_known(const struct view *v, enum row row)
{
    return v->from[v->known[row]];
}

struct entry *view_entry(const struct view *v, const char *key)
{
    return v->from[schema_find(SECTION_JOB, str_of(key)) - schema];
}

struct place view_place(const struct view *v, const char *key)
{
    const struct entry *e = view_entry(v, key);
    return e ? e->at : v->job->at;
}

bool view_good(const struct view *v, const char *key)
{
    const struct entry *e = view_entry(v, key);
    return !e || !e->bad;
}

size_t view_rank(const struct view *v, const char *key)
{
    size_t row = (size_t)(schema_find(SECTION_JOB, str_of(key)) - schema);
    return v->from[row] ? v->rank[row] : v->levels;
}

bool view_new(struct loader *l, struct view *v)
{
    v->from = take(l, l->scratch, schema_count, sizeof *v->from);
    v->rank = take(l, l->scratch, schema_count, sizeof *v->rank);
    v->row = take(l, l->scratch, schema_count, sizeof *v->row);
    for (size_t i = 0; i < ROWS; i++)
        v->known[i] = (uint16_t)(schema_find(SECTION_JOB, str_of(known[i])) - schema);
    return !l->nomem;
}

/* --- which entry holds -------------------------------------------------------------- */
static void add(struct view *v, size_t level, struct entry *e)
{
    size_t row = (size_t)(e->field - schema);
    if (v->from[row])
        return;
    v->from[row] = e;
    v->rank[row] = (uint32_t)level;
    v->row[v->rows++] = (uint16_t)row;
    v->needs |= e->needs;
    if (e->field->id != LIMIT_NONE && e->needs & NEEDS_INSTANCE)
        v->limits_vary = true;
}

/* The level that comes first wins; variables of the environment are merged elsewhere. */
static void find_entries(struct view *v)
{
    while (v->rows > 0)
        v->from[v->row[--v->rows]] = NULL;
    v->doubtful = v->limits_vary = false;
    v->needs = NEEDS_NOTHING;
    for (size_t i = 0; i < v->levels; i++) {
        v->doubtful = v->doubtful || v->level[i]->damaged;
        for (struct entry *e = v->level[i]->entry; e; e = e->next)
            add(v, i, e);
    }
}

void view_one(struct view *v, struct sect *s)
{
    v->job = s;
    v->level = &v->job;
    v->levels = 1;
    find_entries(v);
}

void view_job(struct view *v, struct sect *job)
{
    v->job = job;
    v->level = job->level;
    v->levels = job->levels;
    v->instances = job->instances;
    v->first = job->first;
    v->enabled = job->enabled;
    v->group = job->in_group;
    find_entries(v);
}

/* --- what is known before instances exist ------------------------------------------- */
static void plan_value(struct loader *l, const struct view *v, enum row row, void *dst)
{
    struct subst none = subst_for(l, "", 0);
    struct entry *e = view_known(v, row);
    if (!e || !evaluate(l, e, &none, dst))
        evaluate(l, &l->dflt[v->known[row]], &none, dst);
}

void view_plan(struct loader *l, struct view *v, struct sect *job, size_t number)
{
    enum yes_no enabled = YES;
    job->level = templates_chain(l, job, number, &job->levels);
    if (l->nomem)
        return;
    view_job(v, job);
    plan_value(l, v, ROW_INSTANCES, &job->instances);
    plan_value(l, v, ROW_FIRST_INSTANCE, &job->first);
    plan_value(l, v, ROW_ENABLED, &enabled);
    job->enabled = enabled == YES;
    job->in_group = groups_find(l, view_known(v, ROW_GROUP));
    v->instances = job->instances;
    v->first = job->first;
    v->enabled = job->enabled;
    v->group = job->in_group;
}
