/* chronicle.h - brings log lines, from whatever thread, to the loop's journal. */
#ifndef JW_HOST_CHRONICLE_H
#define JW_HOST_CHRONICLE_H

#include "common/log.h"
#include "common/status.h"

struct chronicle;
struct journal;

/* RING is called, from any thread, when lines wait and none did before.  The caller owns *ret. */
enum st chronicle_new(void (*ring)(void *ctx), void *ctx, struct chronicle **ret, struct err *e);
void chronicle_free(struct chronicle *c); /* NULL is allowed */

/* Any thread, short lock.  Lines that the loop does not fetch are dropped, the newest first, once
 * there are as many as a journal holds. */
void chronicle_add(struct chronicle *c, int64_t time, enum log_level level, struct str line);
/* Nobody is rung from here on. */
void chronicle_mute(struct chronicle *c);
/* Loop thread: moves what waits; false when there was nothing. */
bool chronicle_fetch(struct chronicle *c, struct journal *j);

#endif
