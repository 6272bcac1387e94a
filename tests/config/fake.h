/* fake.h - files in memory, and a configuration loaded from them. */
#ifndef JW_TESTS_CONFIG_FAKE_H
#define JW_TESTS_CONFIG_FAKE_H

#include "config/load.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

struct fake_file {
    const char *path; /* relative to /conf, which is where jobs.ini is */
    const char *text;
    size_t n;   /* 0: up to its NUL */
    enum st st; /* what reading it gives */
};

struct fake {
    const struct fake_file *file; /* ends with a path of NULL; file[0] is the first file */
    const struct env_var *env;    /* ends with a name of NULL, or is NULL */
    const struct machine *machine; /* NULL: unknown */
    unsigned reads;
};

struct source fake_source(struct fake *f);

/* Loads file[0] and gives the diagnostics as printed, which the caller frees; *ret is NULL on
 * failure. Fails the test when verdict and diagnostics do not agree. */
struct buf fake_load(struct fake *f, struct config **ret);

/* The same for one file's text, which must be without a mistake. */
struct config *load_good(const char *text);
/* What is said about one file's text, compared with EXPECTED. */
void assert_said(const char *text, const char *expected);
void assert_files_said(const struct fake_file *files, const char *expected);
/* The spec of NAME.N; fails the test when there is none. */
const struct job_spec *spec_of(const struct config *c, const char *unit);

#endif
