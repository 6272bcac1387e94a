/* clients.h - the control pipe's end in the loop: what its thread has taken in comes to the control
 * room, and what that says goes back.  Loop thread only. */
#ifndef JW_HOST_CLIENTS_H
#define JW_HOST_CLIENTS_H

#include "service/control/control.h"
#include "service/pipe/access.h"

struct app;
struct clients;

/* Opens the control pipe of A, whose fleet, log and reload are there already.  ST_EXISTS: a service
 * of that name runs already.  *ret, also on failure, is for clients_shut() and clients_free(). */
enum st clients_new(struct app *a, struct clients **ret, struct err *e);
struct control *clients_control(struct clients *c);

/* Who may do what, by SERVICE; accounts that Windows does not find are told to LOG and make
 * *ret_unknown true.  Any thread; may ask a domain.  The caller owns *ret. */
enum st clients_access(const struct service_spec *service, bool remote, const struct log *log,
                       struct access **ret, bool *ret_unknown, struct err *e);
/* From now on ACCESS, which is taken over, decides.  False: it does not, and the log says why. */
bool clients_adopt(struct clients *c, struct access *access);

/* Lines have come into the journal. */
void clients_happened(struct clients *c);

/* Writes what was given for at most a moment, ends the pipe's thread and closes the handles of the
 * loop, which is then to be run dry before clients_free().  NULL is allowed. */
void clients_shut(struct clients *c);
void clients_free(struct clients *c); /* NULL is allowed */

#endif
