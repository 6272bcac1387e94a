/* top_order.c - which rows are shown, in which order. */
#include "service/view/top_impl.h"

#include <string.h>

const char *const sort_names[SORTS] = {"name", "state", "CPU", "commit", "restarts", "uptime"};

/* web.2 comes before web.10: digits are compared as numbers. */
static int by_name(const char *a, const char *b)
{
    while (*a && *b) {
        size_t n = strspn(a, "0123456789"), m = strspn(b, "0123456789");
        if (n > 0 && m > 0 && n != m)
            return n < m ? -1 : 1;
        char x = ascii_lower(*a), y = ascii_lower(*b);
        if (x != y)
            return (unsigned char)x < (unsigned char)y ? -1 : 1;
        a++;
        b++;
    }
    return (*a != 0) - (*b != 0);
}

/* The larger first; what is not known last. */
static int by_number(uint64_t a, uint64_t b)
{
    a = a == NOT_KNOWN ? 0 : a + 1;
    b = b == NOT_KNOWN ? 0 : b + 1;
    return (a < b) - (a > b);
}

static int compare(const struct top_row *a, const struct top_row *b, enum top_sort sort)
{
    switch (sort) {
    case SORT_STATE:
        return (a->rank > b->rank) - (a->rank < b->rank);
    case SORT_CPU:
        return by_number(a->cpu, b->cpu);
    case SORT_COMMIT:
        return by_number(a->commit, b->commit);
    case SORT_RESTARTS:
        return by_number(a->restarts, b->restarts);
    case SORT_UPTIME:
        return by_number(a->uptime, b->uptime);
    default:
        return 0;
    }
}

/* May row A stand before row B?  Names break ties, and then the order of the job file. */
static bool before(const struct scene *s, uint32_t a, uint32_t b, enum top_sort sort, bool reverse)
{
    int d = compare(&s->row[a], &s->row[b], sort);
    if (d == 0 && sort != SORT_NAME)
        return by_name(s->row[a].name, s->row[b].name) <= 0;
    if (d == 0)
        d = by_name(s->row[a].name, s->row[b].name);
    return reverse ? d >= 0 : d <= 0;
}

/* Merges runs, which keeps equal rows in order and is never quadratic. */
static void sort_rows(struct scene *s, enum top_sort sort, bool reverse)
{
    for (size_t run = 1; run < s->shows; run *= 2) {
        for (size_t at = 0; at < s->shows; at += 2 * run) {
            size_t mid = at + run < s->shows ? at + run : s->shows;
            size_t end = mid + run < s->shows ? mid + run : s->shows;
            size_t i = at, j = mid;
            for (size_t k = at; k < end; k++) {
                bool left =
                    i < mid && (j == end || before(s, s->shown[i], s->shown[j], sort, reverse));
                s->scratch[k] = s->shown[left ? i++ : j++];
            }
        }
        uint32_t *sorted = s->scratch;
        s->scratch = s->shown;
        s->shown = sorted;
    }
}

static bool holds(struct str text, const char *part)
{
    size_t n = strlen(part);
    for (size_t i = 0; i + n <= text.n; i++)
        if (str_ieq((struct str){text.p + i, n}, (struct str){part, n}))
            return true;
    return false;
}

void scene_arrange(struct scene *s, enum top_sort sort, bool reverse, const char *filter)
{
    s->shows = 0;
    for (size_t i = 0; i < s->rows; i++) {
        const struct top_row *r = &s->row[i];
        if (!*filter || holds(str_of(r->name), filter) || holds(r->state, filter) ||
            holds(r->group, filter))
            s->shown[s->shows++] = (uint32_t)i;
    }
    sort_rows(s, sort, reverse);
}
