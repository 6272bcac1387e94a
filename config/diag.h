/* diag.h - diagnostics pile up, with their places; the verdict is their count.  One thread.
 *
 * Printed as `file:line: error[CODE]: what; hint`. */
#ifndef JW_CONFIG_DIAG_H
#define JW_CONFIG_DIAG_H

#include "common/buf.h"
#include "common/status.h"

struct place {
    const char *file; /* as the user named it, or as the include found it; NULL: no file */
    uint32_t line;    /* from 1; 0: the file as a whole */
};

enum severity { SEV_ERROR, SEV_WARNING };

struct diag {
    enum severity severity;
    const char *code; /* static, kebab-case: "unknown-key" */
    struct place at;
    char *text; /* "what" or "what; hint" */
};

struct diags;

struct diags *diags_new(void); /* NULL when out of memory */
void diags_free(struct diags *d);

/* Copies place and text.  The same code, place and text once more is left out.  Past 10,000 they
 * are only counted, and so are those for which there is no memory: the verdict stays right. */
void diag_add(struct diags *d, enum severity sev, struct place at, const char *code,
              const char *fmt, ...) JW_PRINTF(5, 6);

size_t diag_errors(const struct diags *d); /* all of them, listed or only counted */
size_t diag_warnings(const struct diags *d);
size_t diag_count(const struct diags *d); /* how many are listed */
const struct diag *diag_at(const struct diags *d, size_t i);

/* Sorts by file (in the order in which files were first named), then line; stable. */
void diags_sort(struct diags *d);
/* One line a diagnostic, then "N more were left out" where it applies. */
void diags_print(const struct diags *d, struct buf *out);
void diag_print(const struct diag *d, struct buf *out); /* one, without line end */

#endif
