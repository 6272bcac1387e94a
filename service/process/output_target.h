/* output_target.h - one file that bytes are appended to: opened, rolled, lost and found again.
 *
 * Everything but target_new() and target_open() before the thread knows the target belongs to the
 * output thread.  It knows neither pipes nor queues. */
#ifndef JW_PROCESS_OUTPUT_TARGET_H
#define JW_PROCESS_OUTPUT_TARGET_H

#include "service/process/output.h"
#include "service/process/output_lines.h"

enum {
    OUTBOX_BYTES = 64 << 10,
    TARGET_RETRY_MS = 2000, /* before a lost file, or a failed roll, is tried again */
    TARGET_LOOK_MS = 2000   /* how often to see whether somebody deleted the file */
};

/* What the thread shares among its targets. */
struct scribe {
    const struct log *log;
    uint64_t (*utc)(void *ctx); /* 100 ns since 1601, as FILETIME */
    void *ctx;
    char *box; /* OUTBOX_BYTES, on their way to a file; empty between two calls */
    size_t boxed;
};

struct target {
    struct target *next;
    wchar_t *wide; /* full path; tells two targets apart */
    uint32_t hash; /* of it */
    char *path;    /* as given, for people */
    uint64_t keep;
    struct lines lines;

    HANDLE file;      /* NULL: not open */
    uint64_t writer;  /* who wrote last; 0: nobody who will go on */
    uint32_t writers; /* pipes, and the log, that hold this target */
    uint64_t linger;  /* without writers: tick at which it is given up */

    bool lost;           /* told */
    uint64_t dropped;    /* bytes, since it was lost */
    uint64_t retry;      /* tick before which a lost file is left alone */
    bool roll_failed;    /* told */
    uint64_t roll_retry; /* tick before which nothing is rolled */
    uint64_t look;       /* tick of the next look */
};

/* Touches no disk. */
enum st target_new(const struct output_file *f, struct target **ret, struct err *e);
/* Closes the file.  NULL is allowed. */
void target_free(struct target *t);
/* The same file by name, letter case aside. */
bool target_same(const struct target *a, const struct target *b);
/* Takes the settings of FROM, which are younger; live from the next line on. */
void target_adjust(struct target *t, const struct target *from);

/* Opens the file for appending, makes it and its folder; nothing to do when it is open.  Failing
 * here does not make it lost. */
enum st target_open(struct target *t, const struct scribe *s, struct err *e);
/* Appends BYTES of WRITER (never 0).  What cannot be written is counted and dropped. */
void target_write(struct target *t, struct scribe *s, uint64_t writer, struct str bytes);
/* Says once that the file is lost, and why. */
void target_lose(struct target *t, const struct scribe *s, const struct err *why);

/* A new file under the name of TARGET; the old one becomes NAME.1, or is emptied when none is kept.
 * On failure the present file stays open and as it is. */
enum st target_roll(struct target *t, const struct scribe *s, struct err *e);

/* Local time of a moment in UTC. */
struct moment moment_local(uint64_t utc);

#endif
