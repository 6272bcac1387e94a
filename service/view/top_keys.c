/* top_keys.c - what a key does. */
#include "service/view/top_impl.h"

#include <string.h>

static const struct top_act nothing = {TOP_NOTHING, ""};

static void ask(struct top *t, enum top_do what)
{
    if (!t->scene || t->scene->shows == 0 || t->lost)
        return;
    t->asked = what;
    /* As it is now: another row may be selected, or this one gone, when the answer comes. */
    copy_text(str_of(t->selected), t->asked_name, sizeof t->asked_name);
    t->mode = MODE_QUESTION;
}

static struct top_act answer(struct top *t, struct key key)
{
    t->mode = MODE_TABLE;
    if (key.code == KEY_CHAR && (key.c == 'y' || key.c == 'Y'))
        return (struct top_act){t->asked, t->asked_name};
    return nothing;
}

static void edit_filter(struct top *t, struct key key)
{
    size_t n = strlen(t->filter);
    if (key.code == KEY_ENTER)
        t->mode = MODE_TABLE;
    if (key.code == KEY_ESCAPE) {
        t->mode = MODE_TABLE;
        t->filter[0] = '\0';
    }
    if (key.code == KEY_BACKSPACE && n > 0)
        t->filter[n - 1] = '\0';
    if (key.code == KEY_CHAR && key.c > ' ' && key.c < 0x7F && n + 1 < FILTER) {
        t->filter[n] = (char)key.c; /* names are ASCII */
        t->filter[n + 1] = '\0';
    }
    top_arrange(t);
}

static void pause_or_go_on(struct top *t)
{
    t->paused = !t->paused;
    if (!t->paused)
        t->ticker_end = t->events;
}

static void move(struct top *t, size_t down, size_t up)
{
    size_t at = t->at + down;
    top_select(t, at > up ? at - up : 0);
}

static struct top_act letter(struct top *t, uint32_t c)
{
    switch (c) {
    case 'q':
        return (struct top_act){TOP_QUIT, ""};
    case 'A':
        return ask(t, TOP_START), nothing;
    case 'S':
        return ask(t, TOP_STOP), nothing;
    case 'R':
        return ask(t, TOP_RESTART), nothing;
    case 'K':
        return ask(t, TOP_KILL), nothing;
    case 'j':
        return move(t, 1, 0), nothing;
    case 'k':
        return move(t, 0, 1), nothing;
    case 's':
        t->sort = (t->sort + 1) % SORTS;
        t->reverse = false;
        return top_arrange(t), nothing;
    case 'r':
        t->reverse = !t->reverse;
        return top_arrange(t), nothing;
    case 'p':
        return pause_or_go_on(t), nothing;
    case '/':
        t->mode = MODE_FILTER;
        return nothing;
    case '?':
        t->mode = MODE_HELP;
        return nothing;
    default:
        return nothing;
    }
}

static struct top_act key_of_table(struct top *t, struct key key)
{
    size_t page = layout_of(t->height).rows;
    switch (key.code) {
    case KEY_CHAR:
        return letter(t, key.c);
    case KEY_UP:
        return move(t, 0, 1), nothing;
    case KEY_DOWN:
        return move(t, 1, 0), nothing;
    case KEY_PAGE_UP:
        return move(t, 0, page), nothing;
    case KEY_PAGE_DOWN:
        return move(t, page, 0), nothing;
    case KEY_HOME:
        return top_select(t, 0), nothing;
    case KEY_END:
        return top_select(t, SIZE_MAX), nothing;
    case KEY_ESCAPE:
        return (struct top_act){TOP_QUIT, ""};
    default:
        return nothing;
    }
}

struct top_act top_key(struct top *t, struct key key)
{
    t->said[0] = '\0';
    if (key.code == KEY_INTERRUPT)
        return (struct top_act){TOP_QUIT, ""};
    if (top_too_small(t)) {
        bool quit = key.code == KEY_ESCAPE || (key.code == KEY_CHAR && key.c == 'q');
        t->mode = MODE_TABLE;
        return (struct top_act){quit ? TOP_QUIT : TOP_NOTHING, ""};
    }
    switch (t->mode) {
    case MODE_QUESTION:
        return answer(t, key);
    case MODE_FILTER:
        return edit_filter(t, key), nothing;
    case MODE_HELP:
        t->mode = MODE_TABLE;
        return nothing;
    default:
        return key_of_table(t, key);
    }
}
