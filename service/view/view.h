/* view.h - replies of the service as text for people.  Pure; one thread at a time.
 *
 * REPLY is what docs/protocol.md says, or anything else: what is missing, or of another type, is
 * left out, and no text of it can steer a terminal.  Each function adds whole lines to OUT, whose
 * failure says that memory ran out. */
#ifndef JW_VIEW_VIEW_H
#define JW_VIEW_VIEW_H

#include "common/buf.h"
#include "service/view/style.h"

#include <yyjson.h>

/* A table of the instances, and how many are in which state. */
void view_status(yyjson_val *reply, const struct view_style *style, struct buf *out);
/* Each level with its limits: who holds them, what is used, what happens. */
void view_limits(yyjson_val *reply, const struct view_style *style, struct buf *out);
/* The processes of each instance as a tree. */
void view_ps(yyjson_val *reply, const struct view_style *style, struct buf *out);
/* One frame of events, each as the log has it. */
void view_events(yyjson_val *reply, const struct view_style *style, struct buf *out);
/* One frame of a log.  A terminal gets it cleaned, line by line; else (width 0) it goes through as
 * it is.  HEADING: begin with a line that says whose it is. */
void view_logs(yyjson_val *reply, bool heading, const struct view_style *style, struct buf *out);
/* Of `reload` and `set`: mistakes, changes, and a sentence of what was done, or, after a dry run,
 * would be. */
void view_changes(yyjson_val *reply, const struct view_style *style, struct buf *out);

/* A frame of start, stop, restart, kill with "more": one line, without its end, of at most the
 * terminal's width. */
void view_progress(yyjson_val *reply, const struct view_style *style, struct buf *out);
/* The last frame of VERB ("stop"): what was done, and one line for each that ended otherwise. */
void view_done(yyjson_val *reply, const char *verb, const struct view_style *style,
               struct buf *out);

/* The sentence of a reply that is not ok, without a line end; a reply without one gets one. */
void view_error(yyjson_val *reply, const struct view_style *style, struct buf *out);

/* Why an instance of `status` is as it is: reason, next start, its last end; may add nothing.
 * Neither cleaned nor ended: for a cell of a table. */
void view_why(yyjson_val *instance, struct buf *out);

#endif
