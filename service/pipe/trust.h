/* trust.h - is it the service that serves this pipe?  Any thread.
 *
 * Any program can make a pipe of any name while the service does not run, and would be sent what is
 * meant for the service. */
#ifndef JW_PIPE_TRUST_H
#define JW_PIPE_TRUST_H

#include "common/status.h"

#include <windows.h>

#include <stdbool.h>

/* PIPE, a client's end opened with READ_CONTROL, is SYSTEM's, Administrators' or this account's
 * own, or (LOCAL: of this machine) served by the process that the SCM names for SERVICE.  Otherwise
 * ST_DENIED, with a sentence that says who it is. */
enum st pipe_trust(HANDLE pipe, const char *service, bool local, struct err *e);

#endif
