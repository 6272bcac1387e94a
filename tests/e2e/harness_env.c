/* harness_env.c - see the header. */
#include "harness_env.h"

#include <stdlib.h>
#include <string.h>

/* What follows NAME=; p is NULL: it is not there. */
static struct str value_of(struct str text, const char *name)
{
    size_t n = strlen(name);
    for (struct str line; line_next(&text, &line);)
        if (line.n > n && memcmp(line.p, name, n) == 0 && line.p[n] == '=')
            return (struct str){line.p + n + 1, line.n - n - 1};
    return (struct str){0};
}

void expect_variable(struct str text, const char *name, const char *value)
{
    struct str has = value_of(text, name);
    if (!has.p)
        fail_msg("%s is not in the environment", name);
    if (!str_eq(has, str_of(value)))
        fail_msg("%s is '%.*s', not '%s'", name, (int)has.n, has.p, value);
}

void expect_number(struct str text, const char *name, uint64_t value)
{
    char *number = path_f("%llu", (unsigned long long)value);
    expect_variable(text, name, number);
    free(number);
}

void expect_no_variable(struct str text, const char *name)
{
    struct str has = value_of(text, name);
    if (has.p)
        fail_msg("%s is '%.*s', and should not be there", name, (int)has.n, has.p);
}
