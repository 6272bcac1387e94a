/* reply.h - making one frame of an answer.  Portable; loop thread only.
 *
 * Out of memory is sticky (memory.h): a frame in which anything is missing is never sent; instead
 * the client is told so, and that is the last it hears. */
#ifndef JW_CONTROL_REPLY_H
#define JW_CONTROL_REPLY_H

#include "service/control/request.h"
#include "service/control/world.h"

#include <yyjson.h>

struct reply {
    yyjson_mut_doc *doc;
    yyjson_mut_val *root;
    bool *failed; /* NULL: from the beginning */
};

/* {"protocol": 1, "id": ID, "ok": true}; goes with reply_send() or reply_drop(). */
struct reply reply_begin(uint64_t id);
/* False: for want of memory it was the last frame, whatever MORE says. */
bool reply_send(const struct world *w, uint64_t client, struct reply *r, bool more);
void reply_drop(struct reply *r);
/* The refusal NO; R may be empty, or hold what is to be said besides. */
void reply_refuse(const struct world *w, uint64_t client, uint64_t id, const struct no *no,
                  struct reply *r);

/* Members of O.  Texts are copied; what is not UTF-8 in them becomes U+FFFD; NULL and an unknown
 * number are left out. */
void json_text(yyjson_mut_doc *doc, yyjson_mut_val *o, const char *key, const char *text);
void json_str(yyjson_mut_doc *doc, yyjson_mut_val *o, const char *key, struct str text);
/* The text of *TEXT, which is freed; memory that it lacked, the reply lacks. */
void json_buf(yyjson_mut_doc *doc, yyjson_mut_val *o, const char *key, struct buf *text);
void json_moment(yyjson_mut_doc *doc, yyjson_mut_val *o, const char *key, int64_t ms);
void json_push(yyjson_mut_doc *doc, yyjson_mut_val *list, const char *text);

#endif
