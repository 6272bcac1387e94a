/* output_lines.h - where a stream of bytes may be cut: lines, rolls and time stamps.  Pure.
 *
 * It knows of one file how long it is and how it ends; it opens, reads and writes nothing. */
#ifndef JW_PROCESS_OUTPUT_LINES_H
#define JW_PROCESS_OUTPUT_LINES_H

#include "common/str.h"

#include <stdint.h>

/* Local time. */
struct moment {
    uint32_t year, month, day, hour, minute, second, ms;
    int32_t offset; /* minutes east of Greenwich */
};

enum {
    STAMP_BYTES = 30,
    /* A line is not cut by a roll, however long it is, until this much of it stands in the file: a
     * stream without line ends must not fill the disk.  A file is thus at most this and what one
     * read brings larger than its limit. */
    LINE_WHOLE = 1 << 20
};

/* Writes `2026-11-22T15:42:01.123+01:00 `, without a terminator. */
void moment_stamp(const struct moment *m, char out[STAMP_BYTES]);
/* A number that differs from day to day; never 0. */
uint32_t moment_day(const struct moment *m);

struct lines {
    uint64_t max_size; /* 0: no limit */
    bool daily, stamped;

    uint64_t size; /* of the file */
    uint64_t line; /* bytes of the line that the file ends in */
    bool mid_line; /* the file does not end with a line end */
    /* On which the file was begun, or last written before it was opened.  0: not known, and the
     * next bytes set it; nothing is known where nobody asked for daily rolls. */
    uint32_t day;
};

struct lines_step {
    bool roll;  /* a new file first; nothing else is to be done */
    bool stamp; /* the time goes before these bytes */
    size_t n;   /* so many bytes may then be written as they are */
};

/* What to do with BYTES, which are not empty.  MAY_ROLL is false while rolling has failed lately:
 * everything then goes into the present file.  TODAY may be 0 unless l->daily. */
struct lines_step lines_next(const struct lines *l, struct str bytes, uint32_t today,
                             bool may_roll);
/* BYTES were added at the end of the file. */
void lines_added(struct lines *l, struct str bytes, uint32_t today);
/* A new, empty file took the place of the old one. */
void lines_rolled(struct lines *l, uint32_t today);

/* The bytes of S up to and with its last line end; 0 when it has none. */
size_t lines_whole(struct str s);

#endif
