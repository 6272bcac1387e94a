/* talk.h - one question to a running service, and its answer.  Main thread. */
#ifndef JW_VERBS_TALK_H
#define JW_VERBS_TALK_H

#include "service/pipe/client.h"
#include "service/verbs/verbs.h"
#include "service/term/term.h"

#include <yyjson.h>

struct talk {
    struct pipe_client *pipe;
    struct buf frame;
    yyjson_doc *doc;
    yyjson_val *reply;    /* the last frame, part of `doc` */
    bool ok, more;        /* of that */
    struct term out, err; /* how to write to standard output and standard error */
};

/* The name of the service that A means: --service, else what the job file says, else Jobwarden.
 * From malloc; NULL, and *e, when the file
 * that was given cannot be read, or what it says is to be had of the loader only, which refuses it.
 */
char *talk_service(const struct arguments *a, struct err *e);

/* Opens the pipe, and with PRINTS what is written to.  ST_OK, or *e with one sentence; talk_end()
 * is for both. */
enum st talk_open(const struct arguments *a, bool prints, struct talk *t, struct err *e);
void talk_end(struct talk *t);

/* {"protocol": 1, "id": 1, "do": WHAT, "names": [...]}, to be added to. */
struct question {
    yyjson_mut_doc *doc;
    yyjson_mut_val *root;
    bool *failed; /* for want of memory something of it is missing */
};
struct question question_new(const char *what, const struct arguments *a);
void question_names(struct question *q, const struct arguments *a);
void question_free(struct question *q);
/* talk_open(), then talk_ask(). */
enum st talk_begin(const struct arguments *a, bool prints, struct question *q, struct talk *t,
                   struct err *e);
/* Sends Q, which is freed in any case. */
enum st talk_ask(struct talk *t, struct question *q, struct err *e);
/* Reads t->frame as a reply. */
enum st talk_read(struct talk *t, struct err *e);
/* Waits for the next frame. */
enum st talk_hear(struct talk *t, uint64_t wait_ms, struct err *e);

/* The exit code of a reply that is not ok, whose sentence is printed, and with --json all of it. */
int talk_refused(const struct talk *t, const struct arguments *a);
/* Prints the last frame as it is: alone on several lines, as one of a stream on one. */
int talk_print_json(const struct talk *t, bool stream);

/* Prints B, which is freed.  The exit code: 1 without memory, and when nobody reads it. */
int show_text(struct buf *b);

typedef void (*talk_show)(yyjson_val *reply, const struct view_style *style, struct buf *out);
/* One question, one answer.  SHOW makes text of it; --json prints it as it is.  The exit code, of
 * an answer that is ok by JUDGE (NULL: 0). */
int talk_once(const struct arguments *a, struct question *q, talk_show show,
              int (*judge)(yyjson_val *reply));

enum { ANSWER_MS = 30000 };

#endif
