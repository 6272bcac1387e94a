/* plan_line.c - the changes of one section, and the lines that tell them. */
#include "config/plan_making.h"

#include "config/origin.h"

#include <stdlib.h>
#include <string.h>

/* --- lines -------------------------------------------------------------------------- */

/* Room for one more element of SIZE bytes in *list. */
static bool grow(struct making *m, void **list, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return true;
    size_t more = *cap ? *cap * 2 : 32;
    void *p = realloc(*list, more * size);
    m->nomem = m->nomem || !p;
    if (!p)
        return false;
    *list = p;
    *cap = more;
    return true;
}

const char *plan_keep(struct making *m, struct str s)
{
    const char *p = arena_str(m->plan.arena, s);
    m->nomem = m->nomem || !p;
    return p;
}

/* Many lines are of one file. */
static const char *keep_file(struct making *m, const char *file)
{
    if (file && file != m->file) {
        m->own_file = plan_keep(m, str_of(file));
        m->file = m->own_file ? file : NULL;
    }
    return file ? m->own_file : NULL;
}

void plan_add(struct making *m, struct plan_line line, struct buf *text)
{
    void *list = m->line;
    m->nomem = m->nomem || !buf_ok(text);
    if (!m->nomem && grow(m, &list, m->plan.n, &m->cap, sizeof *m->line)) {
        m->line = list;
        line.at.file = keep_file(m, line.at.file);
        line.text = plan_keep(m, buf_view(text));
        m->line[m->plan.n++] = line;
    }
    buf_free(text);
}

/* --- changes of one section --------------------------------------------------------- */

/* What instances have in common comes in the same order, so the one behind the last is tried
 * first. */
static struct found *find_found(struct making *m, const struct change *c)
{
    for (size_t i = 0; i < m->founds; i++) {
        size_t at = (m->near + i) % m->founds;
        const struct change *other = &m->found[at].change;
        if (other->field != c->field || !other->name != !c->name ||
            (c->name && !str_ieq(str_of(other->name), str_of(c->name))))
            continue;
        m->near = (at + 1) % m->founds;
        return &m->found[at];
    }
    return NULL;
}

/* A copy of the value, cut where it is too long. */
static const char *keep_value(struct making *m, const void *spec, const struct change *c)
{
    static const char dots[] = "...";
    struct buf text = {0};
    const char *own = NULL;
    bool some = plan_print_value(m->now->owner, spec, c, &text);
    m->nomem = m->nomem || !buf_ok(&text);
    struct str t = buf_view(&text);
    if (some && !m->nomem && t.n > PLAN_VALUE_MAX) {
        size_t n = PLAN_VALUE_MAX - (sizeof dots - 1);
        while (n > 0 && ((unsigned char)text.p[n] & 0xC0) == 0x80)
            n--;
        memcpy(text.p + n, dots, sizeof dots);
        t.n = n + sizeof dots - 1;
    }
    if (some && !m->nomem)
        own = plan_keep(m, t);
    buf_free(&text);
    return own;
}

/* Both are definitions of a run that ends by itself. */
static bool scheduled(const struct changed *c)
{
    const struct job_spec *was = c->was, *is = c->is;
    return c->owner == SECTION_JOB && schedule_set(&was->schedule) && schedule_set(&is->schedule);
}

void plan_found(void *ctx, const struct change *c)
{
    struct making *m = ctx;
    struct found *f = find_found(m, c);
    if (f) {
        f->instances++;
        f->change.cost = c->cost > f->change.cost ? c->cost : f->change.cost;
        return;
    }
    void *list = m->found;
    if (m->nomem || !grow(m, &list, m->founds, &m->founds_cap, sizeof *m->found))
        return;
    m->found = list;
    f = &m->found[m->founds++];
    *f = (struct found){.change = *c, .instances = 1, .next_run = scheduled(m->now)};
    f->from = keep_value(m, m->now->was, c);
    f->to = keep_value(m, m->now->is, c);
}

static void tell(struct making *m, const struct found *f)
{
    const struct changed *c = m->now;
    struct buf key = {0}, text = {0};
    plan_print_key(&f->change, &key);
    struct plan_line line = {
        .at = c->at,
        .subject = c->subject,
        .key = buf_ok(&key) ? plan_keep(m, buf_view(&key)) : NULL,
        .from = f->from,
        .to = f->to,
        .cost = f->change.cost,
        .instances = f->instances,
    };
    if (f->to) /* what is gone stands nowhere */
        line.at = origin_of(c->level, c->levels, f->change.field, f->change.name, c->at);
    plan_print_head(line.at, c->subject, &text);
    buf_z(&text, ": ");
    plan_print_change(f, buf_text(&key), &text);
    buf_z(&text, ": ");
    plan_print_cost(f, c->owner, &text);
    text.failed = text.failed || key.failed;
    plan_add(m, line, &text);
    buf_free(&key);
}

void plan_tell(struct making *m)
{
    for (size_t i = 0; i < m->founds && !m->nomem; i++)
        tell(m, &m->found[i]);
    m->founds = m->near = 0;
}
