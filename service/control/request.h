/* request.h - one request of docs/protocol.md: bytes in, a checked struct out.  Portable; any
 * thread. */
#ifndef JW_CONTROL_REQUEST_H
#define JW_CONTROL_REQUEST_H

#include "common/status.h"
#include "common/str.h"

#include <stdbool.h>
#include <stdint.h>

enum { PROTOCOL_VERSION = 1, REQUEST_MAX = 1 << 20, NAMES_MAX = 64, NAME_BYTES_MAX = 256 };

enum command {
    DO_CHECK,
    DO_EVENTS,
    DO_KILL,
    DO_LIMITS,
    DO_LOGS,
    DO_PS,
    DO_RELOAD,
    DO_RESTART,
    DO_SET,
    DO_START,
    DO_STATUS,
    DO_STOP,
    COMMANDS
};
extern const char *const command_names[COMMANDS];
/* Whether it needs the role that may command. */
bool command_commands(enum command what);

enum refusal {
    REFUSAL_NONE,
    REFUSAL_BAD_REQUEST,
    REFUSAL_UNSUPPORTED_VERSION,
    REFUSAL_UNKNOWN_COMMAND,
    REFUSAL_DENIED,
    REFUSAL_NO_SUCH_NAME,
    REFUSAL_REFUSED,
    REFUSAL_STOPPING,
    REFUSAL_BUSY,
    REFUSAL_FAILED,
    REFUSALS
};
extern const char *const refusal_names[REFUSALS]; /* "" "bad-request" ... */

/* Why a request is not done; TEXT as in struct err. */
struct no {
    enum refusal code;
    struct err why;
};
/* Fills *N and returns false. */
bool say_no(struct no *n, enum refusal code, const char *fmt, ...) JW_PRINTF(3, 4);

/* One KEY of `set`; value NULL: it is to be as in the job file again. */
struct setting {
    const char *key, *value;
};

/* Texts are UTF-8 without control characters. */
struct request {
    uint64_t id;
    enum command what;
    size_t names;
    const char **name;
    const char *target; /* of `set`: "name"; else NULL */
    size_t settings;
    struct setting *setting;
    bool wait, follow, events, reset, dry_run;
    bool out, err;       /* of `logs`: which streams */
    uint64_t n;          /* of `events` and `logs` */
    uint64_t every_ms;   /* of `status`; 0: once */
    uint64_t timeout_ms; /* of orders; 0: for ever */
    void *doc;
};

/* Reads BYTES.  On failure *ret has only the id, where there is one, and NO says why; nothing is
 * to be freed. */
bool request_parse(struct str bytes, struct request *ret, struct no *no);
void request_free(struct request *r);

#endif
