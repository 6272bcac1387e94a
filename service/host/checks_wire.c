/* checks_wire.c - see checks_wire.h.  Any thread. */
#include "service/host/checks_wire.h"

#include "service/host/port.h"

void wire_init(struct wire *w, HANDLE port, uint32_t number)
{
    InitializeSRWLock(&w->lock);
    w->port = port;
    w->key = PORT_KEY_CHECK | number;
    w->holders = 1;
}

void wire_share(struct wire *w)
{
    InterlockedIncrement(&w->holders);
}

void wire_ring(const struct wire *w)
{
    if (w->port)
        port_post(w->port, w->key);
}

void wire_cut(struct wire *w)
{
    AcquireSRWLockExclusive(&w->lock);
    w->port = NULL;
    ReleaseSRWLockExclusive(&w->lock);
}

bool wire_drop(struct wire *w)
{
    return InterlockedDecrement(&w->holders) == 0;
}
