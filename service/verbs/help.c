/* help.c - usage, or one key's facts from the schema. */
#include "config/reference.h"
#include "config/schema.h"
#include "service/host/logger.h"
#include "service/verbs/verbs.h"

static void usage(struct buf *b)
{
    buf_z(b, "Jobwarden keeps the jobs of an INI file running inside named Job Objects.\n\n"
             "usage: jobwarden.exe VERB\n");
    for (const struct verb *v = verbs; v->name; v++)
        if (v->run)
            buf_f(b, "  %-24s %s\n", v->usage, v->brief);
    buf_z(b, "\nNot supported yet:");
    for (const struct verb *v = verbs; v->name; v++)
        if (!v->run)
            buf_f(b, " %s", v->name);
    buf_z(b, "\nWithout --config the job file is %ProgramData%\\Jobwarden\\jobwarden.ini.\n"
             "Exit codes: 0 fine, 1 it failed, 2 wrong usage.\n");
}

int verb_help(const struct arguments *a)
{
    struct buf b = {0};
    int code = EXIT_FINE;
    if (a->words == 0) {
        usage(&b);
    } else if (!reference_key(str_of(a->word[0]), &b)) {
        struct buf why = {0};
        const char *nearest = schema_nearest(SECTION_JOB, str_of(a->word[0]));
        buf_f(&why, "there is no key '%s'; ", a->word[0]);
        if (nearest)
            buf_f(&why, "did you mean '%s'?", nearest);
        else
            buf_z(&why, "docs/reference.md lists them all");
        code = complain(buf_text(&why));
        buf_free(&why);
    }
    print_out(buf_view(&b));
    buf_free(&b);
    return code;
}
