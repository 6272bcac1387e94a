/* checks_port.c - is there somebody who accepts on a port of this machine?  Loop thread. */
#include "service/host/checks_impl.h"

#include <stdio.h>
#include <stdlib.h>

/* One attempt; lives until libuv has closed it, which may be after the check. */
struct tcp {
    uv_tcp_t handle;
    uv_connect_t request;
    struct one *one; /* NULL: the check is over */
    unsigned port;
    int before; /* what became of 127.0.0.1, a libuv error; 0: this is that attempt */
};

static void on_closed(uv_handle_t *h)
{
    free(h->data);
}

static void port_end(struct one *o)
{
    struct tcp *t = o->tcp;
    o->tcp = NULL;
    if (!t)
        return;
    t->one = NULL;
    uv_close((uv_handle_t *)&t->handle, on_closed);
}

static int try_connect(struct one *o, unsigned port, int before);

static void tell_refused(struct one *o, int v4, int v6)
{
    if (v4 == UV_ECONNREFUSED && v6 == UV_ECONNREFUSED)
        check_bad(o, "nobody listens on 127.0.0.1 or ::1 (connection refused)");
    else
        check_bad(o, "127.0.0.1: %s; ::1: %s", uv_strerror(v4), uv_strerror(v6));
}

static void on_connect(uv_connect_t *request, int status)
{
    struct tcp *t = request->data;
    struct one *o = t->one;
    int before = t->before;
    unsigned port = t->port;
    if (!o)
        return;
    if (status == 0) {
        check_good(o);
        return;
    }
    if (before == 0) {
        port_end(o);
        before = status;
        status = try_connect(o, port, before);
        if (status == 0)
            return;
    }
    tell_refused(o, before, status);
}

/* A libuv error, or 0: on_connect() follows. */
static int try_connect(struct one *o, unsigned port, int before)
{
    struct sockaddr_storage to;
    struct tcp *t = calloc(1, sizeof *t);
    if (!t)
        return UV_ENOMEM;
    int bad = before ? uv_ip6_addr("::1", (int)port, (struct sockaddr_in6 *)&to)
                     : uv_ip4_addr("127.0.0.1", (int)port, (struct sockaddr_in *)&to);
    if (bad == 0)
        bad = uv_tcp_init(o->all->set.loop, &t->handle);
    if (bad != 0) {
        free(t);
        return bad;
    }
    *t = (struct tcp){.handle = t->handle, .one = o, .port = port, .before = before};
    t->handle.data = t->request.data = t;
    o->tcp = t;
    bad = uv_tcp_connect(&t->request, &t->handle, (const struct sockaddr *)&to, on_connect);
    if (bad != 0)
        port_end(o);
    return bad;
}

static enum st port_begin(struct one *o, const struct job_spec *spec, const struct check *check,
                          struct err *e)
{
    (void)spec;
    o->tcp = NULL;
    int v4 = try_connect(o, check->port, 0);
    int v6 = v4 == 0 ? 0 : try_connect(o, check->port, v4);
    if (v6 == 0)
        return ST_OK;
    return err_say(e, v4 == UV_ENOMEM ? ST_NOMEM : ST_OS, "127.0.0.1: %s; ::1: %s",
                   uv_strerror(v4), uv_strerror(v6));
}

static void port_step(struct one *o)
{
    (void)o; /* libuv calls back by itself */
}

static void port_over(struct one *o)
{
    check_bad(o, "no connection in %llu ms", (unsigned long long)o->timeout_ms);
}

const struct check_way check_port = {port_begin, port_step, port_over, port_end};
