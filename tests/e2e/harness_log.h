/* harness_log.h - finding lines in a text.  Pure.
 *
 * A pattern is plain text in which each `*` stands for any text of the same line: the pieces
 * between must occur in one line, in that order.  A piece ends where a word ends: `job=a.1` is
 * not found in `job=a.10`. */
#ifndef JW_TESTS_E2E_HARNESS_LOG_H
#define JW_TESTS_E2E_HARNESS_LOG_H

#include "common/str.h"

#include <stdint.h>

bool line_matches(struct str line, const char *pattern);
size_t lines_matching(struct str text, const char *pattern);
/* The Nth (from 0) line of TEXT that matches, without its line end; p is NULL: there is none. */
struct str line_of(struct str text, const char *pattern, size_t nth);
/* The number after ` KEY=` in LINE, 0x included; false when there is none. */
bool line_number(struct str line, const char *key, uint64_t *ret);
/* How many lines TEXT has, a last one without line end included. */
size_t lines_in(struct str text);
/* The next line of *rest, without its line end; false when there is none. */
bool line_next(struct str *rest, struct str *ret);
bool text_has(struct str text, const char *piece);

#endif
