/* options.h - the options of all verbs, and the words between them.  Main thread. */
#ifndef JW_VERBS_OPTIONS_H
#define JW_VERBS_OPTIONS_H

#include "common/status.h"
#include "service/verbs/verbs.h"

struct option_row {
    const char *name, *other; /* "--follow" and "-f"; NULL: it has no other name */
    enum option bit;
    const char *value; /* what follows it: "FILE"; NULL: nothing does */
    const char *brief;
};
extern const struct option_row options[]; /* ends with name NULL */

/* Splits WORD[0..N) into what ret->verb takes and the rest, which moves to the front of WORD.
 * ST_SYNTAX, with what is wrong in *e. */
enum st options_parse(const char **word, size_t n, const struct verb *v, struct arguments *ret,
                      struct err *e);

#endif
