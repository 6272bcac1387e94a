/* key.c - the keys below a section line, checked against the schema. */
#include "config/loader.h"

#include "config/value.h"

#include <string.h>

/* Where the keys of each section of the schema stand, for a key in the wrong place. */
static const char *const homes[SECTIONS] = {[SECTION_SERVICE] = "[service]",
                                            [SECTION_JOB] = "[job:NAME]",
                                            [SECTION_GROUP] = "[group:NAME]",
                                            [SECTION_INCLUDE] = "[include]"};

/* The key of any section, the commonest first; NULL: there is none. */
static const struct field *find_anywhere(struct str key)
{
    const struct field *f = schema_find(SECTION_JOB, key);
    for (int s = 0; s < SECTIONS && !f; s++)
        f = schema_find((enum section)s, key);
    return f;
}

static void unknown_key(struct reading *r, struct place at, struct str key)
{
    enum section here = kind_rows[r->now->kind].keys;
    char c[CLIP];
    clip(key, c);
    const char *near = schema_nearest(here, key);
    const struct field *elsewhere = find_anywhere(key);
    if (near && strcmp(near, "command") == 0)
        r->now->damaged = true; /* nobody then wants to hear that there is no command */
    if (elsewhere)
        report(r->l, CODE_MISPLACED_KEY, at, "'%s' is not a key of [%s]; it belongs in %s", c,
               kind_rows[r->now->kind].word, homes[elsewhere->section]);
    else if (str_is(key, "env") || str_is(key, "env."))
        report(r->l, CODE_UNKNOWN_KEY, at, "'%s' names no variable; write env.NAME = VALUE", c);
    else if (near)
        report(r->l, CODE_UNKNOWN_KEY, at, "unknown key '%s'; did you mean '%s'?", c, near);
    else
        report(r->l, CODE_UNKNOWN_KEY, at, "unknown key '%s'; docs/reference.md lists the keys", c);
}

/* F is one row for many keys: env.NAME or on_limit.KEY.  None of these has a member. */
static bool dotted(const struct field *f)
{
    return f->apart && strchr(f->key, '.');
}

/* What of KEY follows the dot, where F is one row for many keys; else empty. */
static struct str name_in(const struct field *f, struct str key)
{
    struct str name = key;
    if (!dotted(f))
        return STR("");
    str_cut(&name, '.');
    return name;
}

static bool is_env(const struct field *f)
{
    return strcmp(f->key, "env.NAME") == 0;
}

/* The entry that had this key before, or NULL. */
static const struct entry *find_repeated(struct reading *r, const struct field *f, struct str key)
{
    return dotted(f) ? names_find(r->dotted, key) : r->key[f - schema];
}

/* Sections are much alike, so the key that came behind the last one before is tried first. */
static const struct field *find_key(struct reading *r, struct str key)
{
    enum section keys = kind_rows[r->now->kind].keys;
    uint16_t *guess = &r->next[r->last];
    const struct field *f = &schema[*guess];
    if (!str_is(key, f->key) || !schema_in(f, keys))
        f = schema_find(keys, key);
    if (f)
        *guess = r->last = (uint16_t)(f - schema);
    return f;
}

/* The KEY of on_limit.KEY. */
static bool check_limit(struct reading *r, struct place at, struct str name)
{
    char c[CLIP];
    enum limit_id id = schema_limit_id(name);
    const char *near = schema_nearest_limit(name);
    clip(name, c);
    if (id < LIMIT_REACHABLE)
        return true;
    if (id != LIMIT_NONE)
        report(r->l, CODE_NEVER_REACHED, at,
               "%s just holds and is never reached, so nothing can follow; leave on_limit.%s out",
               c, c);
    else if (near)
        report(r->l, CODE_UNKNOWN_KEY, at,
               "on_limit.%s: there is no limit '%s'; did you mean 'on_limit.%s'?", c, c, near);
    else
        report(r->l, CODE_UNKNOWN_KEY, at,
               "on_limit.%s: there is no limit '%s'; docs/limits.md lists the limits", c, c);
    return false;
}

