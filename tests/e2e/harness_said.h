/* harness_said.h - commands of jobwarden.exe that run to their end, and what they said. */
#ifndef JW_TESTS_E2E_HARNESS_SAID_H
#define JW_TESTS_E2E_HARNESS_SAID_H

#include "harness.h"

struct said {
    DWORD code;
    struct buf out, err;
};

/* `jobwarden.exe WORDS`; to be given to said_free(). */
struct said say(struct world *w, const char *words);
void said_free(struct said *s);
/* Runs WORDS: must end with CODE, and PIECE must be in what it wrote. */
void expect(struct world *w, const char *words, DWORD code, const char *piece);
/* Writes the job file without starting anything. */
void save(struct world *w);

#endif
