/* harness_golden.h - tables as people read them, without what differs from run to run.  Pure. */
#ifndef JW_TESTS_E2E_HARNESS_GOLDEN_H
#define JW_TESTS_E2E_HARNESS_GOLDEN_H

#include "common/buf.h"

/* Appends TEXT with the cells of its lines, which two blanks or more separate, joined by " | ".
 * Below a line that begins with "NAME" or "KEY", cells of the columns COLUMNS (" PID CPU ") that
 * are not "-" become "#", and all of the columns HIDDEN; so does, everywhere, each time (3s, 1m 2s,
 * 7ms) and percentage. */
void golden_table(struct str text, const char *columns, const char *hidden, struct buf *out);
/* Fails with both when they differ. */
void expect_golden(struct str is, const char *shall);

#endif
