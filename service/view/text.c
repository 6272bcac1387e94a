/* text.c - cleaning, measuring and clipping. */
#include "service/view/text.h"

#include "common/utf.h"

struct range {
    uint32_t first, last;
};

/* Joiners, marks of direction, marks that combine with the character before, variation selectors,
 * tags, line and paragraph separators. */
static const struct range unseen[] = {
    {0x00AD, 0x00AD}, {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},  {0x0610, 0x061A},
    {0x061C, 0x061C}, {0x064B, 0x065F}, {0x180B, 0x180F}, {0x1AB0, 0x1AFF},  {0x1DC0, 0x1DFF},
    {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F}, {0x20D0, 0x20FF},  {0xFE00, 0xFE0F},
    {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE0FFF}};

/* East Asian Wide and Fullwidth, in blocks, and the pictures. */
static const struct range wide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},
                                    {0xA960, 0xA97F},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
                                    {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},
                                    {0x17000, 0x18CFF}, {0x1B000, 0x1B2FF}, {0x1F300, 0x1F64F},
                                    {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};

static bool is_in(const struct range *r, size_t n, uint32_t c)
{
    for (size_t i = 0; i < n; i++)
        if (c >= r[i].first && c <= r[i].last)
            return true;
    return false;
}

/* A control character, of C0 or C1. */
static bool steers(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

bool text_next(struct str *rest, struct glyph *ret)
{
    while (rest->n > 0) {
        uint32_t c;
        size_t len = utf8_next(*rest, &c);
        *rest = (struct str){rest->p + len, rest->n - len};
        if (c == '\t' || c == '\n' || c == '\r')
            c = ' ';
        else if (steers(c))
            c = '?';
        if (c >= 0xAD && is_in(unseen, sizeof unseen / sizeof *unseen, c))
            continue;
        bool two = c >= 0x1100 && is_in(wide, sizeof wide / sizeof *wide, c);
        *ret = (struct glyph){c, two ? 2 : 1};
        return true;
    }
    return false;
}

size_t text_width(struct str s)
{
    struct glyph g;
    size_t cells = 0;
    while (text_next(&s, &g))
        cells += g.cells;
    return cells;
}

uint32_t text_mark(bool utf8)
{
    return utf8 ? 0x2026 : '~';
}

static void add(struct glyph g, bool utf8, struct buf *out)
{
    char bytes[4];
    if (utf8 || g.c < 0x80)
        buf_add(out, bytes, utf8_put(g.c, bytes));
    else
        buf_add(out, "??", g.cells);
}

void text_clean(struct str s, bool utf8, struct buf *out)
{
    struct glyph g;
    while (text_next(&s, &g))
        add(g, utf8, out);
}

size_t text_clip(struct str s, size_t cells, bool utf8, struct buf *out)
{
    struct glyph g;
    size_t all = text_width(s), used = 0;
    if (cells == 0)
        return 0;
    size_t room = all <= cells ? cells : cells - 1;
    while (text_next(&s, &g) && used + g.cells <= room) {
        add(g, utf8, out);
        used += g.cells;
    }
    if (all <= cells)
        return used;
    add((struct glyph){text_mark(utf8), 1}, utf8, out);
    return used + 1;
}
