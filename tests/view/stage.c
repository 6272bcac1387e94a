/* stage.c - see the header. */
#include "stage.h"

#include "common/utf.h"
#include "fleet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE_LINE = 4, NAME_CELLS = 32 };

int stage_open(void **state)
{
    struct stage *s = calloc(1, sizeof *s);
    if (!s || !(s->top = top_new(true)))
        return -1;
    s->instances = 30;
    s->now = 1000000;
    top_resize(s->top, 80, 24);
    top_tick(s->top, s->now, "16:31:04");
    *state = s;
    return 0;
}

int stage_close(void **state)
{
    struct stage *s = *state;
    top_free(s->top);
    free(s);
    return 0;
}

void stage_reply(struct stage *s, const char *json)
{
    yyjson_doc *doc = yyjson_read(json, strlen(json), 0);
    assert_non_null(doc);
    top_tick(s->top, s->now, "16:31:04");
    top_frame(s->top, yyjson_doc_get_root(doc));
    yyjson_doc_free(doc);
}

void stage_frames(struct stage *s, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        struct buf json = {0};
        fleet_frame(s->frame++, s->instances, &json);
        assert_true(buf_ok(&json));
        s->now += 1000;
        stage_reply(s, buf_text(&json));
        buf_free(&json);
    }
}

struct top_act stage_type(struct stage *s, const char *keys)
{
    struct top_act act = {TOP_NOTHING, ""};
    for (; *keys; keys++)
        act = top_key(s->top, (struct key){KEY_CHAR, (unsigned char)*keys});
    return act;
}

struct top_act stage_key(struct stage *s, enum key_code code)
{
    return top_key(s->top, (struct key){code, 0});
}

/* --- looking ------------------------------------------------------------------------ */
static void line_text(const struct grid *g, unsigned y, struct buf *out)
{
    size_t begin = out->n;
    char bytes[4];
    for (unsigned x = 0; x < g->width; x++) {
        uint32_t c = g->cell[(size_t)y * g->width + x].c;
        if (c)
            buf_add(out, bytes, utf8_put(c, bytes));
    }
    while (out->n > begin && out->p[out->n - 1] == ' ')
        out->p[--out->n] = '\0';
    buf_char(out, '\n');
}

char *stage_text(struct stage *s)
{
    const struct grid *g = top_draw(s->top);
    struct buf out = {0};
    for (unsigned y = 0; y < g->height; y++)
        line_text(g, y, &out);
    assert_true(buf_ok(&out));
    return out.p;
}

bool stage_shows(struct stage *s, const char *part)
{
    char *text = stage_text(s);
    bool shown = text && strstr(text, part);
    if (!shown)
        print_message("'%s' is not in:\n%s", part, text ? text : "");
    free(text);
    return shown;
}

static void name_at(const struct grid *g, unsigned y, char out[NAME_CELLS + 1])
{
    unsigned n = 0;
    while (n < NAME_CELLS && n < g->width) {
        uint32_t c = g->cell[(size_t)y * g->width + n].c;
        if (c <= ' ' || c > '~')
            break;
        out[n++] = (char)c;
    }
    out[n] = '\0';
}

const char *stage_selected(struct stage *s)
{
    static char name[NAME_CELLS + 1];
    const struct grid *g = top_draw(s->top);
    name[0] = '\0';
    for (unsigned y = TABLE_LINE; y + 1 < g->height; y++)
        if (g->cell[(size_t)y * g->width].attribute & CELL_REVERSED) {
            assert_string_equal(name, ""); /* one alone */
            name_at(g, y, name);
        }
    return name;
}

const char *stage_names(struct stage *s, unsigned n)
{
    static char names[1024];
    char name[NAME_CELLS + 1];
    const struct grid *g = top_draw(s->top);
    names[0] = '\0';
    for (unsigned i = 0; i < n; i++) {
        name_at(g, TABLE_LINE + i, name);
        if (i > 0)
            strcat(names, " ");
        strcat(names, name);
    }
    return names;
}

/* A letter for each ink, a capital one where the colours are reversed. */
static void line_colours(const struct grid *g, unsigned y, struct buf *out)
{
    static const char letters[INKS] = {[INK_PLAIN] = '.', [INK_BOLD] = 'b', [INK_DIM] = 'd',
                                       [INK_GOOD] = 'g',  [INK_WAIT] = 'w', [INK_BAD] = 'r'};
    for (unsigned x = 0; x < g->width; x++) {
        uint8_t a = g->cell[(size_t)y * g->width + x].attribute;
        char c = letters[a & CELL_INK];
        if (a & CELL_REVERSED)
            c = c == '.' ? '#' : (char)(c - 'a' + 'A');
        buf_char(out, c);
    }
    buf_char(out, '\n');
}

void stage_expect(struct stage *s, const char *name)
{
    const struct grid *g = top_draw(s->top);
    struct buf out = {0};
    for (unsigned y = 0; y < g->height; y++)
        line_text(g, y, &out);
    buf_z(&out, "--- colours\n");
    for (unsigned y = 0; y < g->height; y++)
        line_colours(g, y, &out);
    page_expect(name, &out);
    buf_free(&out);
}
