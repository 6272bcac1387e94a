/* reference.h - documents made from the schema.  Pure. */
#ifndef JW_CONFIG_REFERENCE_H
#define JW_CONFIG_REFERENCE_H

#include "config/schema.h"

void reference_markdown(struct buf *out); /* docs/reference.md */
void reference_limits(struct buf *out);   /* docs/limits.md */
void reference_sample(struct buf *out);   /* a commented job file with every key and its default */
void reference_dictionary(struct buf *out); /* for libFuzzer */
/* The help of one key, or false when there is no such key in any section. */
bool reference_key(struct str key, struct buf *out);

#endif
