/* origin.c - from the sections that were read to a table of eight bytes a key. */
#include "config/origin.h"

#include "config/loader.h"

#include <string.h>

/* --- making ------------------------------------------------------------------------- */
static void keep_keys(const struct sect *s, struct origin *o, struct origin_key *key,
                      const char **name)
{
    uint16_t names = 0;
    for (const struct entry *e = s->entry; e; e = e->next) {
        if (*e->name && names == UINT16_MAX)
            continue; /* the section's line has to do */
        if (*e->name)
            name[names] = e->name;
        key[o->n++] = (struct origin_key){.row = (uint16_t)(e->field - schema),
                                          .name = *e->name ? names++ : 0,
                                          .line = e->at.line};
    }
    o->key = key;
    o->name = name;
}

static const struct origin *keep(struct loader *l, const struct sect *s)
{
    size_t keys = 0, names = 0;
    for (const struct entry *e = s->entry; e; e = e->next) {
        keys++;
        names += *e->name != '\0';
    }
    struct origin *o = take(l, l->keep, 1, sizeof *o);
    struct origin_key *key = keys ? take(l, l->keep, keys, sizeof *key) : NULL;
    const char **name = names ? take(l, l->keep, names, sizeof *name) : NULL;
    if (l->nomem)
        return NULL;
    o->file = s->at.file;
    keep_keys(s, o, key, name);
    return o;
}

void origins_keep(struct loader *l, struct config *c)
{
    for (struct sect *s = l->sects; s && !l->nomem; s = s->next)
        if (s->kind != KIND_INCLUDE)
            s->origin = keep(l, s);
    c->service_origin = l->service ? l->service->origin : NULL;
    c->service_at = l->service ? l->service->at : (struct place){l->path, 0};
}

void origins_note(struct loader *l, const struct view *v, struct definition *d)
{
    const struct origin **level = take(l, l->keep, v->levels, sizeof *level);
    for (size_t i = 0; level && i < v->levels; i++)
        level[i] = v->level[i]->origin;
    d->level = level;
    d->levels = level ? (uint32_t)v->levels : 0;
}

/* --- asking ------------------------------------------------------------------------- */
static bool is_it(const struct origin *o, const struct origin_key *key, size_t row,
                  const char *name)
{
    return key->row == row &&
           (!name || !*name || str_ieq(str_of(o->name[key->name]), str_of(name)));
}

static bool find(const struct origin *const *level, size_t levels, const struct field *f,
                 const char *name, struct place *ret)
{
    size_t row = (size_t)(f - schema);
    for (size_t i = 0; i < levels; i++)
        for (uint32_t k = 0; k < level[i]->n; k++)
            if (is_it(level[i], &level[i]->key[k], row, name)) {
                uint32_t line = level[i]->key[k].line;
                *ret = (struct place){line ? level[i]->file : ORIGIN_SET, line};
                return true;
            }
    return false;
}

struct place origin_of(const struct origin *const *level, size_t levels, const struct field *f,
                       const char *name, struct place or_else)
{
    struct place at = or_else;
    if (!find(level, levels, f, name, &at) && strcmp(f->key, "env.NAME") == 0)
        find(level, levels, schema_find(SECTION_JOB, STR("env_file")), NULL, &at);
    return at;
}
