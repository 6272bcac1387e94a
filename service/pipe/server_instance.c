/* server_instance.c - making instances of the pipe; the first of them claims the name. */
#include "service/pipe/server_impl.h"

#include "service/win32/oserr.h"
#include "service/win32/sid.h"
#include "service/win32/wine.h"

#include <aclapi.h>
#include <stdlib.h>

enum {
    EXISTS_MS = 1,
    LISTENER_MS = 500 /* a server that lives has a listener within less */
};

static HANDLE create(struct pipe_server *s, DWORD flags)
{
    SECURITY_ATTRIBUTES sa = {.nLength = sizeof sa};
    AcquireSRWLockShared(&s->lock);
    sa.lpSecurityDescriptor = access_of_pipe(s->access);
    /* WRITE_DAC, so that the rights can be changed while it is there. */
    HANDLE pipe =
        CreateNamedPipeW(s->name, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | WRITE_DAC | flags,
                         PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT |
                             (s->setup.remote ? 0 : PIPE_REJECT_REMOTE_CLIENTS),
                         PIPE_UNLIMITED_INSTANCES, PIPE_QUOTA, READ_CHUNK, 0, &sa);
    DWORD code = GetLastError();
    ReleaseSRWLockShared(&s->lock);
    SetLastError(code);
    return pipe;
}

/* Windows refuses a second FILE_FLAG_FIRST_PIPE_INSTANCE with ERROR_ACCESS_DENIED.  Wine 8 does
 * not, so there the name is looked for. */
static HANDLE create_first(struct pipe_server *s)
{
    if (on_wine() &&
        (WaitNamedPipeW(s->name, EXISTS_MS) || GetLastError() != ERROR_FILE_NOT_FOUND)) {
        SetLastError(ERROR_ACCESS_DENIED);
        return INVALID_HANDLE_VALUE;
    }
    return create(s, FILE_FLAG_FIRST_PIPE_INSTANCE);
}

/* The pipe that PIPE is an instance of was made by somebody whom our clients trust. */
static bool trusted(HANDLE pipe)
{
    PSID owner = NULL, self = NULL;
    PSECURITY_DESCRIPTOR sd = NULL;
    bool ok = GetSecurityInfo(pipe, SE_KERNEL_OBJECT, OWNER_SECURITY_INFORMATION, &owner, NULL,
                              NULL, NULL, &sd) == ERROR_SUCCESS &&
              owner && sid_own_user(&self, NULL) == ST_OK && owner_trusted(owner, self);
    free(self);
    LocalFree(sd);
    return ok;
}

static bool set_rights(struct pipe_server *s, HANDLE pipe)
{
    AcquireSRWLockShared(&s->lock);
    bool ok = SetKernelObjectSecurity(pipe, DACL_SECURITY_INFORMATION, access_of_pipe(s->access));
    ReleaseSRWLockShared(&s->lock);
    return ok;
}

/* The name for us alone.  Windows keeps a pipe while a client holds its end open, also when its
 * server has long ended; whoever may look could so keep the service from starting again.  Such a
 * leftover has no listener, and an owner whom we trust: a stranger's pipe is never joined. */
static HANDLE claim(struct pipe_server *s)
{
    HANDLE pipe = create_first(s);
    if (pipe != INVALID_HANDLE_VALUE || GetLastError() != ERROR_ACCESS_DENIED)
        return pipe;
    bool served = WaitNamedPipeW(s->name, LISTENER_MS);
    pipe = served ? INVALID_HANDLE_VALUE : create(s, 0);
    if (pipe != INVALID_HANDLE_VALUE && trusted(pipe) && set_rights(s, pipe))
        return pipe;
    if (pipe != INVALID_HANDLE_VALUE)
        CloseHandle(pipe);
    SetLastError(ERROR_ACCESS_DENIED);
    return INVALID_HANDLE_VALUE;
}

static enum st refusal(struct pipe_server *s, bool first, DWORD code, struct err *e)
{
    if (!first || code != ERROR_ACCESS_DENIED)
        return err_os(e, code, "making the control pipe of '%s'", s->setup.service);
    err_say(e, ST_EXISTS,
            "a service named '%s' already runs on this machine, or another program holds its "
            "control pipe \\\\.\\pipe\\%s.control; stop it, or give this one another name",
            s->setup.service, s->setup.service);
    if (e)
        e->os = code;
    return ST_EXISTS;
}

/* C is what the next client comes to.  Further instances take the descriptor that is there,
 * whatever they were made with. */
static void adopt(struct pipe_server *s, struct connection *c)
{
    s->instances++;
    s->listener = c;
    AcquireSRWLockExclusive(&s->lock);
    s->listens = c->pipe;
    if (s->new_access &&
        SetKernelObjectSecurity(c->pipe, DACL_SECURITY_INFORMATION, access_of_pipe(s->access)))
        s->new_access = false;
    ReleaseSRWLockExclusive(&s->lock);
}

enum st server_instance(struct pipe_server *s, bool first, struct err *e)
{
    HANDLE pipe = first ? claim(s) : create(s, 0);
    if (pipe == INVALID_HANDLE_VALUE)
        return refusal(s, first, GetLastError(), e);
    struct connection *c = connection_new(pipe);
    if (!c) {
        CloseHandle(pipe);
        return err_nomem(e);
    }
    if (!CreateIoCompletionPort(pipe, s->port, PACKET_IO, 0)) {
        DWORD code = GetLastError();
        connection_free(c);
        return err_os(e, code, "CreateIoCompletionPort");
    }
    adopt(s, c);
    return ST_OK;
}