/* F cannot stand here, because of itself or of what was written before. */
static void refuse_key(struct reading *r, struct place at, const struct field *f, struct str key,
                       const struct entry *first)
{
    char c[CLIP];
    clip(key, c);
    if (f->gone)
        report(r->l, CODE_NOT_SUPPORTED, at, "'%s': %s", c, f->gone);
    else if (!f->type)
        report(r->l, CODE_NOT_SUPPORTED, at, "'%s' is not supported yet", c);
    else if (first)
        report(r->l, CODE_REPEATED_KEY, at, "'%s' is there already, at line %u; remove one", c,
               (unsigned)first->at.line);
    else
        report(r->l, CODE_MISPLACED_KEY, at, "'%s' cannot stand in [defaults]; it belongs in %s", c,
               "[job:NAME] or [template:NAME]");
}

static bool check_key(struct reading *r, struct place at, const struct field *f, struct str key)
{
    char c[CLIP];
    struct str name = name_in(f, key);
    bool misplaced = r->now->kind == KIND_DEFAULTS && f->no_defaults;
    const struct entry *first = misplaced ? NULL : find_repeated(r, f, key);
    if (f->gone || !f->type || misplaced || first) {
        refuse_key(r, at, f, key, first);
        return false;
    }
    if (name.n > 0 && !is_env(f))
        return check_limit(r, at, name);
    if (name.n >= 10 && str_ieq((struct str){name.p, 10}, STR("JOBWARDEN_"))) {
        report(r->l, CODE_RESERVED_NAME, at,
               "'%s': variables that begin with JOBWARDEN_ are set by Jobwarden itself",
               clip(key, c));
        return false;
    }
    return true;
}

static void above_sections(struct reading *r, struct place at, struct str key)
{
    char c[CLIP];
    const struct field *f = find_anywhere(key);
    report(r->l, CODE_KEY_OUTSIDE_SECTION, at, "'%s' stands above the first section; begin with %s",
           clip(key, c), homes[f ? f->section : SECTION_JOB]);
}

static struct entry *add_entry(struct reading *r, const struct field *f, struct str key,
                               struct str value, struct place at)
{
    struct loader *l = r->l;
    struct entry *e = take(l, l->scratch, 1, sizeof *e);
    struct str name = name_in(f, key);
    const char *own = e && name.n > 0 ? take_str(l, l->keep, key) : "";
    if (!e || !own)
        return NULL;
    e->field = f;
    e->name = "";
    e->text = value;
    e->at = at;
    e->limit = name.n > 0 && !is_env(f) ? schema_limit_id(name) : LIMIT_NONE;
    l->unread++;
    *r->now->tail = e;
    r->now->tail = &e->next;
    r->key[f - schema] = e;
    if (name.n > 0) {
        e->name = own + (key.n - name.n);
        noted(l, names_add(r->dotted, str_of(own), e));
    }
    if (f->apart && strcmp(f->key, "extends") == 0)
        r->now->extends = e;
    else if (f->apart && strcmp(f->key, "group") == 0)
        r->now->in = e;
    return e;
}

/* What ${...} can be known where the key stands. */
static unsigned allowed_in(enum kind kind, const struct field *f)
{
    bool first = kind == KIND_SERVICE && strcmp(f->key, "name") == 0;
    if (kind == KIND_INCLUDE || first)
        return NEEDS_WORLD;
    if (kind == KIND_SERVICE || kind == KIND_GROUP)
        return NEEDS_WORLD | NEEDS_SERVICE;
    return f->id == LIMIT_NONE ? ~0u : ~(unsigned)NEEDS_LIMIT;
}

struct entry *section_key(struct reading *r, uint32_t line, struct str key, struct str value)
{
    struct place at = {r->file->shown, line};
    if (!r->now && !r->refused)
        above_sections(r, at, key);
    r->refused = r->refused || !r->now; /* what follows is the same mistake */
    if (!r->now)
        return NULL;
    if (key.n == 0) {
        r->now->damaged = true;
        report(r->l, CODE_SYNTAX, at, "there is no key before the '='");
        return NULL;
    }
    const struct field *f = find_key(r, key);
    if (!f) {
        unknown_key(r, at, key);
        return NULL;
    }
    if (!check_key(r, at, f, key))
        return NULL;
    struct entry *e = add_entry(r, f, key, value, at);
    return e && scan_entry(r->l, e, allowed_in(r->now->kind, f)) ? e : NULL;
}
