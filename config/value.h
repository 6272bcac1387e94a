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
extern const struct value_type ty_ready;    /* struct ready */
extern const struct value_type ty_causes;   /* struct causes */
extern const struct value_type ty_access;   /* struct access_list */

/* Those below also read `none`, which is no limit, and undoes one said further away. */
extern const struct value_type ty_size_limit;  /* uint64_t, bytes */
extern const struct value_type ty_time_limit;  /* uint64_t, milliseconds */
extern const struct value_type ty_count_limit; /* uint32_t */
extern const struct value_type ty_bandwidth;   /* uint64_t, bytes a second */
extern const struct value_type ty_small;       /* struct small */
extern const struct value_type ty_flags;       /* uint32_t, bit N is the row's word N */
extern const struct value_type ty_share;       /* struct cpu_share */
extern const struct value_type ty_cpus;        /* struct cpu_set */
extern const struct value_type ty_tolerance;   /* struct rate_notice */
extern const struct value_type ty_guard_size;  /* struct guard, bytes */
extern const struct value_type ty_guard_count; /* struct guard */
extern const struct value_type ty_guard_share; /* struct cpu_guard */
extern const struct value_type ty_hook;        /* const char *, a command line; "": none */
extern const struct value_type ty_member;      /* const char *, a name; "": none */
extern const struct value_type ty_reaction;    /* enum reaction, never UNSAID; no `none` */
extern const struct value_type ty_port;        /* uint32_t, 1-65535; 0: none */
extern const struct value_type ty_url;         /* const char *, "": none */
extern const struct value_type ty_schedule;    /* struct schedule */

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
/* The same of a path. */
enum st path_check(const struct field *f, struct str t, struct err *e);
/* http:// or https://, a host, perhaps a port, perhaps a path and a query. */
enum st url_check(struct str t, struct err *e);
/* A TCP port.  ST_SYNTAX or ST_RANGE, with e->text. */
enum st port_read(struct str text, uint32_t *ret, struct err *e);
enum st text_keep(struct str t, struct arena *a, void *dst, struct err *e);
void text_print(const struct field *f, const void *src, struct buf *out);
bool text_equal(const void *a, const void *b);
bool u64_equal(const void *a, const void *b);
bool u32_equal(const void *a, const void *b);
bool value_none(struct str text); /* it says `none` */
/* 0 where only `none` means no limit. */
enum st value_zero(struct str text, struct err *e);
enum st duration_parse(const struct field *f, struct str text, uint64_t *ret, struct err *e);
void duration_print(uint64_t ms, struct buf *out);
/* A duration, as size_read() below. */
enum st duration_read(struct str text, uint64_t *ret);
/* A number of bytes, in any range.  ST_SYNTAX, or ST_OK with UINT64_MAX beyond 64 bits. */
enum st size_read(struct str text, uint64_t *ret);
void size_print(uint64_t bytes, struct buf *out);
enum st number_read(struct str text, uint64_t *ret); /* the same of a plain number */
void number_print(uint64_t v, struct buf *out);
/* "12.5" as 125 with DECIMALS 1: no sign, at most that many decimals.  ST_SYNTAX, or ST_OK with
 * UINT64_MAX beyond 64 bits. */
enum st decimal_read(struct str text, unsigned decimals, uint64_t *ret);
void decimal_print(uint64_t v, unsigned decimals, struct buf *out);
/* A share of CPU time, never unlimited, in the row's range. */
enum st share_read(const struct field *f, struct str text, struct cpu_share *ret, struct err *e);
void share_print(const struct cpu_share *s, struct buf *out);
bool share_same(const struct cpu_share *a, const struct cpu_share *b);

#endif
