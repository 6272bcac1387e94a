/* plan_job.c - one job in a plan: instances that stay, come and go, and what changes in them. */
#include "config/plan_making.h"

#include "config/origin.h"
#include "config/value.h"

#include <inttypes.h>

enum { NAMED_MAX = 4 }; /* instances that a line names; of more it tells the number */

/* Instances that come, or go. */
struct moved {
    uint32_t n;
    const struct job_spec *named[NAMED_MAX];
};

struct pairing {
    struct moved added, removed;
    uint32_t kept;
};

static void note(struct moved *l, const struct job_spec *s)
{
    if (l->n < NAMED_MAX)
        l->named[l->n] = s;
    l->n++;
}

/* --- what becomes of each instance -------------------------------------------------- */

/* A run by a schedule has its end, and is not cut off. */
static bool ends_by_itself(const struct job_spec *was, const struct job_spec *is)
{
    return schedule_set(&was->schedule) && schedule_set(&is->schedule);
}

static void keep_instance(struct making *m, struct changed *c, const struct job_spec *was,
                          const struct job_spec *is)
{
    struct plan *p = &m->plan;
    enum apply cost = APPLY_LIVE;
    c->was = was;
    c->is = is;
    m->near = 0;
    if (!diff_jobs(was, is, &cost, plan_found, m))
        p->same++;
    else if (cost == APPLY_RELIMIT)
        p->relimit++;
    else if (cost == APPLY_LIVE || ends_by_itself(was, is))
        p->live++;
    else
        p->respawn++;
}

/* By their numbers, which both have in order. */
static struct pairing pair(struct making *m, struct changed *c, const struct definition *was,
                           const struct definition *is)
{
    struct pairing p = {0};
    const struct job_spec *old = m->was->job + was->first, *new = m->is->job + is->first;
    uint32_t i = 0, k = 0;
    while (i < was->n || k < is->n) {
        if (i < was->n && k < is->n && old[i].instance == new[k].instance) {
            keep_instance(m, c, &old[i++], &new[k++]);
            p.kept++;
        } else if (i < was->n && (k == is->n || old[i].instance < new[k].instance)) {
            note(&p.removed, &old[i++]);
        } else {
            note(&p.added, &new[k++]);
        }
    }
    return p;
}

/* --- what is of the job, and not of an instance ------------------------------------- */
static void print_moved(const char *what, const struct moved *l, struct buf *out)
{
    if (l->n == 0)
        return;
    buf_f(out, "%s ", what);
    plan_print_count(l->n, out);
    for (uint32_t i = 0; i < l->n && l->n <= NAMED_MAX; i++)
        buf_f(out, "%s%s%s", i ? ", " : " (", l->named[i]->unit, i + 1 == l->n ? ")" : "");
}

/* FIRST: the line that tells what becomes of the instances. */
static void print_moves(const struct pairing *p, bool first, struct buf *out)
{
    if (!first) {
        buf_z(out, "told above");
        return;
    }
    if (p->added.n > 0) {
        buf_z(out, "start ");
        plan_print_count(p->added.n, out);
    }
    if (p->added.n > 0 && p->removed.n > 0)
        buf_z(out, ", ");
    print_moved("stop", &p->removed, out);
    if (p->added.n + p->removed.n == 0)
        buf_z(out, "no restart");
}

/* Adds a line for KEY of the job. */
static void add_key(struct making *m, const struct changed *c, const char *key, const char *from,
                    const char *to, uint32_t instances, struct buf *tail)
{
    struct found f = {.change = {.field = schema_find(SECTION_JOB, str_of(key))},
                      .from = plan_keep(m, str_of(from)),
                      .to = plan_keep(m, str_of(to))};
    if (m->nomem)
        return;
    struct plan_line line = {
        .at = origin_of(c->level, c->levels, f.change.field, NULL, c->at),
        .subject = c->subject,
        .key = key,
        .from = f.from,
        .to = f.to,
        .cost = f.change.field->apply,
        .instances = instances,
    };
    struct buf text = {0};
    plan_print_head(line.at, c->subject, &text);
    buf_z(&text, ": ");
    plan_print_change(&f, key, &text);
    buf_z(&text, ": ");
    buf_str(&text, buf_view(tail));
    text.failed = text.failed || tail->failed;
    plan_add(m, line, &text);
}

struct counted {
    const char *key;
    uint32_t was, is;
};

