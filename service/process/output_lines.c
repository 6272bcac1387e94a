/* output_lines.c - the cuts. */
#include "service/process/output_lines.h"

#include <string.h>

static char *digits(char *out, uint32_t value, int count)
{
    for (int i = count; i-- > 0; value /= 10)
        out[i] = (char)('0' + value % 10);
    return out + count;
}

static char *with(char *out, char c)
{
    *out = c;
    return out + 1;
}

void moment_stamp(const struct moment *m, char out[STAMP_BYTES])
{
    uint32_t east = (uint32_t)(m->offset < 0 ? -m->offset : m->offset);
    char *p = with(digits(out, m->year, 4), '-');
    p = with(digits(p, m->month, 2), '-');
    p = with(digits(p, m->day, 2), 'T');
    p = with(digits(p, m->hour, 2), ':');
    p = with(digits(p, m->minute, 2), ':');
    p = with(digits(p, m->second, 2), '.');
    p = with(digits(p, m->ms, 3), m->offset < 0 ? '-' : '+');
    p = with(digits(p, east / 60, 2), ':');
    with(digits(p, east % 60, 2), ' ');
}

uint32_t moment_day(const struct moment *m)
{
    return (m->year * 16 + m->month) * 32 + m->day;
}

/* The bytes of S up to and with its first line end, or all of it. */
static size_t first_line(struct str s)
{
    const char *end = memchr(s.p, '\n', s.n);
    return end ? (size_t)(end - s.p) + 1 : s.n;
}

size_t lines_whole(struct str s)
{
    size_t n = s.n;
    while (n > 0 && s.p[n - 1] != '\n')
        n--;
    return n;
}

static struct lines_step go_on(const struct lines *l, struct str bytes, bool may_roll)
{
    bool endless = l->max_size > 0 && l->size >= l->max_size && l->line >= LINE_WHOLE;
    if (may_roll && endless)
        return (struct lines_step){.roll = true};
    return (struct lines_step){.n = first_line(bytes)};
}

struct lines_step lines_next(const struct lines *l, struct str bytes, uint32_t today, bool may_roll)
{
    if (l->mid_line)
        return go_on(l, bytes, may_roll);
    if (may_roll && l->daily && l->size > 0 && l->day != 0 && l->day != today)
        return (struct lines_step){.roll = true};

    size_t head = l->stamped ? STAMP_BYTES : 0;
    size_t n = l->stamped ? first_line(bytes) : bytes.n;
    if (may_roll && l->max_size > 0) {
        uint64_t room = l->size < l->max_size ? l->max_size - l->size : 0;
        if (head + n > room && !l->stamped) {
            n = lines_whole((struct str){bytes.p, room < n ? (size_t)room : n});
            n = n > 0 ? n : first_line(bytes);
        }
        if (head + n > room && l->size > 0)
            return (struct lines_step){.roll = true};
    }
    return (struct lines_step){.stamp = l->stamped, .n = n};
}

void lines_added(struct lines *l, struct str bytes, uint32_t today)
{
    if (bytes.n == 0)
        return;
    if (l->size == 0 || l->day == 0)
        l->day = today;
    size_t whole = lines_whole(bytes);
    l->line = (whole > 0 ? 0 : l->line) + (bytes.n - whole);
    l->mid_line = whole < bytes.n;
    l->size += bytes.n;
}

void lines_rolled(struct lines *l, uint32_t today)
{
    l->size = 0;
    l->line = 0;
    l->day = today;
}
