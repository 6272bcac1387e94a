/* accounts.h - names of accounts as SIDs.  Any thread; a lookup may ask a domain and take time. */
#ifndef JW_PIPE_ACCOUNTS_H
#define JW_PIPE_ACCOUNTS_H

#include "common/status.h"

/* The SID, as text from malloc, of an account or group: `S-1-...` itself, a well-known English name
 * (SYSTEM, Administrators, Authenticated Users, Users, Everyone, Interactive, Network,
 * LocalService, NetworkService; blanks and case do not matter, NT AUTHORITY\ or BUILTIN\ may stand
 * before it) whatever the language of this Windows, or any other name that Windows finds:
 * DOMAIN\name, name@domain, NT SERVICE\name, .\name for this machine. ST_SYNTAX: an S-1-... that is
 * none.  ST_NOTFOUND: nobody is called so, or it is a machine or a domain, which nobody logs on as.
 * Other errors: Windows could not find out. */
enum st account_sid(const char *name, char **ret, struct err *e);

#endif
