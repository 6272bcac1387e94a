/* inbox.h - what the control pipe's thread has for the loop: requests, and news of clients. */
#ifndef JW_HOST_INBOX_H
#define JW_HOST_INBOX_H

#include "common/buf.h"

#include <stdint.h>

enum mail_kind { MAIL_REQUEST, MAIL_SENT, MAIL_GONE };

struct mail {
    struct mail *next;
    enum mail_kind kind;
    uint64_t client;
    bool may_command;
    uint32_t pid;
    char *who;        /* of a request; NULL: not known */
    struct buf bytes; /* of a request */
};

struct inbox;

/* RING is called under the inbox's lock, from any thread, when it was empty.  The caller owns
 * *ret. */
enum st inbox_new(void (*ring)(void *ctx), void *ctx, struct inbox **ret, struct err *e);
void inbox_free(struct inbox *b); /* with what is in it; NULL is allowed */

/* A letter to be filled, and given to inbox_put() or mail_free(); NULL when out of memory. */
struct mail *mail_new(enum mail_kind kind, uint64_t client);
void mail_free(struct mail *m); /* NULL is allowed */

/* Any thread.  Takes M over. */
void inbox_put(struct inbox *b, struct mail *m);
/* A letter could not be made: what is known of clients may be wrong from now on. */
void inbox_lose(struct inbox *b);
/* Loop thread: moves all that is there, oldest first, behind what *all has; each goes to
 * mail_free().  True: something was lost since the last call. */
bool inbox_take(struct inbox *b, struct mail **all);

#endif
