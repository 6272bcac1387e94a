/* wild.c - see wild.h. */
#include "common/wild.h"

/* A mismatch goes back to the last `*` alone, which takes one byte more: earlier ones need not be
 * tried again. */
bool wild_match(struct str pattern, struct str name)
{
    size_t p = 0, n = 0, star = 0, resume = 0;
    bool starred = false;
    while (n < name.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            starred = true;
            star = ++p;
            resume = n;
        } else if (p < pattern.n &&
                   (pattern.p[p] == '?' || ascii_lower(pattern.p[p]) == ascii_lower(name.p[n]))) {
            p++;
            n++;
        } else if (starred) {
            p = star;
            n = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*')
        p++;
    return p == pattern.n;
}

bool wild_is(struct str pattern)
{
    for (size_t i = 0; i < pattern.n; i++)
        if (pattern.p[i] == '*' || pattern.p[i] == '?')
            return true;
    return false;
}
