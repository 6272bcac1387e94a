/* str.h - a piece of UTF-8 text that somebody else owns; not NUL-terminated.  Pure. */
#ifndef JW_COMMON_STR_H
#define JW_COMMON_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
    const char *p; /* may be NULL when n is 0 */
    size_t n;      /* bytes */
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})

/* What is asked of every byte or word of a file is inline. */

/* NULL gives the empty text. */
static inline struct str str_of(const char *z)
{
    return (struct str){z, z ? strlen(z) : 0};
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_is(struct str a, const char *z)
{
    return str_eq(a, str_of(z));
}

struct str str_trim(struct str s);        /* blanks and tabs at both ends */
bool str_ieq(struct str a, struct str b); /* ASCII letters alike */
bool str_starts(struct str s, const char *prefix);
bool str_ends(struct str s, const char *suffix);

/* Cuts *rest at the first SEP: returns what is before it, leaves what is after it.  Without SEP
 * returns the whole and leaves *rest empty with p == NULL, which ends a loop. */
struct str str_cut(struct str *rest, char sep);

/* ASCII only, whatever the locale. */
static inline char ascii_lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static inline bool ascii_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool ascii_alnum(char c)
{
    char l = ascii_lower(c);
    return ascii_digit(c) || (l >= 'a' && l <= 'z');
}

static inline bool ascii_blank(char c) /* blank or tab */
{
    return c == ' ' || c == '\t';
}

#endif
