/* section.c - section lines and the keys below them, checked against the schema. */
#include "config/loader.h"

#include "config/value.h"

#include <string.h>

static const struct {
    const char *word;
    enum kind kind;
    enum section keys;
    bool named;
} kinds[] = {
    {"service", KIND_SERVICE, SECTION_SERVICE, false},
    {"defaults", KIND_DEFAULTS, SECTION_JOB, false},
    {"template", KIND_TEMPLATE, SECTION_JOB, true},
    {"job", KIND_JOB, SECTION_JOB, true},
    {"include", KIND_INCLUDE, SECTION_INCLUDE, false},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static const char *const section_words[] = {"service", "defaults", "template",
                                            "job",     "include",  "group"};

/* Where the keys of each section of the schema stand, for a key in the wrong place. */
static const char *const homes[SECTIONS] = {[SECTION_SERVICE] = "[service]",
                                            [SECTION_JOB] = "[job:NAME]",
                                            [SECTION_GROUP] = "[group:NAME]",
                                            [SECTION_INCLUDE] = "[include]"};

/* --- sections ----------------------------------------------------------------------- */
static void unknown_section(struct reading *r, struct place at, struct str whole, struct str word,
                            struct str name)
{
    char c[CLIP], own[CLIP];
    clip(whole, c);
    const char *near =
        nearest_word(word, section_words, sizeof section_words / sizeof *section_words);
    if (whole.n == 0)
        report(r->l, CODE_UNKNOWN_SECTION, at, "the section has no name; write it as [job:NAME]");
    else if (near && name.p)
        report(r->l, CODE_UNKNOWN_SECTION, at, "unknown section [%s]; did you mean [%s:%s]?", c,
               near, clip(name, own));
    else if (near)
        report(r->l, CODE_UNKNOWN_SECTION, at, "unknown section [%s]; did you mean [%s]?", c, near);
    else if (name_valid(whole))
        report(r->l, CODE_UNKNOWN_SECTION, at, "unknown section [%s]; a job is written [job:%s]", c,
               c);
    else
        report(r->l, CODE_UNKNOWN_SECTION, at, "unknown section [%s]; there are %s", c,
               "[service], [defaults], [template:NAME], [job:NAME] and [include]");
}

/* False: reported, and the section cannot be known by its name. */
static bool check_name(struct reading *r, struct place at, size_t i, bool colon, struct str name)
{
    char c[CLIP];
    const char *word = kinds[i].word;
    if (!kinds[i].named && colon)
        report(r->l, CODE_BAD_NAME, at, "[%s] takes no name; write [%s]", word, word);
    else if (kinds[i].named && name.n == 0)
        report(r->l, CODE_BAD_NAME, at, "the %s has no name; write [%s:NAME]", word, word);
    else if (kinds[i].named && !name_valid(name))
        report(r->l, CODE_BAD_NAME, at, "'%s' is not a name; names have " NAME_RULE, clip(name, c));
    else
        return true;
    return false;
}

/* The section that already has this name, or this kind where one is all there may be. */
static struct sect *find_first(struct loader *l, enum kind kind, struct str name)
{
    if (kind == KIND_JOB)
        return names_find(l->job_names, name);
    if (kind == KIND_TEMPLATE)
        return names_find(l->template_names, name);
    return kind == KIND_SERVICE ? l->service : kind == KIND_DEFAULTS ? l->defaults : NULL;
}

static void report_repeated(struct loader *l, struct sect *s, const struct sect *first)
{
    const char *word = kinds[s->kind].word;
    unsigned line = (unsigned)first->at.line;
    s->apart = true;
    if (strcmp(s->name, first->name) != 0)
        report(l, CODE_REPEATED_SECTION, s->at,
               "[%s:%s] has the same name as [%s:%s], at %s:%u, as upper and lower case are alike; "
               "rename one",
               word, s->name, word, first->name, first->at.file, line);
    else
        report(l, CODE_REPEATED_SECTION, s->at, "[%s%s%s] is there already, at %s:%u; join the two",
               word, *s->name ? ":" : "", s->name, first->at.file, line);
}

static void make_known(struct loader *l, struct sect *s)
{
    const struct sect *first = find_first(l, s->kind, str_of(s->name));
    if (first) {
        report_repeated(l, s, first);
        return;
    }
    if (s->kind == KIND_JOB)
        noted(l, names_add(l->job_names, str_of(s->name), s));
    else if (s->kind == KIND_TEMPLATE)
        noted(l, names_add(l->template_names, str_of(s->name), s));
    else if (s->kind == KIND_SERVICE)
        l->service = s;
    else if (s->kind == KIND_DEFAULTS)
        l->defaults = s;
    l->jobs += s->kind == KIND_JOB;
}

static struct sect *add_section(struct reading *r, enum kind kind, struct str name, struct place at)
{
    struct loader *l = r->l;
    struct sect *s = take(l, l->scratch, 1, sizeof *s);
    const char *copy = s ? take_str(l, l->keep, name) : NULL;
    if (!copy)
        return NULL;
    *s = (struct sect){.kind = kind, .name = copy, .at = at};
    s->tail = &s->entry;
    *l->tail = s;
    l->tail = &s->next;
    return s;
}

void section_begin(struct reading *r, uint32_t line, struct str name, struct str after)
{
    struct place at = {r->file->shown, line};
    struct str rest = name, word = str_trim(str_cut(&rest, ':'));
    bool colon = rest.p;
    char c[CLIP];
    size_t i = 0;
    if (colon)
        rest = str_trim(rest);
    while (i < KINDS && !str_is(word, kinds[i].word))
        i++;
    r->now = NULL;
    r->refused = true;
    memset(r->key, 0, schema_count * sizeof *r->key);
    names_clear(r->env);
    if (after.n > 0 && i < KINDS)
        report(r->l, CODE_TEXT_AFTER_SECTION, at, "'%s' follows the ']'; put it on the next line",
               clip(after, c));
    if (str_is(word, "group"))
        report(r->l, CODE_NOT_SUPPORTED, at, "[group:NAME] is not supported yet");
    else if (i == KINDS)
        unknown_section(r, at, name, word, rest);
    if (i == KINDS)
        return;
    bool named = check_name(r, at, i, colon, rest);
    struct str own = kinds[i].named && named ? rest : STR("");
    r->now = add_section(r, kinds[i].kind, own, at);
    if (!r->now)
        return;
    r->now->damaged = after.n > 0 && memchr(after.p, '=', after.n); /* a key of it, perhaps */
    if (named)
        make_known(r->l, r->now);
    else
        r->now->apart = true;
}

/* --- keys --------------------------------------------------------------------------- */
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
    enum section here = kinds[r->now->kind].keys;
    char c[CLIP];
    clip(key, c);
    const char *near = schema_nearest(here, key);
    const struct field *elsewhere = find_anywhere(key);
    if (near && strcmp(near, "command") == 0)
        r->now->damaged = true; /* nobody then wants to hear that there is no command */
    if (elsewhere)
        report(r->l, CODE_MISPLACED_KEY, at, "'%s' is not a key of [%s]; it belongs into %s", c,
               kinds[r->now->kind].word, homes[elsewhere->section]);
    else if (str_is(key, "env") || str_is(key, "env."))
        report(r->l, CODE_UNKNOWN_KEY, at, "'%s' names no variable; write env.NAME = VALUE", c);
    else if (near)
        report(r->l, CODE_UNKNOWN_KEY, at, "unknown key '%s'; did you mean '%s'?", c, near);
    else
        report(r->l, CODE_UNKNOWN_KEY, at, "unknown key '%s'; docs/reference.md lists the keys", c);
}