static void add_counts(struct making *m, const struct changed *c, const struct definition *was,
                       const struct definition *is, const struct pairing *p)
{
    const struct counted row[] = {{"first_instance", was->first_instance, is->first_instance},
                                  {"instances", was->instances, is->instances}};
    static const char *const answers[] = {[NO] = "no", [YES] = "yes"};
    bool turned = was->enabled != is->enabled, first = true;
    struct buf tail = {0}, from = {0}, to = {0};
    if (turned) {
        print_moves(p, true, &tail);
        add_key(m, c, "enabled", answers[was->enabled], answers[is->enabled],
                p->added.n + p->removed.n, &tail);
    }
    for (size_t i = 0; i < 2 && !turned && is->enabled == YES; i++) {
        if (row[i].was == row[i].is)
            continue;
        buf_reset(&tail);
        buf_reset(&from);
        buf_reset(&to);
        buf_f(&from, "%" PRIu32, row[i].was);
        buf_f(&to, "%" PRIu32, row[i].is);
        print_moves(p, first, &tail);
        m->nomem = m->nomem || from.failed || to.failed;
        add_key(m, c, row[i].key, buf_text(&from), buf_text(&to),
                first ? p->added.n + p->removed.n : 0, &tail);
        first = false;
    }
    buf_free(&tail);
    buf_free(&from);
    buf_free(&to);
}

static void add_order(struct making *m, const struct changed *c, const struct job_spec *was,
                      const struct job_spec *is, uint32_t instances)
{
    static const char *const keys[] = {"after", "requires"};
    const struct texts *lists[][2] = {{&was->after, &is->after}, {&was->requires, &is->requires}};
    for (size_t i = 0; i < 2; i++) {
        const struct field *f = schema_find(SECTION_JOB, str_of(keys[i]));
        struct buf from = {0}, to = {0}, tail = {0};
        if (f->type->equal(lists[i][0], lists[i][1]))
            continue;
        f->type->print(f, lists[i][0], &from);
        f->type->print(f, lists[i][1], &to);
        buf_z(&tail, "live, no restart");
        m->nomem = m->nomem || from.failed || to.failed;
        add_key(m, c, keys[i], buf_text(&from), buf_text(&to), instances, &tail);
        buf_free(&from);
        buf_free(&to);
        buf_free(&tail);
    }
}

/* --- a job -------------------------------------------------------------------------- */
static const char *keep_subject(struct making *m, const char *name)
{
    struct buf text = {0};
    buf_f(&text, "job %s", name);
    m->nomem = m->nomem || !buf_ok(&text);
    const char *own = m->nomem ? NULL : plan_keep(m, buf_view(&text));
    buf_free(&text);
    return own;
}

/* Most jobs are as they were, and cost no memory. */
static bool same_frame(const struct definition *was, const struct definition *is)
{
    return was->n == is->n && was->instances == is->instances && was->enabled == is->enabled &&
           was->first_instance == is->first_instance;
}

void plan_job(struct making *m, const struct definition *was, const struct definition *is)
{
    struct changed c = {
        .owner = SECTION_JOB, .at = is->at, .level = is->level, .levels = is->levels};
    m->now = &c;
    struct pairing p = pair(m, &c, was, is);
    m->plan.added += p.added.n;
    m->plan.removed += p.removed.n;
    const struct job_spec *old = m->was->job + was->first, *new = m->is->job + is->first;
    bool both = was->n > 0 && is->n > 0;
    bool order = both && (!ty_names.equal(&old->after, &new->after) ||
                          !ty_names.equal(&old->requires, &new->requires));
    if (m->nomem || (m->founds == 0 && !order && same_frame(was, is)))
        return;
    c.subject = keep_subject(m, is->name);
    if (c.subject)
        add_counts(m, &c, was, is, &p);
    if (c.subject && order)
        add_order(m, &c, old, new, p.kept);
    plan_tell(m);
}

static void add_whole(struct making *m, enum plan_kind kind, struct place at, const char *name,
                      uint32_t n, struct buf *text)
{
    plan_add(m,
             (struct plan_line){.kind = kind,
                                .at = at,
                                .subject = keep_subject(m, name),
                                .cost = APPLY_LIVE,
                                .instances = n},
             text);
}

void plan_job_added(struct making *m, const struct definition *d)
{
    struct buf text = {0};
    plan_print_head(d->at, "job ", &text);
    buf_f(&text, "%s added: ", d->name);
    m->plan.added += d->n;
    if (d->n == 0) {
        buf_f(&text, "%s, nothing starts", d->enabled == YES ? "no instances" : "not enabled");
    } else {
        buf_z(&text, "start ");
        plan_print_count(d->n, &text);
        if (schedule_set(&m->is->job[d->first].schedule))
            buf_z(&text, " by its schedule");
    }
    add_whole(m, PLAN_ADDED, d->at, d->name, d->n, &text);
}

void plan_job_removed(struct making *m, const struct definition *d)
{
    struct buf text = {0};
    const struct place at = {d->at.file, 0};
    plan_print_head(at, "job ", &text);
    buf_f(&text, "%s removed (was line %" PRIu32 "): ", d->name, d->at.line);
    m->plan.removed += d->n;
    if (d->n == 0) {
        buf_z(&text, "nothing ran");
    } else {
        buf_z(&text, "stop ");
        plan_print_count(d->n, &text);
    }
    add_whole(m, PLAN_REMOVED, at, d->name, d->n, &text);
}
