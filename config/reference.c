/* reference.c - docs/reference.md and the help of one key. */
#include "config/reference.h"

#include "config/codes.h"
#include "config/reference_text.h"
#include "config/value.h"

#include <string.h>

/* --- facts of one row --------------------------------------------------------------- */
const char *reference_sections(const struct field *f)
{
    if (f->limit)
        return "[job:NAME], [template:NAME], [defaults], [group:NAME], [service]";
    if (f->section == SECTION_SERVICE)
        return "[service]";
    if (f->section == SECTION_INCLUDE)
        return "[include]";
    return f->no_defaults ? "[job:NAME], [template:NAME]"
                          : "[job:NAME], [template:NAME], [defaults]";
}

static void print_default(const struct field *f, const char *quote, struct buf *out)
{
    if (f->dflt && *f->dflt)
        buf_f(out, "default %s%s%s", quote, f->dflt, quote);
    else if (f->dflt || strchr(f->key, '.'))
        buf_z(out, "default empty");
    else
        buf_z(out, "required");
}

static void print_range(const struct field *f, const char *quote, struct buf *out)
{
    if (f->words) {
        for (size_t i = 0; f->words[i]; i++)
            buf_f(out, "%s%s%s%s", i ? ", " : "; ", quote, f->words[i], quote);
    } else if (f->type->print_number) {
        buf_f(out, "; %s", quote);
        f->type->print_number(f->min, out);
        buf_f(out, "%s to %s", quote, quote);
        f->type->print_number(f->max, out);
        buf_z(out, quote);
    }
    if (f->type == &ty_ladder)
        buf_z(out, " for each rung");
    bool bare = f->type->print_number == number_print; /* the value itself does not tell */
    if (f->unit && bare)
        buf_f(out, " %s", f->unit);
}

void reference_facts(const struct field *f, const char *quote, struct buf *out)
{
    buf_f(out, "%s; ", f->type->name);
    print_default(f, quote, out);
    print_range(f, quote, out);
    buf_f(out, "; a change: %s", apply_names[f->apply]);
}

/* Limits that just hold are never reached. */
static const char *hit_title(const struct field *f)
{
    return f->id < LIMIT_REACHABLE ? "when it is reached" : "what it does";
}

/* --- the document ------------------------------------------------------------------- */
static const char *const apply_briefs[APPLY_COUNT] = {
    [APPLY_LIVE] = "it is read the next time that it matters; nothing is restarted",
    [APPLY_RELIMIT] = "it is set on the running Job Objects; nothing is restarted",
    [APPLY_RESPAWN] = "the instances of the job are restarted",
    [APPLY_RECREATE] = "the instances are stopped and their Job Objects made anew",
    [APPLY_RESTART_SERVICE] = "the service must be restarted",
};

static void print_group(const char *about, struct buf *out)
{
    bool begun = false;
    for (size_t i = 0; i < schema_count; i++) {
        const struct field *f = &schema[i];
        if (!f->type || strcmp(f->about, about) != 0)
            continue;
        if (!begun)
            buf_f(out, "\n## Keys: %s\n\nIn %s.\n", about,
                  f->section == SECTION_JOB ? "[job:NAME], [template:NAME] and [defaults]"
                                            : reference_sections(f));
        begun = true;
        buf_f(out, "\n### `%s`\n\n%s", f->key, f->brief);
        if (f->note)
            buf_f(out, " %s", f->note);
        buf_z(out, "\n\n- ");
        reference_facts(f, "`", out);
        if (f->hit)
            buf_f(out, "\n- %s: %s", hit_title(f), f->hit);
        if (f->limit)
            buf_z(out, "\n- also in [group:NAME] and [service]");
        if (f->section == SECTION_JOB && f->no_defaults)
            buf_z(out, "\n- not in [defaults]");
        if (f->raw)
            buf_z(out, "\n- no `${...}` is replaced in it");
        if (f->example)
            buf_f(out, "\n- example: `%s`", f->example);
        buf_char(out, '\n');
    }
}

static void print_types(struct buf *out)
{
    buf_z(out, "\n## Types of values\n\n| type | what to write |\n|---|---|\n");
    for (size_t i = 0; i < schema_count; i++) {
        const struct value_type *t = schema[i].type;
        bool seen = !t;
        for (size_t j = 0; j < i && !seen; j++)
            seen = schema[j].type && strcmp(schema[j].type->name, t->name) == 0;
        if (!seen)
            buf_f(out, "| %s | %s |\n", t->name, t->syntax);
    }
}

