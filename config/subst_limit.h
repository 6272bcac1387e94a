/* subst_limit.h - ${limit:KEY}, ${limit:KEY:75%}, ${limit:KEY:75%:M}.  Pure; private to config/. */
#ifndef JW_CONFIG_SUBST_LIMIT_H
#define JW_CONFIG_SUBST_LIMIT_H

#include "config/subst.h"

/* NAME begins with "limit:" and is what stands between the braces. */

/* ST_SYNTAX, or ST_NOTFOUND: there is no such limit. */
enum st subst_limit_scan(struct str name, struct err *e);
/* Appends the number; NAME was scanned.  ST_NOTFOUND: the limit is not set; ST_SYNTAX: less than
 * one of the unit is left. */
enum st subst_limit_add(struct str name, const struct subst *s, struct buf *out, struct err *e);

#endif
