/* load.h - bytes in, typed definitions and diagnostics out.  One thread; opens no file itself. */
#ifndef JW_CONFIG_LOAD_H
#define JW_CONFIG_LOAD_H

#include "common/arena.h"
#include "config/machine.h"
#include "config/spec.h"

/* Beyond these a file is refused with its place; nothing is ever cut. */
enum {
    CONFIG_LINE_MAX = 128 << 10,
    CONFIG_FILE_MAX = 16 << 20,
    CONFIG_DEPTH_MAX = 16,
    CONFIG_FILES_MAX = 4096
};

/* The world as the loader sees it; tests and the fuzzer bring their own. */
struct source {
    void *ctx;
    /* The bytes of the file at PATH, in A.  ST_NOTFOUND, ST_DENIED, ST_RANGE (larger than
     * CONFIG_FILE_MAX) or ST_OS with a sentence that tells the reason; a directory is an error. */
    enum st (*read)(void *ctx, const char *path, struct arena *a, struct str *ret, struct err *e);
    /* The absolute paths in A that match PATTERN (`*` and `?` in the last part), sorted by bytes.
     * A pattern without wildcard names one file, which need not exist.  No match: ST_OK, n 0. */
    enum st (*glob)(void *ctx, const char *pattern, struct arena *a, struct texts *ret,
                    struct err *e);
    /* NULL when there is no such variable; valid until the next call. */
    const char *(*env)(void *ctx, const char *name);
    /* PATH made absolute and without `.` and `..` in A, for comparing; NULL when out of memory. */
    const char *(*full)(void *ctx, const char *path, struct arena *a);
    /* NULL: unknown, and nothing is said about it.  Else what does not fit is a warning. */
    const struct machine *machine;
    /* What ${service} is: of a service that runs, the name under which it does, whatever the file
     * says by now.  NULL: what the file says. */
    const char *service;
};

/* Reads PATH and whatever it includes.  Every mistake goes to D.  On ST_OK (no error in D) the
 * caller owns *ret and gives it back with config_free(); otherwise *ret is untouched. */
enum st config_load(const char *path, const struct source *src, struct config **ret,
                    struct diags *d);

/* The same with the N values of OVERRIDES, each as if it stood in its section instead of what is
 * written there for that key; of two for one key the last counts.  What is said about them has the
 * place "set".  All keys of the section can be set, whatever it costs: see plan.h.  They are
 * copied. */
enum st config_load_with(const char *path, const struct source *src,
                         const struct override *overrides, size_t n, struct config **ret,
                         struct diags *d);

/* NULL is allowed. */
void config_free(struct config *c);

/* What will run: one block a job, the values that differ from the default, for `check`. */
void config_print(const struct config *c, struct buf *out);

#endif
