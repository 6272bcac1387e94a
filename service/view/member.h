/* member.h - members of a reply, which is not believed: what is missing, or of another type, reads
 * as nothing.  V may be NULL or of any type everywhere.  Pure. */
#ifndef JW_VIEW_MEMBER_H
#define JW_VIEW_MEMBER_H

#include "common/str.h"

#include <stdint.h>
#include <yyjson.h>

#define NOT_KNOWN UINT64_MAX

/* Valid as long as the document; n is 0 where there is none. */
struct str member_text(yyjson_val *v, const char *key);
/* A whole number from 0 on, else NOT_KNOWN. */
uint64_t member_number(yyjson_val *v, const char *key);
/* The same, with 0 for what is not known. */
uint64_t member_count(yyjson_val *v, const char *key);
bool member_yes(yyjson_val *v, const char *key);
yyjson_val *member_list(yyjson_val *v, const char *key);
yyjson_val *member_object(yyjson_val *v, const char *key);
/* The text of a value that is one. */
struct str value_text(yyjson_val *v);

#endif
