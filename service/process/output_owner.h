/* output_owner.h - a security descriptor that lets in this process' own account and nobody else.
 * Any thread, once it is made. */
#ifndef JW_PROCESS_OUTPUT_OWNER_H
#define JW_PROCESS_OUTPUT_OWNER_H

#include "common/status.h"

#include <windows.h>

struct owner_only {
    SECURITY_DESCRIPTOR sd; /* points to `list`: do not move it */
    ACL *list;
};

enum st owner_only_make(struct owner_only *o, struct err *e);
void owner_only_free(struct owner_only *o);
PSECURITY_DESCRIPTOR owner_only_sd(struct owner_only *o);

#endif
