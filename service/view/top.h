/* top.h - the live view: replies and keys in, a grid of cells and orders out.  Pure; one thread.
 *
 * It knows no console, no pipe and no clock: whoever drives it tells it all of these. */
#ifndef JW_VIEW_TOP_H
#define JW_VIEW_TOP_H

#include "service/view/grid.h"
#include "service/view/key.h"

#include <yyjson.h>

struct top;

enum { TOP_WIDTH_LEAST = 40, TOP_HEIGHT_LEAST = 10, TOP_NAME = 128 };

/* What the person at the keys wants done. */
enum top_do { TOP_NOTHING, TOP_QUIT, TOP_START, TOP_STOP, TOP_RESTART, TOP_KILL };
extern const char *const top_do_names[]; /* "" "quit" "start" "stop" "restart" "kill" */

struct top_act {
    enum top_do what;
    const char *name; /* of the instance; good until the next key */
};

/* UTF8: block characters may be drawn, else ASCII alone.  NULL when out of memory. */
struct top *top_new(bool utf8);
void top_free(struct top *t);

/* The window's size.  Below the least, the drawing says that it is too small. */
void top_resize(struct top *t, unsigned width, unsigned height);
/* NOW: milliseconds of a clock that only goes on; CLOCK: the time of day, for the header. */
void top_tick(struct top *t, uint64_t now_ms, const char *clock);

/* A frame of `status`, with or without events.  An error of the service is shown until the next
 * frame.  Anything else is no news, and after a few seconds
 * without news the view says so.  Out of memory: the frame is left out. */
void top_frame(struct top *t, yyjson_val *reply);
/* The connection is lost; why, and that it is tried again, is shown until the next frame. */
void top_lost(struct top *t, struct str why);
/* What became of an order: shown for some seconds, or until a key. */
void top_said(struct top *t, struct str text);

/* A key.  Orders come out only after their question was answered by y. */
struct top_act top_key(struct top *t, struct key key);

/* The whole frame, of the size that was told; the view's own, good until the next call.
 * An empty grid when out of memory. */
const struct grid *top_draw(struct top *t);

#endif
