/* echo.h - a server whose requests are answered by a loop on another thread, as the host does it.
 *
 * Requests: `echo TEXT` gives TEXT; `count N` N frames, the last of them the end; `big N` one frame
 * of N bytes; `stream` a frame each time the one before was sent, without end; `hold` nothing until
 * echo_release(); `bye` one frame, and hangs up; `who` the role, the account and whether the pid is
 * this process'; anything else itself. */
#ifndef JW_TESTS_PIPE_ECHO_H
#define JW_TESTS_PIPE_ECHO_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "service/pipe/access_private.h"
#include "service/pipe/client.h"
#include "service/pipe/server.h"

#include <cmocka.h>

/* Generous: a loaded machine may be slow, and only a broken one gets there. */
enum { ECHO_LIMIT_MS = 60000 };

enum echo_count { ECHO_REQUESTS, ECHO_GONE, ECHO_SENT, ECHO_HELD, ECHO_COUNTS };

/* Static in each test: when one fails, its threads go on. */
struct echo {
    char service[64];
    struct pipe_server *server;
    CRITICAL_SECTION lock;
    CONDITION_VARIABLE changed;
    HANDLE thread;
    struct echo_note *first, *end; /* for the loop */
    uint64_t held[PIPE_CLIENTS], streaming[PIPE_CLIENTS];
    unsigned helds, streams;
    unsigned count[ECHO_COUNTS];
    bool stop;
};

/* Made from lists of one account each; NULL: none.  MASTER as in access_private.h. */
struct access *echo_access(const char *look, const char *command, const char *master);

/* Under a name that nobody else has; this account may command.  They fail the test. */
void echo_start(struct echo *e, struct pipe_times times);
void echo_start_for(struct echo *e, struct pipe_times times, struct access *access);
void echo_stop(struct echo *e, uint32_t grace_ms);

/* Waits until that has happened N times. */
void echo_wait(struct echo *e, enum echo_count what, unsigned n);
unsigned echo_counted(struct echo *e, enum echo_count what);
/* Answers all that are held with `held`; LAST as for pipe_server_reply(). */
void echo_release(struct echo *e);
/* A client's id that was held last, from the server. */
uint64_t echo_last_held(struct echo *e);

/* Clients.  They fail the test. */
struct pipe_client *echo_client(const struct echo *e);
void client_says(struct pipe_client *c, const char *request);
/* The next frame is TEXT. */
void client_hears(struct pipe_client *c, const char *text);
/* The next frame holds TEXT somewhere. */
void client_hears_of(struct pipe_client *c, const char *text);
/* The service closes the connection before another frame. */
void client_is_closed(struct pipe_client *c);
/* Request and reply of one frame. */
void client_asks(struct pipe_client *c, const char *request, const char *text);

/* The bare pipe: without framing, and without an order of events.  Overlapped. */
/* A server's end that nobody serves, as the SDDL says; INVALID_HANDLE_VALUE: it is refused. */
HANDLE bare_pipe(const char *service, const wchar_t *sddl);
HANDLE bare_open(const char *service);
/* Writes; waits until all is written. */
void bare_write(HANDLE pipe, const void *p, size_t n);
/* A frame with the text. */
void bare_frame(HANDLE pipe, const char *text);
/* Reads exactly N bytes; false when the pipe is closed before. */
bool bare_read(HANDLE pipe, void *p, size_t n);
/* Reads a frame and checks that it holds TEXT. */
void bare_hears_of(HANDLE pipe, const char *text);
/* Waits until the other side has closed; what comes before is thrown away. */
void bare_is_closed(HANDLE pipe);

/* The groups: one program, as each costs seconds to start under Wine. */
int run_access(void);
int run_exchange(void);
int run_patience(void);
int run_crowd(void);
int run_ends(void);
int run_client(void);

#endif
