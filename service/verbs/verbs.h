/* verbs.h - what can be typed after jobwarden.exe.  Main thread. */
#ifndef JW_VERBS_VERBS_H
#define JW_VERBS_VERBS_H

#include <stdbool.h>
#include <stddef.h>

enum { EXIT_FINE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

struct arguments {
    const char *config; /* of --config; NULL: not given */
    bool json, revoke, dry_run;
    const char *const *word; /* the others, after the verb */
    size_t words;
};

struct verb {
    const char *name, *usage, *brief;
    int (*run)(const struct arguments *a); /* NULL: planned */
    size_t words_max;
    bool json, revoke; /* takes --json, --revoke */
};

extern const struct verb verbs[]; /* ends with name NULL */

int verb_run(const struct arguments *a);
int verb_service(const struct arguments *a);
int verb_check(const struct arguments *a);
int verb_doctor(const struct arguments *a);
int verb_grant(const struct arguments *a);
int verb_reload(const struct arguments *a);
int verb_help(const struct arguments *a);
int verb_version(const struct arguments *a);

/* The job file to use: --config, else %ProgramData%\Jobwarden\jobwarden.ini.  From malloc. */
char *config_path(const struct arguments *a);
/* Prints "jobwarden: TEXT" on standard error and returns EXIT_FAILED. */
int complain(const char *text);

#endif
