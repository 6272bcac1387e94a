/* str.h - a piece of UTF-8 text that somebody else owns; not NUL-terminated.  Pure. */
#ifndef JW_COMMON_STR_H
#define JW_COMMON_STR_H

#include <stdbool.h>
#include <stddef.h>

struct str {
    const char *p; /* may be NULL when n is 0 */
    size_t n;      /* bytes */
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})

struct str str_of(const char *z);                 /* NULL gives the empty text */
struct str str_trim(struct str s);                /* blanks and tabs at both ends */
bool str_eq(struct str a, struct str b);
bool str_ieq(struct str a, struct str b);         /* ASCII letters alike */
bool str_is(struct str a, const char *z);
bool str_starts(struct str s, const char *prefix);
bool str_ends(struct str s, const char *suffix);

/* Cuts *rest at the first SEP: returns what is before it, leaves what is after it.  Without SEP
 * returns the whole and leaves *rest empty with p == NULL, which ends a loop. */
struct str str_cut(struct str *rest, char sep);

/* ASCII only, whatever the locale. */
char ascii_lower(char c);
bool ascii_digit(char c);
bool ascii_alnum(char c);
bool ascii_blank(char c); /* blank or tab */

#endif
