/* security.h - the security descriptor of our named objects.  Any thread. */
#ifndef JW_WIN32_SECURITY_H
#define JW_WIN32_SECURITY_H

#include "common/status.h"

#include <windows.h>

/* Attributes for a job or mutex that nobody but this account and SYSTEM may use; Administrators may
 * look (QUERY and READ_CONTROL).  Not inheritable.  The caller frees them with security_free(). */
enum st security_for_objects(SECURITY_ATTRIBUTES *ret, struct err *e);
/* The same for an event that Administrators may set. */
enum st security_for_bell(SECURITY_ATTRIBUTES *ret, struct err *e);
/* Attributes that let in nobody but this account. */
enum st security_for_owner(SECURITY_ATTRIBUTES *ret, struct err *e);
void security_free(SECURITY_ATTRIBUTES *sa);

#endif
