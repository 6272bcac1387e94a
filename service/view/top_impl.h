/* top_impl.h - what the parts of the live view share. */
#ifndef JW_VIEW_TOP_IMPL_H
#define JW_VIEW_TOP_IMPL_H

#include "common/arena.h"
#include "common/buf.h"
#include "service/view/member.h"
#include "service/view/top.h"

/* Samples of a graph; the widest graph shows all of them. */
enum { HISTORY = 48 };

/* Without a frame for so long, what is shown is old and says so. */
enum { STALE_MS = 5000, SAID_MS = 8000 };

/* Numbers may be NOT_KNOWN. */
struct top_row {
    const char *name; /* in the scene's arena, as all texts here */
    struct str state, group, why;
    unsigned rank; /* of the state */
    bool overridden;
    uint64_t pid, uptime, restarts, cpu, cpu_limit, commit, commit_limit;
    unsigned samples;
    uint16_t cpu_past[HISTORY];    /* the latest last; hundredths of a percent */
    uint32_t commit_past[HISTORY]; /* KiB */
};

/* One frame of the service, and what is remembered of those before. */
struct scene {
    struct arena *arena;
    struct top_row *row;
    uint32_t *shown, *scratch; /* indices of rows, filtered and sorted; room for all */
    size_t rows, shows;
    size_t count[STATES_KNOWN + 1];
    struct str service, version;
    bool stopping;
    bool failed; /* while it is made: memory ran out */
    uint64_t uptime, memory, commit, cpu;
};

/* NULL when out of memory.  WAS is the scene before or NULL; it is not touched. */
struct scene *scene_of(yyjson_val *reply, const struct scene *was);
void scene_free(struct scene *s);

enum top_sort { SORT_NAME, SORT_STATE, SORT_CPU, SORT_COMMIT, SORT_RESTARTS, SORT_UPTIME, SORTS };
extern const char *const sort_names[SORTS];

/* Fills s->shown with the rows that hold FILTER ("": all), in order. */
void scene_arrange(struct scene *s, enum top_sort sort, bool reverse, const char *filter);

/* The last lines of the log. */
enum { TICKER = 64, TICKER_TEXT = 512 };
struct ticker_line {
    enum ink ink;
    char text[TICKER_TEXT]; /* UTF-8, cut at a character */
};

enum top_mode { MODE_TABLE, MODE_FILTER, MODE_QUESTION, MODE_HELP };
enum { FILTER = 64 };

struct top {
    struct grid grid;
    unsigned width, height;
    struct scene *scene;
    uint64_t now, news_at, said_until; /* news_at: of the last frame */
    char clock[32];
    bool heard, lost, paused;
    bool refused; /* lost, but for an answer: why is the service's own sentence */
    char why[256], said[256];

    enum top_mode mode;
    enum top_sort sort;
    bool reverse;
    char filter[FILTER];
    char selected[TOP_NAME]; /* "": none */
    size_t at, first;        /* the selected one, and the topmost that is seen: indices of shown */
    enum top_do asked;
    char asked_name[TOP_NAME];

    struct ticker_line ticker[TICKER];
    uint64_t events, ticker_end; /* all so far; those that are shown end here */
};

/* Sorts and filters anew, finds the selected one again and keeps it in sight. */
void top_arrange(struct top *t);
/* Below the least: nothing but quitting works, for no question could be read. */
bool top_too_small(const struct top *t);
/* Selects the row at AT of those shown, or the nearest there is. */
void top_select(struct top *t, size_t at);

/* The parts of a window of this height. */
struct layout {
    unsigned table, rows; /* first line, and how many */
    unsigned detail;      /* line of the selected one's details */
    unsigned ticker, ticker_rows;
    unsigned help; /* the last line */
};
struct layout layout_of(unsigned height);

void draw_table(struct top *t, const struct layout *l, bool old);
/* The last samples in WIDTH cells, against MAX. */
void draw_graph(struct pen *p, const struct top_row *row, bool commit, unsigned width);
/* A bar of WIDTH cells, PERCENT of it filled. */
void draw_bar(struct pen *p, uint64_t percent, unsigned width);
void draw_help(struct top *t);
/* Puts at most CAP - 1 bytes of whole characters and a terminator into OUT. */
void copy_text(struct str text, char *out, size_t cap);

#endif
