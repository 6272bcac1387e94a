/* access.h - who may look and who may command.  Immutable once made: any thread. */
#ifndef JW_PIPE_ACCESS_H
#define JW_PIPE_ACCESS_H

#include "common/status.h"

#include <windows.h>

#include <stdbool.h>
#include <stddef.h>

enum role { ROLE_NONE, ROLE_LOOK, ROLE_COMMAND }; /* each includes those before it */

struct access;

struct access_setup {
    const char *const *look, *const *command; /* accounts, as account_sid() takes them */
    size_t looks, commands;
    bool remote; /* else nobody who logged on over the network, whatever the lists say: that is
                    also whoever sits in an ssh or WinRM session on this very machine */
    /* Once for each account that is not found.  It gives nobody anything.  May be NULL. */
    void (*unknown)(void *ctx, const char *account, const struct err *why);
    void *ctx;
};

/* SYSTEM and the account of this process may always command.  Everything else is as the lists say:
 * Administrators are in them or they are not.  Looking up accounts may take time.
 * The caller owns *ret; access_free() takes NULL too. */
enum st access_new(const struct access_setup *setup, struct access **ret, struct err *e);
void access_free(struct access *a);

/* What TOKEN may do: an impersonation token, opened with TOKEN_QUERY, of SecurityIdentification or
 * more.  Windows decides, so groups that are there only to deny (an administrator without
 * elevation) give nothing.  A process of low integrity cannot write to the pipe, whatever it is in.
 * Anything that fails is ROLE_NONE. */
enum role access_role(const struct access *a, HANDLE token);

/* The pipe's own descriptor: whoever is in a list may open it, read and write, but not make further
 * instances of it.  Belongs to A. */
PSECURITY_DESCRIPTOR access_of_pipe(const struct access *a);
/* What access_role() asks: 1 is to look, 2 to command.  Belongs to A. */
PSECURITY_DESCRIPTOR access_of_roles(const struct access *a);

/* A pipe of OWNER may be believed by SELF: it is SYSTEM's, Administrators' or SELF's own. */
bool owner_trusted(PSID owner, PSID self);

#endif
