/* section.c - section lines. */
#include "config/loader.h"

#include "config/value.h"

#include <string.h>

const struct kind_row kind_rows[KINDS] = {
    [KIND_SERVICE] = {"service", SECTION_SERVICE, false},
    [KIND_DEFAULTS] = {"defaults", SECTION_JOB, false},
    [KIND_TEMPLATE] = {"template", SECTION_JOB, true},
    [KIND_GROUP] = {"group", SECTION_GROUP, true},
    [KIND_JOB] = {"job", SECTION_JOB, true},
    [KIND_INCLUDE] = {"include", SECTION_INCLUDE, false},
};

static void unknown_section(struct reading *r, struct place at, struct str whole, struct str word,
                            struct str name)
{
    char c[CLIP], own[CLIP];
    const char *words[KINDS];
    for (int i = 0; i < KINDS; i++)
        words[i] = kind_rows[i].word;
    clip(whole, c);
    const char *near = nearest_word(word, words, KINDS);
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
               "[service], [defaults], [template:NAME], [group:NAME], [job:NAME] and [include]");
}

/* Words that commands and `group =` have for something else. */
static bool reserved(enum kind kind, struct str name)
{
    return ((kind == KIND_JOB || kind == KIND_GROUP) && str_ieq(name, STR("all"))) ||
           (kind == KIND_GROUP && str_ieq(name, STR("none")));
}

/* False: reported, and the section cannot be known by its name. */
static bool check_name(struct reading *r, struct place at, enum kind kind, bool colon,
                       struct str name)
{
    char c[CLIP];
    const char *word = kind_rows[kind].word;
    bool named = kind_rows[kind].named;
    if (!named && colon)
        report(r->l, CODE_BAD_NAME, at, "[%s] takes no name; write [%s]", word, word);
    else if (named && name.n == 0)
        report(r->l, CODE_BAD_NAME, at, "the %s has no name; write [%s:NAME]", word, word);
    else if (named && !name_valid(name))
        report(r->l, CODE_BAD_NAME, at, "'%s' is not a name; names have " NAME_RULE, clip(name, c));
    else if (reserved(kind, name))
        report(r->l, CODE_RESERVED_NAME, at, "a %s cannot be called '%s', which means %s", word,
               clip(name, c),
               str_ieq(name, STR("all")) ? "every job to commands" : "no group to 'group ='");
    else
        return true;
    return false;
}

static void report_repeated(struct loader *l, struct sect *s, const struct sect *first)
{
    const char *word = kind_rows[s->kind].word;
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

/* The table of those that have names. */
static struct names *names_of(const struct loader *l, enum kind kind)
{
    return kind == KIND_JOB        ? l->job_names
           : kind == KIND_TEMPLATE ? l->template_names
           : kind == KIND_GROUP    ? l->group_names
                                   : NULL;
}

/* The section that already has this name, or is of this kind where one is all there may be; NULL:
 * S is the first. */
static const struct sect *claim(struct loader *l, struct sect *s)
{
    struct names *names = names_of(l, s->kind);
    struct sect **only = s->kind == KIND_SERVICE    ? &l->service
                         : s->kind == KIND_DEFAULTS ? &l->defaults
                                                    : NULL;
    void *first = only ? *only : NULL;
    if (names)
        noted(l, names_claim(names, str_of(s->name), s, &first));
    else if (only && !first)
        *only = s;
    return first;
}

static void make_known(struct loader *l, struct sect *s)
{
    const struct sect *first = claim(l, s);
    if (first)
        report_repeated(l, s, first);
    else
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
    int i = 0;
    if (colon)
        rest = str_trim(rest);
    while (i < KINDS && !str_is(word, kind_rows[i].word))
        i++;
    enum kind kind = (enum kind)i;
    r->now = NULL;
    r->refused = true;
    for (const struct entry *e = r->keyed ? r->keyed->entry : NULL; e; e = e->next)
        r->key[e->field - schema] = NULL;
    r->keyed = NULL;
    names_clear(r->dotted);
    if (after.n > 0 && i < KINDS)
        report(r->l, CODE_TEXT_AFTER_SECTION, at, "'%s' follows the ']'; put it on the next line",
               clip(after, c));
    if (i == KINDS) {
        unknown_section(r, at, name, word, rest);
        return;
    }
    bool named = check_name(r, at, kind, colon, rest);
    struct str own = kind_rows[kind].named && named ? rest : STR("");
    r->now = add_section(r, kind, own, at);
    if (!r->now)
        return;
    r->keyed = r->now;
    r->now->damaged = after.n > 0 && memchr(after.p, '=', after.n); /* a key of it, perhaps */
    if (named)
        make_known(r->l, r->now);
    else
        r->now->apart = true;
}
