/* recording.h - everything that a load asked the world for, and the same answers once more.
 *
 * What is shown to somebody as a plan can so be loaded again and taken over as it was shown, even
 * if the files have changed meanwhile; and whoever watches the files knows which.  One thread at a
 * time: a load runs on another one than the loop's, and whoever waits for it then goes on with the
 * recording. */
#ifndef JW_CONFIG_RECORDING_H
#define JW_CONFIG_RECORDING_H

#include "config/load.h"

struct recording;

/* NULL when out of memory. */
struct recording *recording_new(void);
/* NULL is allowed. */
void recording_free(struct recording *r);

/* Passes everything through to SRC, and keeps each answer: bytes, paths, variables, failures.  SRC
 * is copied, but what it points to must be there as long as the result is used.  Asked the same
 * again it gives the answer of before: a load sees one state of the world.  Out of memory is told
 * to the load and not kept.  Bytes and texts are R's, not of the arena that was given. */
struct source recording_source(struct recording *r, const struct source *src);
/* Answers from R alone.  What was never asked is ST_NOTFOUND, no match, no variable, and a path as
 * it is.  R must be there as long as the result is used, also on another thread. */
struct source recording_replay(const struct recording *r);

/* False: for want of memory an answer is missing, and R should not be replayed. */
bool recording_whole(const struct recording *r);

/* What was asked for, each once and in the order of the first time: the paths of files as they were
 * named to read(), and patterns as named to glob(). */
size_t recording_files(const struct recording *r);
const char *recording_file(const struct recording *r, size_t i);
size_t recording_patterns(const struct recording *r);
const char *recording_pattern(const struct recording *r, size_t i);
/* Both have asked the same and were told the same. */
bool recording_same(const struct recording *a, const struct recording *b);
/* Bytes that the answers take. */
size_t recording_size(const struct recording *r);

#endif
