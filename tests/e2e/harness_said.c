/* harness_said.c - commands of jobwarden.exe that run to their end. */
#include "harness_said.h"

#include <stdlib.h>

struct said say(struct world *w, const char *words)
{
    struct said s = {0};
    s.code = verb(w, words, &s.out, &s.err);
    return s;
}

void said_free(struct said *s)
{
    buf_free(&s->out);
    buf_free(&s->err);
}

void expect(struct world *w, const char *words, DWORD code, const char *piece)
{
    struct said s = say(w, words);
    bool found = text_has(buf_view(&s.out), piece) || text_has(buf_view(&s.err), piece);
    if (s.code != code || !found)
        fail_msg("'%s' ended with %lu, not %lu with '%s':\n%s%s", words, s.code, code, piece,
                 buf_text(&s.out), buf_text(&s.err));
    said_free(&s);
}

void save(struct world *w)
{
    char *ini = below(w, "jobs.ini");
    file_write(ini, buf_view(&w->ini));
    free(ini);
}
