/* harness_ask.h - a running service asked and ordered: by its own commands, and by the test itself
 * over the control pipe, which is quicker. */
#ifndef JW_TESTS_E2E_HARNESS_ASK_H
#define JW_TESTS_E2E_HARNESS_ASK_H

#include "harness_said.h"

#include <yyjson.h>

/* --- by jobwarden.exe, with `--config jobs.ini` behind WORDS ---------------------------------- */
struct said told(struct world *w, const char *words);
/* It must end with CODE, and PIECE must be in what it wrote. */
void tell(struct world *w, const char *words, DWORD code, const char *piece);
/* The JSON that WORDS print; the caller frees it with yyjson_doc_free(). */
yyjson_doc *told_json(struct world *w, const char *words, DWORD code);

/* --- over the pipe ---------------------------------------------------------------------------- */
/* The last frame of the reply to REQUEST, a JSON object; the caller frees it. */
yyjson_doc *ask(struct world *w, const char *request);

struct seen {
    char state[16];
    uint64_t pid, starts; /* pid 0: it does not run */
    bool overridden, changed;
};
/* What `status` says of UNIT, which must be there. */
struct seen seen_now(struct world *w, const char *unit);
/* Until all N are running.  Their job.ready is in the log then. */
void await_running(struct world *w, size_t n);
struct seen await_state(struct world *w, const char *unit, const char *state);

/* --- members that must be there --------------------------------------------------------- */
yyjson_val *member(yyjson_val *object, const char *name);
const char *text_in(yyjson_val *object, const char *name);
uint64_t number_in(yyjson_val *object, const char *name);
/* The element of LIST whose member `name` is NAME; NULL: there is none. */
yyjson_val *named_in(yyjson_val *list, const char *name);

#endif
