/* num.h - numbers read by hand, in 64 bits: no sign, blank, prefix or locale sneaks in.  Pure. */
#ifndef JW_COMMON_NUM_H
#define JW_COMMON_NUM_H

#include "common/status.h"
#include "common/str.h"

/* The decimal digits at the start of *rest; moves *rest past them.
 * ST_SYNTAX without a digit, ST_RANGE above 64 bits (all digits are passed then too). */
enum st num_digits(struct str *rest, uint64_t *ret);
/* All of S as one decimal number, at most MAX. */
enum st num_u64(struct str s, uint64_t max, uint64_t *ret);
/* All of S as hexadecimal digits without prefix, at most MAX. */
enum st num_hex(struct str s, uint64_t max, uint64_t *ret);

/* a * b and a + b; false when they do not fit in 64 bits. */
bool num_mul(uint64_t a, uint64_t b, uint64_t *ret);
bool num_add(uint64_t a, uint64_t b, uint64_t *ret);

#endif