static void print_codes(struct buf *out)
{
    buf_z(out, "\n## Diagnostics\n\n`jobwarden check FILE` prints every mistake of every file as "
               "`file:line: error[CODE]: what; hint`.\n\n| code | | meaning |\n|---|---|---|\n");
    for (size_t i = 0; i < CODES; i++)
        buf_f(out, "| `%s` | %s | %s |\n", diag_codes[i].name,
              diag_codes[i].severity == SEV_ERROR ? "error" : "warning", diag_codes[i].brief);
}

static void print_planned(struct buf *out)
{
    buf_z(out, "\n## Not supported yet\n\nThese keys are known and refused, never ignored.\n\n"
               "| about | key | |\n|---|---|---|\n");
    for (const char *const *about = schema_abouts; *about; about++)
        for (size_t i = 0; i < schema_count; i++)
            if (!schema[i].type && !schema[i].gone && strcmp(schema[i].about, *about) == 0)
                buf_f(out, "| %s | `%s` | %s |\n", *about, schema[i].key, schema[i].brief);
}

static void print_gone(struct buf *out)
{
    buf_z(out, "\n## Not supported by Windows any more\n\n| key | | |\n|---|---|---|\n");
    for (size_t i = 0; i < schema_count; i++)
        if (schema[i].gone)
            buf_f(out, "| `%s` | %s | %s. |\n", schema[i].key, schema[i].brief, schema[i].gone);
}

void reference_markdown(struct buf *out)
{
    buf_z(out, reference_intro);
    print_types(out);
    buf_z(out,
          "\n## What a change costs\n\n| | when a reload finds the key changed |\n|---|---|\n");
    for (size_t i = 0; i < APPLY_COUNT; i++)
        buf_f(out, "| %s | %s |\n", apply_names[i], apply_briefs[i]);
    for (const char *const *about = schema_abouts; *about; about++)
        print_group(*about, out);
    print_codes(out);
    print_planned(out);
    print_gone(out);
}

/* --- one key ------------------------------------------------------------------------ */
void reference_wrap(const char *prefix, const char *text, struct buf *out)
{
    enum { WIDTH = 98 };
    size_t at = 0;
    for (struct str rest = str_of(text); rest.p;) {
        struct str word = str_cut(&rest, ' ');
        if (at > 0 && at + 1 + word.n > WIDTH) {
            buf_char(out, '\n');
            at = 0;
        }
        buf_z(out, at ? " " : prefix);
        buf_str(out, word);
        at += word.n + (at ? 1 : strlen(prefix));
    }
    buf_char(out, '\n');
}

static void print_help(const struct field *f, struct buf *out)
{
    struct buf facts = {0};
    buf_f(out, "%s   in %s\n", f->key, reference_sections(f));
    reference_wrap("  ", f->brief, out);
    if (f->gone) {
        reference_wrap("  ", f->gone, out);
        return;
    }
    if (!f->type) {
        buf_z(out, "  Not supported yet.\n");
        return;
    }
    if (f->note)
        reference_wrap("  ", f->note, out);
    reference_facts(f, "", &facts);
    reference_wrap("  ", buf_text(&facts), out);
    buf_reset(&facts);
    buf_f(&facts, "%s: %s", f->type->name, f->type->syntax);
    reference_wrap("  ", buf_text(&facts), out);
    buf_reset(&facts);
    buf_f(&facts, "%s: %s", hit_title(f), f->hit ? f->hit : "");
    if (f->hit)
        reference_wrap("  ", buf_text(&facts), out);
    if (f->example)
        buf_f(out, "  example: %s = %s\n", f->key, f->example);
    out->failed = out->failed || !buf_ok(&facts);
    buf_free(&facts);
}

bool reference_key(struct str key, struct buf *out)
{
    const struct field *last = NULL;
    for (int s = 0; s < SECTIONS; s++) {
        const struct field *f = schema_find((enum section)s, key);
        if (!f || f == last)
            continue;
        if (last)
            buf_char(out, '\n');
        print_help(f, out);
        last = f;
    }
    return last;
}