/* The entry that had this key before, or NULL. */
static const struct entry *find_repeated(struct reading *r, const struct field *f, struct str name)
{
    return name.n > 0 ? names_find(r->env, name) : r->key[f - schema];
}

static bool check_key(struct reading *r, struct place at, const struct field *f, struct str key,
                      struct str name)
{
    char c[CLIP];
    clip(key, c);
    const struct entry *first = find_repeated(r, f, name);
    if (!f->type)
        report(r->l, CODE_NOT_SUPPORTED, at, "'%s' is not supported yet", c);
    else if (r->now->kind == KIND_DEFAULTS && f->no_defaults)
        report(r->l, CODE_MISPLACED_KEY, at, "'%s' cannot stand in [defaults]; it belongs into %s",
               c, "[job:NAME] or [template:NAME]");
    else if (first)
        report(r->l, CODE_REPEATED_KEY, at, "'%s' is there already, at line %u; remove one", c,
               (unsigned)first->at.line);
    else if (name.n >= 10 && str_ieq((struct str){name.p, 10}, STR("JOBWARDEN_")))
        report(r->l, CODE_RESERVED_NAME, at,
               "'%s': variables that begin with JOBWARDEN_ are set by Jobwarden itself", c);
    else
        return true;
    return false;
}

static void above_sections(struct reading *r, struct place at, struct str key)
{
    char c[CLIP];
    const struct field *f = find_anywhere(key);
    report(r->l, CODE_KEY_OUTSIDE_SECTION, at, "'%s' stands above the first section; begin with %s",
           clip(key, c), homes[f ? f->section : SECTION_JOB]);
}

static struct entry *add_entry(struct reading *r, const struct field *f, struct str name,
                               struct str value, struct place at)
{
    struct loader *l = r->l;
    struct entry *e = take(l, l->scratch, 1, sizeof *e);
    const char *text = e ? take_str(l, l->scratch, value) : NULL;
    const char *own = text && name.n > 0 ? take_str(l, l->keep, name) : "";
    if (!text || !own)
        return NULL;
    *e = (struct entry){.field = f, .name = own, .text = {text, value.n}, .at = at};
    *r->now->tail = e;
    r->now->tail = &e->next;
    r->key[f - schema] = e;
    if (*own)
        noted(l, names_add(r->env, str_of(own), e));
    if (strcmp(f->key, "extends") == 0)
        r->now->extends = e;
    return e;
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
    const struct field *f = schema_find(kinds[r->now->kind].keys, key);
    if (!f) {
        unknown_key(r, at, key);
        return NULL;
    }
    struct str name = key;
    str_cut(&name, '.');
    if (!check_key(r, at, f, key, name))
        return NULL;
    struct entry *e = add_entry(r, f, name, value, at);
    unsigned allowed = r->now->kind == KIND_INCLUDE   ? NEEDS_WORLD
                       : r->now->kind != KIND_SERVICE ? ~0u
                       : strcmp(f->key, "name") == 0  ? NEEDS_WORLD
                                                      : NEEDS_WORLD | NEEDS_SERVICE;
    return e && scan_entry(r->l, e, allowed) ? e : NULL;
}
