/* clients.h - one client a worker, which asks it over and over, and what they have found out.
 *
 * An attempt fails when the connection is refused or ends without an answer.  That says that the
 * worker did not answer at some moment of it; so from the end of one that failed to the begin of
 * the next that did, with none between them that got its answer, the worker was certainly down, and
 * of all other moments nothing bad is known.  Two workers were down at once when two such times
 * have a moment in common.  Workers that are taken down one after the other, each when the one
 * before answers again, can have none, however slow the clients are. */
#ifndef JW_TESTS_E2E_CLIENTS_H
#define JW_TESTS_E2E_CLIENTS_H

#include "harness.h"

struct clients;

/* A number whose tenfold is the first of ten free TCP ports in a row. */
unsigned free_decade(void);

/* N of them, at most 10, for the ports FIRST and those that follow; each worker answers now. */
struct clients *clients_start(unsigned first, size_t n);
/* Stops, waits and frees.  Nobody else's are left running by a test that failed. */
void clients_end(struct clients *c);

/* Until exactly N of them were certainly down at one moment, and have not answered since. */
void clients_await_down(struct clients *c, size_t n);
/* Until every one has got an answer in an attempt that began after this call. */
void clients_await_answers(struct clients *c);
/* The pid in the last answer of the worker I, from 0. */
DWORD clients_pid(struct clients *c, size_t i);
/* So many workers were certainly down at one moment, so far. */
size_t clients_most_down(struct clients *c);

#endif
