/* screen.h - the whole console window as a grid of cells, for as long as it is open.
 *
 * One at a time, on one thread.  It draws on a screen buffer of its own, so what was on the console
 * is there again afterwards, in its place. */
#ifndef JW_TERM_SCREEN_H
#define JW_TERM_SCREEN_H

#include "common/status.h"
#include "service/view/grid.h"
#include "service/view/key.h"

#include <windows.h>

struct screen;

/* The console of this process, even if standard input or output is not.  Ctrl+C, Ctrl+Break and the
 * console's end signal screen_ended() from now on and do nothing else. */
enum st screen_open(struct screen **ret, struct err *e);
/* Buffer, cursor and input mode as they were.  NULL is allowed. */
void screen_close(struct screen *s);

/* The window's size at this moment; 0x0 when the console is gone. */
void screen_size(struct screen *s, unsigned *width, unsigned *height);
/* Writes those cells of G that differ from what was drawn last. */
void screen_draw(struct screen *s, const struct grid *g);

/* Signalled while something may be read with screen_key(). */
HANDLE screen_input(const struct screen *s);
/* The next key; false when there is none yet.  Never waits. */
bool screen_key(struct screen *s, struct key *ret);
/* An event that stays signalled once this program is to end. */
HANDLE screen_ended(const struct screen *s);

#endif
