/* value.h - the types of values, each in a file value_*.c of its own.  Pure. */
#ifndef JW_CONFIG_VALUE_H
#define JW_CONFIG_VALUE_H

#include "common/utf.h"
#include "config/schema.h"

extern const struct value_type ty_count;    /* uint32_t */
extern const struct value_type ty_number;   /* uint64_t */
extern const struct value_type ty_percent;  /* uint64_t */
extern const struct value_type ty_factor;   /* uint64_t, thousandths */
extern const struct value_type ty_duration; /* uint64_t, milliseconds */
extern const struct value_type ty_size;     /* uint64_t, bytes */
extern const struct value_type ty_word;     /* an enum */
extern const struct value_type ty_yes_no;   /* enum yes_no */
extern const struct value_type ty_codes;    /* struct codes */
extern const struct value_type ty_ladder;   /* struct ladder */
extern const struct value_type ty_text;     /* const char * */
extern const struct value_type ty_name;     /* const char * */
extern const struct value_type ty_path;     /* const char * */
extern const struct value_type ty_output;   /* const char *, a path or one of the row's words */
extern const struct value_type ty_command;  /* const char * */
extern const struct value_type ty_names;    /* struct texts */
extern const struct value_type ty_patterns; /* struct texts */

/* Enough of a text to recognise it in a message, cut with "..." and never inside a character. */
enum { CLIP = 72 };
const char *clip(struct str text, char out[CLIP]);

/* [A-Za-z0-9][A-Za-z0-9_-]{0,62} */
bool name_valid(struct str s);
#define NAME_RULE "letters, digits, '-' and '_', a letter or digit first, at most 63"

/* What the types share. */
enum st value_range(const struct field *f, uint64_t v, struct str text, struct err *e);
enum st value_missing(struct err *e); /* "no value is given" */
void hint_syntax(const struct field *f, struct str text, struct buf *out);
/* The next item of a comma-separated list, trimmed; *rest->p is NULL after the last. */
struct str list_next(struct str *rest);
/* What no text may hold once it is substituted, and its length. */
enum st text_check(const struct field *f, struct str t, struct err *e);
enum st text_keep(struct str t, struct arena *a, void *dst, struct err *e);
void text_print(const struct field *f, const void *src, struct buf *out);
bool text_equal(const void *a, const void *b);
bool u64_equal(const void *a, const void *b);
enum st duration_parse(const struct field *f, struct str text, uint64_t *ret, struct err *e);
void duration_print(uint64_t ms, struct buf *out);

#endif
