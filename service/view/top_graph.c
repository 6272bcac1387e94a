/* top_graph.c - graphs and bars of characters. */
#include "service/view/top_impl.h"

#include "service/view/human.h"

enum { LEVELS = 8, LOWEST_BLOCK = 0x2581, FULL_BLOCK = 0x2588, LIGHT_SHADE = 0x2591 };

static uint64_t sample(const struct top_row *r, bool commit, unsigned i)
{
    return commit ? r->commit_past[i] : r->cpu_past[i];
}

/* Its limit; without one, the highest of the past, so that the shape can be seen. */
static uint64_t scale(const struct top_row *r, bool commit)
{
    uint64_t limit = commit ? r->commit_limit / 1024 : r->cpu_limit;
    uint64_t most = commit ? 1 : 100;
    if (limit > 0)
        return limit;
    for (unsigned i = 0; i < r->samples; i++)
        if (sample(r, commit, i) > most)
            most = sample(r, commit, i);
    return most;
}

void draw_graph(struct pen *p, const struct top_row *r, bool commit, unsigned width)
{
    static const char ramp[] = "_.:-=+*#";
    uint64_t max = scale(r, commit);
    bool limited = commit ? r->commit_limit > 0 : r->cpu_limit > 0;
    unsigned n = r->samples < width ? r->samples : width;
    for (unsigned i = n; i < width; i++)
        pen_char(p, INK_PLAIN, ' ');
    for (unsigned i = 0; i < n; i++) {
        uint64_t percent = human_percent(sample(r, commit, r->samples - n + i), max);
        uint64_t level = percent * LEVELS / 100;
        if (level >= LEVELS)
            level = LEVELS - 1;
        enum ink ink = percent == 0 ? INK_DIM : limited ? ink_of_percent(percent) : INK_PLAIN;
        pen_char(p, ink, p->g->utf8 ? LOWEST_BLOCK + (uint32_t)level : (uint32_t)ramp[level]);
    }
}

void draw_bar(struct pen *p, uint64_t percent, unsigned width)
{
    enum ink ink = ink_of_percent(percent);
    unsigned full = percent >= 100 ? width : (unsigned)(percent * width + 50) / 100;
    for (unsigned i = 0; i < width; i++) {
        uint32_t block = i < full ? FULL_BLOCK : LIGHT_SHADE;
        uint32_t ascii = i < full ? '#' : '.';
        pen_char(p,
                 i >= full          ? INK_DIM
                 : ink == INK_PLAIN ? INK_GOOD
                                    : ink,
                 p->g->utf8 ? block : ascii);
    }
}
