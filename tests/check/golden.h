/* golden.h - job files and what `check` must print for each, to the byte.  One thread.
 *
 * The same cases run through the loader natively and through jobwarden.exe; a runner brings the way
 * to check a file, and everything else is here. */
#ifndef JW_TESTS_CHECK_GOLDEN_H
#define JW_TESTS_CHECK_GOLDEN_H

#include "common/buf.h"
#include "config/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

struct runner {
    struct source source; /* to find and read cases */
    char *cases;          /* their folder */
    char *scratch;        /* a folder for files that are made, which goes away at the end */
    bool update;          /* write what was said, instead of comparing */
    /* Appends what `check FILE` in FOLDER prints; returns its exit code. */
    int (*check)(const struct runner *r, const char *folder, const char *file, struct buf *said);
    void (*write)(const char *path, struct str bytes);
    const struct CMUnitTest *more; /* tests of this runner alone, with the runner as their state */
    size_t more_n;
};

/* What ${env:NAME} finds in the cases; ended by a name of NULL. */
extern const struct env_var golden_env[];

/* Runs every case as one test; the number of failures. */
int golden_run(const struct runner *r);

/* Fails the test, with a diff, when `check FILE` in FOLDER does not print EXPECTED, or when its
 * exit code is not what that says. */
void golden_expect(const struct runner *r, const char *folder, const char *file,
                   const char *expected);

/* Prints how the lines of SAID differ from those of EXPECTED. */
void diff_print(struct str expected, struct str said);

/* --- made.c: cases too large to keep ------------------------------------------------ */
struct made {
    const char *name; /* of the file: "line_of_one_mebibyte.ini" */
    void (*make)(const char *name, struct buf *ini, struct buf *expected);
};
extern const struct made made_cases[];
extern const size_t made_count;

#endif
