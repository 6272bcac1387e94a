/* reference_text.h - what the writers of reference_*.c share.  Private to config/. */
#ifndef JW_CONFIG_REFERENCE_TEXT_H
#define JW_CONFIG_REFERENCE_TEXT_H

#include "config/schema.h"

extern const char reference_intro[]; /* the rules of files and values, which no row holds */
extern const char limits_intro[]; /* above the tables of docs/limits.md */
extern const char *const limits_prose[]; /* below them; ends with NULL */

const char *reference_sections(const struct field *f); /* "[job:NAME], ..." */
/* "env.LANG" for the row "env.NAME": the key itself but where it stands for many. */
const char *reference_example_key(const struct field *f);
/* "duration; default 1s; 0s to 1d; a change: live" */
void reference_facts(const struct field *f, const char *quote, struct buf *out);
/* TEXT in lines that begin with PREFIX, the last ended too. */
void reference_wrap(const char *prefix, const char *text, struct buf *out);

#endif
