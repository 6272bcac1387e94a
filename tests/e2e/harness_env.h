/* harness_env.h - listings of an environment, `NAME=VALUE` a line, as `set` prints them. */
#ifndef JW_TESTS_E2E_HARNESS_ENV_H
#define JW_TESTS_E2E_HARNESS_ENV_H

#include "harness.h"

/* A command for a hook: writes its environment to NAME.txt, which is there only when it is
 * complete. */
#define SET_TO(name) "cmd.exe /d /c \"set>" name ".tmp&ren " name ".tmp " name ".txt\""

/* NAME must be in TEXT and have that value. */
void expect_variable(struct str text, const char *name, const char *value);
void expect_number(struct str text, const char *name, uint64_t value);
void expect_no_variable(struct str text, const char *name);

#endif
