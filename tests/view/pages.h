/* pages.h - replies that are kept as files, and the text that each must become.
 *
 * With JOBWARDEN_UPDATE_GOLDEN in the environment what was said is written instead of compared. */
#ifndef JW_TESTS_VIEW_PAGES_H
#define JW_TESTS_VIEW_PAGES_H

#include "common/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <yyjson.h>

/* cases/NAME.json; the test fails when there is none, or when it is no JSON. */
yyjson_doc *page_reply(const char *name);
/* Fails the test, with a diff, unless SAID is the text of cases/NAME. */
void page_expect(const char *name, const struct buf *said);

#endif
