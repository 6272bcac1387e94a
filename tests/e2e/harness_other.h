/* harness_other.h - one more service beside that of the world, with a job file of its own in the
 * same folder. */
#ifndef JW_TESTS_E2E_HARNESS_OTHER_H
#define JW_TESTS_E2E_HARNESS_OTHER_H

#include "harness.h"

struct other {
    struct program program;
    HANDLE job; /* ends it, and its workers, with the test */
    struct buf log;
};

/* Writes FILE (as job_file() does it, with a [service] named NAME before TEXT) and starts
 * `jobwarden.exe run` with it; does not wait for anything. */
void other_start(struct world *w, const char *file, const char *name, const char *text,
                 struct other *ret);
/* Until N lines of its log match; valid until the next call. */
struct str other_await(struct other *o, const char *pattern, size_t n);
/* Its exit code once it has ended, and what it wrote to its error output. */
DWORD other_wait(struct other *o, struct buf *err);
/* Ends it if it is alive, with its workers. */
void other_end(struct other *o);

#endif
