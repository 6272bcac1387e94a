/* sid.h - who a token belongs to.  Any thread. */
#ifndef JW_WIN32_SID_H
#define JW_WIN32_SID_H

#include "common/status.h"

#include <windows.h>

/* The user of TOKEN (opened with TOKEN_QUERY), and whoever owns what it makes: Administrators for
 * an elevated administrator, else mostly the user.  From malloc. */
enum st sid_of_user(HANDLE token, PSID *ret, struct err *e);
enum st sid_of_owner(HANDLE token, PSID *ret, struct err *e);
/* The same of this process. */
enum st sid_own_user(PSID *ret, struct err *e);
enum st sid_own_owner(PSID *ret, struct err *e);

/* "S-1-5-18"; from malloc. */
enum st sid_text(PSID sid, char **ret, struct err *e);

#endif
