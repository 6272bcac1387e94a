/* talker.h - a client of the control room: the bytes that it sends become requests as on the pipe,
 * and whatever it is sent is to be what docs/protocol.md says.  Aborts where it is not. */
#ifndef JW_TESTS_FUZZ_TALKER_H
#define JW_TESTS_FUZZ_TALKER_H

#include "service/control/control.h"
#include "service/pipe/frame.h"

struct talker {
    uint64_t client; /* 0: not connected */
    bool may_command;
    struct frames frames;
    struct buf waits; /* sent, and not taken by the parser yet */
    bool asked;       /* the last frame of the reply is still to come */
    bool unread;      /* something was sent and not read */
    bool giving;      /* within control_request(), which may send several frames in a row */
    bool tailing, reloading;
    uint64_t id; /* of what it asked */
};

/* Says TEXT and aborts, unless WHAT. */
void talker_expect(bool what, const char *text);
void talker_connect(struct talker *t, uint64_t client, bool may_command);
/* Sends BYTES, in pieces of PIECE bytes, to C.  One request is on its way at a time, as the pipe
 * has it; after a length that is forbidden it is hung up on. */
void talker_send(struct talker *t, struct control *c, struct str bytes, size_t piece);
/* A frame came for it. */
void talker_hear(struct talker *t, struct str frame, bool last);
/* It reads what it was sent, and its next request goes out where one waits. */
void talker_read(struct talker *t, struct control *c);
void talker_leave(struct talker *t, struct control *c);

#endif
