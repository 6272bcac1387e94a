/* help.c - usage, one command, or one key's facts from the schema. */
#include "common/buf.h"
#include "config/reference.h"
#include "config/schema.h"
#include "service/host/logger.h"
#include "service/verbs/options.h"

#include <string.h>

static void usage(struct buf *b)
{
    buf_z(b, "Jobwarden keeps the jobs of an INI file running inside named Job Objects.\n\n"
             "usage: jobwarden.exe VERB\n");
    for (const struct verb *v = verbs; v->name; v++)
        if (v->run && v->usage)
            buf_f(b, "  %-11s %s\n", v->name, v->brief);
    buf_z(b, "\n'jobwarden.exe help VERB' tells how each is used. Not supported yet:");
    for (const struct verb *v = verbs; v->name; v++)
        if (!v->run)
            buf_f(b, " %s", v->name);
    buf_z(b,
          "\nNAME is a job, an instance (web.3), a group, 'all', or a pattern of these with * and "
          "?.\nWithout --config the job file is %ProgramData%\\Jobwarden\\jobwarden.ini.\n"
          "Exit codes: 0 fine, 1 it failed, 2 wrong usage, 4 no such name; of status also\n"
          "3 not everything is running, or there is nothing.\n");
}

static void about_verb(const struct verb *v, struct buf *b)
{
    buf_f(b, "usage: jobwarden.exe %s\n\n  %s\n\n", v->usage, v->brief);
    for (const struct option_row *o = options; o->name; o++) {
        struct buf left = {0};
        if (!(v->options & o->bit))
            continue;
        buf_f(&left, "%s%s%s%s%s", o->other ? o->other : "", o->other ? ", " : "", o->name,
              o->value ? " " : "", o->value ? o->value : "");
        buf_f(b, "  %-24s %s\n", buf_text(&left), o->brief);
        buf_free(&left);
    }
}

static int unknown(const char *word)
{
    struct buf why = {0};
    const char *nearest = schema_nearest(SECTION_JOB, str_of(word));
    for (const struct verb *v = verbs; v->name; v++)
        if (v->usage)
            nearest = nearer_word(str_of(word), nearest, v->name);
    buf_f(&why, "there is no command and no key '%s'; ", word);
    if (nearest)
        buf_f(&why, "did you mean '%s'?", nearest);
    else
        buf_z(&why, "docs/reference.md lists all keys");
    int code = complain(buf_text(&why));
    buf_free(&why);
    return code;
}

/* A word that is both, such as `stop`, is told as both. */
static int about_word(const char *word, struct buf *b)
{
    const struct verb *v = verb_find(word);
    bool verb = v && v->usage && v->run;
    struct buf key = {0};
    bool known = reference_key(str_of(word), &key);
    if (verb)
        about_verb(v, b);
    if (verb && known)
        buf_f(b, "\nkey of a job file:\n\n");
    buf_str(b, buf_view(&key));
    buf_free(&key);
    return verb || known ? EXIT_FINE : unknown(word);
}

int verb_help(const struct arguments *a)
{
    struct buf b = {0};
    int code = EXIT_FINE;
    if (a->words == 0)
        usage(&b);
    else
        code = about_word(a->word[0], &b);
    print_out(buf_view(&b));
    buf_free(&b);
    return code;
}
